// The pane of people: who they are, whether they may sign in, and who administers.
import { listAllOrganizations, listMemberships } from '../../server/organizations/service'
import { countUsers, createUser, findUsers, setActive, setPassword, setSuperuser, type User } from '../../server/users/service'
import { type Action, type Detail, definePane, type Field } from '../pane'
import { showAge, showTime } from '../show-values'

const seenAtOnce = 1000

const passwordFields: Field[] = [
  { name: 'password', label: 'Password', kind: 'secret', isRequired: true },
  { name: 'repeat', label: 'Once more', kind: 'secret', sameAs: 'password' },
]

/** Said when nobody else could administer afterwards. */
const warnOfLast = async (user: User): Promise<string | undefined> => {
  const others = (await findUsers('', 100_000)).filter(
    ({ id, isSuperuser, isActive }) => isSuperuser && isActive && id !== user.id,
  )
  return user.isSuperuser && user.isActive && !others.length
    ? 'This is the last active administrator: nobody else can administer.'
    : undefined
}

const actions: Action<User>[] = [
  {
    key: 'n',
    label: 'new user',
    needs: 'nothing',
    prepare: () => ({
      kind: 'form',
      title: 'New user',
      fields: [
        { name: 'username', label: 'User name', kind: 'text', isRequired: true },
        { name: 'email', label: 'E-mail', kind: 'text' },
        ...passwordFields,
        { name: 'superuser', label: 'Administrator', kind: 'pick', options: ['no', 'yes'], value: 'no' },
      ],
    }),
    run: async (_, { username = '', email = '', password = '', superuser }) => {
      const user = await createUser({ username: username.trim(), email: email.trim(), password, superuser: superuser === 'yes' })
      return { said: `${superuser === 'yes' ? 'Administrator' : 'User'} “${user.username}” was made.`, select: String(user.id) }
    },
  },
  {
    key: 'p',
    label: 'password',
    needs: 'row',
    prepare: ({ username }) => ({
      kind: 'form',
      title: `New password of “${username}” (ends their sessions)`,
      fields: passwordFields,
    }),
    run: async (user, { password = '' }) => {
      await setPassword(user, password, 'password')
      return { said: `“${user.username}” has a new password; their sessions and tokens were ended.` }
    },
  },
  {
    key: 'd',
    label: 'deactivate',
    needs: 'row',
    isOffered: ({ isActive }) => isActive,
    prepare: async (user) => ({
      kind: 'question',
      text: `Deactivate “${user.username}”? They cannot sign in, and their sessions and tokens end at once. What they made stays.`,
      warning: await warnOfLast(user),
    }),
    run: async ({ id, username }) => {
      await setActive(id, false)
      return { said: `“${username}” was deactivated.` }
    },
  },
  {
    key: 'a',
    label: 'activate',
    needs: 'row',
    isOffered: ({ isActive }) => !isActive,
    run: async ({ id, username }) => {
      await setActive(id, true)
      return { said: `“${username}” can sign in again.` }
    },
  },
  {
    key: 'm',
    label: 'make admin',
    needs: 'row',
    isOffered: ({ isSuperuser }) => !isSuperuser,
    prepare: ({ username }) => ({
      kind: 'question',
      text: `Make “${username}” an administrator? They will see and change everything on this server.`,
    }),
    run: async ({ id, username }) => {
      await setSuperuser(id, true)
      return { said: `“${username}” is an administrator now.` }
    },
  },
  {
    key: 'u',
    label: 'unmake admin',
    needs: 'row',
    isOffered: ({ isSuperuser }) => isSuperuser,
    prepare: async (user) => ({
      kind: 'question',
      text: `Take the administrator’s rights of “${user.username}” away? They keep their account and their own work.`,
      warning: await warnOfLast(user),
    }),
    run: async ({ id, username }) => {
      await setSuperuser(id, false)
      return { said: `“${username}” is no administrator any more.` }
    },
  },
]

const rolesSeen = 200

const listRoles = async (user: User): Promise<Detail[]> => {
  const asThemselves = { user, admin: false, via: 'session' as const, roles: new Map() }
  const { rows } = await listMemberships(asThemselves, { kind: 'any' }, [], [], { page: 1, size: rolesSeen, offset: 0 })
  const slugs = new Map((await listAllOrganizations()).map(({ organization }) => [organization.id, organization.slug]))
  return rows.map(({ membership }) => ({ label: membership.role, value: slugs.get(membership.organizationId) ?? '' }))
}

export const users = definePane<User>({
  name: 'users',
  title: 'Users',
  about: 'People who may sign in. Changes act at once, also on a running server.',
  columns: [
    { title: 'ID', width: 5, right: true, from: 60, show: ({ id }) => String(id) },
    { title: 'User', width: 'rest', show: ({ username }) => username },
    { title: 'E-mail', width: 'rest', from: 60, show: ({ email }) => email },
    {
      title: 'Role',
      width: 5,
      show: ({ isSuperuser }) => (isSuperuser ? 'admin' : 'user'),
      tone: ({ isSuperuser }) => (isSuperuser ? 'accent' : 'plain'),
    },
    {
      title: 'State',
      width: 8,
      show: ({ isActive }) => (isActive ? 'active' : 'inactive'),
      tone: ({ isActive }) => (isActive ? 'good' : 'warn'),
    },
    { title: 'Signed in', width: 10, show: ({ lastLogin }) => showAge(lastLogin) },
  ],
  id: ({ id }) => String(id),
  label: ({ username }) => username,
  load: async (filter) => {
    const total = await countUsers()
    return { rows: await findUsers(total > seenAtOnce ? filter.trim() : '', seenAtOnce), total }
  },
  details: async (user) => {
    const roles = await listRoles(user)
    return [
      { label: 'ID', value: String(user.id) },
      { label: 'Name', value: `${user.firstName} ${user.lastName}`.trim() },
      { label: 'E-mail', value: user.email },
      { label: 'State', value: user.isActive ? 'active' : 'inactive: cannot sign in', tone: user.isActive ? 'good' : 'warn' },
      { label: 'Groups', value: user.groups.join(', ') },
      { label: 'Joined', value: showTime(user.dateJoined) },
      { label: 'Signed in', value: showTime(user.lastLogin) },
      { heading: 'Organizations' },
      ...(roles.length ? roles : [{ text: 'None.', tone: 'muted' as const }]),
    ]
  },
  actions,
  empty: 'Nobody can sign in yet. Press n to make the first administrator.',
  refreshSeconds: 3,
})
