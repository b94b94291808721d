// Browser sessions through lucia; the only file that knows it. The database holds hashes, the cookie the value.
import { and, eq, lte } from 'drizzle-orm'
import { type Adapter, Lucia, TimeSpan } from 'lucia'
import { db, tx } from '../db/open'
import { sessions, users } from '../users/schema'

declare module 'lucia' {
  interface Register {
    Lucia: Lucia
    UserId: number
  }
}

export const sha256 = (text: string) => new Bun.CryptoHasher('sha256').update(text).digest('hex')
const asSession = (id: string, row: typeof sessions.$inferSelect) => ({
  id,
  userId: row.userId,
  expiresAt: row.expiresAt,
  attributes: {},
})

const adapter: Adapter = {
  getSessionAndUser: async (id) => {
    const [row] = await db
      .select({ session: sessions })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.hash, sha256(id)))
    return row ? [asSession(id, row.session), { id: row.session.userId, attributes: {} }] : [null, null]
  },
  getUserSessions: async (userId) =>
    (await db.select().from(sessions).where(eq(sessions.userId, userId))).map((row) => asSession(row.hash, row)),
  setSession: ({ id, userId, expiresAt }) =>
    tx(async (t) => void (await t.insert(sessions).values({ hash: sha256(id), userId, expiresAt }))),
  updateSessionExpiration: (id, expiresAt) =>
    tx(
      async (t) =>
        void (await t
          .update(sessions)
          .set({ expiresAt })
          .where(eq(sessions.hash, sha256(id)))),
    ),
  deleteSession: (id) => tx(async (t) => void (await t.delete(sessions).where(eq(sessions.hash, sha256(id))))),
  deleteUserSessions: (userId) => tx(async (t) => void (await t.delete(sessions).where(eq(sessions.userId, userId)))),
  deleteExpiredSessions: () => tx(async (t) => void (await t.delete(sessions).where(and(lte(sessions.expiresAt, new Date()))))),
}

/** Two weeks without use end a session. */
export const sessionSeconds = 1_209_600
const lucia = new Lucia(adapter, { sessionExpiresIn: new TimeSpan(sessionSeconds, 's') })

/** Starts a session and answers the value of its cookie. */
export const createSession = async (userId: number): Promise<string> => (await lucia.createSession(userId, {})).id
/** The id of the user whose session this is, or null. */
export const readSession = async (value: string): Promise<number | null> => (await lucia.validateSession(value)).user?.id ?? null
export const endSession = (value: string) => lucia.invalidateSession(value)
export const endUserSessions = (userId: number) => lucia.invalidateUserSessions(userId)
export const forgetExpiredSessions = () => lucia.deleteExpiredSessions()
