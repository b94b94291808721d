// Working time: what counts, what is a pause, and for which place.
import { expect, test } from 'bun:test'
import { computeWorkingTime, pauseMs, type Timed } from './working-time'

const moment = (timeMs: number, place = 'a'): Timed<string> => ({ scope: 'click:element', timeMs, durationMs: 123, place })
const lasting = (timeMs: number, durationMs: number, place = 'a'): Timed<string> => ({
  scope: 'change:frame',
  timeMs,
  durationMs,
  place,
})
const work = (events: Timed<string>[], previous: Timed<string> | null = null) =>
  computeWorkingTime(events, previous, (place) => place).map(({ place, workingMs }) => [place, workingMs])

const start = 1_700_000_000_000
const short = pauseMs - 1

test.each<[string, Timed<string>[], Timed<string> | null, [string, number][]]>([
  ['nothing', [], null, []],
  ['a moment alone takes no time', [moment(start)], null, []],
  ['a frame lasts', [lasting(start, pauseMs)], null, [['a', pauseMs]]],
  ['a short gap counts', [moment(start), moment(start + short)], null, [['a', short]]],
  ['a long gap is a pause', [moment(start), moment(start + pauseMs)], null, []],
  ['gap and duration', [lasting(start, 1000), lasting(start + 1000 + short, 5000)], null, [['a', 1000 + short + 5000]]],
  ['a pause, then a frame', [lasting(start, 1000), lasting(start + 1000 + pauseMs, 5000)], null, [['a', 6000]]],
  ['what lies within a frame adds nothing', [lasting(start, 5000), moment(start + 3000)], null, [['a', 5000]]],
  ['overlap counts once', [lasting(start, 5000), lasting(start + 3000, 6000)], null, [['a', 9000]]],
  ['goes on from the batch before', [moment(start + short)], moment(start), [['a', short]]],
  ['within the last of the batch before', [moment(start + 1)], lasting(start, 5000), []],
  ['the time up to an event is that of the place before', [moment(start, 'a'), moment(start + 10, 'b'), moment(start + 30, 'b')], null, [['a', 10], ['b', 20]]], // biome-ignore format: one line a case
])('%s', (_, events, previous, expected) => expect(work(events, previous)).toEqual(expected))
