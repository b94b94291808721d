// What the pages of consensus are made from: jobs with their replicas, whether they can be merged, and merges so far.
import { and, count, desc, eq, isNull } from 'drizzle-orm'
import { shapes, tags, tracks } from '../annotations/schema'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import { type Job, jobsOfTask } from '../jobs/service'
import { requests } from '../requests/schema'
import type { RequestRow } from '../requests/service'
import { loadPeople } from '../users/service'

/** Why a job cannot be merged. */
export type Obstacle = 'no-replicas' | 'not-started' | 'past-annotation'

export type MergeRow = {
  job: Job
  assignee: string
  replicas: { job: Job; assignee: string; isStarted: boolean }[]
  started: number
  obstacle: Obstacle | null
}

const isStarted = ({ stage, state }: Job) => !(stage === 'annotation' && state === 'new')

/** Jobs that have replicas, in the order of their frames. */
export const listMergeRows = async (taskId: number): Promise<MergeRow[]> => {
  const all = await jobsOfTask(taskId)
  const people = await loadPeople(all.map(({ assigneeId }) => assigneeId))
  const nameOf = ({ assigneeId }: Job) => people.get(assigneeId ?? -1)?.username ?? ''
  return all
    .filter(({ type }) => type === 'annotation')
    .sort((a, b) => a.startFrame - b.startFrame)
    .map((job) => {
      const own = all.filter(({ type, parentJobId }) => type === 'replica' && parentJobId === job.id)
      const started = own.filter(isStarted).length
      const obstacle: Obstacle | null = !own.length
        ? 'no-replicas'
        : job.stage !== 'annotation'
          ? 'past-annotation'
          : started === 0
            ? 'not-started'
            : null
      return {
        job,
        assignee: nameOf(job),
        replicas: own.map((replica) => ({ job: replica, assignee: nameOf(replica), isStarted: isStarted(replica) })),
        started,
        obstacle,
      }
    })
}

/** How many tags, shapes and tracks jobs have; elements of skeletons do not count. */
export const countAnnotations = async (jobIds: number[]): Promise<number> => {
  if (!jobIds.length) return 0
  const own = [
    db
      .select({ n: count() })
      .from(tags)
      .where(isAmong(tags.jobId as any, jobIds)),
    db
      .select({ n: count() })
      .from(shapes)
      .where(and(isAmong(shapes.jobId as any, jobIds), isNull(shapes.parentId))),
    db
      .select({ n: count() })
      .from(tracks)
      .where(and(isAmong(tracks.jobId as any, jobIds), isNull(tracks.parentId))),
  ]
  return (await Promise.all(own)).reduce((sum, [row]) => sum + row!.n, 0)
}

export type PastMerge = { row: RequestRow; person: string }

/** Merges of a task, the newest first; of each job and of the whole task the last one is remembered. */
export const listMerges = async (taskId: number): Promise<PastMerge[]> => {
  const rows = await db
    .select()
    .from(requests)
    .where(and(eq(requests.taskId, taskId), eq(requests.action, 'merge')))
    .orderBy(desc(requests.createdDate))
    .limit(20)
  const people = await loadPeople(rows.map(({ userId }) => userId))
  return rows.map((row) => ({ row, person: people.get(row.userId ?? -1)?.username ?? '' }))
}
