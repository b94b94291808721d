// When a label or attribute goes, annotations go or lose values: the jobs that have them get a new revision, so that no stale save follows.
import type { Tx } from '../db/open'

/** Call it before the labels are removed, or lose an attribute (`isGone` false). */
export const moveRevisions = async (t: Tx, labelIds: number[], isGone = true): Promise<void> => {
  // Annotations know labels; the other way round they are only met here.
  const { recordLabelChange } = await import('../annotations/service')
  await recordLabelChange(t, labelIds, isGone)
  await (await import('../cloud-shapes/service')).noteLabelsGone(t, labelIds)
}
