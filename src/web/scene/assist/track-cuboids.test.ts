// Tracks of cuboids: one size for all, headings along the way, baking in the world that follows edits and leaves hand-made keys alone.
import { describe, expect, test } from 'bun:test'
import { createPose, type Pose } from '../../../formats/calibration/pose'
import { type Cuboid, readCuboid } from '../../../formats/geometry3d/cuboid'
import { createRotation, normaliseAngle } from '../../../formats/geometry3d/rotation'
import { carryCuboid, measureDifference } from '../../../formats/geometry3d/world-track'
import type { Track, TrackedShape } from '../../../formats/model'
import { placeTrack } from '../../editor/document/place'
import { setKeyFrame } from '../../editor/document/tracks'
import {
  alignToMotion,
  bakeTrack,
  findMiddleSize,
  findNewSize,
  listBaked,
  listKeys,
  rebakeTrack,
  roundCuboid,
  setSizes,
  turnKeys,
} from './track-cuboids'

const car: Cuboid = { position: [20, 5, 0.8], rotation: [0, 0, 0.3], scale: [4.2, 1.8, 1.6] }
const origin: Pose = createPose([1, 0, 0, 0], [0, 0, 0])
const drive = (frame: number): Pose => ({
  rotation: createRotation([0, 0, frame * 0.1]),
  translation: [20 * Math.sin(frame * 0.1), 20 * (1 - Math.cos(frame * 0.1)), 0],
})
const frames = Array.from({ length: 21 }, (_, i) => i)

const key = (frame: number, cuboid: Cuboid, more: Partial<TrackedShape> = {}): TrackedShape => ({
  type: 'cuboid',
  frame,
  points: roundCuboid(cuboid),
  rotation: 0,
  occluded: false,
  outside: false,
  z_order: 0,
  attributes: [],
  ...more,
})
const track = (...shapes: TrackedShape[]): Track => ({
  frame: shapes[0]!.frame,
  label_id: 1,
  group: 0,
  source: 'manual',
  attributes: [],
  shapes,
  elements: [],
})
const seen = (frame: number, world: Cuboid) => carryCuboid(world, origin, drive(frame))
const at = (one: Track, frame: number) => readCuboid(placeTrack(one, frame)!.body.points)

describe('one size along a track', () => {
  const one = track(key(0, car), key(5, { ...car, scale: [4.4, 1.8, 1.5] }), key(9, { ...car, scale: [4.3, 1.9, 1.7] }))

  test('bottoms stay on the ground, the median is found without what is away', () => {
    const set = setSizes(one, [5, 2, 2])
    for (const { cuboid, frame } of listKeys(set)) {
      expect(cuboid.scale).toEqual([5, 2, 2])
      const before = listKeys(one).find((old) => old.frame === frame)!.cuboid
      expect(cuboid.position[2] - 1).toBeCloseTo(before.position[2] - before.scale[2] / 2, 6)
    }
    expect(setSizes(set, [5, 2, 2])).toBe(set)
    expect(findMiddleSize(one)).toEqual([4.3, 1.8, 1.6])
    expect(findMiddleSize(track(key(0, car), key(3, { ...car, scale: [9, 9, 9] }, { outside: true })))).toEqual(car.scale)
  })

  test('an edit that changes a size is told from one that does not', () => {
    const same = track(key(0, car), key(5, car), key(9, car))
    const resized = setKeyFrame(same, 5, { points: roundCuboid({ ...car, scale: [4.5, 1.8, 1.6] }) })
    expect(findNewSize(same, resized)).toEqual([4.5, 1.8, 1.6])
    // Between key frames too.
    expect(findNewSize(same, setKeyFrame(same, 7, { points: roundCuboid({ ...car, scale: [4, 2, 1] }) }))).toEqual([4, 2, 1])
    expect(findNewSize(same, setKeyFrame(same, 5, { points: roundCuboid({ ...car, position: [21, 5, 0.8] }) }))).toBeNull()
    expect(findNewSize(same, setKeyFrame(same, 7, { occluded: true }))).toBeNull()
  })
})

