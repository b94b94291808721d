// What the batch view knows and does: one track over many frames, which cells are meant, and every action as one edit of the track.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { FitMode } from '../../../formats/geometry3d/fit'
import { moveToGround, turnHeading } from '../../../formats/geometry3d/turn'
import type { Track } from '../../../formats/model'
import { dropKeyFrame, setKeyFrame } from '../../editor/document/tracks'
import type { Editor } from '../../editor/editor'
import type { Assistant } from '../assist/assistant'
import type { Points } from '../assist/points'
import type { PlainGround } from '../assist/protocol'
import {
  type Cell,
  type CopyPart,
  chooseFrames,
  copyPart,
  findHeadings,
  listCells,
  markFrames,
  setCuboids,
  straighten,
} from './batch-edits'
import type { FramePoints } from './frame-points'

export const cellLimits = { least: 5, most: 40, usual: 20 }

export class BatchBook {
  cells: Cell[] = []
  focus: number
  readonly chosen = new Set<number>()
  /** The frame around which the cells lie. */
  private about: number
  private count = cellLimits.usual
  private step = 1
  private readonly startLength: number

  constructor(
    readonly clientId: number,
    private readonly assistant: Assistant,
    private readonly worker: Points,
    readonly points: FramePoints,
  ) {
    this.focus = assistant.editor.state.frame
    this.about = this.focus
    this.startLength = assistant.editor.history.length
    this.refresh()
  }

  get editor(): Editor {
    return this.assistant.editor
  }

  get track(): Track | null {
    const object = this.editor.document.get(this.clientId)
    return object?.kind === 'track' ? object.data : null
  }

  private get deleted(): ReadonlySet<number> {
    return this.editor.state.deletedFrames
  }

  /** Reads the cells anew, after an edit or for other frames. */
  refresh(): void {
    const { track } = this
    const frames = chooseFrames(this.editor.frames.frames, this.about, this.count, this.step)
    this.cells = track ? listCells(track, frames, this.deleted) : []
    const shown = new Set(this.cells.map(({ frame }) => frame))
    for (const frame of this.chosen) if (!shown.has(frame)) this.chosen.delete(frame)
    if (!shown.has(this.focus)) this.focus = this.cells[0]?.frame ?? this.focus
    this.points.keep(shown)
    for (const { frame, cuboid } of this.cells) this.points.want(frame, cuboid)
  }

  setRange(count: number, step: number): void {
    this.count = Math.min(cellLimits.most, Math.max(cellLimits.least, Math.round(count) || cellLimits.usual))
    this.step = Math.max(1, Math.round(step) || 1)
    this.about = this.focus
    this.refresh()
  }

  get range(): { count: number; step: number } {
    return { count: this.count, step: this.step }
  }

  /** Cells that actions are about: the chosen ones, else the one in focus. */
  get meant(): Cell[] {
    return this.cells.filter(({ frame }) => (this.chosen.size > 0 ? this.chosen.has(frame) : frame === this.focus))
  }

  get focused(): Cell | null {
    return this.cells.find(({ frame }) => frame === this.focus) ?? null
  }

  moveFocus(by: number): void {
    const at = this.cells.findIndex(({ frame }) => frame === this.focus)
    this.focus = this.cells[Math.min(this.cells.length - 1, Math.max(0, at + by))]?.frame ?? this.focus
  }

  toggle(frame: number): void {
    if (!this.chosen.delete(frame)) this.chosen.add(frame)
  }

  chooseAll(): void {
    const all = this.chosen.size === this.cells.length
    this.chosen.clear()
    if (!all) for (const { frame } of this.cells) this.chosen.add(frame)
  }

  // --- edits

  private change(title: string, to: (track: Track) => Track): void {
    const { track, editor, clientId } = this
    if (!track) return
    if (editor.document.get(clientId)?.locked) {
      editor.explain('Locked: L unlocks it')
      return
    }
    const data = to(track)
    if (data !== track) editor.do({ type: 'rewrite', title, changes: [{ clientId, content: { kind: 'track', data } }] })
    this.refresh()
  }

  put(title: string, cuboids: ReadonlyMap<number, Cuboid>): void {
    if (cuboids.size > 0) this.change(title, (track) => setCuboids(track, cuboids, this.deleted))
  }

