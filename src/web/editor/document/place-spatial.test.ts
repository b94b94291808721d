// Tracks of cuboids in space: linear between key frames, angles the shortest way round across ±π, no rounding to pixels.
import { expect, test } from 'bun:test'
import { readCuboid, writeCuboid } from '../../../formats/geometry3d/cuboid'
import { describeFacts } from '../filters/facts'
import { copyItem } from './copy'
import { placeTrack } from './place'
import { makeKey, makeTrack, sampleLabels } from './sample'
import { setKeyFrame } from './tracks'

const at = (
  position: [number, number, number],
  rotation: [number, number, number],
  scale: [number, number, number] = [4, 2, 1.5],
) => writeCuboid({ position, rotation, scale })
const cuboid = { type: 'cuboid' } as const

const track = makeTrack({
  shapes: [makeKey(0, at([0, 0, 0], [3, -3.1, 3.1]), cuboid), makeKey(10, at([10, -5, 1], [-3, 3.1, -3.1], [5, 2, 1.5]), cuboid)],
})

test('every angle goes the shortest way round, across ±π', () => {
  const { body, keyframe } = placeTrack(track, 5)!
  const middle = readCuboid(body.points)
  expect(keyframe).toBe(false)
  expect(middle.position).toEqual([5, -2.5, 0.5])
  expect(middle.scale).toEqual([4.5, 2, 1.5])
  for (const angle of middle.rotation) expect(Math.cos(angle)).toBeCloseTo(-1, 9)
  for (const [frame, x] of [
    [2, 3 + (2 / 10) * (2 * Math.PI - 6)],
    [8, 3 + (8 / 10) * (2 * Math.PI - 6)],
  ] as const)
    expect(Math.sin(readCuboid(placeTrack(track, frame)!.body.points).rotation[0])).toBeCloseTo(Math.sin(x), 9)
})

test('a key frame set between keeps millionths, where pictures keep hundredths', () => {
  const set = setKeyFrame(track, 3, { occluded: true })
  const { rotation } = readCuboid(set.shapes[1]!.points)
  expect(Math.cos(rotation[1])).toBeCloseTo(Math.cos(-3.1 - 0.3 * (2 * Math.PI - 6.2)), 6)
  const body = { ...placeTrack(track, 3)!.body }
  const item = { object: { kind: 'track', data: track }, body, elements: [], clientId: 1, keyframe: false, box: null, edges: [] }
  const copied = copyItem(item as never, 3)!
  expect(copied.kind === 'shape' && copied.data.points[4]).toBeCloseTo(body.points[4]!, 6)
})

test('filters know how wide and high a cuboid is, in metres', () => {
  const { body } = placeTrack(track, 0)!
  const placed = { object: { kind: 'track', data: track }, body, elements: [], keyframe: true } as never
  const facts = describeFacts(placed, { labels: sampleLabels, clientId: 1, serverId: null })
  expect([facts.shape, facts.width, facts.height]).toEqual(['cuboid', 2, 1.5])
})
