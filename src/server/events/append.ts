// Writes events into the store and adds them to the sums, all in one transaction: an event is either in both or in neither.
import { getTableColumns, sql } from 'drizzle-orm'
import type { Tx } from '../db/open'
import { insertEventRows } from '../db/open-events'
import { type ActivityTable, activityDays, activityHours, eventLog, jobMoves, metrics } from './store-schema'
import { type LogRow, readMove, readSums } from './sums'

export type NewLogRow = typeof eventLog.$inferInsert

const hourMs = 3_600_000
const spans: { table: ActivityTable; lengthMs: number }[] = [
  { table: activityHours, lengthMs: hourMs },
  { table: activityDays, lengthMs: 24 * hourMs },
]
const rowsPerInsert = 500

type ActivityRow = ActivityTable['$inferInsert']

const sumUp = (rows: LogRow[], lengthMs: number): ActivityRow[] => {
  const found = new Map<string, ActivityRow>()
  for (const row of rows) {
    if (!row.isCounted) continue
    const { orgId, projectId, taskId, jobId, userId } = row
    const start = Math.floor(row.timestamp.getTime() / lengthMs) * lengthMs
    const key = [start, orgId, projectId, taskId, jobId, userId].map((part) => part ?? '').join('.')
    const total = found.get(key) ?? { key, start, orgId, projectId, taskId, jobId, userId }
    found.set(key, total)
    for (const [metric, value] of Object.entries(readSums(row)) as [(typeof metrics)[number], number][])
      total[metric] = (total[metric] ?? 0) + value
  }
  return [...found.values()]
}

const addTo = (table: ActivityTable) => {
  const columns = getTableColumns(table)
  return Object.fromEntries(
    metrics.map((metric) => [metric, sql`${columns[metric]} + excluded.${sql.identifier(columns[metric].name)}`]),
  )
}

const writeInParts = async <Row>(rows: Row[], write: (part: Row[]) => Promise<unknown>) => {
  for (let from = 0; from < rows.length; from += rowsPerInsert) await write(rows.slice(from, from + rowsPerInsert))
}

/** Adds rows of the log, which must not be in the sums yet. */
export const addSums = async (t: Tx, rows: LogRow[]): Promise<void> => {
  // Sorted, so that two transactions take the locks of their rows in the same order.
  for (const { table, lengthMs } of spans)
    await writeInParts(
      sumUp(rows, lengthMs).sort((a, b) => (a.key < b.key ? -1 : 1)),
      (part) =>
        t
          .insert(table)
          .values(part)
          .onConflictDoUpdate({ target: table.key, set: addTo(table) }),
    )
  const moves = rows.flatMap((row) => readMove(row) ?? [])
  await writeInParts(moves, (part) => t.insert(jobMoves).values(part).onConflictDoNothing())
}

/** Every column, for rows that are written together must have the same ones. */
const complete = (row: NewLogRow): Omit<LogRow, 'id'> => ({
  outboxId: row.outboxId ?? null,
  scope: row.scope,
  objName: row.objName ?? null,
  objId: row.objId ?? null,
  objVal: row.objVal ?? null,
  source: row.source,
  timestamp: row.timestamp,
  keptDate: row.keptDate,
  count: row.count ?? null,
  duration: row.duration ?? null,
  orgId: row.orgId ?? null,
  projectId: row.projectId ?? null,
  taskId: row.taskId ?? null,
  jobId: row.jobId ?? null,
  userId: row.userId ?? null,
  userName: row.userName ?? null,
  userEmail: row.userEmail ?? null,
  orgSlug: row.orgSlug ?? null,
  payload: row.payload ?? null,
  isCounted: row.isCounted ?? true,
})

/** Appends events and counts them. */
export const appendEvents = async (t: Tx, rows: NewLogRow[]): Promise<void> => {
  const whole = rows.map(complete)
  const ids = await insertEventRows(t, eventLog as any, whole)
  await addSums(
    t,
    whole.map((row, i) => ({ ...row, id: ids[i]! })),
  )
}
