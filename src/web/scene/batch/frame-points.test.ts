// Points of many frames: a few at a time, once unless the object moves, bounded, and told when they fail.
import { expect, test } from 'bun:test'
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { CloudPoints, CloudSource } from '../workspace'
import { FramePoints, thinPoints } from './frame-points'

const car: Cuboid = { position: [10, 4, 0.8], rotation: [0, 0, 0.5], scale: [4.2, 1.8, 1.6] }
const some = (count: number): CloudPoints => ({
  positions: Float32Array.from({ length: count * 3 }, (_, i) => i),
  rows: Uint32Array.from({ length: count }, (_, i) => i),
  origin: [1, 2, 3],
})

/** A cloud whose answers are given by hand. */
const open = () => {
  const asked: { frame: number; resolve: (points: CloudPoints) => void; reject: (error: Error) => void }[] = []
  const collectFrame = (frame: number) =>
    new Promise<CloudPoints>((resolve, reject) => void asked.push({ frame, resolve, reject }))
  const told: number[] = []
  const points = new FramePoints({ collectFrame } as unknown as CloudSource, (frame) => void told.push(frame))
  const settle = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve()
  }
  return { asked, told, points, settle }
}

test('three frames at a time, in their order; what comes is told', async () => {
  const { asked, told, points, settle } = open()
  for (let frame = 0; frame < 6; frame++) points.want(frame, car)
  expect(asked.map(({ frame }) => frame)).toEqual([0, 1, 2])
  asked[1]!.resolve(some(5))
  await settle()
  expect(asked.map(({ frame }) => frame)).toEqual([0, 1, 2, 3])
  expect([told, points.get(1).at, points.get(0).at]).toEqual([[1], 'ready', 'waiting'])
  asked[0]!.reject(new Error('0001.pcd is cut off'))
  await settle()
  expect(points.get(0)).toEqual({ at: 'failed', reason: '0001.pcd is cut off' })
})

test('a small move asks for nothing, a large one for more while the old points stay; frames that went are forgotten', async () => {
  const { asked, points, settle } = open()
  points.want(4, car)
  asked[0]!.resolve(some(5))
  await settle()
  points.want(4, { ...car, position: [11, 4, 0.8] })
  expect(asked).toHaveLength(1)
  points.want(4, { ...car, position: [16, 4, 0.8] })
  expect(asked).toHaveLength(2)
  expect(points.get(4).at).toBe('ready')
  asked[1]!.resolve(some(7))
  await settle()
  const state = points.get(4)
  expect(state.at === 'ready' && state.points.rows.length).toBe(7)
  points.keep(new Set([5]))
  expect(points.get(4).at).toBe('waiting')
})

test('too many points are thinned evenly, and nothing larger is kept alive', () => {
  const thinned = thinPoints(some(1000), 300)
  expect(thinned.rows.length).toBe(250)
  expect([...thinned.rows.slice(0, 3)]).toEqual([0, 4, 8])
  expect([...thinned.positions.slice(3, 6)]).toEqual([12, 13, 14])
  const whole = some(10)
  const copied = thinPoints({ ...whole, positions: whole.positions.subarray(0, 9), rows: whole.rows.subarray(0, 3) })
  expect(copied.positions.buffer.byteLength).toBe(36)
})
