// Chores go from the queue through a real worker thread to their service, and threads leave the databases usable.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { migrate } from '../server/db/migrate'
import { db, tx } from '../server/db/open'
import { requests } from '../server/db/schema'
import * as queue from '../server/queue/queue'
import { startWorkers, type Workers } from './pool'
import { openPool } from './threads'

setDefaultTimeout(60_000)

let workers: Workers
beforeAll(async () => {
  await migrate()
  workers = await startWorkers({ lanes: ['cleanup', 'export'] })
})
afterAll(async () => {
  await workers.stop()
  await queue.closeQueue()
})

// A database or Redis that outlives the run may hold rows of an earlier one.
const [old, broken, after] = Array.from({ length: 3 }, () => crypto.randomUUID()) as [string, string, string]

const untilEnded = async (id: string) => {
  for (;;) {
    const chore = await queue.get(id)
    if (chore?.state === 'finished' || chore?.state === 'failed') return chore
    await Bun.sleep(10)
  }
}
const addRequest = (id: string, values: Partial<typeof requests.$inferInsert> = {}) => {
  const what = { action: 'export', target: 'task', chore: 'export-dataset' } as const
  const row: typeof requests.$inferInsert = {
    id,
    key: id,
    status: 'queued',
    payload: {},
    createdDate: new Date(),
    ...what,
    ...values,
  }
  return tx(async (t) => void (await t.insert(requests).values(row)))
}
const findRequest = async (id: string) => (await db.select().from(requests).where(eq(requests.id, id)))[0]

test('the cleanup forgets requests whose time is over', async () => {
  const times = { finishedDate: new Date(2000), expiryDate: new Date(3000) }
  await addRequest(old, { status: 'finished', ...times })
  expect(await untilEnded(await queue.add('cleanup', {}))).toMatchObject({ state: 'finished', attempts: 1 })
  expect(await findRequest(old)).toBeUndefined()
})

test('an export that cannot be made ends as a failed request, not as a hanging one', async () => {
  await addRequest(broken)
  await untilEnded(await queue.add('export-dataset', { requestId: broken }))
  expect((await findRequest(broken))?.status).toBe('failed')
})

test('a thread that is ended by force leaves the database usable', async () => {
  const pool = openPool({ size: 1, callsPerThread: 1, graceMs: 1 })
  const chore = { id: 'x', name: 'cleanup', lane: 'cleanup', attempts: 1, payload: {} } as const
  const results = await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      const abort = new AbortController()
      const running = pool.run({ type: 'chore', chore }, { signal: abort.signal }).catch(() => {})
      setTimeout(() => abort.abort(new Error('enough')), i * 7)
      await running
      await addRequest(`${after} ${i}`, { expiryDate: new Date(3000), status: 'finished', finishedDate: new Date(2000) })
      return findRequest(`${after} ${i}`)
    }),
  )
  expect(results).toHaveLength(5)
  await pool.run({ type: 'chore', chore })
  await pool.end()
})
