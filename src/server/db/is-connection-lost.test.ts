// Which errors mean that the database was away: those of the driver as they come, wrapped or bare, and no others.
import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { StorageError } from '../storage/storage'
import { isConnectionLost } from './is-connection-lost'

const coded = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code })

test('a database that refuses connections is away, for queries and transactions alike', async () => {
  const { default: postgres } = await import('postgres')
  const client = postgres('postgres://nobody@127.0.0.1:1/none', { connect_timeout: 2 })
  const db = drizzle(client)
  const errorOf = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error)
  expect(isConnectionLost(await errorOf(db.execute(sql`select 1`)))).toBe(true)
  expect(isConnectionLost(await errorOf(db.transaction((t) => t.execute(sql`select 1`))))).toBe(true)
  await client.end({ timeout: 1 })
})

test('stops and crashes of PostgreSQL are passing, faults of statements and of other services are not', () => {
  expect(['57P01', '57P03', 'CONNECTION_CLOSED', 'ECONNRESET'].map((code) => isConnectionLost(coded(code)))).toEqual(
    Array(4).fill(true),
  )
  expect(isConnectionLost(new Error('query failed', { cause: coded('EHOSTUNREACH') }))).toBe(true)
  expect(['23505', '22P02', 'ENOENT', 'SQLITE_BUSY'].map((code) => isConnectionLost(coded(code)))).toEqual(Array(4).fill(false))
  expect(isConnectionLost(Object.assign(new StorageError('the bucket'), { code: 'ECONNREFUSED' }))).toBe(false)
  expect([isConnectionLost(undefined), isConnectionLost('ECONNREFUSED')]).toEqual([false, false])
})