describe('headings', () => {
  const ring = (frame: number): Cuboid => ({
    ...car,
    position: [20 * Math.cos(frame / 6), 20 * Math.sin(frame / 6), 0.8],
    rotation: [0, 0, 0],
  })

  test('along the way, in a range, backwards', () => {
    const one = track(...frames.map((frame) => key(frame, ring(frame))))
    for (const { frame, cuboid } of listKeys(alignToMotion(one)).slice(1, -1))
      expect(Math.abs(normaliseAngle(cuboid.rotation[2] - (frame / 6 + Math.PI / 2)))).toBeLessThan(1e-4)
    const some = listKeys(alignToMotion(one, { range: [5, 8], isReversing: true }))
    expect(some.filter(({ cuboid }) => cuboid.rotation[2] !== 0).map(({ frame }) => frame)).toEqual([5, 6, 7, 8])
    expect(Math.abs(normaliseAngle(some[6]!.cuboid.rotation[2] - (1 - Math.PI / 2)))).toBeLessThan(1e-4)
    const parked = track(key(0, car), key(5, car))
    expect(alignToMotion(parked)).toBe(parked)
  })

  test('the scanner drives too: the way in the world counts', () => {
    // Drives along x of the world, slower than the scanner.
    const world = (frame: number): Cuboid => ({ ...car, position: [20 + frame, 5, 0.8], rotation: [0, 0, 1] })
    const one = track(...[0, 4, 9, 15].map((frame) => key(frame, seen(frame, world(frame)))))
    for (const { frame, cuboid } of listKeys(alignToMotion(one, { poses: drive })))
      expect(Math.abs(normaliseAngle(carryCuboid(cuboid, drive(frame), origin).rotation[2]))).toBeLessThan(1e-4)
    const turned = turnKeys(one, 2)
    expect(normaliseAngle(listKeys(turned)[2]!.cuboid.rotation[2] - listKeys(one)[2]!.cuboid.rotation[2])).toBeCloseTo(Math.PI, 5)
  })
})

describe('the way in the world', () => {
  const hand = track(key(0, seen(0, car)), key(20, seen(20, car), { id: 7 }))
  const baked = bakeTrack(hand, frames, drive)

  test('a parked car stays parked for everybody, baking twice changes nothing', () => {
    for (const frame of frames) expect(measureDifference(at(baked, frame), seen(frame, car))).toBeLessThan(0.011)
    expect(measureDifference(at(hand, 10), seen(10, car))).toBeGreaterThan(1)
    expect(bakeTrack(baked, frames, drive)).toBe(baked)
    expect(listBaked(baked, drive).size).toBe(baked.shapes.length - 2)
    expect(listBaked(hand, drive).size).toBe(0)
  })

  test('an edit of a key frame takes along what was baked around it', () => {
    const moved = { ...car, position: [23, 5, 0.8] as const }
    const edited = setKeyFrame(baked, 20, { points: roundCuboid(seen(20, moved)) })
    const again = rebakeTrack(baked, edited, frames, drive)
    for (const frame of frames) {
      const world = { ...car, position: [20 + (3 * frame) / 20, 5, 0.8] as const }
      expect(measureDifference(at(again, frame), seen(frame, world))).toBeLessThan(0.011)
    }
    expect(again.shapes.find(({ frame }) => frame === 20)!.id).toBe(7)
    // An edit in between is a new key frame made by hand.
    const middle = baked.shapes[Math.floor(baked.shapes.length / 2)]!.frame
    const bent = rebakeTrack(baked, setKeyFrame(baked, middle, { points: roundCuboid(seen(middle, moved)) }), frames, drive)
    expect(measureDifference(at(bent, middle), seen(middle, moved))).toBeLessThan(1e-4)
    expect(listBaked(bent, drive).has(middle)).toBe(false)
  })

  test('nothing is made where it is away, and key frames that say more stay', () => {
    const away = track(key(0, seen(0, car), { outside: true }), key(20, seen(20, car)))
    expect(bakeTrack(away, frames, drive)).toBe(away)
    const marked = { ...baked, shapes: baked.shapes.map((one, i) => (i === 2 ? { ...one, occluded: true } : one)) }
    const kept = baked.shapes[2]!.frame
    expect(listBaked(marked, drive).has(kept)).toBe(false)
    expect(bakeTrack(marked, frames, drive).shapes.find(({ frame }) => frame === kept)!.occluded).toBe(true)
  })
})
