// What one event adds to the sums that dashboards read: working time, frames, saves, objects, states, issues.
import type { eventLog, Metric } from './store-schema'

export type LogRow = typeof eventLog.$inferSelect
export type Sums = Partial<Record<Metric, number>>

type Payload = Record<string, unknown>
const countKinds = (kinds: unknown): number =>
  typeof kinds === 'object' && kinds !== null
    ? ['tags', 'shapes', 'tracks'].reduce((sum, kind) => sum + (Number((kinds as Payload)[kind]) || 0), 0)
    : 0

/** A save of the editor tells all three; any other save changes as many objects as it counts. */
const readSave = ({ count, payload }: LogRow): Sums =>
  payload && ('create' in payload || 'delete' in payload)
    ? {
        saves: 1,
        created: countKinds(payload.create),
        changed: countKinds(payload.update),
        deleted: countKinds(payload.delete),
      }
    : { saves: 1, changed: count ?? 0 }

const readJobChange = ({ objName, objVal }: LogRow): Sums =>
  objName === 'state'
    ? {
        stateChanges: 1,
        ...(objVal === 'completed' && { completed: 1 }),
        ...(objVal === 'rejected' && { rejected: 1 }),
      }
    : objName === 'stage'
      ? { stageChanges: 1 }
      : {}

export const workingTimeScope = 'send:working_time'

const ofServer: Record<string, (row: LogRow) => Sums> = {
  [workingTimeScope]: ({ duration }) => ({ workingMs: duration ?? 0 }),
  'create:annotations': ({ count }) => ({ saves: 1, created: count ?? 0 }),
  'update:annotations': readSave,
  'delete:annotations': ({ count }) => ({ saves: 1, deleted: count ?? 0 }),
  'update:job': readJobChange,
  'create:issue': () => ({ issuesOpened: 1 }),
  'update:issue': ({ objName, objVal }) => (objName === 'resolved' && objVal === 'true' ? { issuesResolved: 1 } : {}),
}
/** Playing shows many frames in one event; nobody plays more than that before the next. */
const maxFramesPerEvent = 100_000
const ofClient: Record<string, (row: LogRow) => Sums> = {
  'change:frame': ({ count }) => ({ frames: Math.min(Math.max(count ?? 1, 1), maxFramesPerEvent) }),
}

export const readSums = (row: LogRow): Sums => {
  const found = (row.source === 'server' ? ofServer : ofClient)[row.scope]
  return { events: 1, ...found?.(row) }
}

/** A change of the state or stage of a job; null for any other event. */
export const readMove = (row: LogRow) =>
  row.source === 'server' && row.scope === 'update:job' && (row.objName === 'state' || row.objName === 'stage')
    ? {
        eventId: row.id,
        time: row.timestamp,
        field: row.objName as 'state' | 'stage',
        before: String(row.payload?.old_value ?? ''),
        after: row.objVal ?? '',
        orgId: row.orgId,
        projectId: row.projectId,
        taskId: row.taskId,
        jobId: row.jobId,
        userId: row.userId,
      }
    : null
