// Registration: new accounts, accounts that an invitation prepared, and the proof of e-mail addresses.
import { eq } from 'drizzle-orm'
import { config } from '../config'
import { db, type Tx, tx } from '../db/open'
import { forbidden, found, invalid } from '../http/errors'
import { acceptFor, findInvitee, isAccountToBe, sendJoinLetter } from '../invitations/service'
import { writeLetter } from '../mail/service'
import type { User, Who } from '../policy/who'
import { users } from '../users/schema'
import {
  actAsSelf,
  checkUsername,
  emailTaken,
  findByEmail,
  insertUser,
  nameTaken,
  readEmail,
  saveUser,
  tellAddressChange,
} from '../users/service'
import { mayMail } from './attempts'
import { findMailToken, sendVerification, useMailToken } from './mail-tokens'
import { hashPassword, judgePassword } from './password'

export type Registration = {
  username: string
  email?: string
  first_name?: string
  last_name?: string
  password1: string
  password2: string
  /** Key of an invitation, and the token of the mail that came with it. */
  invitation?: string
  token?: string
}

/** `user` null: the address has an account, whose owner was told; the answer must not tell. */
type Outcome = { user: User | null; isProven: boolean; told?: User }

/** The account that an invitation prepared for whoever registers now, if they may take it: the mail's token proves the address. */
const findPrepared = async (t: Tx, input: Registration): Promise<{ user: User; isProven: boolean } | null> => {
  if (input.token) {
    const token = await useMailToken(t, 'join', input.token)
    const [user] = token ? await t.select().from(users).where(eq(users.id, token.userId)) : []
    if (!user || !isAccountToBe(user)) throw invalid({ token: 'Invalid value' })
    return { user, isProven: true }
  }
  // Where nobody proves addresses and everybody may register, the key of the invitation is enough.
  const isOpen = config().sign_up === 'open' && config().email_verification === 'none'
  const user = input.invitation && isOpen ? await findInvitee(t, input.invitation) : undefined
  return user && isAccountToBe(user) ? { user, isProven: false } : null
}

const settle = async (t: Tx, who: Who | null, input: Registration, email: string, passwordHash: string): Promise<Outcome> => {
  const names = { username: input.username, firstName: input.first_name ?? '', lastName: input.last_name ?? '' }
  const prepared = await findPrepared(t, input)
  if (prepared) {
    const [taken] = await t.select({ id: users.id }).from(users).where(eq(users.username, input.username))
    if (taken && taken.id !== prepared.user.id) throw nameTaken()
    const { isProven } = prepared
    const values = { ...names, passwordHash, emailVerified: isProven }
    const user = await saveUser(t, actAsSelf(prepared.user), prepared.user, values)
    if (input.invitation) await acceptFor(t, actAsSelf(user), input.invitation)
    return { user, isProven }
  }
  const [holder] = email ? await findByEmail(t, email) : []
  const isProven = who?.admin ?? false
  if (!holder) {
    const user = await insertUser(t, who, { ...names, email, emailVerified: isProven, createdVia: 'registration' }, passwordHash)
    return { user, isProven }
  }
  if (config().email_verification !== 'mandatory') throw emailTaken()
  const [taken] = await t.select({ id: users.id }).from(users).where(eq(users.username, input.username))
  if (taken) throw nameTaken()
  return { user: null, isProven: false, told: holder }
}

const tellHolder = async (holder: User) => {
  if (isAccountToBe(holder)) return sendJoinLetter(holder)
  if (mayMail(holder.email)) writeLetter('taken', holder.email, '/auth/password/reset', { username: holder.username })
}

/**
 * Makes an account. Closed unless sign-up is open, an administrator asks, or the token of an invitation's mail is there.
 * Answers whether the address must be proven before the first sign-in; `user` is null when an account has the address already
 * and that must stay between us and its owner. Errors: 403 when closed, 400 naming the field.
 */
export const register = async (visitor: Who | null, input: Registration): Promise<{ user: User | null; mustProve: boolean }> => {
  const isInvited = input.token !== undefined && (await findMailToken(db, 'join', input.token)) !== undefined
  if (config().sign_up === 'closed' && !visitor?.admin && !isInvited) throw forbidden('Registration is closed.')
  checkUsername(input.username)
  if (input.username.length < 5) throw invalid({ username: 'Ensure this field has at least 5 characters.' })
  if (input.password1 !== input.password2) throw invalid({ non_field_errors: 'The two password fields didn’t match.' })
  const problems = await judgePassword(input.password1, input.username)
  if (problems.length) throw invalid({ password1: problems })
  const email = readEmail(input.email ?? '')
  const needsEmail = config().email_verification !== 'none' && !input.token && !visitor?.admin
  if (needsEmail && !email) throw invalid({ email: 'This field is required.' })
  const passwordHash = await hashPassword(input.password1)
  const actor = visitor?.admin ? visitor : null
  const { user, isProven, told } = await tx((t) => settle(t, actor, input, email, passwordHash))
  if (told) await tellHolder(told)
  if (user?.email && !isProven && config().email_verification !== 'none') await sendVerification(user)
  return { user, mustProve: !isProven && config().email_verification === 'mandatory' }
}

/** Takes the token of a verification mail: the address is the account's from now on. Throws 400 for a bad one. */
export const verifyEmail = async (value: string): Promise<void> => {
  const { before, after } = await tx(async (t) => {
    const token = await useMailToken(t, 'verify', value)
    if (!token) throw invalid({ token: 'Invalid value' })
    const before = found((await t.select().from(users).where(eq(users.id, token.userId)))[0])
    const others = await findByEmail(t, token.email, before.id)
    if (others.some(({ emailVerified }) => emailVerified)) throw emailTaken()
    return { before, after: await saveUser(t, actAsSelf(before), before, { email: token.email, emailVerified: true }) }
  })
  tellAddressChange(before, after)
}

/** Mails the verification link once more; the same for every address, whoever has it. */
export const resendVerification = async (text: string) => {
  const email = readEmail(text)
  const [user] = email && config().email_verification !== 'none' ? await findByEmail(db, email) : []
  if (user && !user.emailVerified && user.isActive && !isAccountToBe(user)) await sendVerification(user)
}
