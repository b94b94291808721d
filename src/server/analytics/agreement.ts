// How far people agree with models: what became of the objects that each version of a model found, label by label.
import { and, eq, gte, lt } from 'drizzle-orm'
import { shapes, tags, tracks } from '../annotations/schema'
import { loadShapes, loadTags, loadTracks, type Rows } from '../annotations/service'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import { eventDb } from '../db/open-events'
import { eventLog } from '../events/service'
import { labels } from '../labels/schema'
import { type LoggedChange, type RevisionAction, readChanges } from '../revisions/service'
import type { Filters } from './filters'
import type { JobNow } from './history'

type Run = {
  taskId: number | null
  jobId: number | null
  userId: number | null
  time: Date
  isBatch: boolean
  model: string
  name: string
  version: number
}
export type Verdict = 'accepted' | 'edited' | 'rejected' | 'open'
export type Agreement = { model: string; name: string; version: number; label: string } & Record<Verdict, number>

type Kind = keyof Rows
type Row = { id?: number; labelId: number; source: string }

/** Jobs that are gone through at most, the newest first: each means to read its history. */
const maxJobs = 500

/** Calls of models over these tasks in the days that are shown, oldest first. */
const loadRuns = async (taskIds: number[], { from, to }: Filters): Promise<Run[]> => {
  const rows = await eventDb
    .select()
    .from(eventLog)
    .where(
      and(
        isAmong(eventLog.taskId as any, taskIds),
        eq(eventLog.scope, 'call:function'),
        gte(eventLog.timestamp, new Date(from)),
        lt(eventLog.timestamp, new Date(to)),
      ),
    )
    .orderBy(eventLog.timestamp, eventLog.id)
  return rows.map(({ taskId, jobId, userId, timestamp, objId, objName, payload }) => {
    const said = payload as { category?: string; function?: { version?: number } } | null
    return {
      taskId,
      jobId,
      userId,
      time: timestamp,
      isBatch: said?.category === 'batch',
      model: objId ?? '',
      name: objName ?? objId ?? '',
      version: said?.function?.version ?? 1,
    }
  })
}

/** The model whose objects a change brought: of requests the last one before it, else what the person asked last. */
const findRun = (runs: Run[], { action, created, userId }: LoggedChange): Run | undefined =>
  runs.findLast(({ time, isBatch, userId: asker }) =>
    time > created ? false : action === 'automatic' ? isBatch : !isBatch && asker === userId,
  )

/** What counts as a change by a person; ids, layers and the source do not. */
const silent = new Set([
  'id',
  'jobId',
  'parentId',
  'trackId',
  'source',
  'group',
  'score',
  'zOrder',
  'size',
  'width',
  'height',
  'area',
  'attributeKeys',
])
const substanceOf = (row: Row) => JSON.stringify(row, (key, value) => (silent.has(key) ? undefined : value))

/** Ways to delete that say something of the object that goes; in others everything goes, or comes back. */
const deliberate: ReadonlySet<RevisionAction> = new Set(['save', 'delete', 'update'])
const kinds = ['tags', 'shapes', 'tracks'] as const
const keyOf = (kind: Kind, id: number) => `${kind} ${id}`

type Origin = { kind: Kind; id: number; run: Run; row?: Row; lastAction?: RevisionAction; isGone: boolean }

/** Objects that came with a call of a model, with what they were then (as far as the log tells) and how they went. */
const followObjects = (changes: LoggedChange[], runs: Run[]): Map<string, Origin> => {
  const origins = new Map<string, Origin>()
  for (const change of changes) {
    const run = findRun(runs, change)
    for (const kind of kinds) {
      for (const id of change.delta.created[kind]) {
        const known = origins.get(keyOf(kind, id))
        // Restored from the history.
        if (known) known.isGone = false
        else if (run) origins.set(keyOf(kind, id), { kind, id, run, isGone: false })
      }
      for (const list of ['updated', 'deleted'] as const)
        for (const row of change.delta[list][kind] as Row[]) {
          const origin = origins.get(keyOf(kind, row.id!))
          if (!origin) continue
          origin.row ??= row
          origin.isGone = list === 'deleted'
          origin.lastAction = change.action
        }
    }
  }
  return origins
}

