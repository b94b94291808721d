// The editor without its screen: document, view, tools and saving brought together; commands and panels talk to this.
import type { Label, ShapeType } from '../../formats/model'
import type { ActionName } from './actions/actions'
import type { Assist } from './assist/assist'
import { recallClipboard, rememberClipboard } from './document/clipboard-store'
import type { CloudChange } from './document/cloud-change'
import { copyItem } from './document/copy'
import type { Document, Edit, Patch } from './document/document'
import { History } from './document/history'
import { type Intent, planEdit } from './document/intent'
import type { Content, Placed } from './document/object'
import { isSpatialContent } from './document/round-body'
import { isSameContent } from './document/same'
import { type Item, Scene } from './document/scene'
import type { SideBook } from './document/side-book'
import { describeFacts } from './filters/facts'
import { type Logic, passes } from './filters/logic'
import type { DeletedFrames } from './frames/deleted-frames'
import type { FrameList } from './frames/frame-list'
import type { Player } from './frames/player'
import type { HistoryKeeper } from './history/history-keeper'
import { t, tn } from './i18n/message'
import { flatTraits, type Traits } from './kit'
import { settleClashes } from './live/merge-saved'
import type { ModelBook } from './models/model-book'
import type { ConflictBook } from './review/conflict-book'
import type { IssueBook } from './review/issue-book'
import type { VoteBook } from './review/vote-book'
import type { Api, DataMeta, JobInfo } from './save/api'
import type { JournalWriter } from './save/journal-writer'
import type { Saver } from './save/saver'
import { shapeKinds } from './shapes/registry'
import type { Body, Handle } from './shapes/shape-kind'
import type { Angle, State } from './state'
import type { Store } from './store'
import { Stage } from './tools/stage'
import type { Box } from './view/geometry'
import { Viewport } from './view/viewport'

export type Job = { info: JobInfo; meta: DataMeta; labels: ReadonlyMap<number, Label>; user: string }

/** What commands may ask of the screen. */
export type ScreenPorts = {
  focusFrameField: () => void
  toggleHelp: () => void
  toggleSettings: () => void
  focusNextArea: () => void
  askFinish: () => void
  /** Offers to save and finish after the last single shape. */
  askSubmit: () => void
  openFilter: () => void
  /** Changes many objects, or one. */
  openActions: (start?: { name?: ActionName; clientId?: number | null }) => void
  openPalette: () => void
  openStatistics: () => void
  openInfo: () => void
  openGuide: () => void
  openHistory: () => void
  openFrameSearch: () => void
  /** Asks for the words of a new issue about a place of the picture (x y pairs). */
  askIssue: (position: number[]) => void
  toggleFullScreen: () => void
  runCommand: (id: string) => void
  root: HTMLElement
}

/** How objects under the pointer are found; coordinates are those of the tools. */
export type Finder = Pick<Scene, 'findAt' | 'findAll' | 'query' | 'queryWithin'> & {
  /** Handles that tools take hold of. `gap`: see ShapeKind. */
  listHandles: (body: Body, gap: number) => Handle[]
}

export type Drawn = { kind: 'all' } | { kind: 'boxes'; boxes: Box[] }

export class Editor {
  readonly history = new History()
  readonly scene: Scene
  /** Another one where places are not those of a picture. */
  finder: Finder
  viewport: Viewport
  readonly stage: Stage
  player!: Player
  screen!: ScreenPorts
  saver!: Saver
  deletedFrames!: DeletedFrames
  /** Labels of points and shapes in space. */
  cloudBook: SideBook | null = null
  journal: JournalWriter | null = null
  /** Frame at which the person stopped the last time. */
  stoppedAt: number | null = null
  steps: HistoryKeeper | null = null
  issues!: IssueBook
  conflicts!: ConflictBook
  votes!: VoteBook
  assist!: Assist
  models!: ModelBook
  /** What was copied last. */
  clipboard: Content[] = []
  /** Told where the passive picture changed. */
  onDrawn: (drawn: Drawn) => void = () => {}
  /** Told of every edit made by hand, after it was carried out. */
  readonly onEdit: ((edit: Edit) => void)[] = []
  /** What makes more of an edit before it is carried out, as one step with it: sizes that are locked along tracks, for instance. */
  readonly revisers: ((edit: Edit) => Edit)[] = []
  /** Which change of this session an object had last, counted from 1. */
  readonly changedAt = new Map<number, number>()

