// Merging, splitting, ending, swapping and thinning of tracks.
import { expect, test } from 'bun:test'
import type { Shape, Track } from '../../../../formats/model'
import type { Content } from '../object'
import { placeTrack } from '../place'
import { makeKey, makeShape, makeTrack, sampleLabels } from '../sample'
import { dropKeyFrame, findKeyFrame, listKeyFrames, setWholeKeyFrame } from '../tracks'
import { finishTrack, splitTrack, swapTracks, trimTrack } from './cut-tracks'
import { mergeObjects } from './merge'
import { setAttributeOver, thinKeyFrames } from './thin-track'

const shape = (part: Partial<Shape>): Content => ({ kind: 'shape', data: makeShape(part) })
const asTrack = (data: Track): Content => ({ kind: 'track', data })
const done = <T>(outcome: { done: T } | { refusal: string }): T => {
  if ('refusal' in outcome) throw new Error(outcome.refusal)
  return outcome.done
}
const keys = (track: Track) => track.shapes.map((key) => [key.frame, key.outside])

const skeletonTrack = (): Track => ({
  ...makeTrack({ shapes: [makeKey(0, [], { type: 'skeleton' })] }),
  elements: [1, 2].map((label_id) =>
    makeTrack({
      label_id,
      shapes: [makeKey(0, [0, label_id], { type: 'points' }), makeKey(10, [100, label_id], { type: 'points' })],
    }),
  ),
})

test('shapes of two frames become a track that is outside between them', () => {
  const values = [
    { spec_id: 11, value: 'blue' },
    { spec_id: 12, value: 'true' },
  ]
  const merged = done(
    mergeObjects([shape({ frame: 5 }), shape({ frame: 0, attributes: values, points: [1, 2, 3, 4] })], sampleLabels, 9),
  )
  expect(keys(merged)).toEqual([
    [0, false],
    [1, true],
    [5, false],
    [6, true],
  ])
  expect(merged.frame).toBe(0)
  expect(merged.attributes).toEqual([{ spec_id: 11, value: 'blue' }])
  expect(merged.shapes[0]).toMatchObject({ points: [1, 2, 3, 4], attributes: [{ spec_id: 12, value: 'true' }] })
})

test('neighbouring frames and the end of the job leave no gap', () => {
  const merged = done(mergeObjects([shape({ frame: 3 }), shape({ frame: 4 })], sampleLabels, 4))
  expect(keys(merged)).toEqual([
    [3, false],
    [4, false],
  ])
})

test('a shape fills the gap of a track; two visible ones on a frame are refused', () => {
  const track = makeTrack({ shapes: [makeKey(0, [0, 0, 10, 10]), makeKey(3, [0, 0, 10, 10], { outside: true })] })
  const merged = done(mergeObjects([asTrack(track), shape({ frame: 3 })], sampleLabels, 9))
  expect(keys(merged)).toEqual([
    [0, false],
    [3, false],
    [4, true],
  ])
  expect(mergeObjects([asTrack(track), shape({ frame: 0 })], sampleLabels, 9)).toHaveProperty('refusal')
})

test.each([
  ['different labels', [shape({ label_id: 1 }), shape({ label_id: 2, frame: 1 })]],
  ['different kinds', [shape({}), shape({ type: 'ellipse', frame: 1 })]],
  ['masks', [shape({ type: 'mask' }), shape({ type: 'mask', frame: 1 })]],
  ['one object', [shape({})]],
] as [string, Content[]][])('merging %s is refused', (_, contents) => {
  expect(mergeObjects(contents, sampleLabels, 9)).toHaveProperty('refusal')
})

test('skeletons merge point by point', () => {
  const part = (label_id: number, frame: number) => makeShape({ type: 'points', points: [label_id, frame], label_id, frame })
  const one = (frame: number) => shape({ type: 'skeleton', points: [], frame, elements: [part(1, frame), part(2, frame)] })
  const merged = done(mergeObjects([one(0), one(4)], sampleLabels, 9))
  expect(merged.elements.map((element) => keys(element))).toEqual(
    Array(2).fill([
      [0, false],
      [1, true],
      [4, false],
      [5, true],
    ]),
  )
})

test('splitting ends the first part with its ids and begins the second where it is', () => {
  const track = makeTrack({ shapes: [makeKey(0, [0, 0, 10, 10], { id: 1 }), makeKey(10, [100, 0, 110, 10], { id: 2 })] })
  const [head, tail] = done(splitTrack(track, 5))
  expect(keys(head)).toEqual([
    [0, false],
    [5, true],
  ])
  expect(head.shapes[0]?.id).toBe(1)
  expect(keys(tail)).toEqual([
    [5, false],
    [10, false],
  ])
  expect(tail).toMatchObject({ frame: 5, shapes: [{ points: [50, 0, 60, 10] }, { points: [100, 0, 110, 10] }] })
  expect(tail.shapes.some((key) => 'id' in key && key.id !== undefined)).toBe(false)
  expect(splitTrack(track, 0)).toHaveProperty('refusal')
})

