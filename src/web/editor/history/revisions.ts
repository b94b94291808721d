// The revision log of a job, as the server keeps it.
import type { Annotations } from '../../../formats/model'
import { call, type Person } from '../save/api'

type Counts = { tags: number; shapes: number; tracks: number }

export type Revision = {
  revision: number
  user: Person | null
  created_date: string
  action: string
  created: Counts
  updated: Counts
  deleted: Counts
  restorable: boolean
}

export const sumCounts = (counts: Counts | undefined): number => (counts ? counts.tags + counts.shapes + counts.tracks : 0)

export const versionsAtOnce = 50

export const listRevisions = async (jobId: number, page = 1): Promise<{ count: number; results: Revision[] }> =>
  (await call(`/api/jobs/${jobId}/revisions?page_size=${versionsAtOnce}&page=${page}`)).json() as Promise<{
    count: number
    results: Revision[]
  }>

/** The annotations as they were after a revision. */
export const readRevision = async (jobId: number, revision: number): Promise<Annotations> => {
  const answer = (await (await call(`/api/jobs/${jobId}/revisions/${revision}`)).json()) as Annotations & {
    annotations?: Annotations
  }
  return answer.annotations ?? answer
}

/** Makes a revision the newest again; what was between stays in the log. */
export const restoreRevision = async (jobId: number, revision: number): Promise<void> => {
  await call(`/api/jobs/${jobId}/revisions/${revision}/restore`, { method: 'POST', body: '{}' })
}
