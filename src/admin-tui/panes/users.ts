// The pane of people: who they are, whether they may sign in, and who administers.
import { type Api, listRows } from '../api'
import { readWords } from '../filter-rows'
import { type Action, type Detail, definePane, type Field, type Pane } from '../pane'
import { ageColumn, idColumn, sayTime } from '../show-rows'
import { showCount } from '../show-values'

type User = {
  id: number
  username: string
  first_name: string
  last_name: string
  email: string
  groups: string[]
  is_superuser: boolean
  is_active: boolean
  last_login: string | null
  date_joined: string
}

const passwordFields: Field[] = [
  { name: 'password', label: 'Password', kind: 'secret', isRequired: true },
  { name: 'repeat', label: 'Once more', kind: 'secret', sameAs: 'password' },
]

const quote = (users: User[]) => (users.length === 1 ? `“${users[0]!.username}”` : showCount(users.length, 'user'))

const createActions = (api: Api): Action<User>[] => {
  const change = (user: User, values: Partial<User>) => api.send('PATCH', `/api/users/${user.id}`, values)

  /** Said when nobody else could administer afterwards. */
  const warnOfLast = async (users: User[]): Promise<string | undefined> => {
    const ids = new Set(users.filter(({ is_superuser, is_active }) => is_superuser && is_active).map(({ id }) => id))
    if (!ids.size) return undefined
    const { rows } = await listRows<User>(api, '/api/users', { is_active: 'true' }, 100_000)
    return rows.some(({ id, is_superuser }) => is_superuser && !ids.has(id))
      ? undefined
      : 'This is the last active administrator: nobody else can administer.'
  }
  const setActive = async (user: User, isActive: boolean) => {
    await change(user, { is_active: isActive })
    return isActive ? `“${user.username}” can sign in again.` : `“${user.username}” was deactivated.`
  }
  const setAdmin = async (user: User, isAdmin: boolean) => {
    await change(user, { is_superuser: isAdmin })
    return `“${user.username}” is ${isAdmin ? 'an administrator now' : 'no administrator any more'}.`
  }
  return [
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
        const body = { username: username.trim(), email: email.trim(), password, is_superuser: superuser === 'yes' }
        const user = await api.send<User>('POST', '/api/admin/users', body)
        return { said: `${user.is_superuser ? 'Administrator' : 'User'} “${user.username}” was made.`, select: String(user.id) }
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
      run: async ({ id, username }, { password = '' }) => {
        await api.send('POST', `/api/admin/users/${id}/password`, { password })
        return { said: `“${username}” has a new password; their sessions and tokens were ended.` }
      },
    },
    {
      key: 'd',
      label: 'deactivate',
      needs: 'rows',
      isOffered: ({ is_active }) => is_active,
      prepare: async (_, users) => ({
        kind: 'question',
        text: `Deactivate ${quote(users)}? They cannot sign in, and their sessions and tokens end at once. What they made stays.`,
        warning: await warnOfLast(users),
      }),
      run: async (user) => ({
        said: await setActive(user, false),
        undo: { said: `Undone: “${user.username}” can sign in again.`, run: () => setActive(user, true) },
      }),
    },
    {
      key: 'a',
      label: 'activate',
      needs: 'rows',
      isOffered: ({ is_active }) => !is_active,
      run: async (user) => ({
        said: await setActive(user, true),
        undo: { said: `Undone: “${user.username}” is inactive again.`, run: () => setActive(user, false) },
      }),
    },
    {
      key: 'm',
      label: 'make admin',
      needs: 'rows',
      isOffered: ({ is_superuser }) => !is_superuser,
      prepare: (_, users) => ({
        kind: 'question',
        text: `Make ${quote(users)} an administrator? They will see and change everything on this server.`,
      }),
      run: async (user) => ({
        said: await setAdmin(user, true),
        undo: { said: `Undone: “${user.username}” is no administrator any more.`, run: () => setAdmin(user, false) },
      }),
    },
    {
      key: 'u',
      label: 'unmake admin',
      needs: 'rows',
      isOffered: ({ is_superuser }) => is_superuser,
      prepare: async (_, users) => ({
        kind: 'question',
        text: `Take the administrator’s rights of ${quote(users)} away? They keep their account and their own work.`,
        warning: await warnOfLast(users),
      }),
      run: async (user) => ({
        said: await setAdmin(user, false),
        undo: { said: `Undone: “${user.username}” is an administrator again.`, run: () => setAdmin(user, true) },
      }),
    },
    {
      key: 'e',
      label: 'end sessions',
      needs: 'rows',
      prepare: (_, users) => ({
        kind: 'question',
        text: `End all sessions and tokens of ${quote(users)}? They have to sign in again; programs need new tokens.`,
      }),
      run: async ({ id, username }) => {
        await api.send('DELETE', `/api/admin/users/${id}/access`)
        return { said: `Every session and token of “${username}” was ended.` }
      },
    },
    {
      key: 's',
      label: 'sessions',
      needs: 'row',
      goTo: ({ username }) => ({ pane: 'access', filter: `user:${username}` }),
      run: async () => ({ said: '' }),
    },
    {
      key: 'X',
      label: 'remove',
      needs: 'rows',
      prepare: (_, users) => ({
        kind: 'question',
        text: `Remove ${quote(users)} for good? What they own stays, without an owner. This cannot be undone; deactivating can.`,
        typed: users.length === 1 ? users[0]!.username : String(users.length),
      }),
      run: async ({ id, username }) => {
        await api.send('DELETE', `/api/users/${id}`)
        return { said: `“${username}” was removed.` }
      },
    },
  ]
}

