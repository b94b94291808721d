// /organizations/create and /organization: making an organization; its settings and members.
import { Elysia } from 'elysia'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { plural } from '../../web/ui/parts'
import { showPage } from '../auth/service'
import { can } from '../policy/can'
import type { User } from '../policy/who'
import { getOrganization, listMembers, type Membership } from './service'

const showCreate = showPage(async () => ({
  title: 'New organization',
  body: (
    <form
      class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4"
      data-form="POST"
      action="/api/organizations"
      data-organization-form
    >
      <h1>New organization</h1>
      <div class="card grid gap-4 p-4">
        <label class="field">
          <span class="label">Short name</span>
          <input
            class="input"
            name="slug"
            required
            maxlength="16"
            pattern="[\-a-zA-Z0-9_]+"
            autofocus
            autocomplete="off"
            data-testid="org-slug"
          />
          <span class="hint">Up to 16 letters, digits, hyphens or underscores. It cannot be changed later.</span>
        </label>
        <label class="field">
          <span class="label">Name</span>
          <input class="input" name="name" maxlength="64" autocomplete="off" dir="auto" data-testid="org-name" />
        </label>
        <label class="field">
          <span class="label">Description</span>
          <textarea class="area" name="description" dir="auto" data-testid="org-description"></textarea>
        </label>
        <div class="flex items-center gap-3">
          <span class="min-w-0 flex-1 text-[13px]" role="status" data-form-message dir="auto"></span>
          <button type="submit" class="btn btn-primary" data-testid="org-submit">
            Create organization
          </button>
        </div>
      </div>
    </form>
  ),
}))

const MemberRow = ({ membership, user }: { membership: Membership; user: User }) => (
  <tr data-testid={`member-${membership.id}`}>
    <td class="max-w-0">
      <span class="block truncate font-medium" dir="auto" safe>
        {user.username}
      </span>
    </td>
    <td class="w-[40%] truncate text-muted max-sm:hidden" dir="auto" safe>
      {user.firstName} {user.lastName}
    </td>
    <td class="w-36">
      <span class="badge plain">{membership.role}</span>
    </td>
  </tr>
)

const showOne = showPage(async ({ who, context }) => {
  if (context.kind !== 'organization')
    return {
      title: 'Organization',
      body: (
        <div class="card">
          <Empty
            icon="boxes"
            title="No organization chosen"
            text="Choose one at the top, or make a new one to share projects and tasks with others."
          >
            <a class="btn btn-primary" href="/organizations/create">
              <Icon name="plus" />
              New organization
            </a>
          </Empty>
        </div>
      ),
    }
  const { organization } = await getOrganization(who, context.id)
  const members = await listMembers(organization.id)
  const facts = { organizationId: organization.id }
  const mayUpdate = can(who, 'organization', 'update', facts)
  const path = `/api/organizations/${organization.id}`
  return {
    title: organization.name,
    body: (
      <div class="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-4">
        <h1 class="truncate" dir="auto" safe>
          {organization.name}
        </h1>
        <section class="card grid gap-4 p-4">
          <label class="field">
            <span class="label">Name</span>
            <input
              class="input"
              value={organization.name}
              maxlength="64"
              dir="auto"
              disabled={!mayUpdate}
              data-patch={path}
              data-field="name"
              data-testid="org-name"
            />
          </label>
          <label class="field">
            <span class="label">Description</span>
            <textarea
              class="area"
              dir="auto"
              disabled={!mayUpdate}
              data-patch={path}
              data-field="description"
              data-testid="org-description"
              safe
            >
              {organization.description}
            </textarea>
          </label>
          <span class="hint">
            Short name:{' '}
            <code class="font-mono" safe>
              {organization.slug}
            </code>
          </span>
        </section>
        <section class="card">
          <h2 class="p-4">
            Members <span class="num font-normal text-muted">{members.length}</span>
          </h2>
          <table class="grid-table slim border-t border-line">
            <tbody>
              {members.map(({ membership, user }) => (
                <MemberRow membership={membership} user={user} />
              ))}
            </tbody>
          </table>
        </section>
        {can(who, 'organization', 'delete', facts) ? (
          <div class="flex justify-end">
            <button
              type="button"
              class="btn btn-danger"
              data-delete={path}
              data-delete-title={`Delete organization “${organization.slug}”?`}
              data-delete-text={`${plural(members.length, 'member')} lose access, and its projects and tasks are removed for good.`}
              data-delete-next="/projects"
              data-testid="org-delete"
            >
              Delete organization
            </button>
          </div>
        ) : (
          ''
        )}
      </div>
    ),
  }
})

export const organizationPages = new Elysia({ name: 'organization-pages', detail: { hide: true } })
  .get('/organizations/create', showCreate)
  .get('/organization', showOne)
