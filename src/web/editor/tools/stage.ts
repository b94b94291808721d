// The tool in hand on the picture: feeds it events, finds what it points at, and carries out what it asks for.
import type { ShapeType } from '../../../formats/model'
import type { Intent } from '../document/intent'
import { bodyOf, type Item } from '../document/scene'
import type { Editor } from '../editor'
import type { Handle } from '../shapes/shape-kind'
import type { Box, Point } from '../view/geometry'
import { workspaceFacts } from '../workspaces/workspace'
import { openMask } from './mask-tool'
import { findTool, listTools } from './registry'
import type { Mode, Preview, Target, Tool, ToolContext, ToolEvent } from './tool'

/** Half of the hit area of a handle, and how far beside a line a pointer still means it (CSS pixels). */
const handleReach = 8
const lineReach = 6
const rotateGap = 26
const none: ReadonlySet<number> = new Set()

export class Stage {
  lastDrawTool = 'rectangle'
  private readonly methods = new Map<string, string>()
  private hidden: ReadonlySet<number> = none

  constructor(private readonly editor: Editor) {}

  get tool(): Tool {
    return findTool(this.editor.state.toolId)
  }

  get mode(): Mode {
    return this.tool.mode(this.editor.state.toolState)
  }

  get preview(): Preview | null {
    return this.tool.preview(this.editor.state.toolState, this.context)
  }

  /** True while something is half done by hand, so that the frame must not change below it. */
  get isMidway(): boolean {
    const preview = this.preview
    if (!preview || this.mode === 'paste' || this.tool.roams) return false
    return preview.body !== undefined || preview.sheet !== undefined
  }

  /** Gives the canvas to a tool, in a state of its own or in a given one. */
  setTool(id: string, toolState?: { at: string }): void {
    const tool = findTool(id)
    if (tool.draws) {
      const drawCount = id === this.lastDrawTool ? this.editor.state.drawCount : 0
      // Tracks of masks are rare: other tracks drawn before do not make one.
      const drawAs = tool.draws === 'mask' && id !== this.lastDrawTool ? 'shape' : this.editor.state.drawAs
      this.lastDrawTool = id
      this.methods.set(tool.rail ?? id, id)
      this.editor.store.set({
        activeId: null,
        activeStays: false,
        activePart: null,
        selection: [],
        drawLabelId: this.labelFor(tool.draws),
        drawCount,
        drawAs,
      })
    }
    const start = toolState ?? tool.start(this.context)
    this.editor.store.set({ toolId: id, toolState: start, redraws: null, ...(tool.picks && { selection: [] }) })
    this.hideOriginals()
  }

  /** Paints on a stored mask; what is drawn next stays as chosen. */
  editMask(clientId: number): void {
    const item = this.editor.scene.items.get(clientId)
    if (item?.body?.type !== 'mask' || item.object.locked) return
    const { lastDrawTool } = this
    this.setTool('mask', openMask(clientId, item.body.points, this.editor.state.size))
    this.lastDrawTool = lastDrawTool
    this.editor.store.set({ drawLabelId: item.object.data.label_id })
  }

  /** N: the same once more; a tag is put at once. */
  drawAgain(): void {
    const allows = (id: string) => {
      const { draws } = findTool(id)
      return draws !== undefined && this.editor.labelsFor(draws).length > 0
    }
    // Before anything was drawn: the first kind that a label allows.
    const wanted = allows(this.lastDrawTool) ? this.lastDrawTool : listTools().find((tool) => allows(tool.id))?.id
    if (!wanted) {
      this.editor.explain('No label allows anything to be drawn')
      return
    }
    this.setTool(wanted)
    if (this.lastDrawTool === 'tag') this.send({ type: 'finish' })
  }

  /** The way that a button of the rail drew last. */
  methodOf(railId: string): string {
    return this.methods.get(railId) ?? railId
  }

  /** Draws the active object anew: it keeps its id, label and attributes. */
  redraw(): void {
    const item = this.editor.activeItem
    if (!item?.body || !this.canRedraw) return
    const { lastDrawTool } = this
    this.setTool(item.body.type)
    this.lastDrawTool = lastDrawTool
    this.editor.store.set({ redraws: item.clientId, drawLabelId: item.object.data.label_id })
  }

