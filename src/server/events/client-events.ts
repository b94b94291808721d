// Events that clients report: checked, bounded, and written in the name of whoever sends them.
import { type Static, t } from 'elysia'
import { eventTx } from '../db/open-events'
import { invalid } from '../http/errors'
import { isoTime } from '../http/json'
import type { OrgContext, Who } from '../policy/who'
import { appendEvents, type NewLogRow } from './append'
import { loadPlaces, type Place, placeOf } from './claimed-place'
import { workingTimeScope } from './sums'
import { computeWorkingTime } from './working-time'

const maxEvents = 1000
/** Characters of all payloads of a batch. */
const maxPayloads = 2 ** 21
/** Events of clients that were cut off arrive late; older ones are none of today's work. */
const maxAgeMs = 7 * 24 * 3_600_000
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
  /^((create|update|delete):(organization|membership|invitation|project|task|job|issue|comment|label|user|cloudstorage|annotationguide|asset|accesstoken|webhook|request|annotations)|completed:.*|send:working_time)$/

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

const text = (id: number | null | undefined) => (id === null || id === undefined ? null : String(id))

/**
 * Writes a client's events, dated by the server's clock, and the working time that follows from them; answers the events as they are
 * kept. Who sent them is never taken from what was sent, and neither is where: it follows from the job. What is said about jobs that
 * the sender may not see is kept, but not counted.
 * Errors: 400 for times that are none, for too much, and for scopes that only the server may claim.
 */
export const recordClientEvents = async (who: Who, context: OrgContext, batch: ClientEvents) => {
  const { timestamp, events: list = [], previous_event: previous = null } = batch
  const now = new Date()
  const skew = readSkew(timestamp, now)
  const forged = list.find(({ scope }) => ofServer.test(scope))
  if (forged) throw invalid({ scope: `Event scope "${forged.scope}" is not allowed from a client.` })
  if (list.reduce((sum, { payload }) => sum + (payload?.length ?? 0), 0) > maxPayloads)
    throw invalid({ payload: `All payloads together must have at most ${maxPayloads} characters.` })
  const timeOf = (event: ClientEvent) => {
    const ms = readTime('timestamp', event.timestamp).getTime() + skew
    return Math.min(now.getTime(), Math.max(ms, now.getTime() - maxAgeMs))
  }
  const known = await loadPlaces(who, [...list, ...(previous ? [previous] : [])])
  const org = context.kind === 'organization' ? context : null
  const request = who.requestId ? { request: { id: who.requestId } } : {}
  const actor = { userId: who.user.id, userName: who.user.username, userEmail: who.user.email, keptDate: now }
  const asTimed = (event: ClientEvent) => {
    const timeMs = timeOf(event)
    const durationMs = Math.min(event.duration ?? 0, now.getTime() - timeMs)
    return { scope: event.scope, timeMs, durationMs, place: placeOf(event, known, org) }
  }
  const rows = list.map((event) => ({
    ...actor,
    ...placeOf(event, known, org),
    scope: event.scope,
    objName: event.obj_name ?? null,
    objId: text(event.obj_id),
    objVal: event.obj_val ?? null,
    source: 'client',
    timestamp: new Date(timeOf(event)),
    count: event.count ?? null,
    duration: event.duration ?? 0,
    payload: { ...readPayload(event.payload), ...request },
  }))
  const inOrder = list.map(asTimed).sort((a, b) => a.timeMs - b.timeMs)
  const worked = computeWorkingTime<Place>(inOrder, previous && asTimed(previous), (place) => JSON.stringify(place))
  const workRows: NewLogRow[] = worked
    .filter(({ place }) => place.isCounted)
    .map(({ place, timeMs, workingMs }) => ({
      ...actor,
      ...place,
      scope: workingTimeScope,
      source: 'server',
      timestamp: new Date(timeMs),
      count: 1,
      duration: workingMs,
      payload: { working_time: workingMs, ...request },
    }))
  if (rows.length) await eventTx((t) => appendEvents(t, [...rows, ...workRows]))
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
