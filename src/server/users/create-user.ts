// Makes people: with a password, or without one for those who are invited or come from a sign-in provider.
import { and, inArray, ne, sql } from 'drizzle-orm'
import { hashPassword, judgePassword } from '../auth/service'
import { type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { invalid } from '../http/errors'
import type { User, Who } from '../policy/who'
import { type CreatedVia, users } from './schema'
import { showUser } from './show-user'

export type NewUser = {
  username: string
  /** Without one nobody signs in by password. */
  password?: string
  email?: string
  /** Whether somebody proved the address, or an administrator gave it. */
  emailVerified?: boolean
  firstName?: string
  lastName?: string
  superuser?: boolean
  groups?: string[]
  createdVia?: CreatedVia
}

export const checkUsername = (username: string) => {
  if (!/^[\w.@+-]{1,150}$/u.test(username))
    throw invalid({ username: 'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.' })
}

/** The address in lower case; '' is none. Throws 400 for what is no address. */
export const readEmail = (text: string): string => {
  const email = text.trim().toLowerCase()
  if (email && !/^[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,189}$/.test(email)) throw invalid({ email: 'Enter a valid email address.' })
  return email
}

export const nameTaken = () => invalid({ username: 'A user with that username already exists.' })
export const emailTaken = () => invalid({ email: 'A user is already registered with this e-mail address.' })

/** People with this address, proven addresses first. */
export const findByEmail = (reader: Pick<Tx, 'select'>, email: string, except = 0): Promise<User[]> =>
  reader
    .select()
    .from(users)
    .where(and(sql`lower(${users.email}) = ${email.toLowerCase()}`, ne(users.id, except)))
    .orderBy(sql`${users.emailVerified} desc`, sql`${users.isActive} desc`, users.id)
    .limit(20)

/** Inserts a person within a transaction and writes it down; `who` is the person themselves when nobody else did it. */
export const insertUser = async (t: Tx, who: Who | null, input: NewUser, passwordHash = ''): Promise<User> => {
  const [user] = await t
    .insert(users)
    .values({
      username: input.username,
      passwordHash,
      email: input.email?.toLowerCase() ?? '',
      emailVerified: input.emailVerified ?? true,
      firstName: input.firstName ?? '',
      lastName: input.lastName ?? '',
      groups: input.groups ?? [input.superuser ? 'admin' : 'user'],
      isStaff: input.superuser ?? false,
      isSuperuser: input.superuser ?? false,
      createdVia: input.createdVia ?? null,
      dateJoined: new Date(),
    })
    // Whoever comes second at the same moment is told like whoever comes late.
    .onConflictDoNothing()
    .returning()
  if (!user) throw nameTaken()
  const actor: Who = who ?? { user, admin: false, via: 'session', roles: new Map() }
  await recordChange(t, actor, {
    action: 'create',
    resource: 'user',
    id: user.id,
    organizationId: null,
    after: showUser(actor.origin ?? '', user),
  })
  return user
}

/** Makes a person. Throws 400 naming the field for a taken or bad name or a weak password. */
export const createUser = async (input: NewUser & { password: string }, who: Who | null = null): Promise<User> => {
  checkUsername(input.username)
  const problems = await judgePassword(input.password, input.username)
  if (problems.length) throw invalid({ password: problems })
  const passwordHash = await hashPassword(input.password)
  return tx((t) => insertUser(t, who, input, passwordHash))
}

/** A username like `wanted` that nobody has. */
export const findFreeUsername = async (t: Tx, wanted: string): Promise<string> => {
  const base = wanted.replace(/[^\w.@+-]+/gu, '-').slice(0, 140) || 'user'
  const tries = [base, ...Array.from({ length: 50 }, (_, i) => `${base}-${i + 2}`)]
  const rows = await t.select({ username: users.username }).from(users).where(inArray(users.username, tries))
  const taken = new Set(rows.map(({ username }) => username))
  return tries.find((name) => !taken.has(name)) ?? `${base}-${crypto.randomUUID().slice(0, 8)}`
}
