// Turns what a sign-in provider says about a person into an account: the one they had, one prepared for them, or a new one.
import { and, eq } from 'drizzle-orm'
import { config } from '../../config'
import { type Tx, tx } from '../../db/open'
import { isAccountToBe } from '../../invitations/service'
import type { User } from '../../policy/who'
import { type Provider, readGroupMap } from '../../sign-in-providers'
import { identities, users } from '../../users/schema'
import { actAsSelf, findByEmail, findFreeUsername, insertUser, saveUser } from '../../users/service'
import { sendVerification } from '../mail-tokens'

/** What a provider says. `subject` never changes there and is never given to another person. */
export type Profile = {
  subject: string
  username?: string
  email?: string
  /** Whether the provider vouches for the address. */
  emailVerified: boolean
  firstName?: string
  lastName?: string
  groups: string[]
}

/** Claims or attributes by name. */
export type Claims = Record<string, unknown>
const textOf = (value: unknown): string | undefined => {
  const one = Array.isArray(value) ? value[0] : value
  return typeof one === 'string' && one ? one : typeof one === 'number' ? String(one) : undefined
}
/** Reads what the names say; `subject` must be there. */
export const readClaims = (claims: Claims, names: ClaimNames): Omit<Profile, 'emailVerified'> => {
  const subject = textOf(claims[names.subject])
  if (!subject) throw new Error(`no "${names.subject}" was sent`)
  return {
    subject,
    username: textOf(claims[names.username]),
    email: textOf(claims[names.email]),
    firstName: textOf(claims[names.firstName]),
    lastName: textOf(claims[names.lastName]),
    groups: [claims[names.groups] ?? []].flat().map(String),
  }
}

export type ClaimNames = Record<'subject' | 'username' | 'email' | 'firstName' | 'lastName' | 'groups', string>
/** The names that are configured, else the usual ones. */
export const claimNames = (provider: Provider, usual: ClaimNames): ClaimNames => ({
  subject: provider.subject ?? usual.subject,
  username: provider.username ?? usual.username,
  email: provider.email ?? usual.email,
  firstName: provider.first_name ?? usual.firstName,
  lastName: provider.last_name ?? usual.lastName,
  groups: provider.groups ?? usual.groups,
})

const createdVia = { oidc: 'sso', saml: 'sso', ldap: 'ldap' } as const

/** Groups that the provider's groups stand for; `user` without any. Never `admin`. */
export const mapGroups = (provider: Provider, theirs: string[]): string[] => {
  const mapped = readGroupMap(provider.group_map ?? '').flatMap(([name, ours]) => (theirs.includes(name) ? [ours] : []))
  return mapped.length ? [...new Set(mapped)] : ['user']
}

/**
 * The account with this address that a person may take over. Both sides must be sure of the address; an account that somebody
 * registered with it by a password, and an administrator's, are never taken over.
 */
const findLinkable = async (t: Tx, profile: Profile): Promise<User | undefined> => {
  if (!profile.email || !profile.emailVerified) return undefined
  return (await findByEmail(t, profile.email)).find(
    (user) =>
      user.isActive && !user.isSuperuser && (isAccountToBe(user) || (user.emailVerified && user.createdVia !== 'registration')),
  )
}

const link = async (t: Tx, provider: Provider, user: User): Promise<User> =>
  isAccountToBe(user) ? saveUser(t, actAsSelf(user), user, { emailVerified: true, createdVia: createdVia[provider.kind] }) : user

const createFrom = async (t: Tx, provider: Provider, profile: Profile): Promise<User> => {
  const email = profile.email?.toLowerCase() ?? ''
  const isFree = email !== '' && (await findByEmail(t, email)).length === 0
  return insertUser(t, null, {
    username: await findFreeUsername(t, profile.username || email.split('@')[0] || profile.subject),
    email: isFree ? email : '',
    emailVerified: isFree && profile.emailVerified,
    firstName: profile.firstName?.slice(0, 150),
    lastName: profile.lastName?.slice(0, 150),
    groups: mapGroups(provider, profile.groups),
    createdVia: createdVia[provider.kind],
  })
}

const findKnown = async (t: Tx, provider: Provider, subject: string): Promise<User | undefined> => {
  const [known] = await t
    .select({ user: users })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.provider, provider.name), eq(identities.subject, subject)))
  return known?.user
}

/** The account of a person whom a provider vouches for; made on the first sign-in. Whether it may be used is for the caller to ask. */
export const admit = async (provider: Provider, profile: Profile): Promise<User> => {
  const { user, isNew } = await tx(async (t) => {
    const known = await findKnown(t, provider, profile.subject)
    if (known) return { user: known, isNew: false }
    const linkable = await findLinkable(t, profile)
    const user = linkable ? await link(t, provider, linkable) : await createFrom(t, provider, profile)
    await t
      .insert(identities)
      .values({ userId: user.id, provider: provider.name, subject: profile.subject, createdDate: new Date() })
    return { user, isNew: true }
  })
  if (isNew && user.email && !user.emailVerified && config().email_verification !== 'none') await sendVerification(user)
  return user
}
