// Webhooks of a project, an organization or the server: the list; forms and deliveries are beside it.

import { and, eq, type SQL } from 'drizzle-orm'
import { Elysia } from 'elysia'
import { AdminTabs } from '../../web/ui/admin-tabs'
import { BareRemove } from '../../web/ui/bare'
import { PageHead } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty, List, SortHead } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { webhookFields } from '../../web/ui/list-fields'
import { Ago, plural } from '../../web/ui/parts'
import { FormToken, type Page, readId, receiveForm, showPage, type Visit } from '../auth/service'
import { forbidden } from '../http/errors'
import { redirectTo, redirectToLastPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { can } from '../policy/can'
import { getProject } from '../projects/service'
import { redeliverPage, showDeliveries } from './deliveries-page'
import { createPage, editPage, receiveEdit, receiveNew } from './form-page'
import { webhooks } from './schema'
import { getWebhook, listOptions, listWebhooks, pingWebhook, showWebhooks } from './service'

type Shown = Awaited<ReturnType<typeof showWebhooks>>[number]
type Crumb = { href: string; label: string }
export type Place = { path: string; title: string; crumbs: Crumb[]; where: SQL; mayCreate: boolean }

const statusTone = (code: number) => (code < 300 ? 'success' : code < 500 ? 'warning' : 'danger')

/** The answer to the last delivery, by its code. */
export const Answer = ({ code }: { code: number | null | undefined }): JSX.Element =>
  code ? (
    <span
      class="badge num"
      data-testid="row-status"
      data-status={String(code)}
      data-tone={statusTone(code)}
      title={t('Answer {code}', { code })}
    >
      {code}
    </span>
  ) : (
    <span class="text-muted" data-testid="row-status" data-status="">
      {say('never sent')}
    </span>
  )

const Row = ({ hook, request, mayChange }: { hook: Shown; request: Request; mayChange: boolean }) => (
  <tr data-testid={`webhook-${hook.id}`}>
    <td class="max-w-0">
      <a
        class="block truncate font-medium hover:text-accent"
        href={`/webhooks/${hook.id}`}
        dir="auto"
        data-testid="row-open"
        safe
      >
        {hook.description || hook.target_url}
      </a>
      <div class="truncate text-[12px] text-muted" safe>
        {hook.description ? `#${hook.id} · ${hook.target_url}` : `#${hook.id}`}
      </div>
    </td>
    <td class="w-28">
      <Answer code={hook.last_status} />
    </td>
    <td class="w-24 max-sm:hidden">
      <span class="badge plain">{hook.is_active ? say('active') : say('paused')}</span>
    </td>
    <td class="num w-24 max-md:hidden" title={hook.events.join('\n')}>
      {plural(hook.events.length, 'event') as 'safe'}
    </td>
    <td class="w-32 truncate text-soft max-lg:hidden" dir="auto" safe>
      {hook.owner?.username ?? ''}
    </td>
    <td class="w-32 text-muted max-md:hidden">
      <Ago iso={hook.updated_date} />
    </td>
    <td class="w-40 text-end">
      {mayChange && (
        <span class="inline-flex gap-1">
          <form method="post" action={`/webhooks/${hook.id}/ping`} data-submit-once>
            <FormToken request={request} />
            <button type="submit" class="btn btn-small" data-testid="row-ping">
              {say('Ping')}
            </button>
          </form>
          <button
            type="button"
            class="btn btn-quiet btn-small btn-icon"
            aria-label={t('Delete webhook')}
            data-delete={`/api/webhooks/${hook.id}`}
            data-delete-title={t('Delete this webhook?')}
            data-delete-text={t('Nothing is sent to {targetUrl} any more.', { targetUrl: hook.target_url })}
            data-testid="row-remove"
          >
            <Icon name="trash" />
          </button>
          <BareRemove path={`/api/webhooks/${hook.id}`} />
        </span>
      )}
    </td>
  </tr>
)

const ofProject = async ({ who }: Visit, params: Record<string, string>): Promise<Place> => {
  const project = await getProject(who, readId(params))
  const facts = { organizationId: project.organizationId, ownerId: null, parents: [project] }
  if (!can(who, 'webhook', 'view', facts)) throw forbidden()
  return {
    path: `/projects/${project.id}/webhooks`,
    title: t('Webhooks'),
    crumbs: [
      { href: '/projects', label: t('Projects') },
      { href: `/projects/${project.id}`, label: project.name },
    ],
    where: eq(webhooks.projectId as any, project.id),
    mayCreate: can(who, 'webhook', 'create:project', { organizationId: project.organizationId, parents: [project] }),
  }
}
const ofOrganization = async ({ who, context }: Visit): Promise<Place> => {
  if (context.kind !== 'organization') throw forbidden()
  const mayCreate = can(who, 'webhook', 'create:organization', { organizationId: context.id })
  if (!mayCreate) throw forbidden()
  return {
    path: '/organization/webhooks',
    title: t('Webhooks'),
    crumbs: [{ href: '/organization', label: context.slug }],
    where: and(eq(webhooks.organizationId as any, context.id), eq(webhooks.type as any, 'organization'))!,
    mayCreate,
  }
}
const ofServer = async ({ who }: Visit): Promise<Place> => {
  if (!who.admin) throw forbidden()
  return {
    path: '/admin/webhooks',
    title: t('Webhooks of the server'),
    crumbs: [{ href: '/admin', label: t('Administration') }],
    where: eq(webhooks.type as any, 'server'),
    mayCreate: true,
  }
}

type FindPlace = (visit: Visit, params: Record<string, string>) => Promise<Place>

const showListOf =
  (findPlace: FindPlace) =>
  async (visit: Visit, params: Record<string, string>): Promise<Page | Response> => {
    const { who, origin, query, path, request } = visit
    const place = await findPlace(visit, params)
    const paging = readPaging(query)
    const conditions = [place.where, ...readConditions(query, listOptions)]
    const { rows, count } = await listWebhooks(who, { kind: 'any' }, conditions, readOrder(query, listOptions, []), paging)
    const shown = await showWebhooks(origin, rows)
    const state: ListState = { path, query, count, page: paging.page, size: paging.size }
    const beyond = redirectToLastPage(state)
    if (beyond) return beyond
    const New = () =>
      place.mayCreate ? (
        <a class="btn btn-primary" href={`${place.path}/create`} data-testid="list-create">
          <Icon name="plus" />
          {say('New webhook')}
        </a>
      ) : (
        ''
      )
    return {
      title: place.title,
      body: (
        <>
          <PageHead title={place.title} crumbs={place.crumbs}>
            {count > 0 || query.search || query.filter ? <New /> : ''}
          </PageHead>
          {place.path === '/admin/webhooks' ? <AdminTabs tab="/admin/webhooks" /> : ''}
          <List
            state={state}
            noun="webhooks"
            fields={webhookFields}
            quick={[]}
            empty={
              <Empty
                icon="webhook"
                title="No webhooks yet"
                text="A webhook tells another server what happens here: new tasks, finished jobs, comments, exports."
              >
                <New />
              </Empty>
            }
          >
            <table class="grid-table">
              <thead>
                <tr>
                  <SortHead state={state} fields={['description']} label="Webhook" />
                  <th scope="col">{say('Last answer')}</th>
                  <th scope="col" class="max-sm:hidden">
                    {say('State')}
                  </th>
                  <th scope="col" class="max-md:hidden">
                    {say('Events')}
                  </th>
                  <SortHead state={state} fields={['owner']} label="Owner" class="max-lg:hidden" />
                  <SortHead state={state} fields={['updated_date']} label="Updated" class="max-md:hidden" />
                  <th scope="col">
                    <span class="sr-only">{say('Actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((hook) => (
                  <Row hook={hook} request={request} mayChange={place.mayCreate || hook.owner?.id === who.user.id} />
                ))}
              </tbody>
            </table>
          </List>
        </>
      ),
    }
  }

