// Notes in the audit log that annotations were saved: one event a save, with how many of each kind.
import type { Tx } from '../db/open'
import { recordChange } from '../events/service'
import type { Who } from '../policy/who'
import type { tasks } from '../tasks/schema'

type Task = typeof tasks.$inferSelect
export type Kinds = { tags: unknown[]; shapes: unknown[]; tracks: unknown[] }
export type SaveAction = 'create' | 'update' | 'delete' | 'replace'

const countKinds = ({ tags, shapes, tracks }: Kinds) => ({ tags: tags.length, shapes: shapes.length, tracks: tracks.length })
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, n) => total + n, 0)

const note = (
  t: Tx,
  who: Who,
  task: Task,
  jobId: number | null,
  action: SaveAction,
  said: Record<string, unknown>,
  count: number,
) =>
  recordChange(t, who, {
    action: action === 'replace' ? 'update' : action,
    resource: 'annotations',
    id: jobId ?? task.id,
    organizationId: task.organizationId,
    projectId: task.projectId,
    taskId: task.id,
    jobId,
    [action === 'delete' ? 'before' : 'after']: said,
    count,
  })

/** One action on annotations of a job, or of a whole task when `jobId` is null. */
export const recordSave = (
  t: Tx,
  who: Who,
  task: Task,
  jobId: number | null,
  action: SaveAction,
  kinds: Kinds,
): Promise<void> => {
  const counts = countKinds(kinds)
  return note(t, who, task, jobId, action, { ...counts, ...(action === 'replace' && { replaced: true }) }, sum(counts))
}

/** The editor's save, which does all three at once. */
export const recordDeltas = (
  t: Tx,
  who: Who,
  task: Task,
  jobId: number,
  deltas: Record<'create' | 'update' | 'delete', Kinds>,
) => {
  const said = { create: countKinds(deltas.create), update: countKinds(deltas.update), delete: countKinds(deltas.delete) }
  return note(
    t,
    who,
    task,
    jobId,
    'update',
    said,
    Object.values(said)
      .map(sum)
      .reduce((a, b) => a + b),
  )
}
