// The validation frames of a task as a table: which job shows them how often, how good the labels are there, searched and sorted.
import type { Query } from '../../web/ui/list-address'
import { type Honeypot, listHoneypots, loadTaskMedia, mediaFacts } from '../data/service'
import { type Job, jobsOfTask } from '../jobs/service'
import { toLine } from './confusion-files'
import type { Chosen } from './page-data'
import { sortBy } from './page-parts'
import type { Place } from './page-place'

export type FrameRow = {
  /** The frame's number. */
  id: number
  name: string
  isExcluded: boolean
  /** Jobs that show the frame to somebody who annotates. */
  jobIds: number[]
  /** How often it is shown: honeypots may repeat within a job. */
  uses: number
  /** Of the report; null when it was not checked. */
  quality: number | null
  conflicts: number | null
  /** In the ground truth job. */
  href: string
}

export type Allocation = {
  mode: 'gt' | 'gt_pool'
  rows: FrameRow[]
  excluded: number[]
  groundTruth: Job | null
  /** Jobs that are validated. */
  jobs: Job[]
  honeypots: Honeypot[]
}

const isIn = ({ startFrame, stopFrame, frames }: Job, frame: number) =>
  frame >= startFrame && frame <= stopFrame && (!frames || frames.includes(frame))

/** What validates a task; null for one without validation. */
export const loadAllocation = async (place: Place, chosen: Chosen | null): Promise<Allocation | null> => {
  const layout = place.task?.layout
  if (!layout) return null
  const all = await jobsOfTask(place.id)
  const groundTruth = all.find(({ type }) => type === 'ground_truth') ?? null
  const jobs = all.filter(({ type }) => type === 'annotation')
  const media = await loadTaskMedia(place.id)
  const facts = await mediaFacts(place.id)
  const honeypots = layout.mode === 'gt_pool' ? await listHoneypots(place.id) : []
  const shownAs = Map.groupBy(honeypots, ({ realFrame }) => realFrame)
  const excluded = new Set(layout.disabledFrames)
  const results = chosen?.body.frame_results ?? {}
  const measure = (frames: readonly number[]) => {
    const own = frames.flatMap((frame) => results[String(frame)] ?? [])
    const total = own.reduce((sum, { annotations }) => sum + annotations.total_count, 0)
    const right = own.reduce((sum, { annotations }) => sum + annotations.valid_count, 0)
    return {
      quality: total ? right / total : null,
      conflicts: own.length ? own.reduce((sum, { conflict_count }) => sum + conflict_count, 0) : null,
    }
  }
  const findJobs = (frame: number) => jobs.filter((job) => isIn(job, frame)).map(({ id }) => id)
  return {
    mode: layout.mode,
    excluded: layout.disabledFrames,
    groundTruth,
    jobs,
    honeypots,
    rows: layout.frames.map((frame): FrameRow => {
      const places = layout.mode === 'gt_pool' ? (shownAs.get(frame) ?? []).map((one) => one.frame) : [frame]
      const shown = places.flatMap(findJobs)
      return {
        id: frame,
        name: media.frames?.[frame]?.name ?? `frame ${facts.startFrame + frame * facts.step}`,
        isExcluded: excluded.has(frame),
        jobIds: [...new Set(shown)],
        uses: shown.length,
        ...measure(places),
        href: groundTruth ? `/tasks/${place.id}/jobs/${groundTruth.id}?frame=${frame}` : `/tasks/${place.id}`,
      }
    }),
  }
}

export const frameStates = ['active', 'excluded', 'unused', 'below'] as const
export type FrameState = (typeof frameStates)[number]

const tests: Record<FrameState, (row: FrameRow, threshold: number) => boolean> = {
  active: ({ isExcluded }) => !isExcluded,
  excluded: ({ isExcluded }) => isExcluded,
  unused: ({ uses }) => uses === 0,
  below: ({ quality }, threshold) => quality !== null && quality < threshold,
}

const keys: Record<string, (row: FrameRow) => string | number> = {
  frame: ({ id }) => id,
  name: ({ name }) => name.toLowerCase(),
  uses: ({ uses }) => uses,
  quality: ({ quality }) => quality ?? -1,
  conflicts: ({ conflicts }) => conflicts ?? -1,
  state: ({ isExcluded }) => (isExcluded ? 1 : 0),
}

/** Rows that `search` (a part of the name), `state` and `job` of an address leave over, in the order of its `sort`. */
export const narrowFrames = (rows: readonly FrameRow[], query: Query, threshold: number): FrameRow[] => {
  const words = (query.search ?? '').trim().toLowerCase()
  const test = Object.hasOwn(tests, query.state ?? '') ? tests[query.state as FrameState] : undefined
  const jobId = Number(query.job || Number.NaN)
  const fits = (row: FrameRow) =>
    row.name.toLowerCase().includes(words) &&
    (!test || test(row, threshold)) &&
    (Number.isNaN(jobId) || row.jobIds.includes(jobId))
  return sortBy(rows.filter(fits), query.sort || 'frame', keys)
}

export const writeFramesCsv = (rows: readonly FrameRow[]): string =>
  [
    toLine(['frame', 'name', 'state', 'uses', 'jobs', 'quality', 'conflicts']),
    ...rows.map(({ id, name, isExcluded, uses, jobIds, quality, conflicts }) =>
      toLine([id, name, isExcluded ? 'excluded' : 'active', uses, jobIds.join(' '), quality ?? '', conflicts ?? '']),
    ),
  ].join('')
