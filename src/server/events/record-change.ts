// Records a change in the audit log, within the transaction that makes it.
import { eq } from 'drizzle-orm'
import type { Tx } from '../db/open'
import { organizations } from '../organizations/schema'
import type { Who } from '../policy/who'
import { queueDeliveries } from './queue-deliveries'
import { events } from './schema'

export type ChangeResource =
  | 'organization'
  | 'membership'
  | 'invitation'
  | 'project'
  | 'task'
  | 'job'
  | 'issue'
  | 'comment'
  | 'label'
  | 'user'
  | 'cloudstorage'
  | 'annotationguide'
  | 'asset'
  | 'accesstoken'
  | 'webhook'
  | 'request'
  | 'annotations'

export type Change = {
  action: 'create' | 'update' | 'delete'
  resource: ChangeResource
  id: number | string
  organizationId: number | null
  projectId?: number | null
  taskId?: number | null
  jobId?: number | null
  /** API bodies. An update needs both; of a creation `after` and of a deletion `before` is enough. */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
}

/** Fields that move with every change and tell nothing, and fields that no log may hold. */
const silentFields = new Set(['updated_date', 'url'])
const secretFields = new Set(['secret', 'password', 'value', 'key', 'session_token', 'account_key', 'key_file'])

type Body = Record<string, unknown>

/** The body without what no log may hold. */
const withoutSecrets = (resource: ChangeResource, body: Body): Body =>
  Object.fromEntries(
    Object.entries(body).filter(([key]) => !secretFields.has(key) || (key === 'value' && resource !== 'accesstoken')),
  )

/** Names of the fields that differ. */
export const listChangedFields = (before: Body, after: Body): string[] =>
  Object.keys(after).filter((key) => !silentFields.has(key) && key in before && !Bun.deepEquals(before[key], after[key]))

const asText = (value: unknown) =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value)
const nameOf = (body: Body | undefined) => asText(body?.name ?? body?.username ?? body?.slug ?? body?.filename ?? null)

/** Rows of the log for one change: one for a creation or deletion, one per changed field for an update. */
const describeChange = (change: Change, changed: string[], payload: Body) => {
  const { action, resource, id } = change
  const shared = { scope: `${action}:${resource}`, objId: String(id) }
  if (action !== 'update') {
    const body = (action === 'create' ? change.after : change.before) ?? {}
    return [{ ...shared, objName: nameOf(body), objVal: null, payload: { ...body, ...payload } }]
  }
  return changed.map((field) => ({
    ...shared,
    objName: field,
    objVal: asText(change.after?.[field]),
    payload: { old_value: change.before?.[field] ?? null, ...payload },
  }))
}

const writeEvents = async (t: Tx, who: Who, change: Change, rows: ReturnType<typeof describeChange>) => {
  if (!rows.length) return
  const [organization] = change.organizationId
    ? await t.select({ slug: organizations.slug }).from(organizations).where(eq(organizations.id, change.organizationId))
    : []
  const timestamp = new Date()
  const own = (resource: ChangeResource) => (change.resource === resource ? Number(change.id) : null)
  await t.insert(events).values(
    rows.map((row) => ({
      ...row,
      source: 'server',
      timestamp,
      projectId: change.projectId ?? own('project'),
      taskId: change.taskId ?? own('task'),
      jobId: change.jobId ?? own('job'),
      userId: who.user.id,
      userName: who.user.username,
      userEmail: who.user.email,
      orgId: change.organizationId,
      orgSlug: organization?.slug ?? null,
    })),
  )
}

/**
 * Writes the audit rows of a change and queues the deliveries of webhooks that ask for it, in its transaction. Of updates only the fields that differ are recorded.
 * Call it before a deletion, so that the organization can still be named.
 */
export const recordChange = async (t: Tx, who: Who, input: Change): Promise<void> => {
  const change = {
    ...input,
    before: input.before && withoutSecrets(input.resource, input.before),
    after: input.after && withoutSecrets(input.resource, input.after),
  }
  const changed = change.before && change.after ? listChangedFields(change.before, change.after) : []
  const payload = who.requestId ? { request: { id: who.requestId } } : {}
  await writeEvents(t, who, change, describeChange(change, changed, payload))
  await queueDeliveries(t, who, change, changed)
}
