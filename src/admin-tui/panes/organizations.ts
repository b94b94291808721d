// The pane of organizations: who owns them; their members and invitations have panes of their own.
import { type Api, listRows } from '../api'
import { readWords } from '../filter-rows'
import { type Action, definePane, type Pane } from '../pane'
import { ageColumn, idColumn, nameOf, type Person, sayTime } from '../show-rows'
import { showCount } from '../show-values'

type Organization = {
  id: number
  slug: string
  name: string
  description: string
  created_date: string
  updated_date: string
  owner: Person
}
type Member = { user: { username: string; is_active?: boolean }; role: string; is_active: boolean }

const createActions = (api: Api): Action<Organization>[] => {
  const rename = (id: number, values: { name?: string; slug?: string }) => api.send('PATCH', `/api/organizations/${id}`, values)
  return [
    {
      key: 'n',
      label: 'new organization',
      needs: 'nothing',
      prepare: async () => ({
        kind: 'form',
        title: 'New organization',
        fields: [
          { name: 'slug', label: 'Short name', kind: 'text', isRequired: true },
          { name: 'name', label: 'Full name', kind: 'text' },
          {
            name: 'owner',
            label: 'Owner',
            kind: 'pick',
            options: (await listRows<{ username: string }>(api, '/api/users')).rows.map(({ username }) => username),
          },
        ],
      }),
      run: async (_, { slug = '', name = '', owner = '' }) => {
        const made = await api.send<Organization>('POST', '/api/admin/organizations', {
          slug: slug.trim(),
          name: name.trim(),
          owner,
        })
        return { said: `Organization “${made.slug}” was made; ${owner} owns it.`, select: String(made.id) }
      },
    },
    {
      key: 'm',
      label: 'members',
      needs: 'row',
      goTo: ({ slug }) => ({ pane: 'members', filter: `organization:${slug}` }),
      run: async () => ({ said: '' }),
    },
    {
      key: 'i',
      label: 'invitations',
      needs: 'row',
      goTo: ({ slug }) => ({ pane: 'invitations', filter: `organization:${slug}` }),
      run: async () => ({ said: '' }),
    },
    {
      key: 'e',
      label: 'rename',
      needs: 'row',
      prepare: ({ slug, name }) => ({
        kind: 'form',
        title: `Rename “${slug}”`,
        fields: [
          { name: 'slug', label: 'Short name', kind: 'text', value: slug, isRequired: true },
          { name: 'name', label: 'Full name', kind: 'text', value: name },
        ],
      }),
      run: async (before, { slug = '', name = '' }) => {
        await rename(before.id, { slug: slug.trim(), name: name.trim() })
        return {
          said: `“${before.slug}” is called “${slug.trim()}” now.`,
          undo: {
            said: `Undone: “${before.slug}” has its old name.`,
            run: () => rename(before.id, { slug: before.slug, name: before.name }),
          },
        }
      },
    },
    {
      key: 'X',
      label: 'remove',
      needs: 'row',
      prepare: ({ slug }) => ({
        kind: 'question',
        text: `Remove the organization “${slug}” for good, with its memberships and invitations? This cannot be undone.`,
        warning: 'Its projects and tasks go with it, as far as they belong to the organization.',
        typed: slug,
      }),
      run: async ({ id, slug }) => {
        await api.send('DELETE', `/api/organizations/${id}`)
        return { said: `Organization “${slug}” was removed.` }
      },
    },
  ]
}

export const createOrganizations = (api: Api): Pane =>
  definePane<Organization>({
    name: 'organizations',
    aliases: ['orgs'],
    title: 'Organizations',
    about: 'Organizations share projects and tasks among their members; the roles say who may do what.',
    columns: [
      { ...idColumn<Organization>(), from: 50 },
      { title: 'Short name', width: 16, show: ({ slug }) => slug },
      { title: 'Name', width: 'rest', from: 50, show: ({ name }) => name },
      { title: 'Owner', width: 'rest', show: ({ owner }) => nameOf(owner) || 'nobody' },
      ageColumn('Made', ({ created_date }) => created_date, 70),
    ],
    id: ({ id }) => String(id),
    label: ({ slug }) => slug,
    load: (filter) => listRows<Organization>(api, '/api/organizations', { search: readWords(filter) }),
    details: async (row) => {
      const { rows: members, total } = await listRows<Member>(api, '/api/memberships', { org: row.slug }, 200)
      return [
        { label: 'ID', value: String(row.id) },
        { label: 'Name', value: row.name },
        { label: 'About', value: row.description },
        { label: 'Owner', value: nameOf(row.owner) || 'nobody' },
        { label: 'Made', value: sayTime(row.created_date) },
        { heading: showCount(total, 'member') },
        ...members.map(({ user, role, is_active }) => ({
          label: role,
          value: is_active ? user.username : `${user.username} (invited)`,
        })),
      ]
    },
    actions: createActions(api),
    empty: 'There are no organizations. Press n to make one; users make them on the web pages, too.',
    refreshSeconds: 3,
  })
