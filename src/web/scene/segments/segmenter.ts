// Paints points of the shown frame: which label and instance, what may be painted over, and the steps that this makes.

import { heightAbove } from '../../../formats/geometry3d/ground'
import { growRegion } from '../../../formats/geometry3d/region'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { type CloudChange, packValue, unpackValue } from '../../editor/document/cloud-change'
import type { Editor } from '../../editor/editor'
import { t } from '../../editor/i18n/message'
import { workspaceFacts } from '../../editor/workspaces/workspace'
import type { CloudPoints, SceneWorkspace, View } from '../workspace'
import type { CloudBook } from './cloud-book'
import { type ColourBy, createPainter, type Painter, paintRows } from './point-colours'
import { PointValues } from './point-values'
import type { ScreenArea } from './screen-area'
import { type Heights, selectPoints, sortRows } from './select-points'

export type SegmentOptions = {
  labelId: number
  /** 0: instances of the label are not told apart. */
  instance: number
  /** CSS pixels. */
  radius: number
  /** Only points that are seen, not what lies behind them. */
  onSurface: boolean
  /** Points that have a label keep it. */
  onlyFree: boolean
  /** Metres between points that belong together. */
  gap: number
  /** Heights above the ground within which prisms take points, metres; null: all. */
  heights: { from: number; to: number } | null
  colourBy: ColourBy
  /** Points of other labels than the chosen one are not shown. */
  alone: boolean
}

export const radiusLimits = { least: 3, most: 120 }

type Shown = { frame: number; values: PointValues; colours: Uint8Array }

const nothing: ReadonlySet<number> = new Set()

/** Metres around a click in which an object is looked for. */
const regionReach = 14
/** Lower than this above the ground (metres) a click means the ground. */
const groundClearance = 0.25
const margin = 0.6

export class Segmenter {
  options: SegmentOptions
  shown: Shown | null = null
  readonly hidden = new Set<number>()
  readonly locked = new Set<number>()
  private painter: Painter
  private opening = -1
  private queue: Promise<void> = Promise.resolve()
  private readonly listeners = new Set<() => void>()

  constructor(
    readonly scene: SceneWorkspace,
    readonly book: CloudBook,
  ) {
    const [label] = this.labels
    this.options = {
      labelId: label?.id ?? 0,
      instance: 0,
      radius: 24,
      onSurface: true,
      onlyFree: false,
      gap: 0.4,
      heights: null,
      colourBy: 'label',
      alone: false,
    }
    this.painter = createPainter(this.editor.job.labels, 'label', this.hidden)
    book.subscribe(({ frame, changes }) => {
      if (frame === this.shown?.frame) this.follow(changes)
    })
    scene.cloud.subscribe(() => this.openFrame())
    this.editor.store.subscribe(['frame', 'picture'], () => this.openFrame())
  }

  get editor(): Editor {
    return this.scene.editor
  }

  get labels() {
    return [...this.editor.job.labels.values()].filter(({ type }) => type !== 'tag' && type !== 'skeleton')
  }

  subscribe(listener: () => void): void {
    this.listeners.add(listener)
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }

  set(part: Partial<SegmentOptions>): void {
    const { colourBy, alone, labelId } = this.options
    this.options = { ...this.options, ...part }
    const now = this.options
    if (now.colourBy !== colourBy || now.alone !== alone || (alone && now.labelId !== labelId)) this.repaint()
    this.tell()
  }

  toggle(set: 'hidden' | 'locked', labelId: number): void {
    const own = this[set]
    if (own.has(labelId)) own.delete(labelId)
    else own.add(labelId)
    if (set === 'hidden') this.repaint()
    this.tell()
  }

  private get unseen(): ReadonlySet<number> {
    const { alone, labelId } = this.options
    return alone ? new Set(this.labels.map(({ id }) => id).filter((id) => id !== labelId)) : this.hidden
  }

  /** Red, green and blue of a label and instance. */
  colourOf(value: number): readonly [number, number, number] {
    const [red, green, blue] = createPainter(this.editor.job.labels, this.options.colourBy, nothing).colourOf(value)
    return [red, green, blue]
  }

