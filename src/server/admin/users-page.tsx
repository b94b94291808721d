// /admin/users: everybody who has an account; /admin/groups: what the groups may do and who is in them.
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty, List, SortHead } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { userFields } from '../../web/ui/list-fields'
import { Ago, formatCount } from '../../web/ui/parts'
import { db } from '../db/open'
import { redirectToLastPage } from '../http/html'
import { isoTime } from '../http/json'
import { readConditions, readOrder, readPaging } from '../http/page'
import { users } from '../users/schema'
import { groups, listOptions, listUsers, type User } from '../users/service'
import { AdminFrame, showAdminPage } from './frame'

const nameOf = ({ firstName, lastName }: User) => `${firstName} ${lastName}`.trim()

const Row = ({ user }: { user: User }) => (
  <tr data-testid={`user-${user.id}`}>
    <td class="max-w-0">
      <a
        class="block truncate font-medium hover:text-accent"
        href={`/admin/users/${user.id}`}
        dir="auto"
        data-testid="row-open"
        safe
      >
        {user.username}
      </a>
      <div class="truncate text-[12px] text-muted" dir="auto" safe>
        {nameOf(user) || `#${user.id}`}
      </div>
    </td>
    <td class="w-[28%] max-w-0 truncate text-soft max-md:hidden" safe>
      {user.email}
    </td>
    <td class="w-32">
      <span class="badge plain" safe>
        {user.groups.join(', ') || t('none')}
      </span>
    </td>
    <td class="w-28">
      <span class="badge" data-tone={user.isActive ? 'success' : undefined}>
        {user.isActive ? say('active') : say('shut out')}
      </span>
    </td>
    <td class="w-32 text-muted max-md:hidden">
      <Ago iso={isoTime(user.dateJoined)} />
    </td>
  </tr>
)

export const showUsers = showAdminPage(async ({ who, path, query }) => {
  const paging = readPaging(query)
  const { rows, count } = await listUsers(
    who,
    { kind: 'any' },
    readConditions(query, listOptions),
    readOrder(query, listOptions, [users.id as any]),
    paging,
  )
  const state: ListState = { path, query, count, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  return {
    title: t('Users'),
    section: 'admin',
    body: (
      <AdminFrame
        tab="/admin/users"
        title={t('Users')}
        actions={
          <a class="btn btn-primary" href="/admin/users/create" data-testid="list-create">
            <Icon name="plus" />
            {say('New user')}
          </a>
        }
      >
        <List
          state={state}
          noun="users"
          fields={userFields}
          quick={[{ label: t('Active'), rule: { '==': [{ var: 'is_active' }, 'true'] } }]}
          empty={<Empty icon="users" title="Nobody here" text="Make accounts for the people who are to annotate." />}
        >
          <table class="grid-table">
            <thead>
              <tr>
                <SortHead state={state} fields={['username']} label="User" />
                <th scope="col" class="max-md:hidden">
                  {say('E-mail')}
                </th>
                <th scope="col">{say('Group')}</th>
                <SortHead state={state} fields={['is_active']} label="State" />
                <th scope="col" class="max-md:hidden">
                  {say('Joined')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((user) => (
                <Row user={user} />
              ))}
            </tbody>
          </table>
        </List>
      </AdminFrame>
    ),
  }
})

export const groupMeanings: Record<(typeof groups)[number], string> = {
  admin: 'Sees and changes everything, and administrates the server.',
  user: 'Makes projects, tasks and organizations, and works on what is shared with them.',
  worker: 'Works on what is assigned to them; makes nothing of their own.',
}
const namesShown = 12

export const showGroups = showAdminPage(async () => {
  const people = await db
    .select({ id: users.id, username: users.username, groups: users.groups })
    .from(users)
    .orderBy(users.username)
  return {
    title: t('Groups'),
    section: 'admin',
    body: (
      <AdminFrame tab="/admin/groups" title={t('Groups')}>
        <section class="card overflow-x-auto" aria-label={t('Groups')} tabindex="0">
          <table class="grid-table">
            <thead>
              <tr>
                <th scope="col">{say('Group')}</th>
                <th scope="col">{say('Members')}</th>
                <th scope="col">{say('Who')}</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((name) => {
                const own = people.filter((user) => user.groups.includes(name))
                return (
                  <tr data-testid={`group-${name}`}>
                    <td class="w-[40%] py-2! max-sm:w-2/5">
                      <span class="font-medium" lang="en">
                        {name as 'safe'}
                      </span>
                      <p class="text-[12px] text-muted">{say(groupMeanings[name])}</p>
                    </td>
                    <td class="num w-24">{formatCount(own.length) as 'safe'}</td>
                    <td class="text-[13px]">
                      {own.slice(0, namesShown).map(({ id, username }) => (
                        <a class="link me-2 inline-block [overflow-wrap:anywhere]" href={`/admin/users/${id}`} dir="auto" safe>
                          {username}
                        </a>
                      ))}
                      {own.length > namesShown ? (
                        <span class="text-muted">
                          {t('and {count} more', { count: formatCount(own.length - namesShown) }) as 'safe'}
                        </span>
                      ) : (
                        ''
                      )}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </section>
      </AdminFrame>
    ),
  }
})
