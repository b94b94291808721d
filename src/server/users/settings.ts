// /api/users/self/settings: what a person set up on the pages, kept for all their browsers; the server only stores it.
import { eq } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { db, tx } from '../db/open'
import { tooLarge } from '../http/errors'
import { userSettings as table } from './schema'

const maxBytes = 64 * 1024

type Settings = Record<string, unknown>

/** Empty until something was stored. */
export const readSettings = async (userId: number): Promise<Settings> =>
  (await db.select({ settings: table.settings }).from(table).where(eq(table.userId, userId)))[0]?.settings ?? {}

/**
 * Replaces the settings of a person.
 * Errors: 413 for more than 64 KB of JSON (UTF-8).
 */
export const storeSettings = async (userId: number, settings: Settings): Promise<Settings> => {
  if (Buffer.byteLength(JSON.stringify(settings)) > maxBytes) throw tooLarge('Settings of a person may take up to 64 KB.')
  const values = { settings, updatedDate: new Date() }
  await tx(async (t) => {
    await t
      .insert(table)
      .values({ userId, ...values })
      .onConflictDoUpdate({ target: table.userId, set: values })
  })
  return settings
}

/** One's own only: nobody reads or writes those of others. Two browsers at once: the last one counts. */
export const settings = new Elysia({ prefix: '/self/settings', tags: ['users'] })
  .use(signedIn)
  .get('/', ({ who }) => readSettings(who.user.id))
  .put('/', ({ who, body }) => storeSettings(who.user.id, body), { body: t.Record(t.String(), t.Unknown()) })
