// The audit log as a list: what the page and the console ask for.
import { and, count, desc, type SQL } from 'drizzle-orm'
import { eventDb as db } from '../db/open-events'
import { eventLog as events, settleEvents } from '../events/service'
import { isoTime } from '../http/json'
import type { ListOptions } from '../http/page'

export const listOptions: ListOptions = {
  fields: {
    timestamp: { column: events.timestamp as any, kind: 'time' },
    scope: { column: events.scope as any, kind: 'text' },
    user_name: { column: events.userName as any, kind: 'text' },
    obj_name: { column: events.objName as any, kind: 'text' },
    project_id: { column: events.projectId as any, kind: 'number' },
    task_id: { column: events.taskId as any, kind: 'number' },
    job_id: { column: events.jobId as any, kind: 'number' },
  },
  search: ['scope', 'user_name', 'obj_name'],
  simple: [],
}

export type EventRow = typeof events.$inferSelect

/** Newest first, unless `order` says otherwise; what happened just now is there, too. */
export const listEvents = async (conditions: SQL[], order: SQL[], { size, offset }: { size: number; offset: number }) => {
  await settleEvents()
  const where = and(...conditions)
  const rows = await db
    .select()
    .from(events)
    .where(where)
    .orderBy(...order, desc(events.id))
    .limit(size)
    .offset(offset)
  return { rows, total: (await db.select({ n: count() }).from(events).where(where))[0]!.n }
}

export const showEvent = (row: EventRow) => ({
  id: row.id,
  scope: row.scope,
  obj_name: row.objName,
  obj_id: row.objId,
  obj_val: row.objVal,
  source: row.source,
  timestamp: isoTime(row.timestamp),
  project_id: row.projectId,
  task_id: row.taskId,
  job_id: row.jobId,
  user_name: row.userName,
  org_slug: row.orgSlug,
  payload: row.payload,
})
export type ShownEvent = ReturnType<typeof showEvent>
