import { expect, test } from 'bun:test'
import { measureCohen, measureFleiss, measureKrippendorff, type Rating } from './statistics'

const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

test("Cohen's kappa: the grant proposals of the textbook example, 20 and 15 of 50 agreed on", () => {
  const pairs: [Rating, Rating][] = [
    ...repeat<[Rating, Rating]>(20, ['yes', 'yes']),
    ...repeat<[Rating, Rating]>(5, ['yes', 'no']),
    ...repeat<[Rating, Rating]>(10, ['no', 'yes']),
    ...repeat<[Rating, Rating]>(15, ['no', 'no']),
  ]
  expect(measureCohen(pairs)).toBeCloseTo(0.4, 12)
  // Who is first does not matter.
  expect(measureCohen(pairs.map(([a, b]) => [b, a]))).toBeCloseTo(0.4, 12)
})

test("Cohen's kappa: the table of Cohen (1960), p. 45: three categories, kappa 0.492", () => {
  const table: [string, string, number][] = [
    ['1', '1', 88], ['1', '2', 14], ['1', '3', 18],
    ['2', '1', 10], ['2', '2', 40], ['2', '3', 10],
    ['3', '1', 2], ['3', '2', 6], ['3', '3', 12],
  ] // biome-ignore format: a table
  expect(measureCohen(table.flatMap(([a, b, count]) => repeat<[Rating, Rating]>(count, [a, b])))).toBeCloseTo(0.492, 3)
})

test("Fleiss' kappa: fourteen raters, ten things, five categories, kappa 0.210", () => {
  const rows = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
  ]
  expect(measureFleiss(rows)).toBeCloseTo(0.21, 3)
  expect(() => measureFleiss([[1, 1], [2, 1]])).toThrow(RangeError) // biome-ignore format: a table
})

/** Example C of Krippendorff (2011): four observers, twelve units, data missing. */
const observers = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
  [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]
const units = Array.from({ length: 12 }, (_, unit) => observers.map((row): Rating => (row[unit] ? String(row[unit]) : undefined)))

test("Krippendorff's alpha: example C, nominal 0.743 and interval 0.849", () => {
  expect(measureKrippendorff(units)).toBeCloseTo(0.743, 3)
  expect(measureKrippendorff(units, 'interval')).toBeCloseTo(0.849, 3)
})

test("Krippendorff's alpha: example A, two observers and ten units, 0.095", () => {
  const [a, b] = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]] // biome-ignore format: a table
  expect(measureKrippendorff(a.map((value, at) => [String(value), String(b[at])]))).toBeCloseTo(0.095, 3)
})

test('full agreement is 1; nothing to compare is null', () => {
  expect(measureCohen([['a', 'a'], ['b', 'b']])).toBe(1) // biome-ignore format: a table
  expect(measureFleiss([[2, 0], [0, 2]])).toBe(1) // biome-ignore format: a table
  expect(measureKrippendorff([['a', 'a'], ['b', 'b']])).toBe(1) // biome-ignore format: a table
  expect(measureCohen([])).toBeNull()
  expect(measureCohen([['a', undefined]])).toBeNull()
  expect(measureFleiss([])).toBeNull()
  expect(measureKrippendorff([['a'], [undefined, 'b']])).toBeNull()
  expect(measureKrippendorff([['a', 'a']])).toBeNull()
})
