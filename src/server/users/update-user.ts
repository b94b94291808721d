// Changes of a person: what they may change of themselves, and the rights that only administrators give.
import { and, count, eq, ne } from 'drizzle-orm'
import { sendVerification } from '../auth/service'
import { config } from '../config'
import { db, type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { forbidden, found, invalid } from '../http/errors'
import { writeLetter } from '../mail/service'
import { can } from '../policy/can'
import type { User, Who } from '../policy/who'
import { checkUsername, emailTaken, findByEmail, nameTaken, readEmail } from './create-user'
import { type Profile, users } from './schema'
import { showUser } from './show-user'

export const groups = ['admin', 'user', 'worker'] as const

export type UserChanges = Profile & {
  username?: string
  first_name?: string
  last_name?: string
  email?: string
  groups?: string[]
  is_staff?: boolean
  is_superuser?: boolean
  is_active?: boolean
}

/** Fields that say what somebody may do: for administrators, never for oneself. */
const rights = ['groups', 'is_staff', 'is_superuser', 'is_active'] as const
const profileFields = ['cvat_usage_reason', 'primary_role', 'planned_activities', 'data_types', 'discovery_source'] as const

const countOtherAdministrators = async (reader: Pick<Tx, 'select'>, id: number) => {
  const where = and(eq(users.isSuperuser, true), eq(users.isActive, true), ne(users.id, id))
  return (await reader.select({ n: count() }).from(users).where(where))[0]!.n
}
export const countAdministrators = () => countOtherAdministrators(db, 0)

/** Throws 400 when without this person nobody could administrate. */
export const refuseLastAdministrator = async (t: Tx, user: User) => {
  if (user.isSuperuser && user.isActive && !(await countOtherAdministrators(t, user.id)))
    throw invalid({ is_superuser: 'The last administrator stays.' })
}

/** Group `admin`, staff and superuser are one and the same right; naming one names all. */
const readRights = (user: User, changes: UserChanges): Partial<User> => {
  const unknown = changes.groups?.find((name) => !(groups as readonly string[]).includes(name))
  if (unknown !== undefined) throw invalid({ groups: `Object with name=${unknown} does not exist.` })
  const wanted = changes.is_superuser ?? changes.groups?.includes('admin')
  const others = (changes.groups ?? user.groups).filter((name) => name !== 'admin')
  return {
    ...(changes.is_staff !== undefined && { isStaff: changes.is_staff }),
    ...(changes.is_active !== undefined && { isActive: changes.is_active }),
    ...(wanted === true && { isSuperuser: true, isStaff: true, groups: ['admin', ...others] }),
    ...(wanted === false && {
      isSuperuser: false,
      isStaff: changes.is_staff ?? false,
      groups: others.length || changes.groups ? others : ['user'],
    }),
  }
}

/** Writes values of a person and the record of it, within a transaction. */
export const saveUser = async (t: Tx, who: Who, user: User, values: Partial<User>): Promise<User> => {
  const isLess = user.isSuperuser && user.isActive && (values.isSuperuser === false || values.isActive === false)
  if (isLess) await refuseLastAdministrator(t, user)
  const [changed] = await t.update(users).set(values).where(eq(users.id, user.id)).returning()
  const origin = who.origin ?? ''
  await recordChange(t, who, {
    action: 'update',
    resource: 'user',
    id: user.id,
    organizationId: null,
    before: showUser(origin, user),
    after: showUser(origin, changed!),
  })
  return changed!
}

/** Writes to the address that is no more: whoever lost the account to somebody else learns of it. */
export const tellAddressChange = (before: User, after: User) => {
  if (before.email !== after.email) writeLetter('addressChanged', before.email, '/', { username: before.username })
}

/** What becomes of a new address: an administrator's word counts; else it is unproven, and where proof is a must the old one stays until then. */
const readNewEmail = async (t: Tx, who: Who, user: User, text: string): Promise<{ values: Partial<User>; unproven?: string }> => {
  const email = readEmail(text)
  if (email === user.email) return { values: {} }
  if (config().email_verification === 'mandatory' && !who.admin) {
    if (!email) throw invalid({ email: 'This field may not be blank.' })
    return { values: {}, unproven: email }
  }
  if (email && (await findByEmail(t, email, user.id)).length) throw emailTaken()
  return who.admin ? { values: { email, emailVerified: true } } : { values: { email, emailVerified: false }, unproven: email }
}

/** Changes a person. Errors: 403 for another person and for rights; 400 naming the field. */
export const updateUser = async (who: Who, id: number, changes: UserChanges): Promise<User> => {
  const user = found((await db.select().from(users).where(eq(users.id, id)))[0])
  if (!can(who, 'user', 'update', { selfId: id })) throw forbidden()
  const hasRights = rights.some((key) => changes[key] !== undefined)
  if (hasRights && !who.admin) throw forbidden()
  const givenRights = hasRights ? readRights(user, changes) : {}
  if (id === who.user.id && (givenRights.isSuperuser === false || givenRights.isActive === false))
    throw invalid({ is_superuser: 'Administrators cannot take their own rights away.' })
  const profile = Object.fromEntries(profileFields.flatMap((key) => (changes[key] === undefined ? [] : [[key, changes[key]]])))
  const { username, first_name: firstName, last_name: lastName } = changes
  if (username !== undefined) checkUsername(username)
  const { changed, unproven } = await tx(async (t) => {
    if (username !== undefined && username !== user.username) {
      const [taken] = await t.select({ id: users.id }).from(users).where(eq(users.username, username))
      if (taken) throw nameTaken()
    }
    const address = changes.email === undefined ? { values: {} } : await readNewEmail(t, who, user, changes.email)
    const values: Partial<User> = { ...givenRights, ...address.values }
    if (username !== undefined) values.username = username
    if (firstName !== undefined) values.firstName = firstName
    if (lastName !== undefined) values.lastName = lastName
    if (Object.keys(profile).length) values.profile = { ...user.profile, ...profile }
    return { changed: Object.keys(values).length ? await saveUser(t, who, user, values) : user, unproven: address.unproven }
  })
  tellAddressChange(user, changed)
  if (unproven && config().email_verification !== 'none') await sendVerification(changed, unproven)
  return changed
}
