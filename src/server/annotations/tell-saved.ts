// Tells those who watch a job or task that its annotations have changed; called after the commit.
import { createCounter } from '../http/metrics'
import { publish } from '../stream/service'
import type { Saved } from './change-job'
import type { Ids } from './rows'

/** With more objects than this a watcher is better off loading the job again. */
const maxIds = 1000

const saves = createCounter('annolith_saves_total', 'Saves of annotations that were acknowledged.')
const saved = createCounter('annolith_saved_objects_total', 'Objects that saves made, changed or removed.')

const countIds = ({ tags, shapes, tracks }: Ids) => tags.length + shapes.length + tracks.length

/** `who` is null for background work. */
export const tellSaved = (who: { user: { id: number; username: string } } | null, changes: Saved[]) => {
  for (const { jobId, taskId, revision, action, counts, created, updated, deleted } of changes) {
    const count = countIds(created) + countIds(updated) + countIds(deleted)
    saves.add()
    saved.add(count)
    publish({
      type: 'save',
      topics: [`job:${jobId}`, `task:${taskId}`],
      data: {
        job_id: jobId,
        task_id: taskId,
        revision,
        action,
        user: who && { id: who.user.id, username: who.user.username },
        counts,
        ids: count <= maxIds ? { created, updated, deleted } : null,
      },
    })
  }
}
