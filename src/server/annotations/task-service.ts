// Saving and loading annotations of whole tasks: dealt out to the jobs, joined where jobs overlap, all in one transaction.
import { db, type Tx, tx } from '../db/open'
import { invalid, refused } from '../http/errors'
import type { Job } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import type { Author, RevisionAction } from '../revisions/service'
import { getTask, labelParent, type Task } from '../tasks/service'
import { type Action, type Answer, answer, lockJobs, requireRevision } from './answers'
import { type Change, changeRows, type Saved } from './change-job'
import { copyPool } from './copy-pool'
import { doOverlap } from './find-twins'
import { limitsOf, readWithin } from './limits'
import { mergeTracks } from './merge-tracks'
import { type Kinds, recordSave, type SaveAction } from './record-save'
import { type Ids, idsOf, isEmpty, type Kind, kinds, noRows, type Rows, type Stored, type TrackRow } from './rows'
import { splitRows } from './split-rows'
import { findJobsOfIds } from './store'
import { type Homes, loadMerged, loadParts, type Parts, revisionOf } from './task-parts'
import { tellSaved } from './tell-saved'
import { dropUnseen } from './trim-tracks'
import { type Limits, readIds } from './validate'

export { loadMerged } from './task-parts'

export const loadTask = async (who: Who, id: number): Promise<Answer> => {
  const { task } = await getTask(who, id)
  const { counting } = await loadParts(id)
  const { rows } = await loadMerged(db, counting)
  return answer(rows, revisionOf(counting), await labelsOf(labelParent(task)))
}

/** What each job of a task is to change, by its id. */
type Plan = { changes: Map<number, Change>; shown: Rows; said?: Kinds }
type Planner = (t: Tx, parts: Parts, limits: Limits) => Promise<Plan>

/** Applies a plan to the jobs of a task; jobs that it leaves alone keep their revision. */
export const changeTaskWithin = async (
  t: Tx,
  task: Task,
  labels: LabelTree[],
  by: Author,
  ifMatch: number | undefined,
  plan: Planner,
): Promise<{ answered: () => Answer; saved: Saved[]; said: Kinds }> => {
  const found = await loadParts(task.id, t)
  await lockJobs(
    t,
    found.all.map(({ id }) => id),
  )
  const parts = await loadParts(task.id, t)
  if (!parts.counting.length) throw refused('The task has no jobs to annotate.')
  requireRevision(ifMatch, revisionOf(parts.counting))
  const { changes, shown, said = shown } = await plan(t, parts, limitsOf(labels, parts.counting, `task #${task.id}`, parts.pool))
  const now = new Date()
  const saved: Saved[] = []
  for (const job of parts.all) {
    const change = changes.get(job.id)
    if (change) saved.push(await changeRows(t, job, change, by, now))
  }
  const revisions = new Map(saved.map(({ jobId, revision }) => [jobId, revision]))
  const revision = parts.counting.reduce((sum, job) => sum + (revisions.get(job.id) ?? job.revision), 0)
  return { answered: () => answer(showTracks(shown, changes, parts.counting), revision, labels), saved, said }
}

/** Tracks as the task shows them: the parts that they were cut into, joined again as far as they can be. */
const showTracks = (shown: Rows, changes: Map<number, Change>, places: Job[]): Rows => {
  if (!shown.tracks.length || places.length < 2) return shown
  const stored = [...changes].flatMap(([jobId, { update, create }]) =>
    [...(update?.tracks ?? []), ...(create?.tracks ?? [])].flatMap((track) =>
      track.id === undefined || !track.shapes.length ? [] : [{ ...track, id: track.id, jobId } satisfies Stored<TrackRow>],
    ),
  )
  return { ...shown, tracks: mergeTracks(stored, places) }
}

const changeTask = async (
  who: Who,
  id: number,
  [action, noted]: [SaveAction, RevisionAction],
  ifMatch: number | undefined,
  plan: Planner,
): Promise<Answer> => {
  const { task } = await getTask(who, id, 'annotate')
  const labels = await labelsOf(labelParent(task))
  const { answered, saved } = await tx(async (t) => {
    const done = await changeTaskWithin(t, task, labels, { userId: who.user.id, action: noted }, ifMatch, plan)
    await recordSave(t, who, task, null, action, done.said)
    return done
  })
  tellSaved(who, saved)
  return answered()
}

/** Deals rows out to jobs. */
export const planCreate = (rows: Rows, jobs: readonly Job[]): Map<number, Change> => {
  const parts = splitRows(rows, jobs)
  return new Map(jobs.flatMap(({ id }, at) => (isEmpty(parts[at]!) ? [] : [[id, { create: parts[at]! }]])))
}

/** All that the jobs have goes, then they get the rows. */
export const planReplace = (rows: Rows, jobs: readonly Job[]): Map<number, Change> => {
  const parts = splitRows(rows, jobs)
  return new Map(jobs.map(({ id }, at) => [id, { remove: 'all', create: parts[at]! }]))
}