  get canRedraw(): boolean {
    const item = this.editor.activeItem
    return (
      item?.body !== null && item?.body !== undefined && !item.object.locked && findTool(item.body.type).draws === item.body.type
    )
  }

  /** The chosen label when it allows a kind of shape, else the first that does. */
  labelFor(kind: ShapeType | 'tag'): number {
    const allowed = this.editor.labelsFor(kind)
    return (allowed.find((label) => label.id === this.editor.state.drawLabelId) ?? allowed[0])?.id ?? 0
  }

  /** Feeds an event to the tool in hand. */
  send(event: ToolEvent): void {
    const tool = this.tool
    const next = tool.on(this.editor.state.toolState, event, this.context)
    // The event may have handed the canvas to another tool.
    if (this.tool === tool) this.editor.store.set({ toolState: next })
    const follows = tool.id === 'cursor' || tool.picks === true
    if (event.type === 'move' && follows) this.followPointer(event.at, event.ctrl || event.alt || event.shift)
    this.hideOriginals()
  }

  /** Hovering activates; Ctrl, Alt or Shift keeps what is active. */
  private followPointer(at: Point, keep: boolean): void {
    const { state, traits } = this.editor
    // Over a cloud hovering only lights up: the projections follow what is active.
    if (state.workspace === 'attributes' || traits.dimension === '3d') return
    if (keep || state.toolState.at !== 'idle' || state.selection.length > 0) return
    const grip = this.handleAt(at)
    const part = grip?.target.type === 'skeleton' && grip.handle.startsWith('point-') ? Number(grip.handle.slice(6)) : null
    if (part !== state.activePart) this.editor.store.set({ activePart: part })
    if (grip) return
    const found = this.editor.finder.findAt(at, lineReach / state.view.scale)
    if (found && found.clientId !== state.activeId) this.editor.activate(found.clientId, false)
    else if (!found && !state.activeStays && state.activeId !== null) this.editor.activate(null)
  }

  /** Whether only the tool's preview shows an object. */
  isHidden(clientId: number): boolean {
    return this.hidden.has(clientId)
  }

  private get hiddenIds(): ReadonlySet<number> {
    const preview = this.preview
    if (!preview) return none
    const { clientId, others = [], without = [] } = preview
    if (clientId === undefined && others.length === 0 && without.length === 0) return none
    return new Set([...(clientId === undefined ? [] : [clientId]), ...others.map((one) => one.clientId), ...without])
  }

  /** Mends the passive picture where objects came to be drawn by the preview, or are drawn by it no more. */
  private hideOriginals(): void {
    const now = this.hiddenIds
    if (now === none && this.hidden === none) return
    const changed = [...now, ...this.hidden].filter((id) => now.has(id) !== this.hidden.has(id))
    this.hidden = now
    const boxes = changed.flatMap((id) => this.editor.scene.items.get(id)?.box ?? [])
    if (boxes.length > 0) this.editor.onDrawn({ kind: 'boxes', boxes })
  }

  /** Handles of the active object, when it may be changed. */
  listHandles(): Handle[] {
    const item = this.editor.activeItem
    const body = this.shownBody(item)
    if (!item || !body || item.object.hidden || item.object.locked || this.tool.id !== 'cursor') return []
    if (!workspaceFacts[this.editor.state.workspace].edits) return []
    if (this.editor.state.selection.length > 1) return []
    return this.editor.finder.listHandles(body, rotateGap / this.editor.state.view.scale)
  }

  /** Where an object is shown now: its preview while it is being moved. */
  shownBody(item: Item | null) {
    if (!item) return null
    const preview = this.preview
    if (preview?.clientId === item.clientId && preview.body) return preview.body
    return preview?.others?.find((one) => one.clientId === item.clientId)?.body ?? bodyOf(item)
  }

