// What a page of results says about each object and frame: a handful of queries however many there are.
import { and, eq, inArray, sql } from 'drizzle-orm'
import { shapes, tags, trackShapes, tracks } from '../annotations/schema'
import { loadShapes, loadTags, loadTracks } from '../annotations/service'
import { frames, taskData } from '../data/schema'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import { jobs } from '../jobs/schema'
import { attributes, labels } from '../labels/schema'
import type { Region } from '../media/media'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { boundsOf, cropAround, type Drawn, isSpatial, type Outline, outlineOf } from './outline'
import type { Hit } from './search'
import { firstKey, type Kind } from './sources'

export type HitName = 'shape' | 'track' | 'tag' | 'frame'
export const hitNames: Record<Hit['kind'], HitName> = { shapes: 'shape', tracks: 'track', tags: 'tag', frames: 'frame' }

export type Found = {
  type: HitName
  id: number | null
  project_id: number | null
  task_id: number
  task_name: string
  job_id: number
  stage: string
  state: string
  assignee: string | null
  frame: number
  frame_name: string | null
  /** Null for a frame. */
  label: { id: number; name: string; color: string } | null
  shape_type: string | null
  source: string | null
  score: number | null
  occluded: boolean | null
  group: number | null
  width: number | null
  height: number | null
  area: number | null
  attributes: { name: string; value: string }[]
  /** Left, top, right, bottom in pixels of the frame. */
  box: number[] | null
  url: string
  thumbnail: string
}
/** What the page draws over the thumbnail. */
export type Shown = Found & { region: Region | null; outline: Outline | null }

type Body = {
  type: string
  points: string
  rotation: number
  occluded: boolean
  width: number
  height: number
  area: number
  elements?: Drawn[]
}
type Row = { id: number; labelId: number; source: string; group: number; attributes: string; score?: number; body?: Body }

const idsOf = (hits: Hit[], kind: Kind) => hits.flatMap((hit) => (hit.kind === kind ? [hit.id!] : []))
const families = (table: typeof shapes | typeof tracks, ids: number[]) =>
  sql`(${isAmong(table.id as any, ids)} or ${isAmong(table.parentId as any, ids)})`

const loadBodies = async (hits: Hit[]): Promise<Map<string, Row>> => {
  const rows = new Map<string, Row>()
  const put = (kind: Kind, row: Row) => rows.set(`${kind} ${row.id}`, row)
  const jobIdsOf = (kind: Kind) => [...new Set(hits.flatMap((hit) => (hit.kind === kind ? [hit.jobId] : [])))]
  const [shapeIds, trackIds, tagIds] = [idsOf(hits, 'shapes'), idsOf(hits, 'tracks'), idsOf(hits, 'tags')]
  if (shapeIds.length)
    for (const shape of await loadShapes(db, jobIdsOf('shapes'), families(shapes, shapeIds)))
      put('shapes', { ...shape, body: shape as unknown as Body })
  if (trackIds.length)
    for (const track of await loadTracks(db, jobIdsOf('tracks'), families(tracks, trackIds))) {
      const [key] = track.shapes
      const elements = track.elements.flatMap(({ shapes }) => shapes.find(({ frame }) => frame === key?.frame) ?? [])
      const joined = JSON.stringify([...JSON.parse(track.attributes), ...JSON.parse(key?.attributes ?? '[]')])
      put('tracks', { ...track, attributes: joined, ...(key && { body: { ...key, elements } as unknown as Body }) })
    }
  if (tagIds.length) for (const tag of await loadTags(db, jobIdsOf('tags'), isAmong(tags.id as any, tagIds))) put('tags', tag)
  return rows
}

const loadPlaces = async (jobIds: number[]) => {
  const rows = await db
    .select({
      id: jobs.id,
      taskId: jobs.taskId,
      stage: jobs.stage,
      state: jobs.state,
      revision: jobs.revision,
      taskName: tasks.name,
      dimension: tasks.dimension,
      projectId: tasks.projectId,
      assignee: users.username,
      video: taskData.video,
      start: taskData.startFrame,
    })
    .from(jobs)
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .leftJoin(taskData, eq(taskData.taskId, jobs.taskId))
    .leftJoin(users, eq(users.id, jobs.assigneeId))
    .where(inArray(jobs.id, jobIds))
  return new Map(rows.map((row) => [row.id, row]))
}

