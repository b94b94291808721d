// Counting: shapes, tracks with their interpolated places, tags; deleted frames and places outside are left out.
import { expect, test } from 'bun:test'
import { openDocument } from '../document/document'
import { makeAnnotations, makeKey, makeShape, makeTrack } from '../document/sample'
import { countObjects } from './count-objects'

const frames = Array.from({ length: 11 }, (_, i) => i)

test('counts per label and in all', () => {
  const track = makeTrack({
    id: 9,
    label_id: 2,
    shapes: [makeKey(0, [0, 0, 9, 9]), makeKey(4, [0, 0, 9, 9]), makeKey(8, [0, 0, 9, 9], { outside: true })],
  })
  const tag = { id: 3, frame: 5, label_id: 1, group: 0, source: 'manual' as const, attributes: [] }
  const shapes = [makeShape({ id: 1 }), makeShape({ id: 2, type: 'polygon', points: [0, 0, 9, 0, 9, 9], frame: 2 })]
  const { rows, sum } = countObjects(openDocument(makeAnnotations({ shapes, tracks: [track], tags: [tag] })), [1, 2], frames)
  expect(rows.get(1)).toMatchObject({ 'rectangle-shapes': 1, 'polygon-shapes': 1, tags: 1, manual: 3, interpolated: 0, total: 3 })
  expect(rows.get(2)).toMatchObject({ 'rectangle-tracks': 1, manual: 2, interpolated: 6, total: 8 })
  expect(sum).toMatchObject({ 'rectangle-shapes': 1, 'rectangle-tracks': 1, total: 11 })
})

test('what lies on deleted frames does not count', () => {
  const shapes = [makeShape({ id: 1, frame: 3 }), makeShape({ id: 2, frame: 4 })]
  const kept = frames.filter((frame) => frame !== 3)
  const { sum } = countObjects(openDocument(makeAnnotations({ shapes, tracks: [makeTrack({ id: 5 })] })), [1], kept)
  expect(sum).toMatchObject({ 'rectangle-shapes': 1, manual: 3, interpolated: 8, total: 11 })
})
