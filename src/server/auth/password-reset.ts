// A new password by mail: a neutral answer, a link that works once for an hour, and the end of every other way in.

import { eq } from 'drizzle-orm'
import { db, tx } from '../db/open'
import { invalid } from '../http/errors'
import { isAccountToBe, sendJoinLetter } from '../invitations/service'
import { log } from '../log'
import { hasMail, writeLetter } from '../mail/service'
import type { User } from '../policy/who'
import { users } from '../users/schema'
import { actAsSelf, findByEmail, readEmail, saveUser, setPassword } from '../users/service'
import { mayMail } from './attempts'
import { createMailToken, findMailToken, useMailToken } from './mail-tokens'
import { judgePassword } from './password'

const writeId = (id: number) => Buffer.from(String(id)).toString('base64url')
const readId = (uid: string) => Number(Buffer.from(uid, 'base64url').toString('utf8'))

const sendLink = async (user: User) => {
  const token = await createMailToken(user, 'reset', user.email)
  const query = new URLSearchParams({ uid: writeId(user.id), token })
  writeLetter('reset', user.email, `/auth/password/reset/confirm?${query}`, { username: user.username })
}

const sendLinks = async (email: string) => {
  for (const user of await findByEmail(db, email)) {
    if (!user.isActive) continue
    if (isAccountToBe(user)) await sendJoinLetter(user)
    // Who comes from a sign-in provider has no password to reset.
    else if (user.passwordHash) await sendLink(user)
  }
}

/** Mails a link to everybody with this address. Neither the answer nor its time tells whether there is anybody. */
export const requestPasswordReset = (text: string): void => {
  const email = readEmail(text)
  if (!email || !hasMail() || !mayMail(email)) return
  sendLinks(email).catch((error) => {
    log().error(`password reset: ${(error as Error).message}`)
  })
}

export type ResetConfirmation = { uid: string; token: string; new_password1: string; new_password2: string }

/** Sets the new password if the link is good; the link ends by it. Throws 400 naming the field. */
export const confirmPasswordReset = async (input: ResetConfirmation): Promise<void> => {
  const userId = readId(input.uid)
  const token = await findMailToken(db, 'reset', input.token)
  if (!token) throw invalid({ token: 'Invalid value' })
  if (token.userId !== userId) throw invalid({ uid: 'Invalid value' })
  if (input.new_password1 !== input.new_password2) throw invalid({ new_password2: 'The two password fields didn’t match.' })
  const [user] = await db.select().from(users).where(eq(users.id, userId))
  if (!user?.isActive) throw invalid({ token: 'Invalid value' })
  const problems = await judgePassword(input.new_password1, user.username)
  if (problems.length) throw invalid({ new_password2: problems })
  await tx(async (t) => {
    if (!(await useMailToken(t, 'reset', input.token))) throw invalid({ token: 'Invalid value' })
    // Whoever has the link reads the mail of this address.
    if (token.email === user.email && !user.emailVerified) await saveUser(t, actAsSelf(user), user, { emailVerified: true })
  })
  await setPassword(user, input.new_password1)
}
