// Invitations to organizations: sent, seen, accepted, declined. Whoever is not registered gets an account-to-be, which only the invited person can take.
import { and, count, desc, eq, type SQL } from 'drizzle-orm'
import { createMailToken, randomWord } from '../auth/service'
import { config } from '../config'
import { aliased } from '../db/dialect'
import { db, type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { since } from '../http/compat'
import { forbidden, found, invalid, refused } from '../http/errors'
import { isoTime } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { hasMail, writeLetter } from '../mail/service'
import { memberships, organizations } from '../organizations/schema'
import { addMember, type Membership, type Role } from '../organizations/service'
import { authorize, scope } from '../policy/can'
import type { OrgContext, User, Who } from '../policy/who'
import { publish } from '../stream/service'
import { users } from '../users/schema'
import { findByEmail, findFreeUsername, insertUser, readEmail, showPerson } from '../users/service'
import { invitations } from './schema'

const owners = aliased(users, 'owner')

export const listOptions: ListOptions = {
  fields: {
    id: { column: invitations.key as any, kind: 'text' },
    owner: { column: owners.username as any, kind: 'text' },
    user_id: { column: memberships.userId as any, kind: 'number' },
    accepted: { column: memberships.isActive as any, kind: 'boolean' },
    created_date: { column: invitations.createdDate as any, kind: 'time' },
  },
  search: ['owner'],
  simple: ['owner', 'user_id', 'accepted'],
}

type Row = {
  invitation: typeof invitations.$inferSelect
  membership: Membership
  user: User
  owner: User | null
  organization: { id: number; slug: string; name: string }
}
const columns = {
  invitation: invitations,
  membership: memberships,
  user: users,
  owner: owners,
  organization: { id: organizations.id, slug: organizations.slug, name: organizations.name },
}

const selectRows = async (reader: Pick<Tx, 'select'>, where: SQL | undefined, order: SQL[] = [], paging?: Paging) => {
  const query = reader
    .select(columns)
    .from(invitations)
    .innerJoin(memberships, eq(memberships.id, invitations.membershipId))
    .innerJoin(users, eq(users.id, memberships.userId))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .leftJoin(owners, eq(owners.id, invitations.ownerId))
    .where(where)
    .orderBy(...order, desc(invitations.createdDate), desc(memberships.id))
  // The types cannot tell the two ways in which `users` is joined apart.
  return (await (paging ? query.limit(paging.size).offset(paging.offset) : query)) as unknown as Row[]
}

/** Whether the time to accept is over; null as long as no mail went out. */
const isExpired = ({ invitation: { sentDate } }: Row) =>
  sentDate && sentDate.getTime() + config().invitation_days * 86_400_000 <= Date.now()

export const showInvitation = (origin: string, row: Row) => ({
  key: row.invitation.key,
  created_date: isoTime(row.invitation.createdDate),
  owner: row.owner && showPerson(origin, row.owner),
  role: row.membership.role,
  user: showPerson(origin, row.user),
  organization: row.organization.id,
  expired: isExpired(row),
  organization_info: { id: row.organization.id, slug: row.organization.slug },
  ...since('2.80', { accepted: row.membership.isActive }),
})

const factsOf = (row: Row) => ({
  organizationId: row.organization.id,
  ownerId: row.invitation.ownerId,
  selfId: row.membership.userId,
})

/** The key lets its holder in, so the log names the membership instead. */
const record = (t: Tx, who: Who, action: 'create' | 'delete', row: Row) =>
  recordChange(t, who, {
    action,
    resource: 'invitation',
    id: row.membership.id,
    organizationId: row.organization.id,
    [action === 'create' ? 'after' : 'before']: showInvitation(who.origin ?? '', row),
  })

export const listInvitations = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const facts = { organizationId: organizations.id, ownerId: invitations.ownerId, selfId: memberships.userId } as any
  const where = and(scope(who, 'invitation', 'view', facts, context), ...conditions)
  const rows = await selectRows(db, where, order, paging)
  const [total] = await db
    .select({ n: count() })
    .from(invitations)
    .innerJoin(memberships, eq(memberships.id, invitations.membershipId))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .leftJoin(owners, eq(owners.id, invitations.ownerId))
    .where(where)
  return { rows, count: total!.n }
}

