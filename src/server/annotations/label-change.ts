// When labels or attributes go, annotations go or lose values: what they were is noted, and their jobs get a new revision.
import { inArray, sql } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import type { Tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { type Author, type Delta, recordRevision } from '../revisions/service'
import { lockJobs } from './answers'
import { filterRows, type Ids, type Rows } from './rows'
import { shapes, tags, tracks } from './schema'
import { loadByIds } from './store'

/** By job: the objects that have one of the labels, themselves or in an element. */
const findLabelled = async (t: Tx, labelIds: number[]): Promise<Map<number, Ids>> => {
  const found = new Map<number, Ids>()
  const note = (jobId: number, kind: keyof Ids, id: number) => {
    const ids = found.get(jobId) ?? { tags: [], shapes: [], tracks: [] }
    ids[kind].push(id)
    found.set(jobId, ids)
  }
  const labelled = (table: typeof tags | typeof shapes | typeof tracks) => inArray(table.labelId, labelIds)
  for (const { jobId, id } of await t.select({ jobId: tags.jobId, id: tags.id }).from(tags).where(labelled(tags)))
    note(jobId, 'tags', id)
  for (const [kind, table] of [
    ['shapes', shapes],
    ['tracks', tracks],
  ] as const) {
    const rows = await t
      .select({ jobId: table.jobId, id: sql<number>`coalesce(${table.parentId}, ${table.id})` })
      .from(table)
      .where(labelled(table))
    for (const [id, [row]] of Map.groupBy(rows, (row) => row.id)) note(row!.jobId, kind, id)
  }
  return found
}

/** Call it before labels are removed (`isGone`) or lose an attribute. */
export const recordLabelChange = async (
  t: Tx,
  labelIds: number[],
  isGone: boolean,
  userId: number | null = null,
): Promise<void> => {
  if (!labelIds.length) return
  const gone = new Set(isGone ? labelIds : [])
  const found = await findLabelled(t, labelIds)
  const now = new Date()
  for (const [jobId, ids] of found) {
    const rows = await loadByIds(t, jobId, ids)
    const delta: Delta = {
      created: { tags: [], shapes: [], tracks: [] },
      updated: filterRows<Rows>(rows, ({ labelId }) => !gone.has(labelId)),
      deleted: filterRows<Rows>(rows, ({ labelId }) => gone.has(labelId)),
    }
    await moveRevision(t, jobId, { userId, action: 'label' }, now, delta)
  }
}

/** When annotations are moved to other labels, which history cannot follow: nothing before it can be restored. */
export const recordLabelMove = async (t: Tx, jobIds: number[], userId: number | null = null): Promise<void> => {
  const now = new Date()
  for (const jobId of jobIds) {
    const has = async (table: typeof tags) =>
      (
        await t
          .select({ id: table.id })
          .from(table)
          .where(isAmong(table.jobId as any, [jobId]))
          .limit(1)
      ).length > 0
    const isUsed = (await has(tags)) || (await has(shapes as any)) || (await has(tracks as any))
    if (isUsed) await moveRevision(t, jobId, { userId, action: 'move' }, now, null)
  }
}

const moveRevision = async (t: Tx, jobId: number, by: Author, now: Date, delta: Delta | null) => {
  await lockJobs(t, [jobId])
  const [row] = await t
    .update(jobs)
    .set({ revision: sql`${jobs.revision} + 1` })
    .where(inArray(jobs.id, [jobId]))
    .returning({ revision: jobs.revision })
  await recordRevision(t, { jobId, revision: row!.revision, by, now, delta })
}
