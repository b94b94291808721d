// Shares in percent: read from what people type, written without noise; numbers of charts in words.
import { expect, test } from 'bun:test'
import { makeChartFormat } from './chart-data'
import { formatShare, readPercent, writePercent } from './percent'

test.each([
  ['50', 0.5],
  [' 2,5 ', 0.025],
  ['0', 0],
  ['100', 1],
])('%p is a share of %p', (text, share) => expect(readPercent(text)).toEqual({ value: share }))

test.each(['', ' ', 'much', '-1', '100.1', 'Infinity'])('%p is refused', (text) => {
  expect(readPercent(text).problem).toBeString()
})

test('what is written reads back, for every thousandth', () => {
  for (let share = 0; share <= 1000; share++) expect(readPercent(writePercent(share / 1000)).value).toBeCloseTo(share / 1000, 9)
  expect(writePercent(0.1)).toBe('10')
  expect([formatShare(0.8333), formatShare(null)]).toEqual(['83.3%', '–'])
})

test('numbers of charts by their unit', () => {
  const write = (unit: Parameters<typeof makeChartFormat>[0], value: number | null) => makeChartFormat(unit, 'en')(value)
  expect(write('share', 0.5)).toBe('50%')
  expect(write('count', 1234)).toBe('1,234')
  expect([write('duration', 42), write('duration', 125), write('duration', 7500)]).toEqual(['42 s', '2 min', '2 h 05 min'])
  expect(write('number', null)).toBe('–')
})
