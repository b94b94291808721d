// The batch view without its screen: pixels and back within 1 cm, drags in each picture, frames, marks, copies, filling in between.
import { describe, expect, test } from 'bun:test'
import { createPose, type Pose } from '../../../formats/calibration/pose'
import { type Cuboid, readCuboid } from '../../../formats/geometry3d/cuboid'
import { createRotation, normaliseAngle, turnVector, type Vector } from '../../../formats/geometry3d/rotation'
import { carryCuboid } from '../../../formats/geometry3d/world-track'
import type { Track, TrackedShape } from '../../../formats/model'
import { placeTrack } from '../../editor/document/place'
import { roundCuboid } from '../assist/track-cuboids'
import { chooseFrames, copyPart, findHeadings, listCells, markFrames, setCuboids, straighten } from './batch-edits'
import { dragCuboid, findGrip, findOutline, makeCrop, projectPoints, sides } from './views'

const car: Cuboid = { position: [20, 5, 0.8], rotation: [0, 0, 2.9], scale: [4.2, 1.8, 1.6] }
const none: ReadonlySet<number> = new Set()

const key = (frame: number, cuboid: Cuboid): TrackedShape => ({
  type: 'cuboid',
  frame,
  points: roundCuboid(cuboid),
  rotation: 0,
  occluded: false,
  outside: false,
  z_order: 0,
  attributes: [],
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

describe('the pictures of a cell', () => {
  const alongOwn = (cuboid: Cuboid, own: Vector) =>
    turnVector(createRotation(cuboid.rotation), own).map((value, axis) => value + cuboid.position[axis]!)

  test('a move in each picture follows its axes', () => {
    for (const [side, own] of [
      ['top', [1, 0.5, 0]],
      ['side', [1, 0, 0.5]],
      ['front', [0, -1, 0.5]],
    ] as const) {
      // biome-ignore format: rows
      const crop = makeCrop(side, car, 300, 200)
      const metre = crop.pixelsPerMetre
      const moved = dragCuboid(crop, { kind: 'move' }, [150, 100], [150 + metre, 100 - metre / 2])
      for (const [axis, value] of alongOwn(car, own).entries()) expect(moved.position[axis]!).toBeCloseTo(value, 9)
      expect(moved.scale).toEqual(car.scale)
    }
  })

  test('edges and corners move faces, the opposite ones stay; the handle turns', () => {
    for (const side of sides) {
      const crop = makeCrop(side, car, 300, 200)
      const { corners } = findOutline(crop, car)
      const grip = findGrip(crop, ...corners[2]!)!
      expect(grip).toEqual({ kind: 'faces', x: corners[2]![0] > 150 ? 1 : -1, y: 1 })
      const to = [corners[2]![0] + 9, corners[2]![1] - 6] as const
      const grown = findOutline(crop, dragCuboid(crop, grip, corners[2]!, to)).corners
      for (const [i, wanted] of [corners[0]!, to].entries())
        for (const axis of [0, 1]) expect(grown[i === 0 ? 0 : 2]![axis]!).toBeCloseTo(wanted[axis]!, 6)
      expect(findGrip(crop, 150, 100)).toEqual({ kind: 'move' })
      expect(findGrip(crop, 1, 1)).toBeNull()
    }
    const crop = makeCrop('top', car, 300, 200)
    const handle = findOutline(crop, car).handle!
    expect(findGrip(crop, ...handle)).toEqual({ kind: 'turn' })
    const turned = dragCuboid(crop, { kind: 'turn' }, handle, [150, 20])
    expect(normaliseAngle(turned.rotation[2] - car.rotation[2])).toBeCloseTo(Math.PI / 2, 9)
    expect(Math.abs(turned.rotation[2])).toBeLessThanOrEqual(Math.PI)
  })

  test('points in the cuboid and around it', () => {
    const origin: Vector = [10, 0, 0]
    const own: Vector[] = [[0, 0, 0], [2, 0.8, 0.7], [2.6, 0, 0], [0, 9, 0]] // biome-ignore format: places
    const positions = Float32Array.from(own.flatMap((one) => alongOwn(car, one).map((value, axis) => value - origin[axis]!)))
    const { inside, around } = projectPoints(makeCrop('top', car, 300, 200), positions, origin, car)
    expect([inside.length, around.length]).toEqual([4, 2])
    expect([inside[0], inside[1]]).toEqual([expect.closeTo(150, 3), expect.closeTo(100, 3)])
    // A wall beside it does not cover the view from the side.
    expect(projectPoints(makeCrop('side', car, 300, 200), positions, origin, car).around).toHaveLength(2)
  })
})

describe('cells', () => {
  const frames = Array.from({ length: 30 }, (_, i) => i)
  const origin = createPose([1, 0, 0, 0], [0, 0, 0])
  const drive = (frame: number): Pose => ({ rotation: createRotation([0, 0, frame * 0.1]), translation: [frame, 0, 0] })
  const one = track(key(3, car), key(13, { ...car, position: [30, 5, 0.8] }))

  test('frames around the shown one', () => {
    expect(chooseFrames(frames, 10, 5, 1)).toEqual([8, 9, 10, 11, 12])
    expect(chooseFrames(frames, 0, 5, 1)).toEqual([0, 1, 2, 3, 4])
    expect(chooseFrames(frames, 29, 5, 1)).toEqual([25, 26, 27, 28, 29])
    expect(chooseFrames(frames, 10, 4, 3)).toEqual([7, 10, 13, 16])
    expect(chooseFrames([4, 6], 6, 20, 1)).toEqual([4, 6])
  })

  test('hold the track where it is, and change only what is edited', () => {
    const cells = listCells(one, [0, 3, 8, 13, 20], none)
    expect(cells.map(({ frame, keyframe }) => [frame, keyframe])).toEqual([[3, true], [8, false], [13, true], [20, false]]) // biome-ignore format: rows
    expect(cells[1]!.cuboid.position[0]).toBeCloseTo(25, 6)
    const moved = setCuboids(one, new Map([[8, { ...car, position: [24, 6, 0.8] as const }]]), none)
    expect(moved.shapes.map(({ frame }) => frame)).toEqual([3, 8, 13])
    const marked = markFrames(one, [6, 7], { outside: true }, (frame) => frame + 1, none)
    const states = [5, 6, 7, 8, 13].map((frame) => placeTrack(marked, frame)!.body)
    expect(states.map(({ outside }) => outside)).toEqual([false, true, true, false, false])
    expect(readCuboid(states[3]!.points).position[0]).toBeCloseTo(25, 6)
  })

  test('sizes are copied on the ground, places and headings in the world', () => {
    const [from, to] = listCells(one, [3, 13], none) as [never, never]
    const large = { ...(from as { cuboid: Cuboid }), cuboid: { ...car, scale: [5, 2, 2] as const } } as never
    const sized = copyPart(large, to, 'size', () => null)
    expect(sized.scale).toEqual([5, 2, 2])
    expect(sized.position[2] - 1).toBeCloseTo(0, 9)
    const placed = copyPart(from, to, 'place', drive)
    const world = (cuboid: Cuboid, frame: number) => carryCuboid(cuboid, drive(frame), origin)
    for (const axis of [0, 1, 2]) expect(world(placed, 13).position[axis]!).toBeCloseTo(world(car, 3).position[axis]!, 6)
    expect(copyPart(from, to, 'place', () => null).position).toEqual(car.position)
    const turned = copyPart(from, to, 'yaw', drive)
    expect(normaliseAngle(world(turned, 13).rotation[2] - world(car, 3).rotation[2])).toBeCloseTo(0, 6)
  })

  test('between chosen cells the track goes straight', () => {
    const bent = setCuboids(one, new Map([[8, { ...car, position: [0, 0, 0] as const }]]), none)
    const straight = straighten(bent, [13, 3], none)
    expect(straight.shapes.map(({ frame }) => frame)).toEqual([3, 13])
    expect(listCells(straight, [8], none)[0]!.cuboid.position[0]).toBeCloseTo(25, 6)
    // Those that were no key frames become some, and what lies beyond stays.
    expect(straighten(bent, [5, 7], none).shapes.map(({ frame }) => frame)).toEqual([3, 5, 7, 8, 13])
    expect(straighten(bent, [5], none)).toBe(bent)
  })

  test('headings follow the way of the cells, in the world where poses are known', () => {
    const along = track(key(3, car), key(13, { ...car, position: [20, 25, 0.8] }))
    for (const [, cuboid] of findHeadings(listCells(along, [3, 6, 9, 13], none), () => null))
      expect(cuboid.rotation[2]).toBeCloseTo(Math.PI / 2, 6)
    const still = listCells(
      track(key(3, carryCuboid(car, origin, drive(3))), key(13, carryCuboid(car, origin, drive(13)))),
      [3, 13],
      none,
    )
    expect(findHeadings(still, drive).size).toBe(0)
    expect(findHeadings(still, () => null).size).toBe(2)
  })
})