const poolError = (frame: number) => `Validation frame ${frame} can only be edited via task import or the GT job.`

const readTaskRows = (t: Tx, { counting }: Parts, body: unknown, limits: Limits) =>
  readWithin(
    t,
    counting.map(({ id }) => id),
    body,
    limits,
  )

/** Where the objects with these ids are stored. Jobs that share no frames have each object once, which is quick to find. */
const findHomes = async (t: Tx, { counting }: Parts, ids: Ids): Promise<Homes> => {
  if (doOverlap(counting) || (ids.tracks.length && counting.length > 1)) return (await loadMerged(t, counting)).homes()
  const jobIds = counting.map(({ id }) => id)
  const homes = {} as Homes
  for (const kind of kinds) {
    const found = await findJobsOfIds(t, jobIds, kind, ids[kind])
    homes[kind] = new Map([...found].map(([id, jobId]) => [id, [{ id, jobId }]]))
  }
  return homes
}

type Full = Required<Pick<Change, 'update' | 'create'>> & { remove: Ids }
const emptyChanges = (jobs: readonly Job[]) =>
  new Map(jobs.map(({ id }): [number, Full] => [id, { remove: noRows<any>() as Ids, update: noRows(), create: noRows() }]))

/** Honeypots show what the ground truth job has: it alone is edited. */
const refusePool = ({ counting, pool }: Parts, homes: Homes, ids: Ids) => {
  const truth = pool && counting.find(({ type }) => type === 'ground_truth')
  if (!truth) return
  for (const kind of kinds)
    for (const id of ids[kind])
      if (homes[kind].get(id)?.some(({ jobId }) => jobId === truth.id)) throw invalid({ [kind]: poolError(truth.startFrame) })
}

const planDelete: (ids: Ids) => Planner = (ids) => async (t, parts) => {
  const homes = await findHomes(t, parts, ids)
  refusePool(parts, homes, ids)
  const changes = emptyChanges(parts.counting)
  for (const kind of kinds)
    for (const id of ids[kind]) for (const home of homes[kind].get(id) ?? []) changes.get(home.jobId)!.remove[kind].push(home.id)
  return { changes, shown: noRows(), said: ids }
}

/**
 * An object of the task is changed in every job that has it. A job whose frames it leaves loses it, one whose frames it enters
 * gets it as a new object; so it moves when its frame is in another job.
 */
const planUpdate: (body: unknown) => Planner = (body) => async (t, parts, limits) => {
  const { counting, pool } = parts
  const explain = (frame: number) => (pool?.frames.has(frame) ? poolError(frame) : undefined)
  const allows = (frame: number) => limits.allows(frame) && !pool?.frames.has(frame)
  const rows = await readTaskRows(t, parts, body, { ...limits, allows, explain, mayEmpty: true })
  const ids = idsOf(rows)
  const homes = await findHomes(t, parts, ids)
  refusePool(parts, homes, ids)
  const changes = emptyChanges(counting)
  const deal = <K extends Kind>(kind: K, row: Rows[K][number]) => {
    const own = row.id === undefined ? [] : homes[kind].get(row.id)
    if (!own) throw invalid({ non_field_errors: 'Some of the annotations to change are not of this task.' })
    const single: Rows = { ...noRows(), [kind]: [row] }
    for (const [at, part] of splitRows(single, counting).entries()) {
      const { id } = counting[at]!
      const home = own.find(({ jobId }) => jobId === id)
      const given = part[kind][0] as Rows[K][number] | undefined
      const change = changes.get(id)!
      if (given) given.id = home?.id
      if (given) (change[home ? 'update' : 'create'][kind] as Rows[K][number][]).push(given)
      else if (home) change.remove[kind].push(home.id)
    }
  }
  for (const tag of rows.tags) deal('tags', tag)
  for (const shape of rows.shapes) deal('shapes', shape)
  for (const track of rows.tracks) deal('tracks', track)
  return { changes, shown: rows }
}

export const patchTask = (who: Who, id: number, action: Action, body: unknown, ifMatch?: number) =>
  changeTask(
    who,
    id,
    [action, action],
    ifMatch,
    action === 'delete'
      ? planDelete(readIds(body))
      : action === 'update'
        ? planUpdate(body)
        : async (t, parts, limits) => {
            const rows = copyPool(dropUnseen(await readTaskRows(t, parts, body, limits)), parts.pool, 'present')
            return { changes: planCreate(rows, parts.counting), shown: rows }
          },
  )

const planPut: (body: unknown) => Planner = (body) => async (t, parts, limits) => {
  const rows = copyPool(dropUnseen(await readTaskRows(t, parts, body, limits)), parts.pool, 'always')
  return { changes: planReplace(rows, parts.counting), shown: rows }
}

export const replaceTask = (who: Who, id: number, body: unknown, ifMatch?: number) =>
  changeTask(who, id, ['replace', 'replace'], ifMatch, planPut(body))
export const clearTask = (who: Who, id: number, ifMatch?: number) =>
  changeTask(who, id, ['replace', 'clear'], ifMatch, planPut({}))