  // --- the shown frame

  private openFrame(): void {
    const { cloud } = this.scene
    const { frame } = this.editor.state
    if (cloud.frame !== frame || cloud.count === 0) return
    if (this.shown?.frame === frame && this.shown.values.count === cloud.count) return
    if (this.opening === frame) return
    this.opening = frame
    const { count } = cloud
    this.work(1)
    this.book
      .open(frame)
      .then((book) => {
        if (this.editor.state.frame !== frame || this.scene.cloud.frame !== frame) return
        const values = new PointValues(
          count,
          [...this.editor.job.labels.values()].map(({ id }) => id),
        )
        values.fill(book.current)
        this.shown = { frame, values, colours: new Uint8Array(count * 4) }
        this.repaint()
        this.tell()
      })
      .catch((error: Error) =>
        this.editor.explain(t('Labels of points could not be read: {reason}', { reason: error.message }), 'error'),
      )
      .finally(() => {
        if (this.opening === frame) this.opening = -1
        this.work(-1)
        this.openFrame()
      })
  }

  private work(by: 1 | -1): void {
    this.editor.store.set({ working: this.editor.state.working + by })
  }

  private repaint(): void {
    this.painter = createPainter(this.editor.job.labels, this.options.colourBy, this.unseen)
    const { shown } = this
    if (!shown) return
    paintRows(shown.colours, shown.values, this.painter, 0, shown.values.count)
    this.showColours()
  }

  private showColours(): void {
    const { shown } = this
    if (!shown) return
    this.scene.cloud.setColours('segments', shown.values.counts.size > 0 ? shown.colours : null)
    this.scene.invalidate()
  }

  private follow(changes: readonly CloudChange[] | null): void {
    const shown = this.shown!
    if (changes === null) {
      shown.values.fill(this.book.frame(shown.frame).current)
      this.repaint()
    } else {
      for (const change of changes) {
        if (change.kind !== 'points') continue
        shown.values.apply(change)
        for (let at = 0; at + 1 < change.rows.length; at += 2)
          paintRows(
            shown.colours,
            shown.values,
            this.painter,
            change.rows[at]!,
            Math.min(change.rows[at + 1]!, shown.values.count),
          )
      }
      this.showColours()
    }
    this.tell()
  }

  // --- painting

  get value(): number {
    return packValue(this.options.labelId, this.options.instance)
  }

  /** One after another: gives points a value as soon as they are found. `find` answers rows in ascending order. */
  paint(title: string, value: number, find: () => Promise<Uint32Array>): Promise<void> {
    const { frame } = this.editor.state
    const { onlyFree } = this.options
    if (!workspaceFacts[this.editor.state.workspace].draws) {
      this.editor.explain('Shapes stay as they are in this workspace')
      return this.queue
    }
    const run = async () => {
      this.work(1)
      try {
        const rows = await find()
        const { shown } = this
        // Another frame is shown by now, or nothing is known of this one yet.
        if (!shown || shown.frame !== frame || this.editor.state.frame !== frame) return
        const mayChange = (before: number) =>
          !(onlyFree && value !== 0 && before !== 0) && !this.locked.has(unpackValue(before).labelId)
        const changes = shown.values.plan(frame, rows, value, mayChange)
        if (changes.length === 0 && rows.length === 0) this.editor.explain('There are no points here')
        this.editor.changeCloud(title, changes)
      } catch (error) {
        this.editor.explain(t('The points could not be read: {reason}', { reason: (error as Error).message }), 'error')
      } finally {
        this.work(-1)
      }
    }
    this.queue = this.queue.then(run)
    return this.queue
  }

  /** Points that are loaded, when those are all of the cloud. */
  private listWhole(): CloudPoints[] | null {
    const sets = this.scene.cloud.listLoaded()
    const count = sets.reduce((sum, { rows }) => sum + rows.length, 0)
    return count >= this.scene.cloud.count ? sets : null
  }

