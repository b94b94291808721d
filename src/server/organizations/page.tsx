// /organizations/create and /organization: making an organization; its settings, members and invitations.

import { Elysia } from 'elysia'
import { BareRemove } from '../../web/ui/bare'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { plural } from '../../web/ui/parts'
import { FormToken, type Page, problemsOf, receiveForm, showPage, type Visit } from '../auth/service'
import { ApiError } from '../http/errors'
import { redirectTo } from '../http/html'
import { resendInvitation } from '../invitations/service'
import { can } from '../policy/can'
import { readContact, showContact } from './contact'
import { receiveNew, showCreate } from './create-page'
import { DetailFields, type DetailValues, readDetails } from './details-form'
import { invitationPages } from './invitations-page'
import { closedForm, findInviteRoles, Invite, type InviteForm, listPending, Pending, takeInvites, tellNews } from './invite-page'
import { receiveMemberForm, showMemberForm } from './member-page'
import { Members } from './members-page'
import { getOrganization, listMembers, updateOrganization } from './service'

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

/** What was typed into one of the forms and could not be taken. */
type Told = { form?: InviteForm; details?: { values: DetailValues; problems: Record<string, string> } }

const renderOrganization = async (visit: Visit, { form = closedForm, details }: Told = {}): Promise<Page> => {
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
  const { name, description, contact } = organization
  const { values, problems } = details ?? { values: { name, description, ...showContact(contact) }, problems: {} }
  return {
    title: organization.name,
    status: form.problem || details ? 400 : 200,
    body: (
      <div class="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-4">
        <div class="flex items-center gap-2">
          <h1 class="min-w-0 flex-1 truncate" dir="auto" safe>
            {organization.name}
          </h1>
          <a class="btn" href={`/analytics/organizations/${organization.id}`} data-testid="org-analytics">
            <Icon name="activity" />
            {say('Analytics')}
          </a>
        </div>
        {news ? (
          <p class="rounded-md bg-success-soft px-3 py-2 text-success" role="status" data-testid="invite-done" safe>
            {news}
          </p>
        ) : (
          ''
        )}
        <form class="card grid gap-4 p-4" method="post" action="/organization/details" data-submit-once>
          <FormToken request={request} />
          <DetailFields values={values} problems={problems} canEdit={mayUpdate} />
          <div class="flex flex-wrap items-center gap-2">
            <span class="hint min-w-0 flex-1">
              {say('Short name:')}{' '}
              <code class="font-mono" safe>
                {organization.slug}
              </code>
            </span>
            {mayUpdate ? (
              <button type="submit" class="btn btn-primary" data-testid="org-save">
                {say('Save')}
              </button>
            ) : (
              ''
            )}
          </div>
        </form>
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
              data-delete-typed={organization.slug}
              data-testid="org-delete"
            >
              {say('Delete organization')}
            </button>
            <BareRemove path={path} label="Delete organization" />
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
  return form ? renderOrganization(visit, { form }) : redirectTo(`/organization?invited=${invited}`)
})

const saveDetails = receiveForm(async (visit, fields) => {
  const { who, context } = visit
  if (context.kind !== 'organization') return redirectTo('/organization')
  const values = readDetails(fields)
  try {
    const { organization } = await getOrganization(who, context.id)
    const { name, description } = values
    const contact = readContact(values, organization.contact)
    await updateOrganization(who, context.id, { name: name.trim() || organization.slug, description, contact })
    return redirectTo('/organization?saved=1')
  } catch (error) {
    if (error instanceof ApiError && error.status >= 403) throw error
    return renderOrganization(visit, { details: { values, problems: problemsOf(error) } })
  }
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
  .post('/organization/details', saveDetails)
  .get('/organization/members/:id', showMemberForm)
  .post('/organization/members/:id', receiveMemberForm)
  .post('/organization/invitations/:key/resend', resend)
