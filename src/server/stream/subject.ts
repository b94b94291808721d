// What a stream is about: the topics of a request, checked against what the person may see.
import { invalid } from '../http/errors'
import { getJob } from '../jobs/service'
import type { Who } from '../policy/who'
import { getProject } from '../projects/service'
import { getTask } from '../tasks/service'
import type { LiveEvent } from './hub'
import { listSaves, type SaveData } from './saves'

/** `topic` names one or several of `topicsOf`, with commas between: one connection is enough for a page. */
export type Wanted = { job_id?: number; task_id?: number; project_id?: number; topic?: string }

export type Subject = {
  topics: string[]
  /** Set when the stream means that the person has this job open. */
  visit?: { jobId: number; taskId: number }
  /** What the first event tells besides who is there: the present revision, so that who comes back knows whether to load again. */
  first: Record<string, unknown>
  /** Of a job: its present revision, and the events of the saves after one, so that nobody who comes back misses any. */
  saves?: { last: number; after: (revision: number) => Promise<SaveData[]> }
  /** For topics in which there are things that the person may not see. */
  allows?: (event: LiveEvent) => Promise<boolean>
}

const canSee = (look: () => Promise<unknown>) =>
  look().then(
    () => true,
    () => false,
  )

/** What is not about one thing: one's own requests and invitations, and all jobs that one sees. */
const topicsOf: Record<string, (who: Who) => string> = {
  requests: ({ user }) => `requests:${user.id}`,
  invitations: ({ user }) => `invitations:${user.id}`,
  jobs: () => 'jobs',
}

const finders: { [K in keyof Wanted]-?: (who: Who, value: NonNullable<Wanted[K]>) => Promise<Subject> } = {
  job_id: async (who, id) => {
    const { job } = await getJob(who, id)
    const visit = { jobId: id, taskId: job.taskId }
    const saves = { last: job.revision, after: (revision: number) => listSaves(id, job.taskId, revision) }
    const first = { job_id: id, revision: job.revision, state: job.state, stage: job.stage }
    return { topics: [`job:${id}`], visit, saves, first }
  },
  task_id: async (who, id) => {
    await getTask(who, id)
    return { topics: [`task:${id}`], first: { task_id: id } }
  },
  project_id: async (who, id) => {
    await getProject(who, id)
    return { topics: [`project:${id}`], first: { project_id: id } }
  },
  topic: async (who, text) => {
    const names = text.split(',')
    const unknown = names.find((name) => !Object.hasOwn(topicsOf, name))
    if (unknown !== undefined) throw invalid({ topic: `"${unknown}" is not a valid choice.` })
    const allows = async ({ topics, data }: LiveEvent) =>
      !topics.includes('jobs') || canSee(() => getJob(who, Number(data.job_id)))
    return { topics: names.map((name) => topicsOf[name]!(who)), first: {}, ...(names.includes('jobs') && { allows }) }
  },
}

/** Throws 400 unless exactly one thing is asked for, 403 or 404 when the person may not see it. */
export const findSubject = async (who: Who, wanted: Wanted): Promise<Subject> => {
  const names = (Object.keys(finders) as (keyof Wanted)[]).filter((name) => wanted[name] !== undefined)
  if (names.length !== 1) throw invalid({ topic: 'Exactly one of job_id, task_id, project_id and topic is required.' })
  const find = finders[names[0]!] as (who: Who, value: unknown) => Promise<Subject>
  return find(who, wanted[names[0]!])
}
