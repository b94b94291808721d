// Of shapes that were found frame by frame only those that say something new become key frames.
import { expect, test } from 'bun:test'
import { createFoundShape } from './imported-shapes'
import { createTrackCollector } from './imported-tracks'
import { createFrameLookup } from './match'
import type { Label } from './model'

const label: Label = { id: 1, name: 'car', color: '#ff0000', type: 'rectangle', attributes: [], sublabels: [] }
const frames = Array.from({ length: 8 }, (_, frame) => ({ frame, name: `${frame}.png`, width: 9, height: 9 }))

/** Key frames of the track that comes of `[frame, outside, marked]`, as `[frame, outside]`. */
const build = (...found: [frame: number, outside: boolean, marked: boolean][]) => {
  const collector = createTrackCollector(createFrameLookup({ frames }))
  for (const [frame, outside, keyframe] of found)
    collector.add('7', label, { shape: createFoundShape(label, { frame }, 'rectangle', [1, 1, 3, 3], { outside }), keyframe })
  return collector
    .list()
    .map((finding) => (finding.kind === 'track' ? finding.track.shapes.map(({ frame, outside }) => [frame, outside]) : []))
}

test('what stays outside has one key frame, also where others of its skeleton have more', () => {
  const found = build([0, false, true], [1, false, false], [2, true, true], [3, true, true], [4, false, false], [5, false, true])
  expect(found).toEqual([
    [
      [0, false],
      [2, true],
      [4, false],
      [5, false],
      [6, true],
    ],
  ])
})

test('a gap is outside, and so may be what comes after it', () => {
  const found = build([0, false, true], [3, true, true], [4, true, true], [5, false, true], [6, false, false], [7, false, false])
  expect(found).toEqual([
    [
      [0, false],
      [1, true],
      [3, true],
      [5, false],
    ],
  ])
})