const places: Record<string, FindPlace> = {
  '/projects/:id/webhooks': ofProject,
  '/organization/webhooks': ofOrganization,
  '/admin/webhooks': ofServer,
}

const ping = receiveForm(async ({ who }, _fields, params) => {
  const webhook = await getWebhook(who, readId(params), 'update')
  await pingWebhook(who, webhook.id)
  return redirectTo(`/webhooks/${webhook.id}?pinged=1#deliveries`)
})

const showOne = showPage(async (visit, params) => {
  const webhook = await getWebhook(visit.who, readId(params))
  return editPage(visit, webhook, {
    notice: visit.query.saved ? t('The webhook is saved.') : undefined,
    after: await showDeliveries(visit, webhook),
  })
})

const routes = new Elysia({ name: 'webhook-pages', detail: { hide: true } })
  .get('/webhooks/:id', showOne)
  .post('/webhooks/:id', receiveEdit)
  .post('/webhooks/:id/ping', ping)
  .post('/webhooks/:id/deliveries/:delivery/redelivery', redeliverPage)
for (const [path, find] of Object.entries(places)) {
  routes.get(path, showPage(showListOf(find)))
  routes.get(
    `${path}/create`,
    showPage(async (visit, params) =>
      createPage(visit, await find(visit, params), { projectId: params.id ? readId(params) : null }),
    ),
  )
  routes.post(
    `${path}/create`,
    receiveForm(async (visit, fields, params) =>
      receiveNew(visit, await find(visit, params), fields, params.id ? readId(params) : null),
    ),
  )
}
export const webhookPages = routes
