// The plainest layer of points: a sample of the frame, all of it at once.
import { BufferAttribute, BufferGeometry, Points, PointsMaterial } from 'three'
import { type Cuboid, createCuboidTest } from '../../../formats/geometry3d/cuboid'
import { estimateGround, type Ground } from '../../../formats/geometry3d/ground'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { call } from '../../editor/save/api'
import type { CloudPoints, CloudSource, Ray } from '../workspace'
import type { MakePointLayer, PointLayer } from './point-layer'

type Hierarchy = {
  points: number
  origin: [number, number, number]
  bounds: { min: [number, number, number]; max: [number, number, number] }
  nodes: { points: number }[]
}
type Loaded = { count: number; origin: Vector; bounds: CloudSource['bounds']; positions: Float32Array; ground: Ground | null }

const mostPoints = 100_000

const loadFrame = async (jobId: number, frame: number, signal: AbortSignal): Promise<Loaded> => {
  const answer = await call(`/api/jobs/${jobId}/cloud?number=${frame}`, { signal })
  const hierarchy = (await answer.json()) as Hierarchy
  const names = answer.status === 202 ? ['sample'] : hierarchy.nodes.map((_, i) => String(i))
  const parts: Float32Array[] = []
  let total = 0
  for (const [i, name] of names.entries()) {
    if (total >= mostPoints) break
    const body = await call(`/api/jobs/${jobId}/cloud/points?number=${frame}&node=${name}`, { signal })
    const points = hierarchy.nodes[i]!.points
    parts.push(new Float32Array(await body.arrayBuffer()).slice(0, points * 3))
    total += points
  }
  const positions = new Float32Array(total * 3)
  let at = 0
  for (const part of parts) {
    positions.set(part, at)
    at += part.length
  }
  const local = estimateGround(positions)
  const { origin, bounds } = hierarchy
  const ground = local
    ? { ...local, offset: local.offset - local.normal.reduce((sum, value, axis) => sum + value * origin[axis]!, 0) }
    : null
  return { count: hierarchy.points, origin, bounds, positions, ground }
}

class SamplePoints implements PointLayer {
  readonly object = new Points(new BufferGeometry(), new PointsMaterial({ size: 1.5, sizeAttenuation: false, color: '#dfe7f1' }))
  frame = -1
  private readonly frames = new Map<number, Loaded>()
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly jobId: number,
    private readonly invalidate: () => void,
  ) {
    this.object.frustumCulled = false
  }

  private get shown(): Loaded | null {
    return this.frames.get(this.frame) ?? null
  }

  get count(): number {
    return this.shown?.count ?? 0
  }
  get origin(): Vector {
    return this.shown?.origin ?? [0, 0, 0]
  }
  get bounds(): CloudSource['bounds'] {
    return this.shown?.bounds ?? null
  }
  get ground(): Ground | null {
    return this.shown?.ground ?? null
  }

  async prepare(frame: number, signal: AbortSignal): Promise<void> {
    if (this.frames.has(frame)) return
    this.frames.set(frame, await loadFrame(this.jobId, frame, signal))
    for (const old of this.frames.keys()) {
      if (this.frames.size <= 12) break
      if (old !== this.frame && old !== frame) this.frames.delete(old)
    }
  }

  async show(frame: number): Promise<void> {
    await this.prepare(frame, new AbortController().signal)
    this.frame = frame
    this.object.geometry.dispose()
    this.object.geometry = new BufferGeometry()
    this.object.geometry.setAttribute('position', new BufferAttribute(this.shown!.positions, 3))
    for (const listener of this.listeners) listener()
    this.invalidate()
  }

  update(): void {}

  async collect(within: Cuboid): Promise<CloudPoints> {
    const { origin } = this
    const isIn = createCuboidTest({
      ...within,
      position: within.position.map((value, axis) => value - origin[axis]!) as unknown as Vector,
    })
    const all = this.shown?.positions ?? new Float32Array()
    const rows: number[] = []
    for (let i = 0; i < all.length; i += 3) if (isIn(all[i]!, all[i + 1]!, all[i + 2]!)) rows.push(i / 3)
    const positions = Float32Array.from(rows.flatMap((row) => [...all.subarray(row * 3, row * 3 + 3)]))
    return { positions, rows: Uint32Array.from(rows), origin }
  }

  async collectAll(): Promise<CloudPoints> {
    return this.listLoaded()[0]!
  }

  listLoaded(): CloudPoints[] {
    const positions = this.shown?.positions ?? new Float32Array()
    return [{ positions, rows: Uint32Array.from({ length: positions.length / 3 }, (_, i) => i), origin: this.origin }]
  }

  pick({ origin, direction }: Ray, radians: number): Vector | null {
    const all = this.shown?.positions
    if (!all) return null
    const [ox, oy, oz] = origin.map((value, axis) => value - this.origin[axis]!) as [number, number, number]
    const [dx, dy, dz] = direction
    const limit = Math.tan(radians)
    let best = Infinity
    let found = -1
    for (let i = 0; i < all.length; i += 3) {
      const [x, y, z] = [all[i]! - ox, all[i + 1]! - oy, all[i + 2]! - oz]
      const along = x * dx + y * dy + z * dz
      if (along <= 0 || along >= best) continue
      const off = Math.sqrt(Math.max(x * x + y * y + z * z - along * along, 0))
      if (off > along * limit) continue
      best = along
      found = i
    }
    if (found < 0) return null
    return [0, 1, 2].map((axis) => all[found + axis]! + this.origin[axis]!) as unknown as Vector
  }

  setColours(): void {}

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  dispose(): void {
    this.object.geometry.dispose()
  }
}

export const makeSamplePoints: MakePointLayer = ({ jobId, invalidate }) => new SamplePoints(jobId, invalidate)
