// Tracks in the world: what stands still, drives straight or turns across ±π while the scanner moves; baking that everybody else sees alike.

import { describe, expect, test } from 'bun:test'
import { createPose, type Pose } from '../calibration/pose'
import { bakeBetween, findBaked } from './bake-track'
import { type Cuboid, interpolateCuboid } from './cuboid'
import { createRotation, normaliseAngle } from './rotation'
import { carryCuboid, interpolateInWorld, type KeyCuboid, measureDifference } from './world-track'

const origin: Pose = { rotation: createRotation([0, 0, 0]), translation: [0, 0, 0] }
const car: Cuboid = { position: [30, 4, 0.8], rotation: [0, 0, 0.4], scale: [4.2, 1.8, 1.6] }

/** Drives a bend, up a slope. */
const drive = (frame: number): Pose => ({
  rotation: createRotation([0, 0, frame * 0.12]),
  translation: [25 * Math.sin(frame * 0.12), 25 * (1 - Math.cos(frame * 0.12)), frame * 0.05],
})
const frames = Array.from({ length: 21 }, (_, i) => i)
const keyAt = (frame: number, world: Cuboid): KeyCuboid => ({ frame, cuboid: carryCuboid(world, origin, drive(frame)) })

const expectSame = (one: Cuboid, other: Cuboid, within = 1e-9) => expect(measureDifference(one, other)).toBeLessThan(within)

describe('interpolation in the world', () => {
  test('what is parked stays where it is, however the scanner drives', () => {
    const [left, right] = [keyAt(0, car), keyAt(20, car)]
    for (const frame of frames.slice(1, 20)) {
      const here = interpolateInWorld(left, right, frame, drive)!
      expectSame(carryCuboid(here, drive(frame), origin), car, 1e-6)
      expect(here.rotation.slice(0, 2)).toEqual([0, 0])
    }
    // In the scanner's coordinates it would be metres off half way.
    expect(measureDifference(interpolateCuboid(left.cuboid, right.cuboid, 0.5), keyAt(10, car).cuboid)).toBeGreaterThan(2)
  })

  test('what drives straight keeps its pace, its size grows evenly', () => {
    const end: Cuboid = { position: [50, 4, 0.8], rotation: [0, 0, 0.4], scale: [4.4, 1.8, 1.6] }
    const half = carryCuboid(interpolateInWorld(keyAt(0, car), keyAt(20, end), 10, drive)!, drive(10), origin)
    expectSame(half, { position: [40, 4, 0.8], rotation: [0, 0, 0.4], scale: [4.3, 1.8, 1.6] }, 1e-6)
  })

  test('headings turn the short way across ±π, in the world and in the scanner', () => {
    for (const [from, to] of [
      [3.0, -3.0],
      [-3.1, 3.1],
      [Math.PI, -Math.PI + 0.2],
      [2.5, -2.5],
    ] as const) {
      // biome-ignore format: angles
      const [a, b] = [from, to].map((yaw): Cuboid => ({ ...car, rotation: [0, 0, yaw] })) as [Cuboid, Cuboid]
      let before = from as number
      for (const frame of frames.slice(1, 20)) {
        const here = interpolateInWorld(keyAt(0, a), keyAt(20, b), frame, drive)!
        expect(Math.abs(here.rotation[2])).toBeLessThanOrEqual(Math.PI)
        const yaw = carryCuboid(here, drive(frame), origin).rotation[2]
        expect(normaliseAngle(yaw - from)).toBeCloseTo((normaliseAngle(to - from) * frame) / 20, 6)
        expect(Math.abs(normaliseAngle(yaw - before))).toBeLessThan(0.1)
        before = yaw
      }
    }
  })

  test('tilted cuboids and tilted scanners keep all three angles', () => {
    const tilted: Cuboid = { ...car, rotation: [0.2, -0.1, 2] }
    const poses = (frame: number) => createPose([Math.cos(frame * 0.02), Math.sin(frame * 0.02), 0, 0], [frame, 0, 0])
    const at = (frame: number) => ({ frame, cuboid: carryCuboid(tilted, origin, poses(frame)) })
    expectSame(carryCuboid(interpolateInWorld(at(0), at(10), 4, poses)!, poses(4), origin), tilted, 1e-6)
  })

  test('without a pose there is nothing', () => {
    const some = (frame: number) => (frame === 5 ? null : origin)
    expect(interpolateInWorld({ frame: 0, cuboid: car }, { frame: 9, cuboid: car }, 5, some)).toBeUndefined()
    expect(interpolateInWorld({ frame: 0, cuboid: car }, { frame: 9, cuboid: car }, 6, some)).toBeDefined()
    expect(bakeBetween({ frame: 0, cuboid: car }, { frame: 9, cuboid: car }, frames, () => undefined)).toEqual([])
  })
})

