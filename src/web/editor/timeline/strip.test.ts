// Key frames, gaps and moves of tracks, with and without parts.
import { expect, test } from 'bun:test'
import type { Track, TrackedShape } from '../../../formats/model'
import { describeTrack, limitMove, moveKeyFrame } from './strip'

const key = (frame: number, outside = false): TrackedShape => ({
  frame,
  type: 'rectangle',
  points: [0, 0, 10, 10],
  rotation: 0,
  occluded: false,
  outside,
  z_order: 0,
  attributes: [],
})
const makeTrack = (shapes: TrackedShape[], elements: Track[] = []): Track => ({
  frame: shapes[0]?.frame ?? 0,
  label_id: 1,
  group: 0,
  source: 'manual',
  attributes: [],
  shapes,
  elements,
})

test('a track without end reaches to the last frame', () => {
  expect(describeTrack(makeTrack([key(2), key(7)]), 20)).toEqual({ keys: [2, 7], spans: [{ from: 2, to: 20 }] })
})

test('outside makes gaps; key frames in any order', () => {
  const track = makeTrack([key(12), key(2), key(5, true), key(9, true), key(15, true)])
  expect(describeTrack(track, 20)).toEqual({
    keys: [2, 5, 9, 12, 15],
    spans: [
      { from: 2, to: 4 },
      { from: 12, to: 14 },
    ],
  })
})

test('a track that is only outside is never visible', () => {
  expect(describeTrack(makeTrack([key(3, true)]), 9).spans).toEqual([])
})

test('a skeleton is away when all of its points are', () => {
  const parts = [makeTrack([key(0), key(4, true)]), makeTrack([key(0), key(6, true), key(8)])]
  expect(describeTrack(makeTrack([key(0)], parts), 10)).toEqual({
    keys: [0, 4, 6, 8],
    spans: [
      { from: 0, to: 5 },
      { from: 8, to: 10 },
    ],
  })
})

test('a key frame moves between its neighbours, with the parts of a skeleton', () => {
  const track = makeTrack([key(0), key(4), key(9)], [makeTrack([key(0), key(4)])])
  const strip = describeTrack(track, 12)
  expect(limitMove(strip, 4, { from: 0, to: 12 })).toEqual({ from: 1, to: 8 })
  expect(limitMove(strip, 0, { from: 0, to: 12 })).toEqual({ from: 0, to: 3 })
  expect(limitMove(strip, 9, { from: 0, to: 12 })).toEqual({ from: 5, to: 12 })
  const moved = moveKeyFrame(track, 4, 6)
  expect(moved.shapes.map((shape) => shape.frame)).toEqual([0, 6, 9])
  expect(moved.elements[0]!.shapes.map((shape) => shape.frame)).toEqual([0, 6])
  expect(moveKeyFrame(track, 0, 2)).toMatchObject({ frame: 2, elements: [{ frame: 2 }] })
})