const loadPictures = async (pairs: { taskId: number; frame: number }[]) => {
  const rows = await db
    .select({ taskId: frames.taskId, number: frames.number, name: frames.name, width: frames.width, height: frames.height })
    .from(frames)
    .where(
      and(
        inArray(frames.taskId, [...new Set(pairs.map(({ taskId }) => taskId))]),
        isAmong(frames.number as any, [...new Set(pairs.map(({ frame }) => frame))]),
      ),
    )
  return new Map(rows.map((row) => [`${row.taskId} ${row.number}`, row]))
}

const loadNames = async (rows: Iterable<Row>) => {
  const list = [...rows]
  const ids = [...new Set(list.map(({ labelId }) => labelId))]
  const own = ids.length ? await db.select().from(labels).where(inArray(labels.id, ids)) : []
  const specs = ids.length
    ? await db.select({ id: attributes.id, name: attributes.name }).from(attributes).where(inArray(attributes.labelId, ids))
    : []
  return { labels: new Map(own.map((label) => [label.id, label])), specs: new Map(specs.map(({ id, name }) => [id, name])) }
}

const readAttributes = (text: string, specs: Map<number, string>) =>
  (JSON.parse(text) as { spec_id: number; value: string }[]).flatMap(({ spec_id, value }) =>
    specs.has(spec_id) ? [{ name: specs.get(spec_id)!, value }] : [],
  )

const round = (value: number) => Math.round(value * 100) / 100

/** Hits with all that is known of them, in their order; what is gone meanwhile is left out. */
export const showHits = async (hits: Hit[]): Promise<Shown[]> => {
  if (!hits.length) return []
  const rows = await loadBodies(hits)
  const places = await loadPlaces([...new Set(hits.map(({ jobId }) => jobId))])
  const pictures = await loadPictures(
    hits.flatMap(({ jobId, frame }) => (places.has(jobId) ? [{ taskId: places.get(jobId)!.taskId, frame }] : [])),
  )
  const names = await loadNames(rows.values())
  return hits.flatMap(({ kind, id, jobId, frame }): Shown[] => {
    const place = places.get(jobId)
    const row = rows.get(`${kind} ${id}`)
    if (!place || (kind !== 'frames' && !row)) return []
    const type = hitNames[kind]
    const label = row && names.labels.get(row.labelId)
    const picture = pictures.get(`${place.taskId} ${frame}`)
    const size = picture ?? place.video
    const body = row?.body
    const isFlat = body && place.dimension === '2d' && !isSpatial(body)
    const box = isFlat ? boundsOf(body) : null
    const region = box && size && size.width > 0 ? cropAround(box, size) : null
    const address = new URLSearchParams({ frame: String(frame), ...(row && { type, serverID: String(id) }) })
    const asked = new URLSearchParams(row ? { type, id: String(id) } : { type, job_id: String(jobId), frame: String(frame) })
    if (row) asked.set('v', String(place.revision))
    return [
      {
        type,
        id,
        project_id: place.projectId,
        task_id: place.taskId,
        task_name: place.taskName,
        job_id: jobId,
        stage: place.stage,
        state: place.state,
        assignee: place.assignee,
        frame,
        frame_name: picture?.name ?? place.video?.name ?? null,
        label: label ? { id: label.id, name: label.name, color: label.color } : null,
        shape_type: body?.type ?? null,
        source: row?.source ?? null,
        score: row?.score ?? null,
        occluded: body?.occluded ?? null,
        group: row?.group ?? null,
        width: body ? round(body.width) : null,
        height: body ? round(body.height) : null,
        area: body ? round(body.area) : null,
        attributes: row ? readAttributes(row.attributes, names.specs) : [],
        box: box?.map(round) ?? null,
        url: `/tasks/${place.taskId}/jobs/${jobId}?${address}`,
        thumbnail: `/api/find/thumbnail?${asked}`,
        region,
        outline: region && body ? outlineOf(body) : null,
      },
    ]
  })
}

/** Where an object is: null when there is none. */
export const findHit = async (type: string, id: number): Promise<Hit | null> => {
  if (type === 'track') {
    const [row] = await db
      .select({ jobId: tracks.jobId, frame: trackShapes.frame })
      .from(tracks)
      .innerJoin(trackShapes, firstKey)
      .where(eq(tracks.id, id))
    return row ? { kind: 'tracks', id, ...row } : null
  }
  const kind = type === 'tag' ? 'tags' : 'shapes'
  const table = type === 'tag' ? tags : shapes
  const [row] = await db
    .select({ jobId: table.jobId, frame: table.frame })
    .from(table as typeof shapes)
    .where(eq(table.id, id))
  return row ? { kind, id, ...row } : null
}