test('a skeleton splits with all its points', () => {
  const [head, tail] = done(splitTrack(skeletonTrack(), 5))
  expect(head.elements.map((one) => keys(one))).toEqual(
    Array(2).fill([
      [0, false],
      [5, true],
    ]),
  )
  expect(tail.elements.map((one) => one.shapes[0]?.points)).toEqual([
    [50, 1],
    [50, 2],
  ])
})

test('ending drops later key frames; the first frame cannot be the end', () => {
  expect(keys(done(finishTrack(makeTrack(), 4)))).toEqual([
    [0, false],
    [4, true],
  ])
  expect(finishTrack(makeTrack(), 0)).toHaveProperty('refusal')
})

test('a range of frames is taken out; what follows stays where it was', () => {
  const trimmed = trimTrack(makeTrack(), 3, 6, 20)!
  expect(keys(trimmed)).toEqual([
    [0, false],
    [3, true],
    [7, false],
    [10, false],
  ])
  expect(trimmed.shapes[2]?.points).toEqual([70, 0, 80, 10])
  expect(keys(trimTrack(makeTrack(), 3, 20, 20)!)).toEqual([
    [0, false],
    [3, true],
  ])
  expect(trimTrack(makeTrack(), 0, 20, 20)).toBeNull()
  expect(keys(trimTrack(makeTrack(), 0, 4, 20)!)).toEqual([
    [5, false],
    [10, false],
  ])
})

test('two tracks change places from a frame on', () => {
  const other = makeTrack({ shapes: [makeKey(0, [0, 50, 10, 60]), makeKey(10, [100, 50, 110, 60])] })
  const [a, b] = done(swapTracks(makeTrack(), other, 4))
  expect(placeTrack(a, 3)?.body.points[1]).toBe(50 * (3 / 4))
  expect(placeTrack(a, 4)?.body.points).toEqual([40, 50, 50, 60])
  expect(placeTrack(b, 10)?.body.points).toEqual([100, 0, 110, 10])
  expect(swapTracks(makeTrack(), makeTrack({ label_id: 2 }), 4)).toHaveProperty('refusal')
})

test('superfluous key frames go, bends and flags stay', () => {
  const straight = Array.from({ length: 11 }, (_, frame) => makeKey(frame, [10 * frame, 0, 10 * frame + 10, 10]))
  expect(keys(thinKeyFrames(makeTrack({ shapes: straight }), 1))).toEqual([
    [0, false],
    [10, false],
  ])
  const bent = straight.map((key) => (key.frame > 5 ? { ...key, points: [50, 0, 60, 10] } : key))
  expect(thinKeyFrames(makeTrack({ shapes: bent }), 1).shapes.map((key) => key.frame)).toEqual([0, 5, 10])
  const hidden = straight.map((key) => (key.frame === 4 ? { ...key, occluded: true } : key))
  expect(thinKeyFrames(makeTrack({ shapes: hidden }), 1).shapes.map((key) => key.frame)).toEqual([0, 3, 4, 5, 10])
})

test('an attribute over a range, and back behind it', () => {
  const track = makeTrack({
    shapes: [makeKey(0, [0, 0, 1, 1], { attributes: [{ spec_id: 12, value: 'false' }] }), makeKey(10, [9, 9, 10, 10])],
  })
  const changed = setAttributeOver(track, 12, 'true', 3, 6)
  const at = (frame: number) => placeTrack(changed, frame)?.body.attributes.find((one) => one.spec_id === 12)?.value
  expect([0, 2, 3, 6, 7, 10].map(at)).toEqual(['false', 'false', 'true', 'true', 'false', 'false'])
})

test('key frames of a skeleton are those of its points too', () => {
  const track = skeletonTrack()
  expect(listKeyFrames(track)).toEqual([0, 10])
  expect([findKeyFrame(track, 0, 1), findKeyFrame(track, 10, -1), findKeyFrame(track, 10, 1)]).toEqual([10, 0, null])
  expect(listKeyFrames(dropKeyFrame(track, 10))).toEqual([0])
  const away = setWholeKeyFrame(track, 5, { outside: true })
  expect(away.elements.map((one) => keys(one))).toEqual(
    Array(2).fill([
      [0, false],
      [5, true],
      [10, false],
    ]),
  )
  expect(dropKeyFrame(makeTrack({ shapes: [makeKey(0, [0, 0, 1, 1])] }), 0).shapes).toHaveLength(1)
})
