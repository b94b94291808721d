// Webhooks: who sees and changes which, their deliveries, ping and redelivery.
import { and, count, desc, eq, gt, max, ne, type SQL } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { type Db, db, type Tx, tx } from '../db/open'
import { recordChange, showSender, targetOf } from '../events/service'
import { found, invalid } from '../http/errors'
import { isoTime } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { authorize, type FactColumns, type Facts, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { users } from '../users/schema'
import { loadPeople, showPerson } from '../users/service'
import { type Delivery, tryDelivery } from './deliver'
import { eventNames } from './event-names'
import { type WebhookType, webhookDeliveries, webhooks } from './schema'

export { countDeliveries, forgetOldDeliveries, runDelivery, sweepDeliveries } from './deliver'

export type Webhook = typeof webhooks.$inferSelect
type Project = typeof projects.$inferSelect
export type WebhookRow = { webhook: Webhook; project: Project | null }

export const listOptions: ListOptions = {
  fields: {
    id: { column: webhooks.id as any, kind: 'number' },
    target_url: { column: webhooks.targetUrl as any, kind: 'text' },
    owner: { column: users.username as any, kind: 'text' },
    type: { column: webhooks.type as any, kind: 'text' },
    description: { column: webhooks.description as any, kind: 'text' },
    project_id: { column: webhooks.projectId as any, kind: 'number' },
    updated_date: { column: webhooks.updatedDate as any, kind: 'time' },
  },
  search: ['target_url', 'owner', 'type', 'description'],
  simple: ['target_url', 'owner', 'type', 'project_id'],
}

/** A webhook of the server belongs to the administrators, whoever has made it. */
const webhookFacts = ({ webhook, project }: WebhookRow): Facts => ({
  organizationId: webhook.organizationId,
  ownerId: webhook.type === 'server' ? null : webhook.ownerId,
  parents: project ? [project] : [],
})
const factColumns: FactColumns = {
  organizationId: webhooks.organizationId as any,
  ownerId: webhooks.ownerId as any,
  parents: [{ ownerId: projects.ownerId as any, assigneeId: projects.assigneeId as any }],
}

const joined = <T extends { leftJoin: any }>(query: T): T =>
  query.leftJoin(projects, eq(projects.id, webhooks.projectId)).leftJoin(users, eq(users.id, webhooks.ownerId))
const selected = { webhook: webhooks, project: projects }

/** Tried at least once; before that a delivery is nobody's business. */
const wasTried = gt(webhookDeliveries.attempt, 0)

const findLastDeliveries = async (ids: number[], from: Db): Promise<Map<number, Delivery>> => {
  const newest = ids.length
    ? await from
        .select({ id: max(webhookDeliveries.id) })
        .from(webhookDeliveries)
        .where(and(isAmong(webhookDeliveries.webhookId as any, ids), wasTried))
        .groupBy(webhookDeliveries.webhookId)
    : []
  const rows = newest.length
    ? await from
        .select()
        .from(webhookDeliveries)
        .where(
          isAmong(
            webhookDeliveries.id as any,
            newest.map((row) => row.id!),
          ),
        )
    : []
  return new Map(rows.map((row) => [row.webhookId, row]))
}

/** Webhooks as the API shows them: never with their secret. */
export const showWebhooks = async (origin: string, rows: Webhook[], from: Db = db) => {
  const people = await loadPeople(
    rows.map((row) => row.ownerId),
    from,
  )
  const last = await findLastDeliveries(
    rows.map((row) => row.id),
    from,
  )
  return rows.map((row) => {
    const delivery = last.get(row.id)
    return {
      id: row.id,
      url: `${origin}/api/webhooks/${row.id}`,
      target_url: row.targetUrl,
      description: row.description,
      type: row.type,
      content_type: row.contentType,
      is_active: row.isActive,
      enable_ssl: row.enableSsl,
      created_date: isoTime(row.createdDate),
      updated_date: isoTime(row.updatedDate),
      owner: row.ownerId !== null && people.has(row.ownerId) ? showPerson(origin, people.get(row.ownerId)!) : null,
      project_id: row.projectId,
      organization: row.organizationId,
      events: row.events,
      ...(delivery && { last_status: delivery.statusCode, last_delivery_date: isoTime(delivery.updatedDate) }),
    }
  })
}

export const showDelivery = (row: Delivery) => ({
  id: row.id,
  webhook_id: row.webhookId,
  event: row.event,
  status_code: row.statusCode,
  redelivery: row.redelivery,
  attempt: row.attempt,
  request_duration: row.requestDuration,
  created_date: isoTime(row.createdDate),
  updated_date: isoTime(row.updatedDate),
  changed_fields: row.changedFields,
  request: row.request,
  response: row.response,
})

export const listWebhooks = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const visible = and(scope(who, 'webhook', 'view', factColumns, context), who.admin ? undefined : ne(webhooks.type, 'server'))
  const where = and(visible, ...conditions)
  const rows: WebhookRow[] = await joined(db.select(selected).from(webhooks) as any)
    .where(where)
    .orderBy(...order, desc(webhooks.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await joined(db.select({ n: count() }).from(webhooks) as any).where(where)
  return { rows: rows.map((row) => row.webhook), count: total!.n as number }
}

/** The webhook, when the person may do `action` with it: else 404 or 403. */
export const getWebhook = async (who: Who, id: number, action = 'view'): Promise<Webhook> => {
  const [row] = (await joined(db.select(selected).from(webhooks) as any).where(eq(webhooks.id, id))) as WebhookRow[]
  authorize(who, 'webhook', action, webhookFacts(found(row)))
  return row!.webhook
}

export type WebhookInput = {
  target_url?: string
  description?: string
  content_type?: 'application/json'
  secret?: string
  is_active?: boolean
  enable_ssl?: boolean
  events?: string[]
}
export type NewWebhook = WebhookInput & {
  target_url: string
  events: string[]
  type: WebhookType
  project_id?: number | null
}

const checkInput = (type: WebhookType, { target_url, events }: WebhookInput) => {
  if (target_url !== undefined && !(URL.canParse(target_url) && /^https?:\/\//i.test(target_url)))
    throw invalid({ target_url: 'Enter a valid URL.' })
  const unknown = events?.find((name) => !eventNames[type].includes(name))
  if (unknown !== undefined) throw invalid({ events: `"${unknown}" is not a valid choice.` })
  if (events && !events.length) throw invalid({ events: 'This list may not be empty.' })
}

const columnsOf = (input: WebhookInput) => ({
  ...(input.target_url !== undefined && { targetUrl: input.target_url }),
  ...(input.description !== undefined && { description: input.description }),
  ...(input.content_type !== undefined && { contentType: input.content_type }),
  ...(input.secret !== undefined && { secret: input.secret }),
  ...(input.is_active !== undefined && { isActive: input.is_active }),
  ...(input.enable_ssl !== undefined && { enableSsl: input.enable_ssl }),
  ...(input.events !== undefined && { events: [...new Set(input.events)].sort() }),
})

/** Where a new webhook belongs. Of a project's the organization is that of the project, whatever the context says. */
const placeOf = async (context: () => Promise<OrgContext>, input: NewWebhook) => {
  if (input.type === 'project') {
    if (!input.project_id) throw invalid({ project_id: 'A webhook of a project needs one.' })
    const [project] = await db.select().from(projects).where(eq(projects.id, input.project_id))
    if (!project) throw invalid({ project_id: `Invalid pk "${input.project_id}" - object does not exist.` })
    return { project, projectId: project.id, organizationId: project.organizationId }
  }
  const organization = await context()
  if (input.project_id) throw invalid({ project_id: `A webhook of type "${input.type}" has no project.` })
  if (input.type === 'server') return { project: null, projectId: null, organizationId: null }
  if (organization.kind !== 'organization') throw invalid({ organization: 'A webhook of an organization needs one.' })
  return { project: null, projectId: null, organizationId: organization.id }
}

const changeOf = (webhook: Webhook) => ({
  resource: 'webhook' as const,
  id: webhook.id,
  organizationId: webhook.organizationId,
  projectId: webhook.projectId,
})
const show = async (who: Who, webhook: Webhook, t: Tx) => (await showWebhooks(who.origin ?? '', [webhook], t))[0]!

/** Errors: 400 naming the field; 403 for people without a right to the project or organization. */
export const createWebhook = async (who: Who, context: () => Promise<OrgContext>, input: NewWebhook): Promise<Webhook> => {
  const { project, ...place } = await placeOf(context, input)
  const facts = { organizationId: place.organizationId, parents: project ? [project] : [] }
  authorize(who, 'webhook', `create:${input.type}`, facts)
  checkInput(input.type, input)
  const now = new Date()
  return tx(async (t) => {
    const values = { ...place, type: input.type, targetUrl: input.target_url, events: [], ...columnsOf(input) }
    const [webhook] = await t
      .insert(webhooks)
      .values({ ...values, ownerId: who.user.id, createdDate: now, updatedDate: now })
      .returning()
    await recordChange(t, who, { action: 'create', ...changeOf(webhook!), after: await show(who, webhook!, t) })
    return webhook!
  })
}

export const updateWebhook = async (who: Who, id: number, input: WebhookInput): Promise<Webhook> => {
  const webhook = await getWebhook(who, id, 'update')
  checkInput(webhook.type, input)
  return tx(async (t) => {
    const [updated] = await t
      .update(webhooks)
      .set({ ...columnsOf(input), updatedDate: new Date() })
      .where(eq(webhooks.id, id))
      .returning()
    const [before, after] = [await show(who, webhook, t), await show(who, found(updated), t)]
    await recordChange(t, who, { action: 'update', ...changeOf(webhook), before, after })
    return updated!
  })
}

export const removeWebhook = async (who: Who, id: number): Promise<void> => {
  const webhook = await getWebhook(who, id, 'delete')
  await tx(async (t) => {
    await recordChange(t, who, { action: 'delete', ...changeOf(webhook), before: await show(who, webhook, t) })
    await t.delete(webhookDeliveries).where(eq(webhookDeliveries.webhookId, id))
    await t.delete(webhooks).where(eq(webhooks.id, id))
  })
}

/** Newest first. */
export const listDeliveries = async (who: Who, id: number, paging: Paging) => {
  await getWebhook(who, id)
  const where = and(eq(webhookDeliveries.webhookId, id), wasTried)
  const rows = await db
    .select()
    .from(webhookDeliveries)
    .where(where)
    .orderBy(desc(webhookDeliveries.id))
    .limit(paging.size)
    .offset(paging.offset)
  return { rows, count: (await db.select({ n: count() }).from(webhookDeliveries).where(where))[0]!.n }
}

/** A delivery of this very webhook: that of another one is not found, whoever asks (CVE-2024-45393). */
export const getDelivery = async (who: Who, id: number, deliveryId: number, action = 'view'): Promise<Delivery> => {
  await getWebhook(who, id, action)
  const own = and(eq(webhookDeliveries.webhookId, id), eq(webhookDeliveries.id, deliveryId), wasTried)
  return found((await db.select().from(webhookDeliveries).where(own))[0])
}

/** Sends at once and only once, for somebody who waits for the answer. */
const sendNow = async (webhook: Webhook, values: { event: string; request: Record<string, unknown>; redelivery: boolean }) => {
  const now = new Date()
  const [row] = await tx((t) =>
    t
      .insert(webhookDeliveries)
      .values({
        ...values,
        webhookId: webhook.id,
        state: 'pending',
        target: targetOf(webhook),
        createdDate: now,
        updatedDate: now,
      })
      .returning(),
  )
  return found(await tryDelivery(row!.id, { once: true }))
}

/** Sends a sign of life with the webhook itself. */
export const pingWebhook = async (who: Who, id: number): Promise<Delivery> => {
  const webhook = await getWebhook(who, id, 'update')
  const [shown] = await showWebhooks(who.origin ?? '', [webhook])
  const request = { event: 'ping', webhook: shown, sender: showSender(who), webhook_id: id }
  return sendNow(webhook, { event: 'ping', request, redelivery: false })
}

/** Sends the body of an earlier delivery again, to where the webhook points now. */
export const redeliver = async (who: Who, id: number, deliveryId: number): Promise<Delivery> => {
  const { event, request } = await getDelivery(who, id, deliveryId, 'update')
  return sendNow(await getWebhook(who, id, 'update'), { event, request, redelivery: true })
}
