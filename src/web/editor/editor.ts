// The editor without its screen: document, view, tools and saving brought together; commands and panels talk to this.
import type { Label } from '../../formats/model'
import { contentOf, type Document, type Edit } from './document/document'
import { History } from './document/history'
import { type Intent, planEdit } from './document/intent'
import { type Content, shapeTypeOf } from './document/object'
import { bodyOf, type Item, Scene } from './document/scene'
import type { FrameList } from './frames/frame-list'
import type { Player } from './frames/player'
import type { Api, DataMeta, JobInfo } from './save/api'
import type { JournalWriter } from './save/journal-writer'
import type { Saver } from './save/saver'
import { shapeKinds } from './shapes/registry'
import type { Handle } from './shapes/shape-kind'
import type { State } from './state'
import type { Store } from './store'
import { findTool } from './tools/registry'
import type { Mode, Preview, Target, Tool, ToolContext, ToolEvent } from './tools/tool'
import { type Box, growBox, type Point, type Size } from './view/geometry'
import { fitBox, fitPicture, limitScale, panBy, type View, zoomAt } from './view/view'

/** Half of the hit area of a handle, and how far beside a line a pointer still means it (CSS pixels). */
const handleReach = 8
const lineReach = 6
const rotateGap = 26

export type Job = { info: JobInfo; meta: DataMeta; labels: ReadonlyMap<number, Label>; user: string }

/** What commands may ask of the screen. */
export type ScreenPorts = {
  focusFrameField: () => void
  toggleHelp: () => void
  toggleSettings: () => void
  focusNextArea: () => void
  askFinish: () => void
  runCommand: (id: string) => void
  root: HTMLElement
}

export type Drawn = { kind: 'all' } | { kind: 'boxes'; boxes: Box[] }

export class Editor {
  readonly history = new History()
  readonly scene: Scene
  player!: Player
  screen!: ScreenPorts
  saver!: Saver
  journal: JournalWriter | null = null
  /** What was copied last. */
  clipboard: Content[] = []
  lastDrawTool = 'rectangle'
  /** Told where the passive picture changed. */
  onDrawn: (drawn: Drawn) => void = () => {}
  private drags = false

  constructor(
    readonly job: Job,
    readonly api: Api,
    readonly document: Document,
    readonly frames: FrameList,
    readonly store: Store<State>,
  ) {
    this.scene = new Scene(document, { showAllTracks: () => this.state.settings.showAllTracks })
  }

  get state(): State {
    return this.store.state
  }

  get tool(): Tool {
    return findTool(this.state.toolId)
  }

  get mode(): Mode {
    return this.tool.mode(this.state.toolState)
  }

  get preview(): Preview | null {
    return this.tool.preview(this.state.toolState, this.toolContext)
  }

  get activeItem(): Item | null {
    return this.state.activeId === null ? null : (this.scene.items.get(this.state.activeId) ?? null)
  }

  /** The active object and all that are selected with it. */
  get chosenIds(): number[] {
    const { activeId, selection } = this.state
    return [...new Set([...(activeId === null ? [] : [activeId]), ...selection])].filter((id) => this.scene.items.has(id))
  }

  /** True while something is half done by hand, so that the frame must not change below it. */
  get isMidway(): boolean {
    return this.preview?.body !== undefined && this.mode !== 'paste'
  }

  // --- edits

  /** Does what is asked, each for other objects, as one undoable step; returns it, or null when nothing changed. */
  do(...intents: Intent[]): Edit | null {
    const context = { document: this.document, labels: this.job.labels, frame: this.state.frame }
    const [first, ...more] = intents.flatMap((intent) => planEdit(intent, context) ?? [])
    if (!first) return null
    const edit = { ...first, patches: [first, ...more].flatMap((one) => one.patches) }
    this.history.push(edit)
    this.apply(edit)
    return edit
  }

  undo(): void {
    this.replay(this.history.undo())
  }

  redo(): void {
    this.replay(this.history.redo())
  }

  /** Runs a command by its id, when it is enabled. */
  run(id: string): void {
    this.screen.runCommand(id)
  }

  save(): Promise<void> {
    return this.saver.save()
  }

  /** Esc: closes what floats, else drops what is being drawn, else the selection. */
  cancel(): void {
    const wasOpen = this.state.flyout !== null
    this.store.set({ flyout: null, message: null })
    if (!wasOpen || this.tool.id !== 'cursor') this.send({ type: 'cancel' })
  }

  private replay(edit: Edit | null): void {
    if (!edit) return
    this.apply(edit)
    if (edit.frame !== this.state.frame) void this.player.goTo(edit.frame)
  }

  /** Carries out a step and tells everybody: scene, journal, save state. */
  apply(edit: Edit): void {
    this.document.apply(edit.patches)
    this.noteChange(edit.patches.map((patch) => patch.clientId))
  }

