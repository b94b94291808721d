// What saving and loading annotations have in common: answers, revisions, If-Match.
import { inArray, sql } from 'drizzle-orm'
import type { Tx } from '../db/open'
import { ApiError, invalid } from '../http/errors'
import { jobs } from '../jobs/schema'
import type { LabelTree } from '../labels/service'
import type { Rows } from './rows'
import { createCompleter, writeAnnotations } from './write-json'

export type Action = 'create' | 'update' | 'delete'
/** JSON text of what is stored, and the revision it has. */
export type Answer = { text: string; revision: number }

export const answer = (rows: Rows, revision: number, labels: LabelTree[]): Answer => ({
  text: writeAnnotations(rows, 0, createCompleter(labels)),
  revision,
})

/** Reads `If-Match`: undefined when absent or `*`. */
export const readIfMatch = (header: string | null): number | undefined => {
  if (!header || header === '*') return undefined
  const match = /^(?:W\/)?"?(\d+)"?$/.exec(header.trim())
  if (!match) throw invalid({ 'If-Match': 'Not a revision.' })
  return Number(match[1])
}

/** Throws 412 with the current revision when a save is based on another one. */
export const requireRevision = (ifMatch: number | undefined, revision: number) => {
  if (ifMatch !== undefined && ifMatch !== revision)
    throw new ApiError(412, { detail: 'The annotations have changed since they were loaded.', revision })
}

/** Makes saves of the same jobs wait for one another where transactions run side by side. Call it before reading revisions. */
export const lockJobs = async (t: Tx, ids: number[]) => {
  if (ids.length)
    await t
      .update(jobs)
      .set({ revision: sql`${jobs.revision}` })
      .where(inArray(jobs.id, ids))
}
