// Records changes in the audit log, within the transaction that makes them, and tells the webhooks that ask for them.
import { eq } from 'drizzle-orm'
import type { Tx } from '../db/open'
import { organizations } from '../organizations/schema'
import type { Who } from '../policy/who'
import { users } from '../users/schema'
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
  | 'cloudshapes'
  | 'qualitysettings'
  | 'qualityrequirement'
  | 'consensussettings'
  | 'jobvalidation'
  | 'function'

export type Change = {
  action: 'create' | 'update' | 'delete' | 'call'
  resource: ChangeResource
  id: number | string
  organizationId: number | null
  projectId?: number | null
  taskId?: number | null
  jobId?: number | null
  /** API bodies: `after` of a creation, `before` of a deletion, both of an update; an update without `before` is told as a whole. */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  /** How many objects a change is about, when not one. */
  count?: number
}

/** The person who makes a change; for background work, who asked for it. */
export type Actor = Pick<Who, 'user' | 'requestId' | 'origin'>

/** Fields that move with every change and tell nothing, and fields that no log may hold. */
const silentFields = new Set(['updated_date', 'url'])
const secretFields = new Set(['secret', 'password', 'key', 'session_token', 'account_key', 'key_file', 'api_key'])
const isSecret = (resource: ChangeResource, field: string) =>
  secretFields.has(field) || (resource === 'accesstoken' && field === 'value')

type Body = Record<string, unknown>
type Described = Change & { event: string; changed: string[] }

const withoutSecrets = (resource: ChangeResource, body: Body | undefined): Body | undefined =>
  body && Object.fromEntries(Object.entries(body).filter(([key]) => !isSecret(resource, key)))

/** Names of the fields that differ. */
export const listChangedFields = (before: Body, after: Body): string[] =>
  Object.keys(after).filter((key) => !silentFields.has(key) && key in before && !Bun.deepEquals(before[key], after[key]))

/** `update:task`; finished background work is `completed:request[export:dataset]`. */
const nameEvent = ({ action, resource, after }: Change): string =>
  resource === 'request'
    ? `completed:request[${(after?.operation as { type?: string } | undefined)?.type ?? ''}]`
    : `${action}:${resource}`

const describe = (change: Change): Described => {
  const before = withoutSecrets(change.resource, change.before)
  const after = withoutSecrets(change.resource, change.after)
  return { ...change, before, after, event: nameEvent(change), changed: before && after ? listChangedFields(before, after) : [] }
}

const asText = (value: unknown) =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value)
/** Most characters of one value that the log keeps; guides may have megabytes. */
const maxValueChars = 8192
const shorten = (value: unknown): unknown => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > maxValueChars ? `${text.slice(0, maxValueChars)}…` : value
}
const shortenAll = (body: Body): Body => Object.fromEntries(Object.entries(body).map(([key, value]) => [key, shorten(value)]))

const nameOf = (body: Body) => asText(body.name ?? body.username ?? body.slug ?? body.filename ?? body.status)

/** What the rows of one change say: of an update one row per changed field, else one row with the whole body. */
const sayChange = ({ action, before, after, changed, count }: Described) => {
  if (action === 'update' && before)
    return changed.map((field) => ({
      objName: field,
      objVal: asText(shorten(after?.[field])),
      count: 1,
      payload: { old_value: shorten(before[field] ?? null) } as Body,
    }))
  const body = (action === 'delete' ? before : after) ?? {}
  return [{ objName: nameOf(body), objVal: null, count: count ?? 1, payload: shortenAll(body) }]
}

const rowsPerInsert = 500

const writeEvents = async (t: Tx, actor: Actor, changes: Described[]) => {
  const organizationId = changes[0]?.organizationId ?? null
  const [organization] =
    organizationId === null
      ? []
      : await t.select({ slug: organizations.slug }).from(organizations).where(eq(organizations.id, organizationId))
  const timestamp = new Date()
  const rows = changes.flatMap((change) => {
    const own = (resource: ChangeResource) => (change.resource === resource ? Number(change.id) : null)
    return sayChange(change).map(({ payload, ...said }) => ({
      ...said,
      scope: change.event,
      objId: String(change.id),
      payload: { ...payload, ...(actor.requestId && { request: { id: actor.requestId } }) },
      source: 'server',
      timestamp,
      projectId: change.projectId ?? own('project'),
      taskId: change.taskId ?? own('task'),
      jobId: change.jobId ?? own('job'),
      userId: actor.user.id,
      userName: actor.user.username,
      userEmail: actor.user.email,
      orgId: organizationId,
      orgSlug: organization?.slug ?? null,
    }))
  })
  for (let from = 0; from < rows.length; from += rowsPerInsert)
    await t.insert(events).values(rows.slice(from, from + rowsPerInsert))
}

/**
 * Writes the audit rows of changes of one organization, and of one project if any, in their transaction, and queues the deliveries
 * of the webhooks that ask for them. `quiet`: no webhook is told, as of the tasks that go with their project.
 */
export const recordChanges = async (t: Tx, actor: Actor, changes: Change[], { quiet = false } = {}): Promise<void> => {
  if (!changes.length) return
  const described = changes.map(describe)
  await writeEvents(t, actor, described)
  if (!quiet) await queueDeliveries(t, actor, described)
}

/** Writes the audit rows of a change and queues its deliveries, in its transaction. Call it before a deletion. */
export const recordChange = (t: Tx, who: Actor, change: Change): Promise<void> => recordChanges(t, who, [change])

/** The person who asked for background work, for recordChange; null when they are gone. */
export const readActor = async (
  t: Pick<Tx, 'select'>,
  userId: number | null,
  { requestId, origin }: Omit<Actor, 'user'>,
): Promise<Actor | null> => {
  const [user] = userId === null ? [] : await t.select().from(users).where(eq(users.id, userId))
  return user ? { user, requestId, origin } : null
}