  private handleAt(at: Point): { target: Target; handle: string } | null {
    const item = this.editor.activeItem
    const target = item && this.targetOf(item)
    if (!target) return null
    const reach = handleReach / this.editor.state.view.scale
    let best: { id: string; rank: number } | null = null
    for (const handle of this.listHandles()) {
      const distance = Math.max(Math.abs(handle.x - at.x), Math.abs(handle.y - at.y))
      const rank = distance + (handle.role === 'insert' ? reach : 0)
      if (distance <= reach && (!best || rank < best.rank)) best = { id: handle.id, rank }
    }
    return best && { target, handle: best.id }
  }

  private targetOf(item: Item): Target | null {
    const body = bodyOf(item)
    if (!body) return null
    const { locked, pinned } = item.object
    const fixed = !workspaceFacts[this.editor.state.workspace].edits
    return { clientId: item.clientId, type: body.type, body, locked, pinned, fixed }
  }

  /** Carries out what a tool wants as one step; what it made becomes active. */
  private dispatch(intents: Intent[]): void {
    const { editor } = this
    let highest: number | null = null
    for (const { body } of editor.scene.items.values()) if (body) highest = Math.max(highest ?? body.z_order, body.z_order)
    const top = editor.state.topLayer ?? highest ?? 0
    const edit = editor.do(...intents.map((one) => (one.type === 'add' ? { zOrder: top, ...one } : one)))
    if (!edit && intents[0]?.type === 'tag') editor.explain('This frame already has this tag')
    const made = edit?.patches.at(-1)
    if (!made?.after || made.after.kind === 'tag') return
    const isNew = made.before === null || editor.state.redraws !== null
    if (isNew && editor.scene.items.has(made.clientId)) editor.activate(made.clientId)
  }

  get context(): ToolContext {
    const { editor } = this
    const { view, size, drawAs, drawLabelId, drawCount, frame, brush, settings } = editor.state
    const reach = lineReach / view.scale
    const listTargets = (box?: Box) =>
      (box ? editor.finder.query(box) : [...editor.scene.items.values()].filter((item) => !item.object.hidden)).flatMap(
        (item) => this.targetOf(item) ?? [],
      )
    return {
      scale: view.scale,
      size,
      frame,
      stopFrame: editor.frames.stop,
      template: {
        as: drawAs,
        labelId: drawLabelId,
        count: drawCount,
        paste: editor.clipboard,
        redraws: editor.state.redraws,
        label: editor.job.labels.get(drawLabelId),
      },
      labels: editor.job.labels,
      brush,
      setBrush: (part) => editor.store.set({ brush: { ...editor.state.brush, ...part } }),
      bordering: settings.bordering,
      intelligentCrop: settings.intelligentCrop,
      approximation: settings.approximation,
      assist: (ask) => editor.assist.ask(ask),
      model: editor.models.facts,
      prompt: (prompts) => editor.models.prompter.ask(prompts),
      forgetPrompt: () => editor.models.prompter.forget(),
      dispatch: (...intents) => this.dispatch(intents),
      targetAt: (at) => {
        const item = editor.finder.findAt(at, reach)
        return item && this.targetOf(item)
      },
      handleAt: (at) => this.handleAt(at),
      listTargets,
      object: (clientId) => editor.document.get(clientId),
      nextGroup: () => editor.document.nextGroup(),
      selected: () =>
        editor.state.selection.length < 2
          ? []
          : editor.chosenIds.flatMap((id) => {
              const item = editor.scene.items.get(id)
              return (item && this.targetOf(item)) ?? []
            }),
      activate: (clientId) => editor.activate(clientId),
      toggleSelected: (clientId) => editor.toggleSelected(clientId),
      select: (clientIds) => editor.select(clientIds),
      selectBox: (box) => editor.selectBox(box),
      panBy: (dx, dy) => editor.viewport.pan(dx, dy),
      zoomTo: (box) => editor.viewport.zoomTo(box),
      explain: (sentence) => editor.explain(sentence),
      report: (position) => editor.screen.askIssue(position),
      leave: () => this.setTool('cursor'),
      again: () => this.setTool(editor.state.toolId),
      editMask: (clientId) => this.editMask(clientId),
      hand: (toolId, state) => this.setTool(toolId, state),
    }
  }
}
