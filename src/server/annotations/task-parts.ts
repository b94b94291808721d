// A task as its jobs: which of them make up its annotations, and those annotations joined where jobs overlap.
import { type Db, db } from '../db/open'
import { type Job, jobsOfTask } from '../jobs/service'
import { doOverlap, findShapeTwins, findTagTwins, orderPlaces, type Place } from './find-twins'
import { loadPool, type Pool } from './limits'
import { type MergedTrack, mergeTracks } from './merge-tracks'
import { type Kind, kinds, type ShapeRow, type Stored, type StoredRows, type TagRow } from './rows'
import { loadAll } from './store'

export type Parts = {
  all: Job[]
  /** Jobs whose annotations make up the task's: the ground truth only when its frames are honeypots of other jobs too, replicas never. */
  counting: Job[]
  pool: Pool | undefined
}

export const loadParts = async (taskId: number, from: Db = db): Promise<Parts> => {
  const pool = await loadPool(taskId, from)
  const all = await jobsOfTask(taskId, from)
  const counting = all.filter(({ type }) => type === 'annotation' || (pool && type === 'ground_truth'))
  return { all, counting: orderPlaces(counting), pool }
}

/** The revision of a task: it grows with that of any of its jobs. */
export const revisionOf = (jobs: readonly Job[]) => jobs.reduce((sum, job) => sum + job.revision, 0)

/** Where an object of a task is stored: once in each job that has it. */
export type Homes = Record<Kind, Map<number, { jobId: number; id: number }[]>>
export type Merged = { rows: Omit<StoredRows, 'tracks'> & { tracks: MergedTrack[] }; homes: () => Homes }

/** Joins what the jobs have: objects of neighbouring jobs that are the same one come once, under the id in the earlier job. */
export const mergeParts = (rows: StoredRows, places: readonly Place[]): Merged => {
  const isShared = doOverlap(places)
  const tagTwins = isShared ? findTagTwins(rows.tags, places) : new Map<Stored<TagRow>, Stored<TagRow>>()
  const shapeTwins = isShared ? findShapeTwins(rows.shapes, places) : new Map<Stored<ShapeRow>, Stored<ShapeRow>>()
  const tracks =
    places.length > 1 && rows.tracks.length
      ? mergeTracks(rows.tracks, places)
      : rows.tracks.map((track) => ({ ...track, twins: [] }))
  const merged = {
    tags: tagTwins.size ? rows.tags.filter((tag) => !tagTwins.has(tag)) : rows.tags,
    shapes: shapeTwins.size ? rows.shapes.filter((shape) => !shapeTwins.has(shape)) : rows.shapes,
    tracks,
  }
  const homes = (): Homes => {
    const found: Homes = { tags: new Map(), shapes: new Map(), tracks: new Map() }
    for (const kind of kinds) for (const { id, jobId } of merged[kind]) found[kind].set(id, [{ id, jobId }])
    for (const [twin, kept] of tagTwins) found.tags.get(kept.id)!.push({ id: twin.id, jobId: twin.jobId })
    for (const [twin, kept] of shapeTwins) found.shapes.get(kept.id)!.push({ id: twin.id, jobId: twin.jobId })
    for (const { id, twins } of tracks) found.tracks.get(id)!.push(...twins)
    return found
  }
  return { rows: merged, homes }
}

/** Annotations of jobs of one task as the task shows them. */
export const loadMerged = async (from: Db, jobs: readonly Place[]): Promise<Merged> =>
  mergeParts(
    await loadAll(
      from,
      jobs.map(({ id }) => id),
    ),
    jobs,
  )
