// Viewing aids as numbers: typed boxes and ranges, frames put together by poses, measured distances, the grid.
import { describe, expect, test } from 'bun:test'
import { createPose, movePoint } from '../../../formats/calibration/pose'
import { startSettings } from '../../editor/state'
import { planGrid } from '../render/cloud/scene-grid'
import { listAccumulated } from './accumulate'
import { colourModes, rampNames } from './cloud-aids'
import { readClipBox, readRange, toLook, writeClipBox } from './look-settings'
import { computeMeasured } from './measure-card'
import { listStops } from './ramp-stops'

describe('settings', () => {
  test('the look of a person who has set nothing', () => {
    expect(toLook(startSettings, null)).toEqual({
      ...{
        size: 2,
        colour: 'height',
        ramp: 'viridis',
        range: null,
        groundCut: null,
        clip: null,
        eyeDome: null,
        budget: null,
        grid: true,
      },
    })
  })
  test('what was stored by another version does no harm', () => {
    const odd = {
      ...startSettings,
      sceneColour: 'smell',
      sceneRamp: 'x',
      scenePointSize: 99,
      sceneRange: 'a b',
      sceneClip: 'round' as 'off',
    }
    expect(toLook(odd, null)).toMatchObject({ colour: 'height', ramp: 'viridis', size: 10, range: null, clip: null })
  })
  test('ranges have two ends in order', () => {
    expect(readRange('-1.5 3')).toEqual([-1.5, 3])
    for (const text of ['', '3', '3 3', '4 3', '1 2 3', 'a b', '1 Infinity']) expect(readRange(text)).toBeNull()
  })
  test('clipping: around the chosen cuboid, or typed; a cuboid survives being written', () => {
    const cuboid = { position: [1.5, -2, 0.25], rotation: [0, 0, Math.PI / 6], scale: [4, 2, 1.5] } as const
    const around = toLook({ ...startSettings, sceneClip: 'object', sceneClipMargin: 2 }, cuboid).clip
    expect(around).toEqual({ ...cuboid, scale: [8, 6, 5.5] })
    expect(toLook({ ...startSettings, sceneClip: 'object' }, null).clip).toBeNull()
    const text = writeClipBox(cuboid)
    expect(text).toBe('1.5 -2 0.25 4 2 1.5 30')
    const typed = toLook({ ...startSettings, sceneClip: 'typed', sceneClipBox: text }, null).clip!
    expect(typed.rotation[2]).toBeCloseTo(Math.PI / 6, 9)
    expect([...typed.position, ...typed.scale]).toEqual([1.5, -2, 0.25, 4, 2, 1.5])
    for (const bad of ['', '1 2 3', '0 0 0 1 1 0 0', '0 0 0 1 1 -1 0', '0 0 0 1 1 x 0']) expect(readClipBox(bad)).toBeNull()
  })
  test('every colour and every ramp is known', () => {
    for (const colour of colourModes) expect(toLook({ ...startSettings, sceneColour: colour }, null).colour).toBe(colour)
    for (const name of rampNames) expect(listStops(name).every((hex) => /^#[0-9a-f]{6}$/.test(hex))).toBe(true)
  })
})

describe('frames put together', () => {
  // The scanner drives along x and turns to the left.
  const half = (angle: number) => [Math.cos(angle / 2), 0, 0, Math.sin(angle / 2)]
  const poseOf = (frame: number) => (frame === 7 ? null : createPose(half(frame * 0.1), [frame * 2, frame, 0]))
  const apply = (m: readonly number[], [x, y, z]: readonly number[]) =>
    [0, 1, 2].map((row) => m[row]! * x! + m[row + 4]! * y! + m[row + 8]! * z! + m[row + 12]!)

  test('a thing of the world comes to the same place from every frame', () => {
    const list = listAccumulated(5, 2, { start: 0, stop: 20 }, poseOf)!
    expect(list.map(({ frame }) => frame)).toEqual([4, 6, 3])
    const local = [3, -2, 1] as const
    const seen = movePoint(poseOf(5)!, local)
    for (const { frame, matrix } of list) {
      // Where the other frame's scanner sees it.
      const { rotation: r, translation: t } = poseOf(frame)!
      const d = [0, 1, 2].map((axis) => seen[axis]! - t[axis]!)
      const there = [0, 1, 2].map((column) => r[column]! * d[0]! + r[column + 3]! * d[1]! + r[column + 6]! * d[2]!)
      for (const [axis, value] of apply(matrix, there).entries()) expect(value).toBeCloseTo(local[axis]!, 9)
    }
  })
  test('only frames of the job; none when the shown one has no pose', () => {
    expect(listAccumulated(0, 3, { start: 0, stop: 1 }, poseOf)!.map(({ frame }) => frame)).toEqual([1])
    expect(listAccumulated(7, 3, { start: 0, stop: 20 }, poseOf)).toBeNull()
    expect(listAccumulated(5, 0, { start: 0, stop: 20 }, poseOf)).toEqual([])
  })
})

describe('measures', () => {
  test('the way, its parts, and both heights above the ground', () => {
    const found = computeMeasured([1, 2, 3], [4, 6, 3 + 12], { normal: [0, 0, 1], offset: 1.5, support: 9 })
    expect(found).toEqual({ distance: 13, by: [3, 4, 12], heights: [4.5, 16.5] })
    expect(computeMeasured([0, 0, 0], [1, 0, 0], null).heights).toBeNull()
  })
  test.each([
    [{ min: [-30, -30, -2], max: [30, 30, 5] }, 5, 30],
    [{ min: [-100, -80, -2], max: [100, 90, 5] }, 10, 100],
    [{ min: [-1, -1, 0], max: [1.2, 1, 1] }, 0.2, 1.2],
    [{ min: [-9000, -9000, 0], max: [9000, 9000, 1] }, 50, 500],
  ] as const)('a grid over %j has lines every %d m', (bounds, step, reach) => {
    const grid = planGrid(bounds as never, [0, 0, 0], null)
    expect(grid.step).toBeCloseTo(step, 9)
    expect(grid.reach).toBeCloseTo(reach, 9)
    expect(grid.middle).toEqual([0, 0, bounds.min[2]])
  })
  test('it lies on the ground below the sensor, or amid points far away from it', () => {
    const bounds = { min: [-10, -10, -3], max: [10, 10, 2] } as const
    const slope = { normal: [0.1, 0, Math.sqrt(0.99)] as const, offset: 1.8 }
    expect(planGrid(bounds, [0, 0, 0], slope).middle[2]).toBeCloseTo(-1.8 / Math.sqrt(0.99), 9)
    expect(planGrid({ min: [100, 200, 0], max: [120, 240, 1] }, [0, 0, 0], null).middle).toEqual([110, 220, 0])
  })
})
