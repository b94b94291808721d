// The work of a request for automatic annotation: asks the function about every frame, then stores the result at once.
import { eq } from 'drizzle-orm'
import { loadJob, loadTask, patchJob, patchTask, replaceJob, replaceTask } from '../../annotations/service'
import { actAs } from '../../auth/service'
import { db, type Tx } from '../../db/open'
import { refused } from '../../http/errors'
import type { Who } from '../../policy/who'
import { requests } from '../../requests/schema'
import { isRequestOpen, type Report, type RequestRow, type Result } from '../../requests/service'
import { users } from '../../users/schema'
import { getFunction } from '../access'
import type { Box, FunctionInfo, FunctionKind } from '../contract'
import { type Mapping, planLabelsOf } from '../match-labels'
import { openPlace, type Place } from '../place'
import { detectFrames } from './detect-frames'
import { fillAttributes, type Shape } from './fill-attributes'
import { listFrames } from './frames'
import { type Annotations, linkTracks } from './link-tracks'
import { storeAnnotations } from './store'

/** What a request keeps, by the names of the API. */
export type Wanted = {
  function: string
  threshold: number | null
  mapping?: Mapping
  cleanup: boolean
  conv_mask_to_poly: boolean
  max_distance: number | null
  roi: Box | null
  frames?: number[]
}

type Run = {
  who: Who
  info: FunctionInfo
  place: Place
  frames: number[]
  wanted: Wanted
  report: (share: number) => Promise<void>
  signal: AbortSignal
  /** Notes in the transaction that stores the result that it is stored. */
  markStored: (t: Tx) => Promise<void>
}

const detect = async ({ who, info, place, frames, wanted, report, signal, markStored }: Run) => {
  const { task, labels } = place
  const detection = {
    info,
    taskId: task.id,
    userId: who.user.id,
    labels,
    plan: planLabelsOf(info, labels, wanted.mapping),
    mapping: wanted.mapping,
    threshold: wanted.threshold,
    toPolygons: wanted.conv_mask_to_poly,
    roi: wanted.roi,
  }
  const annotations = await detectFrames(detection, frames, report, signal)
  signal.throwIfAborted()
  await storeAnnotations(place, annotations, { cleanup: wanted.cleanup, userId: who.user.id, within: markStored })
}

/** Annotations of the task or job, and the revision that they have. */
const load = async (who: Who, { task, job }: Place) => {
  const { text, revision } = await (job ? loadJob(who, job.id) : loadTask(who, task.id))
  return { annotations: JSON.parse(text) as Annotations, revision }
}

const link = async ({ who, info, place, frames, wanted, report, signal }: Run) => {
  const { annotations, revision } = await load(who, place)
  const linking = { info, taskId: place.task.id, frames, threshold: wanted.threshold, maxDistance: wanted.max_distance }
  const linked = await linkTracks(linking, annotations, report, signal)
  signal.throwIfAborted()
  if (!linked) return
  await (place.job ? replaceJob(who, place.job.id, linked, revision) : replaceTask(who, place.task.id, linked, revision))
}

const fill = async ({ who, info, place, frames, report, signal }: Run) => {
  const { annotations, revision } = await load(who, place)
  const { labels, task, job } = place
  const changed = await fillAttributes(
    { info, taskId: task.id, frames, labels },
    annotations.shapes as unknown as Shape[],
    report,
    signal,
  )
  signal.throwIfAborted()
  const body = { shapes: changed.map((shape) => ({ ...shape, source: shape.source === 'auto' ? 'auto' : 'semi-auto' })) }
  if (changed.length)
    await (job ? patchJob(who, job.id, 'update', body, revision) : patchTask(who, task.id, 'update', body, revision))
}

/** Kinds that can go over a task by themselves. */
export const runners: Partial<Record<FunctionKind, (run: Run) => Promise<unknown>>> = {
  detector: detect,
  classifier: detect,
  reid: link,
  attributes: fill,
}

export const findPerson = async (id: number | null): Promise<Who> => {
  const [user] = id === null ? [] : await db.select().from(users).where(eq(users.id, id))
  if (!user?.isActive) throw refused('The person who asked for it is gone.')
  return actAs(user)
}

/** How often a run looks whether it is still wanted. */
const lookMs = 1000

/**
 * Runs to the end, or until the request is taken back. Whoever asked must still be allowed to; what was stored before a crash is
 * not stored again.
 */
export const runAnnotation = async (row: RequestRow, report: Report, signal: AbortSignal): Promise<Result> => {
  const wanted = row.payload as unknown as Wanted & { stored?: boolean }
  if (wanted.stored) return {}
  const who = await findPerson(row.userId)
  const info = await getFunction(who, wanted.function, 'call')
  const place = await openPlace(who, row.jobId === null ? { task: row.taskId } : { job: row.jobId }, 'annotate')
  const runner = runners[info.kind]
  if (!runner) throw refused(`"${info.name}" does not annotate by itself.`)
  const taken = new AbortController()
  const look = setInterval(async () => {
    if (!(await isRequestOpen(row.id))) taken.abort(new Error('The request was taken back.'))
  }, lookMs)
  try {
    await runner({
      who,
      info,
      place,
      wanted,
      frames: await listFrames(place, wanted.frames),
      report: (share) => report(share),
      signal: AbortSignal.any([signal, taken.signal]),
      markStored: async (t) => {
        const open = await t.select({ payload: requests.payload }).from(requests).where(eq(requests.id, row.id))
        if (!open[0]) throw new Error('The request was taken back.')
        await t
          .update(requests)
          .set({ payload: { ...open[0].payload, stored: true } })
          .where(eq(requests.id, row.id))
      },
    })
    return {}
  } finally {
    clearInterval(look)
  }
}