  noteChange(clientIds: number[]): void {
    this.journal?.touch(clientIds)
    this.saver.noteEdit()
    if (clientIds.length > 2000) {
      this.scene.open(this.state.frame)
      this.onDrawn({ kind: 'all' })
    } else this.onDrawn({ kind: 'boxes', boxes: this.scene.update(clientIds) })
    const { activeId, selection, edition } = this.state
    const gone = activeId !== null && !this.scene.items.has(activeId)
    this.store.set({
      edition: edition + 1,
      pending: this.document.pendingCount,
      ...(gone && { activeId: null, activeStays: false }),
      selection: selection.every((id) => this.scene.items.has(id))
        ? selection
        : selection.filter((id) => this.scene.items.has(id)),
    })
  }

  redrawAll(): void {
    this.scene.open(this.state.frame)
    this.onDrawn({ kind: 'all' })
    this.store.set({ edition: this.state.edition + 1 })
  }

  explain(text: string, tone: 'info' | 'error' = 'info'): void {
    this.store.set({ message: { text, tone } })
  }

  // --- choosing

  activate(clientId: number | null, stays = true): void {
    this.store.set({ activeId: clientId, activeStays: clientId !== null && stays, selection: [] })
  }

  toggleSelected(clientId: number): void {
    const { selection, activeId } = this.state
    const all = new Set([...(activeId === null ? [] : [activeId]), ...selection])
    if (all.has(clientId)) all.delete(clientId)
    else all.add(clientId)
    const ids = [...all]
    this.store.set({ activeId: ids.at(-1) ?? null, activeStays: ids.length > 0, selection: ids.length > 1 ? ids : [] })
  }

  /** Next or previous visible object of the frame, going round. */
  cycleActive(direction: 1 | -1): void {
    const ids = [...this.scene.items.values()].filter((item) => item.body && !item.object.hidden).map((item) => item.clientId)
    if (ids.length === 0) return
    const at = this.state.activeId === null ? -1 : ids.indexOf(this.state.activeId)
    const next = at === -1 ? (direction === 1 ? 0 : ids.length - 1) : (at + direction + ids.length) % ids.length
    this.activate(ids[next]!)
  }

  // --- view

  setView(view: View): void {
    this.store.set({ view })
  }

  get fitScale(): number {
    return fitPicture(this.state.size, this.state.area).scale
  }

  fit(): void {
    this.setView(fitPicture(this.state.size, this.state.area))
  }

  zoomBy(factor: number, at: Point = { x: this.state.area.width / 2, y: this.state.area.height / 2 }): void {
    const scale = limitScale(this.state.view.scale * factor, this.fitScale)
    this.setView(zoomAt(this.state.view, at, scale))
  }

  resize(area: Size): void {
    const before = this.state.area
    const wasFit = before.width === 0 || Math.abs(this.state.view.scale - fitPicture(this.state.size, before).scale) < 1e-9
    this.store.set({ area })
    if (wasFit) this.fit()
    else this.setView(panBy(this.state.view, (area.width - before.width) / 2, (area.height - before.height) / 2))
  }

  // --- tools

  setTool(id: string): void {
    const tool = findTool(id)
    if (tool.draws) {
      const drawCount = id === this.lastDrawTool ? this.state.drawCount : 0
      this.lastDrawTool = id
      this.store.set({ activeId: null, activeStays: false, selection: [], drawLabelId: this.labelFor(tool.draws), drawCount })
    }
    this.store.set({ toolId: id, toolState: tool.start(), redraws: null })
  }

  /** Draws the active object anew: it keeps its id, label and attributes. */
  redraw(): void {
    const item = this.activeItem
    if (!item?.body || !this.canRedraw) return
    const { lastDrawTool } = this
    this.setTool(item.body.type)
    this.lastDrawTool = lastDrawTool
    this.store.set({ redraws: item.clientId, drawLabelId: item.object.data.label_id })
  }

  get canRedraw(): boolean {
    const item = this.activeItem
    return (
      item?.body !== null && item?.body !== undefined && !item.object.locked && findTool(item.body.type).draws === item.body.type
    )
  }

  /** The chosen label when it allows a kind of shape, else the first that does. */
  labelFor(kind: NonNullable<Tool['draws']>): number {
    const allowed = this.labelsFor(kind)
    return (allowed.find((label) => label.id === this.state.drawLabelId) ?? allowed[0])?.id ?? 0
  }

  labelsFor(kind: NonNullable<Tool['draws']> | 'tag'): Label[] {
    return [...this.job.labels.values()].filter((label) => label.type === 'any' || label.type === kind)
  }