  private each(title: string, to: (cell: Cell) => Cuboid): void {
    this.put(title, new Map(this.meant.map((cell) => [cell.frame, to(cell)])))
  }

  /** Hands the points of a cell to the worker; false when they are not there. */
  private async load(frame: number): Promise<boolean> {
    const fetched = this.points.get(frame)
    if (fetched.at !== 'ready') return false
    const { positions, origin } = fetched.points
    await this.worker.ask('load', { positions: positions.slice(), origin })
    return true
  }

  /** Fits the cells that are meant to their points; returns how many had enough. */
  async fit(mode: FitMode): Promise<number> {
    const fitted = new Map<number, Cuboid>()
    for (const { frame, cuboid, outside } of this.meant) {
      if (outside || !(await this.load(frame))) continue
      const ground = await this.groundOf(frame, cuboid)
      const found = await this.worker.ask('fit', { cuboid, mode, ground, sensor: null })
      if (found) fitted.set(frame, found.cuboid)
    }
    this.put(mode === 'size' ? 'Fit size to points' : mode === 'place' ? 'Fit place to points' : 'Fit to points', fitted)
    return fitted.size
  }

  /** On the shown frame the ground of the whole cloud counts, on others that around the object. */
  private async groundOf(frame: number, beside: Cuboid): Promise<PlainGround | null> {
    const { cloud } = this.assistant.scene
    const whole = cloud.frame === frame ? cloud.ground : null
    return whole ? { normal: whole.normal, offset: whole.offset } : this.worker.ask('ground', { beside })
  }

  async snapToGround(): Promise<number> {
    const moved = new Map<number, Cuboid>()
    for (const { frame, cuboid } of this.meant) {
      const ground = (await this.load(frame)) ? await this.groundOf(frame, cuboid) : null
      if (ground) moved.set(frame, moveToGround(cuboid, ground))
    }
    this.put('Move to the ground', moved)
    return moved.size
  }

  turn(quarters: 1 | 2 | 3): void {
    this.each('Turn heading', ({ cuboid }) => turnHeading(cuboid, quarters))
  }

  /** Headings of the cells that are meant follow the way of all cells. */
  alignToMotion(): number {
    const headings = findHeadings(this.cells, this.assistant.poses ?? (() => null))
    const found = new Map(
      this.meant.flatMap(({ frame }) => {
        const cuboid = headings.get(frame)
        return cuboid ? [[frame, cuboid] as const] : []
      }),
    )
    this.put('Heading from motion', found)
    return found.size
  }

  /** Copies from the cell in focus to the others that are meant, or to all when none is chosen. */
  copy(part: CopyPart): void {
    const from = this.focused
    if (!from) return
    const to = (this.chosen.size > 0 ? this.meant : this.cells).filter(({ frame }) => frame !== from.frame)
    const poses = this.assistant.poses ?? (() => null)
    this.put('Copy to other frames', new Map(to.map((cell) => [cell.frame, copyPart(from, cell, part, poses)])))
  }

  straighten(): boolean {
    if (this.chosen.size < 2) return false
    this.change('Straight between key frames', (track) => straighten(track, [...this.chosen], this.deleted))
    return true
  }

  mark(name: 'outside' | 'occluded'): void {
    const { meant } = this
    const on = !meant.every((cell) => cell[name])
    const { frames } = this.editor
    const after = (frame: number) => frames.find(frame, 1, () => true)
    const list = meant.map(({ frame }) => frame)
    this.change(name === 'outside' ? 'Set outside' : 'Set occluded', (track) =>
      markFrames(track, list, { [name]: on }, after, this.deleted),
    )
  }

  /** Key frames where there are none; where all have one they go. */
  toggleKeys(): void {
    const { meant } = this
    const drops = meant.every(({ keyframe }) => keyframe)
    this.change(drops ? 'Remove key frame' : 'Add key frame', (track) =>
      meant.reduce((one, { frame }) => (drops ? dropKeyFrame(one, frame) : setKeyFrame(one, frame, {}, this.deleted)), track),
    )
  }

  undo(): void {
    if (this.editor.history.length > this.startLength) this.editor.undo()
    this.refresh()
  }

  redo(): void {
    this.editor.redo()
    this.refresh()
  }

  /** Takes back everything that was done since the view was opened. */
  discard(): void {
    while (this.editor.history.length > this.startLength) this.editor.undo()
  }
}
