// What lets people in at the moment: sessions of browsers, keys of clients, personal access tokens; each can be ended.
import { desc, eq } from 'drizzle-orm'
import { endUserSessions } from '../auth/service'
import { db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found } from '../http/errors'
import { isoTimeOrNull } from '../http/json'
import type { Who } from '../policy/who'
import { accessTokens, apiTokens, sessions, users } from '../users/schema'
import { getUser, setPassword } from '../users/service'

export const accessKinds = ['session', 'key', 'token'] as const
export type AccessKind = (typeof accessKinds)[number]

/** `id`: the number of a token; of sessions and keys the beginning of the hash that is stored, which opens nothing. */
export type Access = {
  kind: AccessKind
  id: string
  user: { id: number; username: string }
  name: string
  read_only: boolean
  created_date: string | null
  last_used_date: string | null
  expiry_date: string | null
}

const most = 2000
const idDigits = 16
const person = { id: users.id, username: users.username }

/** The newest of each kind. */
export const listAccess = async (): Promise<Access[]> => {
  const [open, keys, tokens] = await Promise.all([
    db
      .select({ row: sessions, user: person })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .orderBy(desc(sessions.expiresAt))
      .limit(most),
    db
      .select({ row: apiTokens, user: person })
      .from(apiTokens)
      .innerJoin(users, eq(users.id, apiTokens.userId))
      .orderBy(desc(apiTokens.createdAt))
      .limit(most),
    db
      .select({ row: accessTokens, user: person })
      .from(accessTokens)
      .innerJoin(users, eq(users.id, accessTokens.userId))
      .orderBy(desc(accessTokens.id))
      .limit(most),
  ])
  const bare = { name: '', read_only: false, created_date: null, last_used_date: null, expiry_date: null }
  return [
    ...open.map(
      ({ row, user }): Access => ({
        ...bare,
        kind: 'session',
        id: row.hash.slice(0, idDigits),
        user,
        expiry_date: isoTimeOrNull(row.expiresAt),
      }),
    ),
    ...keys.map(
      ({ row, user }): Access => ({
        ...bare,
        kind: 'key',
        id: row.hash.slice(0, idDigits),
        user,
        created_date: isoTimeOrNull(row.createdAt),
      }),
    ),
    ...tokens.map(
      ({ row, user }): Access => ({
        kind: 'token',
        id: String(row.id),
        user,
        name: row.name,
        read_only: row.readOnly,
        created_date: isoTimeOrNull(row.createdDate),
        last_used_date: isoTimeOrNull(row.lastUsedDate),
        expiry_date: isoTimeOrNull(row.expiryDate),
      }),
    ),
  ]
}

const note = (who: Who, access: Access) =>
  tx((t) =>
    recordChange(t, who, {
      action: 'delete',
      resource: 'accesstoken',
      id: access.id,
      organizationId: null,
      before: { name: access.name || access.kind, owner: access.user.id },
    }),
  )

/** Ends one way in. Throws 404 when it is gone already. */
export const endAccess = async (who: Who, kind: string, id: string): Promise<void> => {
  const access = found((await listAccess()).find((one) => one.kind === kind && one.id === id))
  const { user } = access
  await tx(async (t) => {
    if (kind === 'token') return void (await t.delete(accessTokens).where(eq(accessTokens.id, Number(id))))
    const table = kind === 'session' ? sessions : apiTokens
    const rows = await t.select({ hash: table.hash }).from(table).where(eq(table.userId, user.id))
    for (const { hash } of rows) if (hash.startsWith(id)) await t.delete(table).where(eq(table.hash, hash))
  })
  await note(who, access)
}

/** Ends every way in of a person at once; they may sign in again. */
export const endAllAccess = async (who: Who, userId: number): Promise<void> => {
  const user = await getUser(userId)
  await endUserSessions(userId)
  await tx(async (t) => {
    await t.delete(apiTokens).where(eq(apiTokens.userId, userId))
    await t.delete(accessTokens).where(eq(accessTokens.userId, userId))
    await recordChange(t, who, {
      action: 'delete',
      resource: 'accesstoken',
      id: 'all',
      organizationId: null,
      before: { name: 'all sessions and tokens', owner: user.id },
    })
  })
}

/** A new password for somebody, which ends their other ways in. Throws 400 for a weak one. */
export const givePassword = async (who: Who, userId: number, password: string): Promise<void> => {
  const user = await getUser(userId)
  await setPassword(user, password, 'password')
  await tx((t) =>
    recordChange(t, who, {
      action: 'update',
      resource: 'user',
      id: userId,
      organizationId: null,
      after: { username: user.username, changed: 'password' },
    }),
  )
}
