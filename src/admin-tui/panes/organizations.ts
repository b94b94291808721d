// The pane of organizations: who owns them, who belongs to them in which role.
import {
  createOrganization,
  listAllOrganizations,
  listMembers,
  putMember,
  type Role,
  roles,
} from '../../server/organizations/service'
import { findUsers } from '../../server/users/service'
import { type Action, definePane, type Field } from '../pane'
import { showCount, showTime } from '../show-values'

type Row = Awaited<ReturnType<typeof listAllOrganizations>>[number]

/** Roles that are given; there is one owner, who makes the organization. */
const givenRoles = roles.filter((role) => role !== 'owner')
const roleField = (value: Role): Field => ({ name: 'role', label: 'Role', kind: 'pick', options: givenRoles, value })

const findUser = async (username: string) => {
  const user = (await findUsers(username)).find((candidate) => candidate.username === username)
  if (!user) throw new Error(`There is no user “${username}” any more.`)
  return user
}

const actions: Action<Row>[] = [
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
        { name: 'owner', label: 'Owner', kind: 'pick', options: (await findUsers()).map(({ username }) => username) },
      ],
    }),
    run: async (_, { slug = '', name = '', owner = '' }) => {
      const user = await findUser(owner)
      const who = { user, admin: true, via: 'session' as const, roles: new Map<number, Role>() }
      const { organization } = await createOrganization(who, { slug: slug.trim(), name: name.trim() })
      return { said: `Organization “${organization.slug}” was made; ${owner} owns it.`, select: String(organization.id) }
    },
  },
  {
    key: 'a',
    label: 'add member',
    needs: 'row',
    prepare: async ({ organization }) => {
      const members = new Set((await listMembers(organization.id)).map(({ user }) => user.id))
      const others = (await findUsers()).filter(({ id, isActive }) => isActive && !members.has(id))
      if (!others.length) throw new Error(`Every active user is a member of “${organization.slug}” already.`)
      return {
        kind: 'form',
        title: `Add a member to “${organization.slug}”`,
        fields: [
          { name: 'username', label: 'User', kind: 'pick', options: others.map(({ username }) => username) },
          roleField('worker'),
        ],
      }
    },
    run: async ({ organization }, { username = '', role }) => {
      await putMember(organization.id, (await findUser(username)).id, role as Role)
      return { said: `“${username}” is a ${role} of “${organization.slug}” now.` }
    },
  },
  {
    key: 'r',
    label: 'change role',
    needs: 'row',
    prepare: async ({ organization }) => {
      const members = (await listMembers(organization.id)).filter(({ membership }) => membership.role !== 'owner')
      if (!members.length) throw new Error(`“${organization.slug}” has no members besides its owner, whose role stays.`)
      return {
        kind: 'form',
        title: `Change a role in “${organization.slug}”`,
        fields: [
          { name: 'username', label: 'Member', kind: 'pick', options: members.map(({ user }) => user.username) },
          roleField('worker'),
        ],
      }
    },
    run: async ({ organization }, { username = '', role }) => {
      await putMember(organization.id, (await findUser(username)).id, role as Role)
      return { said: `“${username}” is a ${role} of “${organization.slug}” now.` }
    },
  },
]

export const organizations = definePane<Row>({
  name: 'organizations',
  title: 'Organizations',
  about: 'Organizations share projects and tasks among their members; the roles say who may do what.',
  columns: [
    { title: 'ID', width: 5, right: true, from: 60, show: ({ organization }) => String(organization.id) },
    { title: 'Short name', width: 16, show: ({ organization }) => organization.slug },
    { title: 'Name', width: 'rest', from: 60, show: ({ organization }) => organization.name },
    { title: 'Owner', width: 'rest', show: ({ owner }) => owner?.username ?? 'nobody' },
    { title: 'Members', width: 7, right: true, show: ({ members }) => String(members) },
  ],
  id: ({ organization }) => String(organization.id),
  label: ({ organization }) => organization.slug,
  load: async () => ({ rows: await listAllOrganizations() }),
  details: async ({ organization, owner }) => {
    const members = await listMembers(organization.id)
    return [
      { label: 'ID', value: String(organization.id) },
      { label: 'Name', value: organization.name },
      { label: 'About', value: organization.description },
      { label: 'Owner', value: owner?.username ?? 'nobody' },
      { label: 'Made', value: showTime(organization.createdDate) },
      { heading: showCount(members.length, 'member') },
      ...members.map(({ membership, user }) => ({
        label: membership.role,
        value: user.isActive ? user.username : `${user.username} (inactive)`,
      })),
    ]
  },
  actions,
  empty: 'There are no organizations. Press n to make one; users make them on the web pages, too.',
  refreshSeconds: 3,
})
