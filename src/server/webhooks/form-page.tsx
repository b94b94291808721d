// The form of a webhook: made and changed on the same page; works without scripts.

import type { Children } from '@kitajs/html'
import { AreaField, CheckField, Notice, PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { type Fields, FormToken, type Page, problemsOf, readId, receiveForm, type Visit } from '../auth/service'
import { redirectTo } from '../http/html'
import { can } from '../policy/can'
import { getProject } from '../projects/service'
import { eventNames, groupOf } from './event-names'
import type { WebhookType } from './schema'
import { createWebhook, getWebhook, updateWebhook, type Webhook, type WebhookInput } from './service'

type Place = { path: string; title: string; crumbs: { href: string; label: string }[]; mayCreate: boolean }
type Values = Required<Omit<WebhookInput, 'content_type' | 'secret'>>
type Problems = Record<string, string>

const fresh: Values = { target_url: '', description: '', is_active: true, enable_ssl: true, events: [] }
const valuesOf = (webhook: Webhook): Values => ({
  target_url: webhook.targetUrl,
  description: webhook.description,
  is_active: webhook.isActive,
  enable_ssl: webhook.enableSsl,
  events: webhook.events,
})

const readValues = (fields: Fields, type: WebhookType): Values => ({
  target_url: (fields.target_url?.[0] ?? '').trim(),
  description: fields.description?.[0] ?? '',
  is_active: fields.is_active !== undefined,
  enable_ssl: fields.enable_ssl !== undefined,
  events: fields.which?.[0] === 'all' ? eventNames[type] : (fields.events ?? []),
})

/** An empty secret leaves the one that is there; taking it away is said by a box. */
const readSecret = (fields: Fields) => {
  if (fields.no_secret) return { secret: '' }
  return fields.secret?.[0] ? { secret: fields.secret[0] } : {}
}

const groupsOf = (type: WebhookType) => Object.entries(Object.groupBy(eventNames[type], groupOf)) as [string, string[]][]
/** `update:job` → `webhook-event-update-job`. */
const testidOf = (event: string) => `webhook-event-${event.replaceAll(/[^a-z]+/g, '-').replace(/-$/, '')}`

const Events = ({ type, chosen, problem }: { type: WebhookType; chosen: string[]; problem?: string }) => {
  const isAll = eventNames[type].every((event) => chosen.includes(event))
  return (
    <fieldset class="webhook-events grid gap-3">
      <legend class="label mb-2">{say('Events')}</legend>
      <div class="flex flex-wrap gap-x-6 gap-y-1">
        <CheckField type="radio" name="which" value="all" label="Everything" isOn={isAll} testid="webhook-events-all" />
        <CheckField type="radio" name="which" value="some" label="Only these" isOn={!isAll} testid="webhook-events-selected" />
      </div>
      {problem ? (
        <span class="text-[12px] text-danger" role="alert" safe>
          {problem}
        </span>
      ) : (
        ''
      )}
      <div class="event-groups grid grid-cols-3 gap-4 rounded-md border border-line bg-sunken p-3 max-md:grid-cols-2 max-sm:grid-cols-1">
        {groupsOf(type).map(([group, events]) => (
          <div class="grid content-start gap-1">
            <span class="text-[12px] font-semibold text-muted" safe>
              {t(group)}
            </span>
            {events.map((event) => (
              <CheckField
                name="events"
                value={event}
                label={event.replace(/^completed:request\[(.*)\]$/, t('$1 is done'))}
                isOn={!isAll && chosen.includes(event)}
                testid={testidOf(event)}
              />
            ))}
          </div>
        ))}
      </div>
    </fieldset>
  )
}

type FormProps = {
  request: Request
  action: string
  cancel: string
  type: WebhookType
  values: Values
  problems: Problems
  hasSecret: boolean
  isNew: boolean
  mayChange: boolean
}

const Form = ({ request, action, cancel, type, values, problems, hasSecret, isNew, mayChange }: FormProps) => {
  const known = ['target_url', 'description', 'secret', 'events']
  const others = Object.entries(problems).flatMap(([field, text]) => (known.includes(field) ? [] : [text]))
  return (
    <form class="card grid gap-4 p-4" method="post" action={action} data-submit-once>
      <FormToken request={request} />
      <Problem text={others.join('\n')} testid="webhook-error" />
      <fieldset class="grid gap-4" disabled={!mayChange}>
        <TextField
          label="Address"
          name="target_url"
          type="url"
          value={values.target_url}
          testid="webhook-url"
          required
          maxlength={8192}
          placeholder="https://…"
          autofocus={isNew}
          hint="Events are sent there as JSON by POST."
          problem={problems.target_url}
        />
        <AreaField
          label="Description"
          name="description"
          value={values.description}
          testid="webhook-description"
          rows={2}
          problem={problems.description}
        />
        <TextField
          label="Secret"
          name="secret"
          type="password"
          testid="webhook-secret"
          maxlength={64}
          autocomplete="new-password"
          placeholder={hasSecret ? t('unchanged') : ''}
          hint="Signs what is sent (X-Signature-256: sha256=…), so that the receiver can tell who sent it."
          problem={problems.secret}
        />
        <div class="flex flex-wrap gap-x-6 gap-y-1">
          <CheckField label="Active" name="is_active" isOn={values.is_active} testid="webhook-active" />
          <CheckField label="Check the receiver’s certificate" name="enable_ssl" isOn={values.enable_ssl} testid="webhook-ssl" />
          {hasSecret ? <CheckField label="Take the secret away" name="no_secret" isOn={false} testid="webhook-no-secret" /> : ''}
        </div>
        <Events type={type} chosen={values.events} problem={problems.events} />
      </fieldset>
      {mayChange && (
        <div class="flex justify-end gap-2">
          <a class="btn" href={cancel}>
            {say('Cancel')}
          </a>
          <button type="submit" class="btn btn-primary" data-testid="webhook-submit">
            {isNew ? say('Create webhook') : say('Save')}
          </button>
        </div>
      )}
    </form>
  )
}

const typeOf = (place: Place, projectId: number | null): WebhookType =>
  projectId ? 'project' : place.path.startsWith('/admin') ? 'server' : 'organization'

type NewProps = { projectId: number | null; values?: Values; problems?: Problems }

export const createPage = ({ request }: Visit, place: Place, { projectId, values, problems = {} }: NewProps): Page => {
  const type = typeOf(place, projectId)
  return {
    title: t('New webhook'),
    status: Object.keys(problems).length ? 400 : 200,
    body: (
      <div class="mx-auto max-w-[760px]">
        <PageHead title={t('New webhook')} crumbs={[...place.crumbs, { href: place.path, label: t('Webhooks') }]} />
        <Form
          request={request}
          action={`${place.path}/create`}
          cancel={place.path}
          type={type}
          values={values ?? { ...fresh, events: eventNames[type] }}
          problems={problems}
          hasSecret={false}
          isNew
          mayChange={place.mayCreate}
        />
      </div>
    ),
  }
}

export const receiveNew = async (visit: Visit, place: Place, fields: Fields, projectId: number | null) => {
  const type = typeOf(place, projectId)
  const values = readValues(fields, type)
  try {
    const input = { ...values, ...readSecret(fields), type, ...(projectId && { project_id: projectId }) }
    const webhook = await createWebhook(visit.who, async () => visit.context, input)
    return redirectTo(`/webhooks/${webhook.id}?saved=1`)
  } catch (error) {
    return createPage(visit, place, { projectId, values, problems: problemsOf(error) })
  }
}

/** Where the list is that a webhook stands in, and whether the person may change the webhook. */
const homeOf = async ({ who }: Visit, webhook: Webhook) => {
  if (webhook.type === 'server')
    return { list: '/admin/webhooks', crumbs: [{ href: '/admin', label: t('Administration') }], mayChange: who.admin }
  const project = webhook.projectId ? await getProject(who, webhook.projectId).catch(() => undefined) : undefined
  const facts = { organizationId: webhook.organizationId, ownerId: webhook.ownerId, parents: project ? [project] : [] }
  const mayChange = can(who, 'webhook', 'update', facts)
  return webhook.projectId
    ? {
        list: `/projects/${webhook.projectId}/webhooks`,
        crumbs: project ? [{ href: `/projects/${project.id}`, label: project.name }] : [],
        mayChange,
      }
    : { list: '/organization/webhooks', crumbs: [{ href: '/organization', label: t('Organization') }], mayChange }
}

type EditProps = { values?: Values; problems?: Problems; notice?: string; after?: Children }

export const editPage = async (visit: Visit, webhook: Webhook, props: EditProps = {}): Promise<Page> => {
  const { problems = {}, notice, values, after } = props
  const { list, crumbs, mayChange } = await homeOf(visit, webhook)
  return {
    title: webhook.description || t('Webhook'),
    status: Object.keys(problems).length ? 400 : 200,
    body: (
      <div class="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-4">
        <PageHead
          title={webhook.description || t('Webhook #{id}', { id: webhook.id })}
          crumbs={[...crumbs, { href: list, label: t('Webhooks') }]}
        />
        <Notice text={notice} testid="webhook-saved" />
        <Form
          request={visit.request}
          action={`/webhooks/${webhook.id}`}
          cancel={list}
          type={webhook.type}
          values={values ?? valuesOf(webhook)}
          problems={problems}
          hasSecret={webhook.secret !== ''}
          isNew={false}
          mayChange={mayChange}
        />
        {after}
      </div>
    ),
  }
}

export const receiveEdit = receiveForm(async (visit, fields, params) => {
  const webhook = await getWebhook(visit.who, readId(params), 'update')
  const values = readValues(fields, webhook.type)
  try {
    await updateWebhook(visit.who, webhook.id, { ...values, ...readSecret(fields) })
    return redirectTo(`/webhooks/${webhook.id}?saved=1`)
  } catch (error) {
    return editPage(visit, webhook, { values, problems: problemsOf(error) })
  }
})
