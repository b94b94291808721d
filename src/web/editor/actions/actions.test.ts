// Tracks lose the part of a range only: outside there, as before after it.
import { expect, test } from 'bun:test'
import { makeKey, makeTrack } from '../document/sample'
import { trimTrack } from './actions'

const keys = (track: ReturnType<typeof trimTrack>) =>
  track?.shapes.map(({ frame, outside, points }) => [frame, outside, points[0]])

test('the middle of a track is taken out', () => {
  expect(keys(trimTrack(makeTrack(), { from: 3, to: 5 }, 20))).toEqual([
    [0, false, 0],
    [3, true, 30],
    [6, false, 60],
    [10, false, 100],
  ])
})

test('the beginning is taken off, the end too, and all of it leaves nothing', () => {
  expect(keys(trimTrack(makeTrack(), { from: 0, to: 4 }, 20))).toEqual([
    [5, false, 50],
    [10, false, 100],
  ])
  expect(keys(trimTrack(makeTrack(), { from: 8, to: 20 }, 20))).toEqual([
    [0, false, 0],
    [8, true, 80],
  ])
  expect(trimTrack(makeTrack(), { from: 0, to: 20 }, 20)).toBeNull()
})

test('what was outside stays so', () => {
  const track = makeTrack({ shapes: [makeKey(0, [0, 0, 9, 9]), makeKey(4, [0, 0, 9, 9], { outside: true })] })
  expect(keys(trimTrack(track, { from: 2, to: 6 }, 20))).toEqual([
    [0, false, 0],
    [2, true, 0],
  ])
})
