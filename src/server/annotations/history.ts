// The history of a job's annotations: what they were at a revision, what changed between two, and going back to one.
import type { Label } from '../../formats/model'
import { db, tx } from '../db/open'
import { notFound } from '../http/errors'
import { findJob, getJob, type Job } from '../jobs/service'
import { labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { type Delta, findReach, type RevisionCounts, readDeltas } from '../revisions/service'
import { labelParent } from '../tasks/service'
import { type Answer, answer, lockJobs, requireRevision } from './answers'
import { changeRows } from './change-job'
import { applyFates, type Fates, findFates } from './fates'
import { recordSave } from './record-save'
import { type Ids, type Kind, kinds, noRows, type Rows, type StoredRows } from './rows'
import { loadAll, loadByIds } from './store'
import { tellSaved } from './tell-saved'
import { createCompleter, writeObject } from './write-json'

type Row = Rows[Kind][number]

const requireKept = async (job: Job, revision: number) => {
  if (revision > job.revision) throw notFound(`Job #${job.id} has no revision ${revision}; it is at ${job.revision}.`)
  if (revision < (await findReach(job.id, job.revision)))
    throw notFound(`Revision ${revision} of job #${job.id} is not kept any more.`)
}

/** Reads again when somebody saved meanwhile, so that rows and log belong together. */
const readSteadily = async <T>(jobId: number, read: (job: Job) => Promise<T>): Promise<T> => {
  for (;;) {
    const { job } = await findJob(jobId)
    const value = await read(job)
    if ((await findJob(jobId)).job.revision === job.revision) return value
  }
}

const deltasSince = async (jobId: number, revision: number, from: Parameters<typeof readDeltas>[0] = db) =>
  (await readDeltas(from, jobId, revision)).flatMap(({ revision, delta }) => (delta ? [{ revision, delta }] : []))
const fatesSince = (deltas: { revision: number; delta: Delta }[], revision: number): Fates =>
  findFates(deltas.filter((one) => one.revision > revision).map(({ delta }) => delta))

/** The annotations that a job had at a revision. Throws 404 when it has none such, or keeps it no longer. */
export const loadRevision = async (who: Who, jobId: number, revision: number): Promise<Answer> => {
  const { task } = await getJob(who, jobId)
  const rows = await readSteadily(jobId, async (job) => {
    await requireKept(job, revision)
    const current = await loadAll(db, [jobId])
    return applyFates(current, fatesSince(await deltasSince(jobId, revision), revision))
  })
  return answer(rows, revision, await labelsOf(labelParent(task)))
}

const touched = (fates: Fates): Ids => ({
  tags: [...fates.tags.keys()],
  shapes: [...fates.shapes.keys()],
  tracks: [...fates.tracks.keys()],
})

const byId = (rows: StoredRows) => {
  const maps = { tags: new Map(), shapes: new Map(), tracks: new Map() } as Record<Kind, Map<number, Row>>
  for (const kind of kinds) for (const row of rows[kind]) maps[kind].set(row.id, row)
  return maps
}

/**
 * What became of objects from one revision to another, which may be the earlier one, as JSON text:
 * `{"from", "to", "created": {"tags", "shapes", "tracks"}, "updated": {…: [{"before", "after"}]}, "deleted": {…}}`.
 */
export const diffRevisions = async (who: Who, jobId: number, from: number, to: number): Promise<string> => {
  const { task } = await getJob(who, jobId)
  const complete = createCompleter(await labelsOf(labelParent(task)))
  const [low, high] = [Math.min(from, to), Math.max(from, to)]
  const { older, newer } = await readSteadily(jobId, async (job) => {
    await requireKept(job, low)
    await requireKept(job, high)
    const deltas = await deltasSince(jobId, low)
    const between = findFates(deltas.filter(({ revision }) => revision <= high).map(({ delta }) => delta))
    const later = fatesSince(deltas, high)
    const current = byId(await loadByIds(db, jobId, touched(between)))
    const newerOf = (kind: Kind, id: number) => (later[kind].has(id) ? later[kind].get(id)! : (current[kind].get(id) ?? null))
    return { older: between, newer: newerOf }
  })
  const lists = { created: {}, updated: {}, deleted: {} } as Record<'created' | 'updated' | 'deleted', Record<string, string[]>>
  for (const kind of kinds) {
    for (const list of Object.values(lists)) list[kind] = []
    for (const [id, old] of older[kind]) {
      const young = newer(kind, id)
      const [before, after] = (from <= to ? [old, young] : [young, old]).map((row) => row && writeObject(kind, row, complete))
      if (before === after) continue
      if (!before) lists.created[kind]!.push(after!)
      else if (!after) lists.deleted[kind]!.push(before)
      else lists.updated[kind]!.push(`{"before":${before},"after":${after}}`)
    }
  }
  const write = (list: Record<string, string[]>) => `{${kinds.map((kind) => `"${kind}":[${list[kind]!.join()}]`).join()}}`
  return `{"from":${from},"to":${to},"created":${write(lists.created)},"updated":${write(lists.updated)},"deleted":${write(lists.deleted)}}`
}

type Specs = Map<number, Label>
const learn = (labels: Label[], specs: Specs = new Map()): Specs => {
  for (const label of labels) {
    specs.set(label.id, label)
    learn(label.sublabels, specs)
  }
  return specs
}

type Part = { labelId: number; attributes: string; shapes?: { attributes: string }[]; elements?: Part[] }
/** Leaves out values of attributes and elements of labels that are gone; null when the label itself is. */
const fitToLabels = <R extends Part>(row: R, known: Specs): R | null => {
  const label = known.get(row.labelId)
  if (!label) return null
  const specs = new Set(label.attributes.map(({ id }) => id))
  const fit = (text: string) =>
    JSON.stringify((JSON.parse(text) as { spec_id: number }[]).filter(({ spec_id }) => specs.has(spec_id)))
  return {
    ...row,
    attributes: fit(row.attributes),
    ...(row.shapes && { shapes: row.shapes.map((key) => ({ ...key, attributes: fit(key.attributes) })) }),
    ...(row.elements && { elements: row.elements.flatMap((element) => fitToLabels(element, known) ?? []) }),
  }
}

export type Restored = { revision: number; restored: number; skipped: number } & RevisionCounts

/**
 * Makes the annotations of a job what they were at a revision; that is a new revision. Ids stay what they were. `skipped` counts
 * objects whose label is gone. Throws 412 when `ifMatch` is stale, 404 as `loadRevision`.
 */
export const restoreRevision = async (who: Who, jobId: number, revision: number, ifMatch?: number): Promise<Restored> => {
  const { task, job } = await getJob(who, jobId, 'annotate')
  await requireKept(job, revision)
  const known = learn(await labelsOf(labelParent(task)))
  const { saved, skipped } = await tx(async (t) => {
    await lockJobs(t, [jobId])
    const { job } = await findJob(jobId, t)
    requireRevision(ifMatch, job.revision)
    const fates = fatesSince(await deltasSince(jobId, revision, t), revision)
    const current = byId(await loadByIds(t, jobId, touched(fates)))
    const remove: Ids = { tags: [], shapes: [], tracks: [] }
    const [update, create] = [noRows(), noRows()]
    let skipped = 0
    for (const kind of kinds)
      for (const [id, was] of fates[kind]) {
        const now = current[kind].get(id)
        const row = was && fitToLabels(was, known)
        if (was && !row) skipped++
        if (row) ((now ? update : create)[kind] as Row[]).push(row)
        else if (now) remove[kind].push(id)
      }
    const by = { userId: who.user.id, action: 'restore' as const }
    const saved = await changeRows(t, job, { remove, update, create, keepIds: true }, by)
    await recordSave(t, who, task, jobId, 'replace', {
      tags: [...update.tags, ...create.tags],
      shapes: [...update.shapes, ...create.shapes],
      tracks: [...update.tracks, ...create.tracks],
    })
    return { saved, skipped }
  })
  tellSaved(who, [saved])
  return { revision: saved.revision, restored: revision, skipped, ...saved.counts }
}
