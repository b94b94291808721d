// Long reads leave the thread that answers requests free, see what is committed, and pass errors on.
import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { users } from '../users/schema'
import { createUser } from '../users/service'
import { isPostgres } from './dialect'
import { migrate } from './migrate'
import { db } from './open'
import { readAside } from './read-aside'

await migrate()

const count = (where: ReturnType<typeof sql>) => db.select({ n: sql<number>`count(*)`, text: sql`'ä'` }).from(users).where(where)

test('it sees what is committed, with values in their places', async () => {
  const name = `aside-${crypto.randomUUID().slice(0, 8)}`
  expect(await readAside(count(sql`${users.username} = ${name}`) as any, ['n', 'text'])).toEqual([{ n: isPostgres ? '0' : 0, text: 'ä' }]) // biome-ignore format: one line
  await createUser({ username: name, password: 'annolith-aside-9' })
  const [row] = await readAside<{ n: number; text: string }>(count(sql`${users.username} = ${name}`) as any, ['n', 'text'])
  expect([Number(row!.n), row!.text]).toEqual([1, 'ä'])
})

test('errors of the database are passed on', async () => {
  const wrong = db.select({ n: sql`no_such_function(1)` }).from(users) as any
  expect(readAside(wrong, ['n'])).rejects.toThrow('no_such_function')
})

// PostgreSQL is another process anyway.
test.skipIf(isPostgres)('other work goes on meanwhile', async () => {
  const numbers = sql`(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 3000000) select count(*) from numbers)`
  let turns = 0
  let isDone = false
  const long = readAside<{ n: number }>(db.select({ n: numbers }).from(users).limit(1) as any, ['n']).finally(() => {
    isDone = true
  })
  while (!isDone) {
    turns += 1
    await Bun.sleep(1)
  }
  expect((await long).every(({ n }) => n === 3_000_000)).toBe(true)
  expect(turns).toBeGreaterThan(5)
})
