// What may be annotated in a job or task, and reading a request's annotations within it.
import { eq } from 'drizzle-orm'
import type { AttributeValue } from '../../formats/model'
import { listHoneypots } from '../data/service'
import { type Db, db, type Tx } from '../db/open'
import { invalid } from '../http/errors'
import type { Job } from '../jobs/service'
import type { LabelTree } from '../labels/service'
import { validationLayouts } from '../tasks/schema'
import type { Rows } from './rows'
import { shapes, tags, trackShapes, tracks } from './schema'
import { type Doubt, type Limits, readAnnotations } from './validate'

/** Honeypots of a task: where validation frames are shown again, and which frames they show. */
export type Pool = { frames: Set<number>; honeypots: [frame: number, shown: number][] }

/** The pool of a task whose validation frames are hidden in its jobs; else nothing. */
export const loadPool = async (taskId: number, from: Db = db): Promise<Pool | undefined> => {
  const [layout] = await from.select().from(validationLayouts).where(eq(validationLayouts.taskId, taskId))
  if (layout?.mode !== 'gt_pool') return undefined
  const honeypots = await listHoneypots(taskId, from)
  return { frames: new Set(layout.frames), honeypots: honeypots.map(({ frame, realFrame }) => [frame, realFrame]) }
}

/** `frames` of a request for all the jobs; `range` names them in errors. */
export const limitsOf = (labels: LabelTree[], jobs: readonly Job[], range: string, pool?: Pool): Limits => ({
  labels: new Map(labels.map((label) => [label.id, label])),
  allows: (frame) => jobs.some(({ startFrame, stopFrame }) => frame >= startFrame && frame <= stopFrame),
  range,
  ...(pool && { refuseTracks: 'Tracks are not supported when task validation mode is gt_pool.' }),
})

export const jobLimits = (labels: LabelTree[], job: Job, pool?: Pool) =>
  limitsOf(labels, [job], `job #${job.id} (frames ${job.startFrame} to ${job.stopFrame})`, pool)

/** Every attribute value that the jobs have, as `spec value`. */
const loadValues = async (t: Tx, jobIds: number[]): Promise<Set<string>> => {
  const texts: string[] = []
  for (const jobId of jobIds) {
    for (const table of [tags, shapes, tracks] as (typeof tags)[])
      for (const { text } of await t.selectDistinct({ text: table.attributes }).from(table).where(eq(table.jobId, jobId)))
        texts.push(text)
    const keys = t
      .selectDistinct({ text: trackShapes.attributes })
      .from(trackShapes)
      .innerJoin(tracks, eq(tracks.id, trackShapes.trackId))
      .where(eq(tracks.jobId, jobId))
    for (const { text } of await keys) texts.push(text)
  }
  const values = texts.flatMap((text) => JSON.parse(text) as AttributeValue[])
  return new Set(values.map(({ spec_id, value }) => `${spec_id} ${value}`))
}

/**
 * Reads a request's annotations. A value that an attribute does not have is refused, unless the jobs hold it already: labels
 * change, and what was right once may be saved again.
 */
export const readWithin = async (t: Tx, jobIds: number[], body: unknown, limits: Limits): Promise<Rows> => {
  const doubts: Doubt[] = []
  const rows = readAnnotations(body, { ...limits, doubts })
  if (doubts.length) {
    const known = await loadValues(t, jobIds)
    const wrong = doubts.find(({ specId, value }) => !known.has(`${specId} ${value}`))
    if (wrong) throw invalid({ [wrong.at]: wrong.problem })
  }
  return rows
}
