// The pane of members: who belongs to which organization in which role.
import { type Api, listRows } from '../api'
import { type Action, definePane, type Field, type Pane } from '../pane'
import { ageColumn, sayTime } from '../show-rows'
import { showCount } from '../show-values'

type Membership = {
  id: number
  user: { id: number; username: string }
  organization: number
  role: string
  is_active: boolean
  joined_date: string | null
}
type Row = Membership & { slug: string }
type Organization = { id: number; slug: string }

/** Roles that are given; `owner` is handed over by its own action. */
const givenRoles = ['worker', 'supervisor', 'maintainer']
const roleField = (value: string): Field => ({ name: 'role', label: 'Role', kind: 'pick', options: givenRoles, value })
const quote = (rows: Row[]) => (rows.length === 1 ? `“${rows[0]!.user.username}”` : showCount(rows.length, 'member'))

const createActions = (api: Api): Action<Row>[] => {
  const give = (id: number, role: string) => api.send('PATCH', `/api/memberships/${id}`, { role })
  const put = (row: Row) =>
    api.send('POST', `/api/admin/organizations/${row.organization}/members`, { username: row.user.username, role: row.role })
  const isNoOwner = ({ role }: Row) => role !== 'owner'
  return [
    {
      key: 'a',
      label: 'add member',
      needs: 'nothing',
      prepare: async () => {
        const [organizations, people] = await Promise.all([
          listRows<Organization>(api, '/api/organizations'),
          listRows<{ username: string }>(api, '/api/users', { is_active: 'true' }),
        ])
        if (!organizations.rows.length) throw new Error('There is no organization yet: make one in :organizations.')
        return {
          kind: 'form',
          title: 'Add a member',
          fields: [
            { name: 'slug', label: 'Organization', kind: 'pick', options: organizations.rows.map(({ slug }) => slug) },
            { name: 'username', label: 'User', kind: 'pick', options: people.rows.map(({ username }) => username) },
            roleField('worker'),
          ],
        }
      },
      run: async (_, { slug = '', username = '', role = '' }) => {
        const { rows } = await listRows<Organization>(api, '/api/organizations', { slug })
        if (!rows[0]) throw new Error(`There is no organization “${slug}” any more.`)
        await api.send('POST', `/api/admin/organizations/${rows[0].id}/members`, { username, role })
        return { said: `“${username}” is a ${role} of “${slug}” now.` }
      },
    },
    {
      key: 'r',
      label: 'change role',
      needs: 'rows',
      isOffered: isNoOwner,
      prepare: (row, rows) => ({ kind: 'form', title: `New role of ${quote(rows)}`, fields: [roleField(row.role)] }),
      run: async ({ id, user, role: before, slug }, { role = '' }) => {
        await give(id, role)
        return {
          said: `“${user.username}” is a ${role} of “${slug}” now.`,
          undo: { said: `Undone: “${user.username}” is a ${before} again.`, run: () => give(id, before) },
        }
      },
    },
    {
      key: 'o',
      label: 'make owner',
      needs: 'row',
      isOffered: isNoOwner,
      prepare: ({ user, slug }) => ({
        kind: 'question',
        text: `Hand “${slug}” over to “${user.username}”? The owner until now becomes a maintainer.`,
      }),
      run: async ({ id, user, slug }) => {
        await give(id, 'owner')
        return { said: `“${user.username}” owns “${slug}” now.` }
      },
    },
    {
      key: 'd',
      label: 'take out',
      needs: 'rows',
      isOffered: isNoOwner,
      prepare: (_, rows) => ({ kind: 'question', text: `Take ${quote(rows)} out? What they made stays with the organization.` }),
      run: async (row) => {
        await api.send('DELETE', `/api/memberships/${row.id}`)
        return {
          said: `“${row.user.username}” does not belong to “${row.slug}” any more.`,
          undo: { said: `Undone: “${row.user.username}” belongs to “${row.slug}” again.`, run: () => put(row) },
        }
      },
    },
  ]
}

export const createMembers = (api: Api): Pane =>
  definePane<Row>({
    name: 'members',
    title: 'Members',
    about: 'Who belongs to which organization, and in which role.',
    columns: [
      { title: 'Organization', width: 16, show: ({ slug }) => slug },
      { title: 'User', width: 'rest', show: ({ user }) => user.username },
      { title: 'Role', width: 10, show: ({ role }) => role, tone: ({ role }) => (role === 'owner' ? 'accent' : 'plain') },
      {
        title: 'State',
        width: 7,
        from: 50,
        show: ({ is_active }) => (is_active ? 'member' : 'invited'),
        tone: ({ is_active }) => (is_active ? 'good' : 'warn'),
      },
      ageColumn('Joined', ({ joined_date }) => joined_date, 60),
    ],
    id: ({ id }) => String(id),
    label: ({ user, slug }) => `${user.username} in ${slug}`,
    load: async () => {
      const [{ rows, total }, organizations] = await Promise.all([
        listRows<Membership>(api, '/api/memberships', {}, 5000),
        listRows<Organization>(api, '/api/organizations', {}, 5000),
      ])
      const slugs = new Map(organizations.rows.map(({ id, slug }) => [id, slug]))
      return { rows: rows.map((row) => ({ ...row, slug: slugs.get(row.organization) ?? String(row.organization) })), total }
    },
    details: async ({ id, user, slug, role, is_active, joined_date }) => [
      { label: 'ID', value: String(id) },
      { label: 'User', value: `${user.username} (${user.id})` },
      { label: 'Of', value: slug },
      { label: 'Role', value: role },
      { label: 'State', value: is_active ? 'member' : 'invited, not accepted yet', tone: is_active ? 'good' : 'warn' },
      { label: 'Joined', value: sayTime(joined_date, 'not yet') },
    ],
    actions: createActions(api),
    empty: 'Nobody belongs to an organization. Press a to add somebody.',
    refreshSeconds: 5,
  })