const loadNow = async (jobId: number, origins: Iterable<Origin>): Promise<Map<string, Row>> => {
  const here = [...origins].filter(({ isGone }) => !isGone)
  const idsOf = (kind: Kind) => here.filter((one) => one.kind === kind).map(({ id }) => id)
  const [tagIds, shapeIds, trackIds] = kinds.map(idsOf) as [number[], number[], number[]]
  const rows: Rows = {
    tags: tagIds.length ? await loadTags(db, [jobId], isAmong(tags.id as any, tagIds)) : [],
    shapes: shapeIds.length ? await loadShapes(db, [jobId], isAmong(shapes.id as any, shapeIds)) : [],
    tracks: trackIds.length ? await loadTracks(db, [jobId], isAmong(tracks.id as any, trackIds)) : [],
  }
  return new Map(kinds.flatMap((kind) => (rows[kind] as Row[]).map((row) => [keyOf(kind, row.id!), row] as const)))
}

/** What a person made of an object; undefined when nobody judged it: it went with everything else. */
const judge = ({ row, isGone, lastAction }: Origin, now: Row | undefined, isFinished: boolean): Verdict | undefined => {
  if (isGone || !now) return lastAction && deliberate.has(lastAction) ? 'rejected' : undefined
  if (row && substanceOf(row) !== substanceOf(now)) return 'edited'
  // Who completes a job lets what is in it pass.
  return now.source !== 'auto' || isFinished ? 'accepted' : 'open'
}

/** What people did with the objects of models that were called in the days that are shown; by model, version and label. */
export const loadAgreement = async (jobs: JobNow[], filters: Filters): Promise<Agreement[]> => {
  const annotated = jobs.filter(({ type }) => type === 'annotation')
  if (!annotated.length) return []
  const runs = await loadRuns([...new Set(annotated.map(({ taskId }) => taskId))], filters)
  if (!runs.length) return []
  const found = new Map<string, Omit<Agreement, 'label'> & { labelId: number }>()
  const newest = annotated.toSorted((a, b) => b.id - a.id).slice(0, maxJobs)
  for (const { id, taskId, state } of newest) {
    const own = runs.filter((run) => run.taskId === taskId && (run.jobId === null || run.jobId === id))
    if (!own[0]) continue
    const origins = followObjects(await readChanges(id, own[0].time), own)
    const now = await loadNow(id, origins.values())
    for (const [key, origin] of origins) {
      const first = origin.row ?? now.get(key)
      const verdict = first?.source === 'auto' && judge(origin, now.get(key), state === 'completed')
      if (!first || !verdict) continue
      const { model, name, version } = origin.run
      const place = JSON.stringify([model, version, first.labelId])
      const sums = found.get(place) ?? {
        model,
        name,
        version,
        labelId: first.labelId,
        accepted: 0,
        edited: 0,
        rejected: 0,
        open: 0,
      }
      sums[verdict]++
      found.set(place, sums)
    }
  }
  const ids = [...new Set([...found.values()].map(({ labelId }) => labelId))]
  const names = new Map(
    ids.length
      ? (
          await db
            .select({ id: labels.id, name: labels.name })
            .from(labels)
            .where(isAmong(labels.id as any, ids))
        ).map(({ id, name }) => [id, name] as const)
      : [],
  )
  return [...found.values()]
    .map(({ labelId, ...sums }) => ({ ...sums, label: names.get(labelId) ?? `#${labelId}` }))
    .sort((a, b) => a.name.localeCompare(b.name) || b.version - a.version || a.label.localeCompare(b.label))
}