  /** Feeds an event to the tool in hand. */
  send(event: ToolEvent): void {
    const tool = this.tool
    const next = tool.on(this.state.toolState, event, this.toolContext)
    // The event may have handed the canvas to another tool.
    if (this.tool === tool) this.store.set({ toolState: next })
    if (event.type === 'move' && tool.id === 'cursor') this.followPointer(event.at, event.ctrl || event.alt || event.shift)
    this.hideOriginal()
  }

  /** Hovering activates; Ctrl, Alt or Shift keeps what is active. */
  private followPointer(at: Point, keep: boolean): void {
    if (keep || this.state.toolState.at !== 'idle' || this.state.selection.length > 0) return
    if (this.handleAt(at)) return
    const found = this.scene.findAt(at, lineReach / this.state.view.scale)
    if (found && found.clientId !== this.state.activeId) this.activate(found.clientId, false)
    else if (!found && !this.state.activeStays && this.state.activeId !== null) this.activate(null)
  }

  /** The object that is being moved is drawn by the tool's preview only. */
  private hideOriginal(): void {
    const moving = this.preview?.clientId !== undefined
    if (moving === this.drags) return
    this.drags = moving
    const box = this.activeItem?.box
    if (box) this.onDrawn({ kind: 'boxes', boxes: [box] })
  }

  /** Handles of the active object, when it may be changed. */
  listHandles(): Handle[] {
    const item = this.activeItem
    const body = this.shownBody(item)
    if (!item || !body || item.object.hidden || item.object.locked || this.tool.id !== 'cursor') return []
    return shapeKinds[body.type].handles(body, rotateGap / this.state.view.scale)
  }

  /** Where an object is shown now: its preview while it is being moved. */
  shownBody(item: Item | null) {
    if (!item) return null
    const preview = this.preview
    return preview?.clientId === item.clientId && preview.body ? preview.body : bodyOf(item)
  }

  private handleAt(at: Point): { target: Target; handle: string } | null {
    const item = this.activeItem
    const target = item && this.targetOf(item)
    if (!target) return null
    const reach = handleReach / this.state.view.scale
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

  get toolContext(): ToolContext {
    const { view, size, drawAs, drawLabelId, drawCount } = this.state
    return {
      scale: view.scale,
      size,
      template: { as: drawAs, labelId: drawLabelId, count: drawCount, paste: this.clipboard, redraws: this.state.redraws },
      dispatch: (intent) => {
        const edit = this.do(intent)
        const made = edit?.patches.at(-1)
        const isNew = intent.type === 'add' || intent.type === 'put'
        if (made && (isNew || this.state.redraws !== null)) this.activate(made.clientId)
      },
      targetAt: (at) => {
        const item = this.scene.findAt(at, lineReach / view.scale)
        return item && this.targetOf(item)
      },
      handleAt: (at) => this.handleAt(at),
      activate: (clientId) => this.activate(clientId),
      toggleSelected: (clientId) => this.toggleSelected(clientId),
      selectBox: (box) => {
        const ids = this.scene.query(box).map((item) => item.clientId)
        this.store.set({ selection: ids.length > 1 ? ids : [], activeId: ids.at(-1) ?? null, activeStays: ids.length > 0 })
      },
      panBy: (dx, dy) => this.setView(panBy(this.state.view, dx, dy)),
      zoomTo: (box) => {
        if (!box) return this.fit()
        const view = fitBox(growBox(box, 0), this.state.area, 50)
        const scale = limitScale(view.scale, this.fitScale)
        this.setView(zoomAt(view, { x: this.state.area.width / 2, y: this.state.area.height / 2 }, scale))
      },
      explain: (sentence) => this.explain(sentence),
      leave: () => {
        this.setTool('cursor')
      },
    }
  }

  // --- clipboard

  /** Copies the chosen objects as they are on this frame; tracks become shapes. */
  copy(): number {
    const contents = this.chosenIds.flatMap((id): Content[] => {
      const item = this.scene.items.get(id)
      if (!item || item.object.kind === 'tag' || !item.body) return []
      if (item.object.kind === 'shape') return [contentOf(item.object)]
      const { label_id, source, attributes } = item.object.data
      const { frame: _frame, id: _id, ...body } = item.body as typeof item.body & { frame?: number; id?: number }
      const data = { ...body, frame: this.state.frame, label_id, group: 0, source, score: 1, elements: [] }
      return shapeTypeOf(item.object) === 'skeleton'
        ? []
        : [{ kind: 'shape', data: { ...data, attributes: [...attributes, ...body.attributes] } }]
    })
    if (contents.length > 0) this.clipboard = contents
    return contents.length
  }

  /** Takes the copies in hand: a click places them. */
  paste(): void {
    if (this.clipboard.length === 0) return
    this.setTool('paste')
    if (this.state.cursor) this.send({ type: 'move', at: this.state.cursor, shift: false, ctrl: false, alt: false })
  }
}
