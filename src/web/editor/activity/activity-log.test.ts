// The log of what a person does: bounded, merged, and never lost by a failed send.
import { expect, test } from 'bun:test'
import { ActivityLog, type Batch } from './activity-log'

const openLog = () => {
  let now = 1_700_000_000_000
  let isBroken = false
  const sent: Batch[] = []
  const log = new ActivityLog(
    { job_id: 7, task_id: 3, project_id: null },
    async (batch) => {
      if (isBroken) throw new Error('offline')
      sent.push(structuredClone(batch))
    },
    () => now,
  )
  return { log, sent, pass: (ms: number) => (now += ms), setBroken: (value: boolean) => (isBroken = value) }
}

test('frames that follow quickly are one event that lasts; slow ones are their own', async () => {
  const { log, pass } = openLog()
  for (let i = 0; i < 25; i++) {
    log.noteFrame()
    pass(40)
  }
  pass(5000)
  log.noteFrame()
  expect(log.waiting.map(({ scope, duration, count }) => [scope, duration, count])).toEqual([
    ['change:frame', 24 * 40, 25],
    ['change:frame', undefined, undefined],
  ])
})

test('that somebody is there is told every 10 seconds at most', () => {
  const { log, pass } = openLog()
  for (let i = 0; i < 100; i++) {
    log.noteActivity()
    pass(1000)
  }
  expect(log.waiting).toHaveLength(10)
})

test('batches tell the last event of the one before; nothing is sent when nothing happened', async () => {
  const { log, sent, pass } = openLog()
  await log.flush()
  log.note('load:job', { duration: 12.4 })
  await log.flush()
  pass(1000)
  log.note('save:job')
  await log.flush()
  await log.flush()
  expect(sent.map(({ events, previous_event }) => [events.map(({ scope }) => scope), previous_event?.scope ?? null])).toEqual([
    [['load:job'], null],
    [['save:job'], 'load:job'],
  ])
  expect(sent[0]!.events[0]).toEqual({
    scope: 'load:job',
    timestamp: '2023-11-14T22:13:20.000Z',
    job_id: 7,
    task_id: 3,
    project_id: null,
    duration: 12,
  })
})

test('what could not be sent comes with the next batch, in order; there is an end to what waits', async () => {
  const { log, sent, setBroken } = openLog()
  log.note('a')
  await log.flush()
  setBroken(true)
  log.note('b')
  await log.flush()
  log.note('c')
  await log.flush()
  expect(log.waiting.map(({ scope }) => scope)).toEqual(['b', 'c'])
  setBroken(false)
  await log.flush()
  expect(sent.at(-1)!.events.map(({ scope }) => scope)).toEqual(['b', 'c'])
  expect(sent.at(-1)!.previous_event!.scope).toBe('a')
  setBroken(true)
  for (let i = 0; i < 2000; i++) log.note(`n${i}`, { payload: 'x'.repeat(5000) })
  await log.flush()
  expect(log.waiting).toHaveLength(900)
  expect(log.waiting.at(-1)!.scope).toBe('n1999')
  expect(log.waiting[0]!.payload).toHaveLength(2000)
})
