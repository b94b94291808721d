// Equalisation: a narrow range becomes the whole one, a flat picture stays, grey stays grey.
import { expect, test } from 'bun:test'
import { equalizePixels, makeEqualizer } from './equalize'

const greys = (...values: number[]) => new Uint8ClampedArray(values.flatMap((value) => [value, value, value, 255]))

test('a narrow range is spread over the whole one', () => {
  const pixels = greys(100, 101, 102, 103)
  equalizePixels(pixels)
  expect([...pixels]).toEqual([...greys(0, 85, 170, 255)])
})

test('a picture of one brightness stays as it is', () => {
  const pixels = greys(77, 77)
  equalizePixels(pixels)
  expect([...pixels]).toEqual([...greys(77, 77)])
})

test('the table never falls', () => {
  const table = makeEqualizer(Array.from({ length: 256 }, (_, i) => (i * 7919) % 13))
  expect(table.every((value, i) => i === 0 || value >= table[i - 1]!)).toBe(true)
  expect([table[0], table[255]]).toEqual([0, 255])
})
