// Webhooks and what was, or is still to be, sent to them.
import { bool, id, index, int, json, table, text, time } from '../db/dialect'
import { organizations } from '../organizations/schema'
import { projects } from '../projects/schema'
import { users } from '../users/schema'

export const webhookTypes = ['organization', 'project', 'server'] as const
export type WebhookType = (typeof webhookTypes)[number]

export const webhooks = table(
  'webhooks',
  {
    id: id(),
    type: text('type').$type<WebhookType>().notNull(),
    targetUrl: text('target_url').notNull(),
    description: text('description').notNull().default(''),
    /** Key of the signature; '' = unsigned. Never shown. */
    secret: text('secret').notNull().default(''),
    contentType: text('content_type').notNull().default('application/json'),
    isActive: bool('is_active').notNull().default(true),
    /** Whether the receiver's certificate must be good. */
    enableSsl: bool('enable_ssl').notNull().default(true),
    events: json('events').$type<string[]>().notNull(),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    /** Of a project's webhook, the organization of the project. */
    organizationId: int('organization_id').references(() => organizations.id, { onDelete: 'cascade' }),
    projectId: int('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [
    index('webhooks_owner').on(t.ownerId),
    index('webhooks_org').on(t.organizationId),
    index('webhooks_project').on(t.projectId),
    index('webhooks_type').on(t.type),
  ],
)

/** Where a delivery goes, as it stood when the event happened: the webhook may go together with its project. */
export type DeliveryTarget = { url: string; secret: string; contentType: string; checkCertificate: boolean }
export type DeliveryState = 'pending' | 'sent' | 'failed'

export const webhookDeliveries = table(
  'webhook_deliveries',
  {
    id: id(),
    /** No reference: the last delivery of a webhook tells that it went. */
    webhookId: int('webhook_id').notNull(),
    event: text('event').notNull(),
    state: text('state').$type<DeliveryState>().notNull(),
    /** Null until an answer came. */
    statusCode: int('status_code'),
    redelivery: bool('redelivery').notNull().default(false),
    /** Tries so far; a delivery is shown from the first one on. */
    attempt: int('attempt').notNull().default(0),
    /** ms */
    requestDuration: int('request_duration'),
    changedFields: text('changed_fields').notNull().default(''),
    request: json('request').$type<Record<string, unknown>>().notNull(),
    response: text('response').notNull().default(''),
    target: json('target').$type<DeliveryTarget>(),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [index('webhook_deliveries_webhook').on(t.webhookId), index('webhook_deliveries_state').on(t.state)],
)