const load = async (reader: Pick<Tx, 'select'>, key: string): Promise<Row> =>
  found((await selectRows(reader, eq(invitations.key, key)))[0])

export const getInvitation = async (who: Who, key: string): Promise<Row> => {
  const row = await load(db, key)
  authorize(who, 'invitation', 'view', factsOf(row))
  return row
}

/** An account that an invitation made and nobody has taken yet. */
export const isAccountToBe = (user: User) => user.createdVia === 'invitation' && user.passwordHash === ''

/** Whether a person's address counts: proven, or nobody has to prove any. */
const isTrusted = (user: User) => user.emailVerified || config().email_verification === 'none'

const makeAccountToBe = async (t: Tx, who: Who, email: string): Promise<User> =>
  insertUser(t, who, {
    username: await findFreeUsername(t, email.split('@')[0]!),
    email,
    emailVerified: false,
    createdVia: 'invitation',
  })

/** Mails the link by which the invited person takes the account-to-be. */
export const sendJoinLetter = async (user: User, key?: string): Promise<void> => {
  if (!hasMail()) return
  const [row] = await selectRows(db, key ? eq(invitations.key, key) : eq(memberships.userId, user.id))
  if (!row) return
  const token = await createMailToken(user, 'join', user.email)
  const query = new URLSearchParams({ invitation: row.invitation.key, email: user.email, token })
  writeLetter('invitation', user.email, `/auth/register?${query}`, factsOfLetter(row))
}

const factsOfLetter = (row: Row) => ({
  organization: row.organization.name || row.organization.slug,
  inviter: row.owner?.username ?? 'Somebody',
  role: row.membership.role,
})

const sendLetter = async (row: Row) => {
  if (isAccountToBe(row.user)) return sendJoinLetter(row.user, row.invitation.key)
  const isMember = row.membership.isActive
  const path = isMember ? '/organization' : `/invitations/${row.invitation.key}`
  writeLetter(isMember ? 'member' : 'invitation', row.user.email, path, factsOfLetter(row))
}

/** Tells the invited person in the pages that they have open. */
const tellInvited = ({ invitation, membership, user, organization, owner }: Row) =>
  publish({
    type: 'invitation',
    topics: [`invitations:${user.id}`],
    data: {
      key: invitation.key,
      organization: { id: organization.id, slug: organization.slug, name: organization.name },
      role: membership.role,
      inviter: owner?.username ?? null,
      accepted: membership.isActive,
    },
  })

/**
 * Invites an address to the organization of the context. A registered person is a member at once.
 * Errors: 403 unless the inviter may give the role (that of an owner is given by administrators only), 400 for a member or a bad address.
 */
export const createInvitation = async (who: Who, context: OrgContext, input: { role: Role; email: string }): Promise<Row> => {
  if (context.kind !== 'organization') throw who.admin ? invalid({ org: 'An organization must be named.' }) : forbidden()
  authorize(who, 'invitation', `create:${input.role}`, { organizationId: context.id })
  const email = readEmail(input.email)
  if (!email) throw invalid({ email: 'This field may not be blank.' })
  const key = randomWord(64)
  const row = await tx(async (t) => {
    const [known] = await findByEmail(t, email)
    const user = known ?? (await makeAccountToBe(t, who, email))
    const isActive = !isAccountToBe(user) && isTrusted(user)
    const membership = await addMember(t, who, { user, organizationId: context.id, role: input.role, isActive })
    const createdDate = new Date()
    await t.insert(invitations).values({
      key,
      createdDate,
      sentDate: hasMail() ? createdDate : null,
      ownerId: who.user.id,
      membershipId: membership.id,
    })
    const made = await load(t, key)
    await record(t, who, 'create', made)
    return made
  })
  await sendLetter(row)
  tellInvited(row)
  return row
}

