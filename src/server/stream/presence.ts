// Who has which job open: told by open streams, here and in other processes.
import { deliver, type LiveEvent, publish } from './hub'

export type Person = { id: number; username: string }
type Visit = { jobId: number; taskId: number; person: Person; seen: number }

/** A visit of another process that was not heard of for this long has ended without a word. */
export const forgetAfterMs = 60_000

const instance = crypto.randomUUID()
const own = new Map<string, Visit>()
const others = new Map<string, Visit>()
let made = 0

const living = (jobId: number, now = Date.now()): Visit[] => {
  for (const [key, { seen }] of others) if (seen < now - forgetAfterMs) others.delete(key)
  return [...own.values(), ...others.values()].filter((visit) => visit.jobId === jobId)
}

/** Everybody who has the job open, each once. */
export const listPresent = (jobId: number, now = Date.now()): Person[] => {
  const people = new Map(living(jobId, now).map(({ person }) => [person.id, person]))
  return [...people.values()].sort((a, b) => a.id - b.id)
}

const describe = (jobId: number, taskId: number, state: 'join' | 'leave', person: Person): LiveEvent => ({
  type: 'presence',
  topics: [`job:${jobId}`, `task:${taskId}`],
  data: { job_id: jobId, task_id: taskId, state, user: person, present: listPresent(jobId) },
})

/** For other processes only: they keep the list themselves. */
const whisper = (key: string, { jobId, taskId, person }: Visit, isOpen: boolean): LiveEvent => ({
  type: 'visit',
  topics: [],
  data: { key, job_id: jobId, task_id: taskId, user: person, open: isOpen },
})

/** Notes that a person has opened a job; the answered function notes that they have left. Tabs of one person count once. */
export const enter = (jobId: number, taskId: number, person: Person): (() => void) => {
  const key = `${instance}:${++made}`
  const visit = { jobId, taskId, person, seen: Date.now() }
  const isThere = () => living(jobId).some((one) => one.person.id === person.id)
  const wasThere = isThere()
  own.set(key, visit)
  publish(whisper(key, visit, true))
  if (!wasThere) deliver(describe(jobId, taskId, 'join', person))
  return () => {
    if (!own.delete(key)) return
    publish(whisper(key, visit, false))
    if (!isThere()) deliver(describe(jobId, taskId, 'leave', person))
  }
}

/** Takes what another process says about its visitors. */
export const hearVisit = ({ data }: LiveEvent) => {
  const { key, job_id, task_id, user, open } = data as {
    key: string
    job_id: number
    task_id: number
    user: Person
    open: boolean
  }
  const wasThere = living(job_id).some((one) => one.person.id === user.id)
  if (open) others.set(key, { jobId: job_id, taskId: task_id, person: user, seen: Date.now() })
  else others.delete(key)
  const isThere = living(job_id).some((one) => one.person.id === user.id)
  if (wasThere !== isThere) deliver(describe(job_id, task_id, isThere ? 'join' : 'leave', user))
}

/** Says again who is here, so that other processes do not forget them. */
export const repeatVisits = () => {
  for (const [key, visit] of own) publish(whisper(key, visit, true))
}
