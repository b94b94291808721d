// API tokens and personal access tokens. Values are shown once; only hashes are kept.
import { and, count, desc, eq, type SQL } from 'drizzle-orm'
import { db, type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found } from '../http/errors'
import { isoTime, isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import type { Who } from '../policy/who'
import { accessTokens, apiTokens } from '../users/schema'
import { sha256 } from './session'

const randomHex = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex')

/** Makes a key for `Authorization: Token`: 40 hex digits. */
export const createApiToken = async (userId: number): Promise<string> => {
  const key = randomHex(20)
  await tx(async (t) => void (await t.insert(apiTokens).values({ hash: sha256(key), userId, createdAt: new Date() })))
  return key
}
export const endApiTokens = (userId: number) =>
  tx(async (t) => void (await t.delete(apiTokens).where(eq(apiTokens.userId, userId))))

type AccessToken = typeof accessTokens.$inferSelect
export const listOptions: ListOptions = {
  fields: {
    id: { column: accessTokens.id as any, kind: 'number' },
    name: { column: accessTokens.name as any, kind: 'text' },
    created_date: { column: accessTokens.createdDate as any, kind: 'time' },
    updated_date: { column: accessTokens.updatedDate as any, kind: 'time' },
    expiry_date: { column: accessTokens.expiryDate as any, kind: 'time' },
    last_used_date: { column: accessTokens.lastUsedDate as any, kind: 'time' },
    read_only: { column: accessTokens.readOnly as any, kind: 'boolean' },
  },
  search: ['name'],
  simple: ['name', 'read_only'],
}

export const showAccessToken = (token: AccessToken, owner: unknown) => ({
  id: token.id,
  name: token.name,
  created_date: isoTime(token.createdDate),
  updated_date: isoTime(token.updatedDate),
  expiry_date: isoTimeOrNull(token.expiryDate),
  last_used_date: isoTimeOrNull(token.lastUsedDate),
  read_only: token.readOnly,
  owner,
})

export const listAccessTokens = async (who: Who, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(eq(accessTokens.userId, who.user.id), ...conditions)
  const rows = await db
    .select()
    .from(accessTokens)
    .where(where)
    .orderBy(...order, desc(accessTokens.id))
    .limit(paging.size)
    .offset(paging.offset)
  return { rows, count: (await db.select({ n: count() }).from(accessTokens).where(where))[0]!.n }
}

const own = (who: Who, id: number) => and(eq(accessTokens.id, id), eq(accessTokens.userId, who.user.id))
export const getAccessToken = async (who: Who, id: number): Promise<AccessToken> =>
  found((await db.select().from(accessTokens).where(own(who, id)))[0])
export const findAccessToken = async (value: string): Promise<AccessToken> =>
  found(
    (
      await db
        .select()
        .from(accessTokens)
        .where(eq(accessTokens.hash, sha256(value)))
    )[0],
  )

type Input = { name?: string; expiry_date?: string | null; read_only?: boolean }
const valuesOf = (input: Input) => ({
  ...(input.name !== undefined && { name: input.name }),
  ...(input.read_only !== undefined && { readOnly: input.read_only }),
  ...(input.expiry_date !== undefined && { expiryDate: input.expiry_date === null ? null : new Date(input.expiry_date) }),
})

const record = (
  t: Tx,
  who: Who,
  action: 'create' | 'update' | 'delete',
  bodies: { before?: AccessToken; after?: AccessToken },
) => {
  const show = (token: AccessToken | undefined) => token && showAccessToken(token, who.user.id)
  const { id } = (bodies.after ?? bodies.before)!
  const { before, after } = { before: show(bodies.before), after: show(bodies.after) }
  return recordChange(t, who, { action, resource: 'accesstoken', id, organizationId: null, before, after })
}

/** Makes a personal access token; `value` is only in this answer. */
export const createAccessToken = async (
  who: Who,
  input: Input & { name: string },
): Promise<{ token: AccessToken; value: string }> => {
  const value = `anno_${randomHex(24)}`
  const now = new Date()
  const token = await tx(async (t) => {
    const [made] = await t
      .insert(accessTokens)
      .values({
        name: input.name,
        ...valuesOf(input),
        userId: who.user.id,
        hash: sha256(value),
        createdDate: now,
        updatedDate: now,
      })
      .returning()
    await record(t, who, 'create', { after: made })
    return made!
  })
  return { token, value }
}

export const updateAccessToken = async (who: Who, id: number, input: Input): Promise<AccessToken> => {
  const before = await getAccessToken(who, id)
  return tx(async (t) => {
    const [after] = await t
      .update(accessTokens)
      .set({ ...valuesOf(input), updatedDate: new Date() })
      .where(own(who, id))
      .returning()
    await record(t, who, 'update', { before, after })
    return after!
  })
}

export const removeAccessToken = async (who: Who, id: number) => {
  const before = await getAccessToken(who, id)
  await tx(async (t) => {
    await record(t, who, 'delete', { before })
    await t.delete(accessTokens).where(own(who, id))
  })
}
