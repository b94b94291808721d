// Runs of values against plain lists with one value a row.
import { expect, test } from 'bun:test'
import { collectRuns, findRunProblem, fromRowRuns, toRowRuns } from './row-runs'
import { collectValues, compareRuns, fillValues, paintAll, paintRuns, splitValues, type ValueRuns, withValue } from './value-runs'

let seed = 7
const random = (below: number) => {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return Math.floor((seed / 0x7fffffff) * below)
}

const size = 60
const randomRuns = (values: number): ValueRuns => {
  const list = new Int32Array(size)
  for (let n = 0; n < 4; n++) {
    const from = random(size)
    list.fill(random(values + 1), from, from + random(size - from + 1))
  }
  return collectValues(list)
}
const unroll = (runs: ValueRuns, below: ArrayLike<number> = new Int32Array(size)) => {
  const list = Int32Array.from(below)
  fillValues(list, runs)
  return [...list]
}

test('painting runs over runs is painting row by row', () => {
  for (let round = 0; round < 500; round++) {
    const [below, paint] = [randomRuns(3), randomRuns(3)]
    const erase = withValue([random(30), 30 + random(30)], 0)
    expect(unroll(paintRuns(below, paint))).toEqual(unroll(paint, unroll(below)))
    expect(unroll(paintRuns(below, erase))).toEqual(unroll(erase, unroll(below)))
    const layers = [randomRuns(3), randomRuns(3), erase, randomRuns(2), randomRuns(3)]
    let plain = unroll([])
    for (const layer of layers) plain = unroll(layer, plain)
    expect(unroll(paintAll(layers))).toEqual(plain)
  }
})

test('taken apart by value and put together again', () => {
  for (let round = 0; round < 200; round++) {
    const runs = randomRuns(4)
    const parts = [...splitValues(runs)]
    expect(unroll(paintAll(parts.map(([value, rows]) => withValue(rows, value))))).toEqual(unroll(runs))
    for (const [, rows] of parts) expect(fromRowRuns(toRowRuns(rows))).toEqual(rows)
  }
})

test('rows become runs, touching ones join', () => {
  expect(collectRuns([0, 1, 2, 5, 7, 8])).toEqual([0, 3, 5, 6, 7, 9])
  expect(toRowRuns([0, 3, 5, 6])).toEqual([0, 3, 2, 1])
  expect(paintRuns([0, 5, 1], [5, 9, 1])).toEqual([0, 9, 1])
})

test('what is no list of runs is said', () => {
  expect(findRunProblem([2, 3, 0, 5], 10)).toBeUndefined()
  expect(findRunProblem([2, 3, 0, 6], 10)).toBe('rows up to 10 are named, the cloud has 10 points')
  expect(findRunProblem([2], 10)).toContain('pairs')
  expect(findRunProblem([2, 0.5], 10)).toContain('[1]')
  expect(findRunProblem([2, Number.NaN], 10)).toContain('[1]')
  expect(findRunProblem('x', 10)).toContain('pairs')
})

test('runs over others are compared stretch by stretch', () => {
  for (let round = 0; round < 300; round++) {
    const [below, over] = [randomRuns(3), randomRuns(3)]
    const [lower, upper] = [unroll(below), unroll(over)]
    const seen = new Int32Array(size).fill(-1)
    compareRuns(below, over, (from, to, low, high) => {
      for (let row = from; row < to; row++) {
        expect([low, high]).toEqual([lower[row]!, upper[row]!])
        seen[row] = 1
      }
    })
    expect([...seen].map((one) => one === 1)).toEqual(upper.map((value) => value !== 0))
  }
})
