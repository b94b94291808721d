// What the form of a new task refuses, and how its files are grouped for the way.
import { expect, test } from 'bun:test'
import { findProblem, formatBytes } from './task-values'
import { groupFiles } from './upload'

const fine = { name: 'a', projectId: null, labelCount: 1, fileCount: 1 }

test.each([
  [{}, null],
  [{ name: ' ' }, 'name'],
  [{ labelCount: 0 }, 'label'],
  [{ labelCount: 0, projectId: 3 }, null],
  [{ fileCount: 0 }, 'files'],
  [{ overlap: 5, segment: 5 }, 'overlap'],
  [{ overlap: 4, segment: 5 }, null],
  [{ start: 9, stop: 8 }, 'start frame'],
  [{ start: 8, stop: 8 }, null],
])('%j → %s', (change, problem) => {
  const found = findProblem({ ...fine, ...change })
  if (problem === null) expect(found).toBeNull()
  else expect(found).toContain(problem)
})

test('small files travel together up to 100 or 32 MiB, large ones alone', () => {
  const sizes = (files: { size: number }[]) => groupFiles(files).map((group) => group.length)
  expect(sizes(Array.from({ length: 230 }, () => ({ size: 1000 })))).toEqual([100, 100, 30])
  expect(sizes(Array.from({ length: 10 }, () => ({ size: 4 * 2 ** 20 })))).toEqual([8, 2])
  expect(sizes([{ size: 10 }, { size: 5e9 }, { size: 10 }])).toEqual([2, 1])
  expect(groupFiles([])).toEqual([])
})

test('sizes are written for people', () => {
  expect([0, 999, 1000, 1_234_567, 250_000_000].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '1.2 MB', '250 MB'])
})