  /** Rows that an area of a view means as the view is now, at full resolution. */
  findInArea(view: View, area: ScreenArea, prism: boolean): () => Promise<Uint32Array> {
    const { cloud } = this.scene
    const { onSurface, heights } = this.options
    const limits: Heights | undefined = prism && heights && cloud.ground ? { ground: cloud.ground, ...heights } : undefined
    const { width, height } = view.element.getBoundingClientRect()
    const selection = {
      matrix: [...view.matrix],
      size: { width, height },
      area,
      onSurface: onSurface && !prism,
      heights: limits,
    }
    return async () => {
      const whole = this.listWhole()
      if (whole) return (await selectPoints(whole, selection)).rows
      if (!selection.onSurface) return (await selectPoints([await cloud.collectAll()], selection)).rows
      // What is seen of the surface tells where to look at all its points.
      const loaded = cloud.listLoaded()
      const { box } = await selectPoints(loaded, selection)
      if (!box) return new Uint32Array(0)
      const near = await cloud.collect(toCuboid(box, margin))
      return (await selectPoints([near], selection, [near, ...loaded])).rows
    }
  }

  /** Rows of what hangs together around a place: an object, or the ground. */
  async findRegion(place: Vector): Promise<Uint32Array> {
    const { cloud } = this.scene
    const around = {
      min: place.map((v) => v - regionReach) as unknown as Vector,
      max: place.map((v) => v + regionReach) as unknown as Vector,
    }
    const points = await cloud.collect(toCuboid(around, 0))
    const { origin, positions, rows } = points
    const { ground } = cloud
    const local = ground && {
      normal: ground.normal,
      offset: ground.offset + ground.normal[0] * origin[0] + ground.normal[1] * origin[1] + ground.normal[2] * origin[2],
    }
    const seed: Vector = [place[0] - origin[0], place[1] - origin[1], place[2] - origin[2]]
    const isGround = local !== null && heightAbove(local, ...seed) < groundClearance
    const options = { gap: this.options.gap, reach: 0.5, maxSize: regionReach, maxPoints: Number.POSITIVE_INFINITY }
    if (!isGround) {
      const found = growRegion(positions, seed, { ...options, ...(local && { ground: local, clearance: groundClearance }) })
      return sortRows(found.map((i) => rows[i]!))
    }
    const low = Uint32Array.from({ length: rows.length }, (_, i) => i).filter(
      (i) => heightAbove(local!, positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!) < groundClearance,
    )
    const flat = new Float32Array(low.length * 3)
    for (const [at, i] of low.entries()) flat.set(positions.subarray(i * 3, i * 3 + 3), at * 3)
    return sortRows(growRegion(flat, seed, options).map((i) => rows[low[i]!]!))
  }

  /** Rows of the points in the chosen cuboids; null when none is chosen. */
  findInCuboids(): (() => Promise<Uint32Array>) | null {
    const cuboids = this.editor.chosenIds.flatMap((id) => this.scene.cuboidOf(id) ?? [])
    if (cuboids.length === 0) return null
    return async () => {
      const all: number[] = []
      for (const cuboid of cuboids) for (const row of (await this.scene.cloud.collect(cuboid)).rows) all.push(row)
      return sortRows(all)
    }
  }

  paintCuboids(): void {
    const find = this.findInCuboids()
    if (find) void this.paint('Label points in cuboids', this.value, find)
    else this.editor.explain('First choose the cuboids whose points are meant')
  }

  /** Goes on with a number that no instance of the label has yet. */
  nextInstance(): void {
    const { labelId, instance } = this.options
    this.set({ instance: Math.max(this.shown?.values.nextInstance(labelId) ?? 1, instance + (instance > 0 ? 1 : 0)) })
  }
}

const toCuboid = ({ min, max }: { min: Vector; max: Vector }, by: number) => ({
  position: [0, 1, 2].map((axis) => (min[axis]! + max[axis]!) / 2) as unknown as Vector,
  rotation: [0, 0, 0] as Vector,
  scale: [0, 1, 2].map((axis) => max[axis]! - min[axis]! + 2 * by) as unknown as Vector,
})
