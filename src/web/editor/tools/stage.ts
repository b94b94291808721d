// The tool in hand on the picture: feeds it events, finds what it points at, and carries out what it asks for.
import type { ShapeType } from '../../../formats/model'
import { bodyOf, type Item } from '../document/scene'
import type { Editor } from '../editor'
import { shapeKinds } from '../shapes/registry'
import type { Handle } from '../shapes/shape-kind'
import type { Point } from '../view/geometry'
import { findTool } from './registry'
import type { Mode, Preview, Target, Tool, ToolContext, ToolEvent } from './tool'

/** Half of the hit area of a handle, and how far beside a line a pointer still means it (CSS pixels). */
const handleReach = 8
const lineReach = 6
const rotateGap = 26

export class Stage {
  lastDrawTool = 'rectangle'
  private drags = false

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
    return this.preview?.body !== undefined && this.mode !== 'paste'
  }

  setTool(id: string): void {
    const tool = findTool(id)
    if (tool.draws) {
      const drawCount = id === this.lastDrawTool ? this.editor.state.drawCount : 0
      this.lastDrawTool = id
      this.editor.store.set({
        activeId: null,
        activeStays: false,
        selection: [],
        drawLabelId: this.labelFor(tool.draws),
        drawCount,
      })
    }
    this.editor.store.set({ toolId: id, toolState: tool.start(), redraws: null })
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
  labelFor(kind: ShapeType): number {
    const allowed = this.editor.labelsFor(kind)
    return (allowed.find((label) => label.id === this.editor.state.drawLabelId) ?? allowed[0])?.id ?? 0
  }

  /** Feeds an event to the tool in hand. */
  send(event: ToolEvent): void {
    const tool = this.tool
    const next = tool.on(this.editor.state.toolState, event, this.context)
    // The event may have handed the canvas to another tool.
    if (this.tool === tool) this.editor.store.set({ toolState: next })
    if (event.type === 'move' && tool.id === 'cursor') this.followPointer(event.at, event.ctrl || event.alt || event.shift)
    this.hideOriginal()
  }

  /** Hovering activates; Ctrl, Alt or Shift keeps what is active. */
  private followPointer(at: Point, keep: boolean): void {
    if (keep || this.editor.state.toolState.at !== 'idle' || this.editor.state.selection.length > 0) return
    if (this.handleAt(at)) return
    const found = this.editor.scene.findAt(at, lineReach / this.editor.state.view.scale)
    if (found && found.clientId !== this.editor.state.activeId) this.editor.activate(found.clientId, false)
    else if (!found && !this.editor.state.activeStays && this.editor.state.activeId !== null) this.editor.activate(null)
  }

  /** The object that is being moved is drawn by the tool's preview only. */
  private hideOriginal(): void {
    const moving = this.preview?.clientId !== undefined
    if (moving === this.drags) return
    this.drags = moving
    const box = this.editor.activeItem?.box
    if (box) this.editor.onDrawn({ kind: 'boxes', boxes: [box] })
  }

  /** Handles of the active object, when it may be changed. */
  listHandles(): Handle[] {
    const item = this.editor.activeItem
    const body = this.shownBody(item)
    if (!item || !body || item.object.hidden || item.object.locked || this.tool.id !== 'cursor') return []
    return shapeKinds[body.type].handles(body, rotateGap / this.editor.state.view.scale)
  }

  /** Where an object is shown now: its preview while it is being moved. */
  shownBody(item: Item | null) {
    if (!item) return null
    const preview = this.preview
    return preview?.clientId === item.clientId && preview.body ? preview.body : bodyOf(item)
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
    return { clientId: item.clientId, type: body.type, body, locked, pinned }
  }

  get context(): ToolContext {
    const { view, size, drawAs, drawLabelId, drawCount } = this.editor.state
    return {
      scale: view.scale,
      size,
      template: {
        as: drawAs,
        labelId: drawLabelId,
        count: drawCount,
        paste: this.editor.clipboard,
        redraws: this.editor.state.redraws,
      },
      dispatch: (intent) => {
        const edit = this.editor.do(intent)
        const made = edit?.patches.at(-1)
        const isNew = intent.type === 'add' || intent.type === 'put'
        if (made && (isNew || this.editor.state.redraws !== null)) this.editor.activate(made.clientId)
      },
      targetAt: (at) => {
        const item = this.editor.scene.findAt(at, lineReach / view.scale)
        return item && this.targetOf(item)
      },
      handleAt: (at) => this.handleAt(at),
      activate: (clientId) => this.editor.activate(clientId),
      toggleSelected: (clientId) => this.editor.toggleSelected(clientId),
      selectBox: (box) => this.editor.selectBox(box),
      panBy: (dx, dy) => this.editor.viewport.pan(dx, dy),
      zoomTo: (box) => this.editor.viewport.zoomTo(box),
      explain: (sentence) => this.editor.explain(sentence),
      leave: () => this.setTool('cursor'),
    }
  }
}