type Membership = { role: string; organization: number; is_active: boolean }
type Organization = { id: number; slug: string }

export const createUsers = (api: Api): Pane => {
  const listRoles = async ({ username }: User): Promise<Detail[]> => {
    const { rows } = await listRows<Membership>(api, '/api/memberships', { user: username })
    const slugs = rows.length ? await listRows<Organization>(api, '/api/organizations') : { rows: [] }
    const names = new Map(slugs.rows.map(({ id, slug }) => [id, slug]))
    return rows.map(({ role, organization, is_active }) => ({
      label: role,
      value: `${names.get(organization) ?? organization}${is_active ? '' : ' (invited)'}`,
    }))
  }
  return definePane<User>({
    name: 'users',
    title: 'Users',
    about: 'People who may sign in. Changes act at once, also on a running server.',
    columns: [
      { ...idColumn<User>(), from: 50 },
      { title: 'User', width: 'rest', show: ({ username }) => username },
      { title: 'E-mail', width: 'rest', from: 60, show: ({ email }) => email },
      {
        title: 'Role',
        width: 5,
        show: ({ is_superuser }) => (is_superuser ? 'admin' : 'user'),
        tone: ({ is_superuser }) => (is_superuser ? 'accent' : 'plain'),
      },
      {
        title: 'State',
        width: 8,
        show: ({ is_active }) => (is_active ? 'active' : 'inactive'),
        tone: ({ is_active }) => (is_active ? 'good' : 'warn'),
      },
      ageColumn('Signed in', ({ last_login }) => last_login),
    ],
    fields: { groups: ({ groups }) => groups.join(' '), name: (user) => `${user.first_name} ${user.last_name}` },
    id: ({ id }) => String(id),
    label: ({ username }) => username,
    load: (filter) => listRows<User>(api, '/api/users', { search: readWords(filter) }),
    details: async (user) => {
      const roles = await listRoles(user)
      return [
        { label: 'ID', value: String(user.id) },
        { label: 'Name', value: `${user.first_name} ${user.last_name}`.trim() },
        { label: 'E-mail', value: user.email },
        { label: 'State', value: user.is_active ? 'active' : 'inactive: cannot sign in', tone: user.is_active ? 'good' : 'warn' },
        { label: 'Groups', value: user.groups.join(', ') },
        { label: 'Joined', value: sayTime(user.date_joined) },
        { label: 'Signed in', value: sayTime(user.last_login) },
        { heading: 'Organizations' },
        ...(roles.length ? roles : [{ text: 'None.', tone: 'muted' as const }]),
      ]
    },
    actions: createActions(api),
    empty: 'Nobody can sign in yet. Press n to make the first administrator.',
    refreshSeconds: 3,
  })
}