  constructor(
    readonly job: Job,
    readonly api: Api,
    readonly document: Document,
    public frames: FrameList,
    readonly store: Store<State>,
    readonly traits: Traits = flatTraits,
  ) {
    this.scene = new Scene(document, {
      deleted: () => this.state.deletedFrames,
      showAllTracks: () => this.state.settings.showAllTracks,
      labels: job.labels,
      passes: (placed, clientId) => this.passesFilter(placed, clientId),
      isCovered: (placed) => this.state.topLayer !== null && (placed.body?.z_order ?? 0) > this.state.topLayer,
    })
    const { scene } = this
    this.finder = {
      findAt: (at, tolerance) => scene.findAt(at, tolerance),
      findAll: (at, tolerance) => scene.findAll(at, tolerance),
      query: (box) => scene.query(box),
      queryWithin: (box) => scene.queryWithin(box),
      listHandles: (body, gap) => shapeKinds[body.type].handles(body, gap),
    }
    this.viewport = new Viewport(store)
    this.stage = new Stage(this)
  }

  get state(): State {
    return this.store.state
  }

  get activeItem(): Item | null {
    return this.state.activeId === null ? null : (this.scene.items.get(this.state.activeId) ?? null)
  }

  /** The active object and all that are selected with it. */
  get chosenIds(): number[] {
    const { activeId, selection } = this.state
    return [...new Set([...(activeId === null ? [] : [activeId]), ...selection])]
      .filter((id) => this.scene.items.has(id))
      .sort((a, b) => a - b)
  }

  /** Whether an object as it is on some frame passes the filter. */
  passesFilter(placed: Placed, clientId: number, filter: Logic | null = this.state.filter): boolean {
    if (filter === null) return true
    const { labels } = this.job
    const serverId = this.document.serverId(clientId)
    const votes = this.votes.get(placed.object.kind, serverId)?.votes ?? null
    return passes(filter, describeFacts(placed, { labels, clientId, serverId, votes }))
  }

  // --- edits

  /** Does what is asked, each for other objects, as one undoable step; returns it, or null when nothing changed. */
  do(...intents: Intent[]): Edit | null {
    const { frame, deletedFrames: deleted } = this.state
    const context = { document: this.document, labels: this.job.labels, frame, deleted }
    const [first, ...more] = intents.flatMap((intent) => planEdit(intent, context) ?? [])
    if (!first) return null
    const plain: Edit = { ...first, patches: [first, ...more].flatMap((one) => one.patches) }
    const edit = this.revisers.reduce((before, revise) => revise(before), plain)
    this.carryOut(edit)
    return edit
  }

  /** Takes a frame out of the job, or puts it back, as an undoable step. */
  setFrameDeleted(frame: number, deleted: boolean): void {
    if (this.deletedFrames.list.has(frame) === deleted) return
    this.carryOut({ title: deleted ? 'Delete frame' : 'Restore frame', frame, patches: [], frames: [{ frame, deleted }] })
  }

  /** Changes labels of points and shapes in space as one undoable step. */
  changeCloud(title: string, cloud: CloudChange[]): void {
    if (cloud.length > 0) this.carryOut({ title, frame: this.state.frame, patches: [], cloud })
  }

