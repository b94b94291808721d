// /organizations/create and /organization: making an organization; its settings, members and invitations.

import { Elysia } from 'elysia'
import { Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { plural } from '../../web/ui/parts'
import { FormToken, type Page, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { forbidden } from '../http/errors'
import { redirectTo } from '../http/html'
import { resendInvitation } from '../invitations/service'
import { can } from '../policy/can'
import { invitationPages } from './invitations-page'
import { closedForm, findInviteRoles, Invite, type InviteForm, listPending, Pending, takeInvites, tellNews } from './invite-page'
import { Members } from './members-page'
import { createOrganization, getOrganization, listMembers } from './service'

const createPage = ({ who, request }: Visit, problem?: string): Page => {
  if (!can(who, 'organization', 'create', {})) throw forbidden()
  return {
    title: t('New organization'),
    status: problem ? 400 : 200,
    body: (
      <form
        class="mx-auto grid max-w-[560px] grid-cols-[minmax(0,1fr)] gap-4"
        method="post"
        action="/organizations/create"
        data-form="POST"
        data-api="/api/organizations"
        data-organization-form
      >
        <h1>{say('New organization')}</h1>
        <FormToken request={request} />
        <Problem text={problem} testid="org-error" />
        <div class="card grid gap-4 p-4">
          <label class="field">
            <span class="label">{say('Short name')}</span>
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
            <span class="hint">{say('Up to 16 letters, digits, hyphens or underscores. It cannot be changed later.')}</span>
          </label>
          <label class="field">
            <span class="label">{say('Name')}</span>
            <input class="input" name="name" maxlength="64" autocomplete="off" dir="auto" data-testid="org-name" />
          </label>
          <label class="field">
            <span class="label">{say('Description')}</span>
            <textarea class="area" name="description" dir="auto" data-testid="org-description"></textarea>
          </label>
          <div class="flex items-center gap-3">
            <span class="min-w-0 flex-1 text-[13px]" role="status" data-form-message dir="auto"></span>
            <button type="submit" class="btn btn-primary" data-testid="org-submit">
              {say('Create organization')}
            </button>
          </div>
        </div>
      </form>
    ),
  }
}

const showCreate = showPage(async (visit) => createPage(visit))

/** Without scripts the form comes here. */
const receiveNew = receiveForm(async (visit, fields) => {
  const [slug = '', name = '', description = ''] = ['slug', 'name', 'description'].map((field) => fields[field]?.[0])
  try {
    const { organization } = await createOrganization(visit.who, { slug, name, description })
    return redirectTo('/organization', [`organization=${organization.slug}; Path=/; Max-Age=31536000; SameSite=Lax`])
  } catch (error) {
    return createPage(visit, wordsOf(error))
  }
})

const showNoneChosen = (mayCreate: boolean): Page => ({
  title: t('Organization'),
  body: (
    <div class="card">
      <Empty
        icon="boxes"
        title="No organization chosen"
        text="Choose one at the top, or make a new one to share projects and tasks with others."
      >
        <a class="btn" href="/invitations">
          {say('Invitations')}
        </a>
        {mayCreate ? (
          <a class="btn btn-primary" href="/organizations/create">
            <Icon name="plus" />
            {say('New organization')}
          </a>
        ) : (
          ''
        )}
      </Empty>
    </div>
  ),
})

const renderOrganization = async (visit: Visit, form: InviteForm = closedForm): Promise<Page> => {
  const { who, context, request, query } = visit
  if (context.kind !== 'organization') return showNoneChosen(can(who, 'organization', 'create', {}))
  const { organization } = await getOrganization(who, context.id)
  const members = (await listMembers(organization.id)).filter(({ membership }) => membership.isActive)
  const pending = await listPending(visit)
  const choices = findInviteRoles(who, organization.id)
  const news = tellNews(query)
  const facts = { organizationId: organization.id }
  const mayUpdate = can(who, 'organization', 'update', facts)
  const path = `/api/organizations/${organization.id}`
  return {
    title: organization.name,
    status: form.problem ? 400 : 200,
    body: (
      <div class="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-4">
        <h1 class="truncate" dir="auto" safe>
          {organization.name}
        </h1>
        {news ? (
          <p class="rounded-md bg-success-soft px-3 py-2 text-success" role="status" data-testid="invite-done" safe>
            {news}
          </p>
        ) : (
          ''
        )}
        <section class="card grid gap-4 p-4">
          <label class="field">
            <span class="label">{say('Name')}</span>
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
            <span class="label">{say('Description')}</span>
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
            {say('Short name:')}{' '}
            <code class="font-mono" safe>
              {organization.slug}
            </code>
          </span>
        </section>
        <Members who={who} members={members} />
        {can(who, 'webhook', 'create:organization', facts) ? (
          <a class="link flex items-center gap-1.5" href="/organization/webhooks" data-testid="org-webhooks">
            <Icon name="webhook" />
            {say('Webhooks')}
          </a>
        ) : (
          ''
        )}
        {choices.length ? <Invite request={request} form={form} choices={choices} /> : ''}
        {pending.length ? <Pending visit={visit} rows={pending} /> : ''}
        {can(who, 'organization', 'delete', facts) ? (
          <div class="flex justify-end">
            <button
              type="button"
              class="btn btn-danger"
              data-delete={path}
              data-delete-title={t('Delete organization “{slug}”?', { slug: organization.slug })}
              data-delete-text={t('{members} lose access, and its projects and tasks are removed for good.', {
                members: plural(members.length, 'member'),
              })}
              data-delete-next="/projects"
              data-testid="org-delete"
            >
              {say('Delete organization')}
            </button>
          </div>
        ) : (
          ''
        )}
      </div>
    ),
  }
}

const invite = receiveForm(async (visit, fields) => {
  const { form, invited } = await takeInvites(visit, fields)
  return form ? renderOrganization(visit, form) : redirectTo(`/organization?invited=${invited}`)
})

const resend = receiveForm(async ({ who }, _fields, { key = '' }) => {
  await resendInvitation(who, key)
  return redirectTo('/organization?resent=1')
})

export const organizationPages = new Elysia({ name: 'organization-pages', detail: { hide: true } })
  .use(invitationPages)
  .get('/organizations/create', showCreate)
  .post('/organizations/create', receiveNew)
  .get(
    '/organization',
    showPage((visit) => renderOrganization(visit)),
  )
  .post('/organization', invite)
  .post('/organization/invitations/:key/resend', resend)
