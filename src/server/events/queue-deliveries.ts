// The outbox of webhooks: deliveries are written in the transaction of the change that they tell about, and sent after its commit.
import { and, eq, or } from 'drizzle-orm'
import { type Tx, tx } from '../db/open'
import type { Who } from '../policy/who'
import * as queue from '../queue/queue'
import { webhookDeliveries, webhooks } from '../webhooks/schema'
import type { Change, ChangeResource } from './record-change'

type Webhook = typeof webhooks.$inferSelect
type NewDelivery = typeof webhookDeliveries.$inferInsert

/** Resources whose changes webhooks may ask for. */
const announced = new Set<ChangeResource>([
  'organization',
  'membership',
  'invitation',
  'project',
  'task',
  'job',
  'issue',
  'comment',
  'user',
  'request',
])

/** Name of the event as webhooks know it: `update:task`, of finished background work `completed:request[export:dataset]`. */
const nameEvent = ({ action, resource, after }: Change): string | undefined => {
  if (resource !== 'request') return `${action}:${resource}`
  const operation = after?.operation as { type?: string } | undefined
  return operation?.type && `completed:request[${operation.type}]`
}

/** Active webhooks of the change's project and organization, and of the server. */
const findListeners = (t: Tx, change: Change): Promise<Webhook[]> => {
  const projectId = change.projectId ?? (change.resource === 'project' ? Number(change.id) : null)
  const places = [
    eq(webhooks.type, 'server'),
    ...(projectId === null ? [] : [and(eq(webhooks.type, 'project'), eq(webhooks.projectId, projectId))]),
    ...(change.organizationId === null
      ? []
      : [and(eq(webhooks.type, 'organization'), eq(webhooks.organizationId, change.organizationId))]),
  ]
  return t
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.isActive, true), or(...places)))
}

/** Who caused an event, as its receivers see them. */
export const showSender = ({ user, origin = '' }: Who) => ({
  url: `${origin}/api/users/${user.id}`,
  id: user.id,
  username: user.username,
  first_name: user.firstName,
  last_name: user.lastName,
})

export const targetOf = (webhook: Webhook) => ({
  url: webhook.targetUrl,
  secret: webhook.secret,
  contentType: webhook.contentType,
  checkCertificate: webhook.enableSsl,
})

/** Some fields of a new task are counted only once it has data. */
const showObject = (change: Change) => {
  const body = change.action === 'delete' ? change.before : change.after
  const jobs = body?.jobs as Record<string, unknown> | undefined
  return change.action === 'create' && change.resource === 'task' && jobs
    ? { ...body, jobs: { ...jobs, completed: null, validation: null } }
    : (body ?? {})
}

/**
 * Queues the deliveries of a change. `changed` are the names of the fields that an update has changed.
 * They are handed to the queue after the commit; if the server ends before that, `sweepDeliveries` does it.
 */
export const queueDeliveries = async (t: Tx, who: Who, change: Change, changed: string[]): Promise<void> => {
  const event = announced.has(change.resource) ? nameEvent(change) : undefined
  if (!event || (change.action === 'update' && change.resource !== 'request' && !changed.length)) return
  const listeners = (await findListeners(t, change)).filter((webhook) => webhook.events.includes(event))
  if (!listeners.length) return
  const now = new Date()
  const before = Object.fromEntries(changed.map((field) => [field, change.before?.[field] ?? null]))
  const rows: NewDelivery[] = listeners.map((webhook) => ({
    webhookId: webhook.id,
    event,
    state: 'pending',
    changedFields: changed.join(','),
    request: {
      event,
      [change.resource]: showObject(change),
      ...(change.before && change.action === 'update' && { before_update: before }),
      sender: showSender(who),
      webhook_id: webhook.id,
    },
    target: targetOf(webhook),
    createdDate: now,
    updatedDate: now,
  }))
  const written = await t.insert(webhookDeliveries).values(rows).returning()
  handOver(written).catch((error) => console.error(`webhooks: ${error instanceof Error ? error.message : error}`))
}

type Written = typeof webhookDeliveries.$inferSelect

export const addDelivery = ({ id, attempt }: { id: number; attempt: number }) =>
  queue.add('deliver-webhook', { deliveryId: id }, { id: `delivery-${id}-${attempt}` })

class RolledBack extends Error {}

/**
 * Waits for the transaction that wrote these rows, then adds their chores. A second row with the same key has to wait until it is
 * known whether the first one stays: if it can be written, the first was rolled back, and so is this one.
 */
const handOver = async (rows: Written[]) => {
  try {
    await tx(async (t) => {
      const key = { id: webhookDeliveries.id }
      if ((await t.insert(webhookDeliveries).values(rows[0]!).onConflictDoNothing().returning(key)).length) throw new RolledBack()
    })
  } catch (error) {
    if (error instanceof RolledBack) return
    throw error
  }
  for (const row of rows) await addDelivery(row)
}
