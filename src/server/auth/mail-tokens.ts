// The links in mails: made, checked, used once. The database holds hashes.
import { and, eq, gt, lte } from 'drizzle-orm'
import { config } from '../config'
import { type Tx, tx } from '../db/open'
import { writeLetter } from '../mail/service'
import type { User } from '../policy/who'
import { mailTokens } from '../users/schema'
import { mayMail } from './attempts'
import { randomWord } from './random-word'
import { sha256 } from './session'

export type MailToken = typeof mailTokens.$inferSelect
export type Purpose = MailToken['purpose']

const hourSeconds = 3600
const lifetimeSeconds: Record<Purpose, () => number> = {
  reset: () => hourSeconds,
  verify: () => 72 * hourSeconds,
  join: () => config().invitation_days * 24 * hourSeconds,
}

/** Makes a token for a mail to `email` and answers its value. Earlier ones for the same purpose end. */
export const createMailToken = (user: User, purpose: Purpose, email: string): Promise<string> =>
  tx(async (t) => {
    const value = randomWord(40)
    await t.delete(mailTokens).where(and(eq(mailTokens.userId, user.id), eq(mailTokens.purpose, purpose)))
    const expiresAt = new Date(Date.now() + lifetimeSeconds[purpose]() * 1000)
    await t.insert(mailTokens).values({ hash: sha256(value), userId: user.id, purpose, email, expiresAt })
    return value
  })

/** The token while it is good, else undefined. */
export const findMailToken = async (
  reader: Pick<Tx, 'select'>,
  purpose: Purpose,
  value: string,
): Promise<MailToken | undefined> =>
  (
    await reader
      .select()
      .from(mailTokens)
      .where(and(eq(mailTokens.hash, sha256(value)), eq(mailTokens.purpose, purpose), gt(mailTokens.expiresAt, new Date())))
  )[0]

/** The token, which ends by this, else undefined. */
export const useMailToken = async (t: Tx, purpose: Purpose, value: string): Promise<MailToken | undefined> => {
  const token = await findMailToken(t, purpose, value)
  if (token) await t.delete(mailTokens).where(eq(mailTokens.hash, token.hash))
  return token
}

export const forgetExpiredMailTokens = () =>
  tx(async (t) => void (await t.delete(mailTokens).where(lte(mailTokens.expiresAt, new Date()))))

/** Mails the link that proves an address. */
export const sendVerification = async (user: User, email = user.email): Promise<void> => {
  if (!mayMail(email)) return
  const token = await createMailToken(user, 'verify', email)
  writeLetter('verify', email, `/auth/email-confirmation?token=${token}`, { username: user.username })
}