const activate = async (t: Tx, who: Who, row: Row) => {
  const { id } = row.membership
  await t.update(memberships).set({ isActive: true, joinedDate: new Date() }).where(eq(memberships.id, id))
  await recordChange(t, who, {
    action: 'update',
    resource: 'membership',
    id,
    organizationId: row.organization.id,
    before: { is_active: false },
    after: { is_active: true },
  })
}

const refuseAccepted = (row: Row) => {
  if (row.membership.isActive) throw refused('Your organization invitation is already accepted.')
}

/** Makes the invited person a member. Errors: 400 when it is accepted already or too late, 403 for others and unproven addresses. */
export const acceptInvitation = async (who: Who, key: string): Promise<{ organization_slug: string }> =>
  tx(async (t) => {
    const row = await load(t, key)
    authorize(who, 'invitation', 'accept', factsOf(row))
    refuseAccepted(row)
    if (isExpired(row)) throw refused('Your organization invitation is expired. Please contact the owner of the organization.')
    if (!isTrusted(row.user)) throw forbidden('The e-mail address of the invitation must be confirmed first.')
    await activate(t, who, row)
    return { organization_slug: row.organization.slug }
  })

/** The person whom an invitation is for, unless it is accepted or expired. */
export const findInvitee = async (t: Tx, key: string): Promise<User | undefined> => {
  const [row] = await selectRows(t, eq(invitations.key, key))
  return row && !row.membership.isActive && !isExpired(row) ? row.user : undefined
}

/** Accepts for somebody who has just taken their account-to-be; nothing happens when the invitation is not theirs. */
export const acceptFor = async (t: Tx, who: Who, key: string): Promise<void> => {
  const [row] = await selectRows(t, and(eq(invitations.key, key), eq(memberships.userId, who.user.id)))
  if (row && !row.membership.isActive) await activate(t, who, row)
}

const dropPending = async (t: Tx, who: Who, row: Row) => {
  await record(t, who, 'delete', row)
  await t.delete(memberships).where(eq(memberships.id, row.membership.id))
  if (!isAccountToBe(row.user)) return
  const [left] = await t.select({ n: count() }).from(memberships).where(eq(memberships.userId, row.user.id))
  if (left!.n) return
  await recordChange(t, who, {
    action: 'delete',
    resource: 'user',
    id: row.user.id,
    organizationId: null,
    before: { username: row.user.username, email: row.user.email },
  })
  await t.delete(users).where(eq(users.id, row.user.id))
}

/** Says no: invitation and waiting membership go. Throws 400 when it is accepted already. */
export const declineInvitation = (who: Who, key: string): Promise<void> =>
  tx(async (t) => {
    const row = await load(t, key)
    authorize(who, 'invitation', 'accept', factsOf(row))
    refuseAccepted(row)
    await dropPending(t, who, row)
  })

/** Mails it once more; its time starts anew. Throws 400 when it is accepted already. */
export const resendInvitation = async (who: Who, key: string): Promise<void> => {
  const row = await load(db, key)
  authorize(who, 'invitation', 'resend', factsOf(row))
  refuseAccepted(row)
  const sentDate = hasMail() ? new Date() : null
  await tx((t) => t.update(invitations).set({ sentDate }).where(eq(invitations.key, key)))
  await sendLetter(row)
}

/** Takes an invitation back; an accepted one leaves its member. */
export const removeInvitation = (who: Who, key: string): Promise<void> =>
  tx(async (t) => {
    const row = await load(t, key)
    authorize(who, 'invitation', 'delete', factsOf(row))
    if (!row.membership.isActive) return dropPending(t, who, row)
    await record(t, who, 'delete', row)
    await t.delete(invitations).where(eq(invitations.key, key))
  })