describe('baking', () => {
  const playBack = (keys: readonly KeyCuboid[], frame: number): Cuboid => {
    const at = keys.findLastIndex((key) => key.frame <= frame)
    const [left, right] = [keys[at]!, keys[at + 1]]
    return right ? interpolateCuboid(left.cuboid, right.cuboid, (frame - left.frame) / (right.frame - left.frame)) : left.cuboid
  }

  test('as few key frames as show everybody the way in the world within 1 cm', () => {
    const [left, right] = [keyAt(0, car), keyAt(20, { ...car, position: [44, -3, 0.9], rotation: [0, 0, -3] })]
    const baked = bakeBetween(left, right, frames, drive)
    const keys = [left, ...baked, right]
    expect(keys.map(({ frame }) => frame)).toEqual(keys.map(({ frame }) => frame).toSorted((a, b) => a - b))
    for (const frame of frames.slice(1, 20))
      expectSame(playBack(keys, frame), interpolateInWorld(left, right, frame, drive)!, 0.0101)
    expect(bakeBetween(left, right, frames, drive, 0.5).length).toBeLessThan(baked.length)
    // A scanner that stands still needs none.
    expect(bakeBetween(left, right, frames, () => origin)).toEqual([])
  })

  test('what was baked is told from what was set by hand, also after rounding', () => {
    const middle = { ...car, position: [33, 7, 0.8] as const, rotation: [0, 0, 3.1] as const }
    const hand = [keyAt(0, car), keyAt(9, middle), keyAt(20, { ...car, rotation: [0, 0, -3.1] })]
    const round = (values: readonly number[]) => values.map((value) => Math.round(value * 1e4) / 1e4) as [number, number, number]
    const baked = [...bakeBetween(hand[0]!, hand[1]!, frames, drive), ...bakeBetween(hand[1]!, hand[2]!, frames, drive)].map(
      ({ frame, cuboid }) => ({
        frame,
        cuboid: { position: round(cuboid.position), rotation: round(cuboid.rotation), scale: round(cuboid.scale) },
      }),
    )
    const all = [...hand, ...baked].sort((a, b) => a.frame - b.frame)
    expect(baked.length).toBeGreaterThan(5)
    expect(findBaked(all, drive)).toEqual(baked.map(({ frame }) => frame))
    expect(findBaked(hand, drive)).toEqual([])
    // Long runs too, of any length.
    for (const count of [3, 4, 7, 30, 200, 333]) {
      const every = Array.from({ length: count }, (_, frame) => keyAt(frame, { ...car, position: [frame / 3, 4, 0.8] }))
      expect(findBaked(every, drive)).toEqual(every.slice(1, -1).map(({ frame }) => frame))
      const bent = every.map((key) => (key.frame === 2 ? keyAt(2, { ...car, position: [9, 9, 0.8] }) : key))
      expect(findBaked(bent, drive).includes(2)).toBe(false)
    }
    expect(findBaked([], drive)).toEqual([])
  })
})
