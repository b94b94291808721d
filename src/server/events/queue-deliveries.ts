// The outbox of webhooks: deliveries are written in the transaction of the change that they tell about, and sent after its commit.
import { and, eq, or } from 'drizzle-orm'
import { type Tx, tx } from '../db/open'
import * as queue from '../queue/queue'
import { webhookDeliveries, webhooks } from '../webhooks/schema'
import type { Actor, Change, ChangeResource } from './record-change'

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
export const showSender = ({ user, origin = '' }: Actor) => ({
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

type Announcement = Change & { event: string; changed: string[] }

const writeRequest = (actor: Actor, change: Announcement, webhook: Webhook) => ({
  event: change.event,
  [change.resource]: showObject(change),
  ...(change.action === 'update' &&
    change.before && {
      before_update: Object.fromEntries(change.changed.map((field) => [field, change.before?.[field] ?? null])),
    }),
  sender: showSender(actor),
  webhook_id: webhook.id,
})

const isWorthTelling = ({ action, resource, before, changed }: Announcement) =>
  announced.has(resource) && (action !== 'update' || !before || changed.length > 0)

/**
 * Queues the deliveries of changes of one place. `changed` are the names of the fields that an update has changed.
 * They are handed to the queue after the commit; if the server ends before that, `sweepDeliveries` does it.
 */
export const queueDeliveries = async (t: Tx, actor: Actor, changes: Announcement[]): Promise<void> => {
  const told = changes.filter(isWorthTelling)
  const listeners = told[0] ? await findListeners(t, told[0]) : []
  const now = new Date()
  const rows: NewDelivery[] = told.flatMap((change) =>
    listeners
      .filter((webhook) => webhook.events.includes(change.event))
      .map((webhook) => ({
        webhookId: webhook.id,
        event: change.event,
        state: 'pending',
        changedFields: change.changed.join(','),
        request: writeRequest(actor, change, webhook),
        target: targetOf(webhook),
        createdDate: now,
        updatedDate: now,
      })),
  )
  if (!rows.length) return
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
