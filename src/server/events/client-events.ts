// Events that clients report: checked, bounded, and written in the name of whoever sends them.
import { type Static, t } from 'elysia'
import { tx } from '../db/open'
import { invalid } from '../http/errors'
import { isoTime } from '../http/json'
import type { OrgContext, Who } from '../policy/who'
import { events } from './schema'

const maxEvents = 1000
const optionalText = (maxLength: number) => t.Optional(t.Nullable(t.String({ maxLength })))
const optionalId = t.Optional(t.Nullable(t.Integer({ minimum: 0, maximum: 2 ** 31 - 1 })))
const clientEvent = t.Object({
  scope: t.String({ minLength: 1, maxLength: 128 }),
  timestamp: t.String({ maxLength: 64 }),
  obj_name: optionalText(1024),
  obj_id: optionalId,
  obj_val: optionalText(4096),
  source: optionalText(128),
  count: optionalId,
  duration: t.Optional(t.Nullable(t.Integer({ minimum: 0, maximum: 2 ** 43 }))),
  project_id: optionalId,
  task_id: optionalId,
  job_id: optionalId,
  user_id: optionalId,
  user_name: optionalText(256),
  user_email: optionalText(256),
  org_id: optionalId,
  org_slug: optionalText(64),
  payload: optionalText(65_536),
})
type ClientEvent = Static<typeof clientEvent>

/** ClientEventsRequest of the API. `timestamp` is when the client sent them, by its own clock. */
export const clientEventsBody = t.Object({
  timestamp: t.String({ maxLength: 64 }),
  events: t.Optional(t.Array(clientEvent, { maxItems: maxEvents })),
  previous_event: t.Optional(t.Nullable(clientEvent)),
})
export type ClientEvents = Static<typeof clientEventsBody>

/** What only the server may claim: changes of its resources and finished work. */
const ofServer =
  /^((create|update|delete):(organization|membership|invitation|project|task|job|issue|comment|label|user|cloudstorage|annotationguide|asset|accesstoken|webhook|request|annotations)|completed:.*)$/

const readTime = (field: string, text: string): Date => {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw invalid({ [field]: 'Datetime has wrong format.' })
  return time
}

/** JSON objects are kept as such, other text under `text`. */
const readPayload = (text: string | null | undefined): Record<string, unknown> => {
  if (!text) return {}
  try {
    const value = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {}
  return { text }
}

/** By how much the client's clock is slow, in ms. */
const readSkew = (sent: string, now: Date) => now.getTime() - readTime('timestamp', sent).getTime()

/**
 * Writes a client's events, dated by the server's clock, and answers them as they are kept. Who sent them is never taken from
 * what was sent. Errors: 400 for times that are none and for scopes that only the server may claim.
 */
export const recordClientEvents = async (who: Who, context: OrgContext, { timestamp, events: list = [] }: ClientEvents) => {
  const now = new Date()
  const skew = readSkew(timestamp, now)
  const forged = list.find(({ scope }) => ofServer.test(scope))
  if (forged) throw invalid({ scope: `Event scope "${forged.scope}" is not allowed from a client.` })
  const org = context.kind === 'organization' ? context : null
  const rows = list.map((event: ClientEvent) => ({
    scope: event.scope,
    objName: event.obj_name ?? null,
    objId: event.obj_id === null || event.obj_id === undefined ? null : String(event.obj_id),
    objVal: event.obj_val ?? null,
    source: 'client',
    timestamp: new Date(Math.min(now.getTime(), readTime('timestamp', event.timestamp).getTime() + skew)),
    count: event.count ?? null,
    duration: event.duration ?? 0,
    projectId: event.project_id ?? null,
    taskId: event.task_id ?? null,
    jobId: event.job_id ?? null,
    userId: who.user.id,
    userName: who.user.username,
    userEmail: who.user.email,
    orgId: org?.id ?? null,
    orgSlug: org?.slug ?? null,
    payload: { ...readPayload(event.payload), ...(who.requestId && { request: { id: who.requestId } }) },
  }))
  if (rows.length) await tx(async (t) => void (await t.insert(events).values(rows)))
  return {
    timestamp,
    events: rows.map((row) => ({
      scope: row.scope,
      timestamp: isoTime(row.timestamp),
      obj_name: row.objName,
      obj_id: row.objId === null ? null : Number(row.objId),
      obj_val: row.objVal,
      source: row.source,
      count: row.count,
      duration: row.duration,
      project_id: row.projectId,
      task_id: row.taskId,
      job_id: row.jobId,
      user_id: row.userId,
      user_name: row.userName,
      user_email: row.userEmail,
      org_id: row.orgId,
      org_slug: row.orgSlug,
      payload: JSON.stringify(row.payload),
    })),
  }
}
