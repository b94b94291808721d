// Stores what a function made of a task or job, all of it or nothing.

import { importAnnotations } from '../../annotations/service'
import type { Tx } from '../../db/open'
import type { Place } from '../place'
import type { AutoAnnotations } from '../to-annotations'

/** Appended to what is there, or in its place. `within` runs in the same transaction. */
export const storeAnnotations = (
  { task, job }: Pick<Place, 'task' | 'job'>,
  annotations: AutoAnnotations,
  { cleanup, userId, within }: { cleanup: boolean; userId: number | null; within: (t: Tx) => Promise<void> },
) => importAnnotations({ task, job }, { ...annotations, tracks: [] }, cleanup ? 'replace' : 'append', userId, 'automatic', within)