  private carryOut(edit: Edit): void {
    this.history.push(edit)
    this.apply(edit)
    for (const listener of this.onEdit) listener(edit)
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

  async save(): Promise<void> {
    await this.deletedFrames.save()
    await this.cloudBook?.save()
    if (await settleClashes(this)) await this.saver.save()
  }

  /** Esc: closes what floats, else drops what is being drawn, else the selection. */
  cancel(): void {
    const wasOpen = this.state.flyout !== null
    this.store.set({ flyout: null, message: null })
    if (!wasOpen || this.stage.tool.id !== 'cursor') this.stage.send({ type: 'cancel' })
  }

  /** Objects that are no longer as the step left them were changed by somebody else: they stay. */
  private replay(edit: Edit | null): void {
    if (!edit) return
    const patches = edit.patches.filter((patch) => this.isCurrent(patch))
    const stay = edit.patches.length - patches.length
    if (stay > 0)
      this.explain(
        tn(stay, 'One object was changed elsewhere since and stays', '{count} objects were changed elsewhere since and stay'),
      )
    this.apply({ ...edit, patches })
    if (edit.frame !== this.state.frame) void this.player.goTo(edit.frame)
  }

  /** Whether any object is still as a step expects it. */
  isApplicable(edit: Edit): boolean {
    return edit.patches.length === 0 || edit.patches.some((patch) => this.isCurrent(patch))
  }

  private isCurrent({ clientId, before }: Patch): boolean {
    const now = this.document.get(clientId)
    return before && now ? isSameContent(before, now) : !before && !now
  }

  /** Changes to objects and frames that the server does not hold yet. */
  get pendingCount(): number {
    return this.document.pendingCount + this.deletedFrames.pendingCount + (this.cloudBook?.pendingCount ?? 0)
  }

  /** Carries out a step and tells everybody: scene, journal, save state. */
  apply(edit: Edit): void {
    for (const { frame, deleted } of edit.frames ?? []) this.deletedFrames.set(frame, deleted)
    if (edit.cloud) this.cloudBook?.apply(edit.cloud)
    this.document.apply(edit.patches)
    this.noteChange(edit.patches.map((patch) => patch.clientId))
  }

  noteChange(clientIds: number[]): void {
    const count = this.state.edition + 1
    for (const clientId of clientIds) this.changedAt.set(clientId, count)
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
      pending: this.pendingCount,
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

  /** Shows or hides objects anew: filter, layers or settings changed. */
  refilter(): void {
    this.redrawAll()
    const { activeId, selection } = this.state
    if (activeId !== null && !this.scene.items.has(activeId)) this.activate(null)
    if (selection.some((id) => !this.scene.items.has(id)))
      this.store.set({ selection: selection.filter((id) => this.scene.items.has(id)) })
  }

  explain(text: string, tone: 'info' | 'error' = 'info'): void {
    this.store.set({ message: { text: t(text), tone } })
  }

  // --- the turn of the picture

  private readonly angles = new Map<number, Angle>()
  private commonAngle: Angle = 0

  angleOf(frame: number): Angle {
    return this.state.settings.rotateAll ? this.commonAngle : (this.angles.get(frame) ?? 0)
  }

  turnPicture(by: 90 | -90): void {
    const angle = ((this.state.angle + by + 360) % 360) as Angle
    if (this.state.settings.rotateAll) this.commonAngle = angle
    else this.angles.set(this.state.frame, angle)
    this.store.set({ angle })
  }

  // --- choosing

  activate(clientId: number | null, stays = true): void {
    this.store.set({
      activeId: clientId,
      activeStays: clientId !== null && stays,
      selection: [],
      ...(clientId !== this.state.activeId && { activePart: null }),
    })
  }

  toggleSelected(clientId: number): void {
    const { selection, activeId } = this.state
    const all = new Set([...(activeId === null ? [] : [activeId]), ...selection])
    if (all.has(clientId)) all.delete(clientId)
    else all.add(clientId)
    this.select([...all])
  }

  selectBox(box: Box): void {
    this.select(this.finder.queryWithin(box).map((item) => item.clientId))
  }

  select(ids: readonly number[]): void {
    this.store.set({
      selection: ids.length > 1 ? ids.toSorted((a, b) => a - b) : [],
      activeId: ids.at(-1) ?? null,
      activeStays: ids.length > 0,
    })
  }

  /** Next or previous visible object, going round: of those under the pointer, or of the frame when there are not several. */
  cycleActive(direction: 1 | -1): void {
    const { cursor, view } = this.state
    const seen = [...this.scene.items.values()].filter((item) => item.body && !item.object.hidden)
    const below = cursor ? this.finder.findAll(cursor, 6 / view.scale) : []
    const ids = (below.length > 1 ? below : seen).map((item) => item.clientId)
    if (ids.length === 0) return
    const at = this.state.activeId === null ? -1 : ids.indexOf(this.state.activeId)
    const next = at === -1 ? (direction === 1 ? 0 : ids.length - 1) : (at + direction + ids.length) % ids.length
    this.activate(ids[next]!)
  }

  // --- clipboard

  /** Copies the chosen objects as they are on this frame; returns how many. */
  copy(): number {
    const contents = this.chosenIds.flatMap((id) => copyItem(this.scene.items.get(id), this.state.frame) ?? [])
    if (contents.length > 0) {
      this.clipboard = contents
      rememberClipboard(contents, this.job.labels)
    }
    return contents.length
  }

  /** Takes the copies in hand: a click places them. */
  paste(): void {
    const isSolid = this.traits.dimension === '3d'
    const recalled = recallClipboard(this.job.labels).filter((one) => isSpatialContent(one) === isSolid)
    if (recalled.length > 0) this.clipboard = recalled
    if (this.clipboard.length === 0) return
    this.stage.setTool('paste')
    if (this.state.cursor) this.stage.send({ type: 'move', at: this.state.cursor, shift: false, ctrl: false, alt: false })
  }

  /** Labels that a kind of shape, or a tag, may have. */
  labelsFor(kind: ShapeType | 'tag'): Label[] {
    const takesAny = kind !== 'skeleton'
    return [...this.job.labels.values()].filter((label) => (takesAny && label.type === 'any') || label.type === kind)
  }
}
