// States of jobs over time: from what they are now, backwards through their changes. Jobs that were removed are not in it.
import { and, eq, gt, lt, type SQL } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import { eventDb } from '../db/open-events'
import { jobMoves } from '../events/service'
import { jobs, type Stage, type State, states } from '../jobs/schema'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { type Filters, stepMs } from './filters'

export type JobNow = {
  id: number
  taskId: number
  taskName: string
  assigneeId: number | null
  stage: Stage
  state: State
  type: string
  createdDate: Date
  startFrame: number
  stopFrame: number
}

/** Jobs of a dashboard as they are. */
export const listJobsNow = async (where: SQL | undefined): Promise<JobNow[]> =>
  db
    .select({
      id: jobs.id,
      taskId: jobs.taskId,
      taskName: tasks.name,
      assigneeId: jobs.assigneeId,
      stage: jobs.stage,
      state: jobs.state,
      type: jobs.type,
      createdDate: jobs.createdDate,
      startFrame: jobs.startFrame,
      stopFrame: jobs.stopFrame,
    })
    .from(jobs)
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .where(where)

type Move = { jobId: number | null; time: Date; before: string }
/** How many jobs were in each state at a moment. */
export type StateCounts = { at: number } & Record<State, number>

const asState = (text: string): State => states.find((state) => state === text) ?? 'new'

/**
 * States at the given moments (ms, rising). `moves`: changes of the state, oldest first; what a change says that the state was before
 * it held since the change before.
 */
export const countStates = (
  all: Pick<JobNow, 'id' | 'state' | 'createdDate'>[],
  moves: Move[],
  moments: number[],
): StateCounts[] => {
  const counts = moments.map((at): StateCounts => ({ at, new: 0, 'in progress': 0, completed: 0, rejected: 0 }))
  const movesOf = Map.groupBy(moves, ({ jobId }) => jobId)
  for (const job of all) {
    const own = movesOf.get(job.id) ?? []
    const born = job.createdDate.getTime()
    let next = 0
    for (const count of counts) {
      if (count.at < born) continue
      while (next < own.length && own[next]!.time.getTime() <= count.at) next++
      count[next < own.length ? asState(own[next]!.before) : job.state]++
    }
  }
  return counts
}

/** Jobs are asked for by number only while they are few: the others of the instance do not matter then. */
const fewJobs = 5000

/** States of these jobs at the end of each step of the chosen days, the last one not later than now. */
export const loadStates = async (all: JobNow[], { from, to, step }: Filters, now = Date.now()): Promise<StateCounts[]> => {
  const length = stepMs[step]
  const ends = Array.from({ length: Math.ceil((to - from) / length) }, (_, i) => from + (i + 1) * length - 1)
  const moments = ends.filter((end) => end - length < now).map((end) => Math.min(end, now))
  if (!all.length || !moments.length) return []
  const ids = all.map(({ id }) => id)
  const moves = await eventDb
    .select({ jobId: jobMoves.jobId, time: jobMoves.time, before: jobMoves.before })
    .from(jobMoves)
    .where(
      and(
        eq(jobMoves.field, 'state'),
        gt(jobMoves.time, new Date(moments[0]!)),
        lt(jobMoves.time, new Date(now + 1)),
        ids.length <= fewJobs ? isAmong(jobMoves.jobId as any, ids) : undefined,
      ),
    )
    .orderBy(jobMoves.time, jobMoves.eventId)
  return countStates(all, moves, moments)
}
