// A list of tasks: all get their turn, few at a time, and a failure stays in its row.
import { expect, test } from 'bun:test'
import { countRows, makeRows, moveRows, workThrough } from './task-queue'

const rowsOf = (...works: number[]) => makeRows(works.map((work) => ({ name: `task ${work}`, work })))

test('a failure stops none of the others, and can be tried again', async () => {
  const rows = rowsOf(1, 2, 3, 4)
  let isBroken = true
  const create = async ({ work }: { work: number }) => {
    if (work === 2 && isBroken) throw new Error('clip.mp4: no video')
    return work * 10
  }
  await workThrough(rows, create)
  expect(rows.map(({ state, reason, href }) => [state, reason, href])).toEqual([
    ['done', '', '/tasks/10'],
    ['failed', 'clip.mp4: no video', ''],
    ['done', '', '/tasks/30'],
    ['done', '', '/tasks/40'],
  ])
  isBroken = false
  moveRows(rows, 'failed', 'queued')
  await workThrough(rows, create)
  expect(countRows(rows, 'done')).toBe(4)
  expect(rows[1]!.reason).toBe('')
})

test('two are worked on at a time; what is cancelled is not begun', async () => {
  const rows = rowsOf(1, 2, 3, 4, 5)
  const gates = rows.map(() => Promise.withResolvers<void>())
  const begun: number[] = []
  const done = workThrough(rows, async ({ work }) => {
    begun.push(work)
    await gates[work - 1]!.promise
    return work
  })
  expect(begun).toEqual([1, 2])
  moveRows(rows, 'queued', 'cancelled')
  for (const gate of gates) gate.resolve()
  await done
  expect(begun).toEqual([1, 2])
  expect(rows.map(({ state }) => state)).toEqual(['done', 'done', 'cancelled', 'cancelled', 'cancelled'])
})
