// Puts annotations that were read from a file into a task or job.
import { type Tx, tx } from '../db/open'
import type { Job } from '../jobs/service'
import { labelsOf } from '../labels/service'
import type { RevisionAction } from '../revisions/service'
import { labelParent, type Task } from '../tasks/service'
import type { Saved } from './change-job'
import { copyPool } from './copy-pool'
import { changeTaskWithin, planCreate, planReplace } from './task-service'
import { tellSaved } from './tell-saved'
import { trimTracks } from './trim-tracks'
import { readAnnotations } from './validate'

/**
 * Replaces or appends, in one transaction; authorized by the request that asked for it. A job takes what is on its frames, tracks
 * cut to them. Attribute values that a label does not have are kept, as they are in the file. `within` runs in the same transaction,
 * first.
 */
export const importAnnotations = async (
  { task, job }: { task: Task; job: Job | null },
  body: unknown,
  mode: 'replace' | 'append',
  userId: number | null = null,
  action: RevisionAction = 'import',
  within: (t: Tx) => Promise<void> = async () => {},
): Promise<Saved[]> => {
  const labels = await labelsOf(labelParent(task))
  const { saved } = await tx(async (t) => {
    await within(t)
    return changeTaskWithin(t, task, labels, { userId, action }, undefined, async (_, parts, limits) => {
      const targets = job ? parts.all.filter(({ id }) => id === job.id) : parts.counting
      const allows = (frame: number) =>
        limits.allows(frame) || targets.some((one) => frame >= one.startFrame && frame <= one.stopFrame)
      const rows = copyPool(trimTracks(readAnnotations(body, { ...limits, allows })), job ? undefined : parts.pool, 'always')
      return { changes: (mode === 'replace' ? planReplace : planCreate)(rows, targets), shown: rows }
    })
  })
  tellSaved(null, saved)
  return saved
}
