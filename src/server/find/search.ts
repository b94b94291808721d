// Runs a query: how many objects or frames fit, and which are on a page.

import { and, type SQL, sql } from 'drizzle-orm'
import { t } from '../../web/ui/i18n/message'
import { shapes, tags, trackShapes, tracks } from '../annotations/schema'
import { frames } from '../data/schema'
import { isAmong } from '../db/dialect'
import { type Db, dataVersion, db } from '../db/open'
import { readAside, TookTooLong } from '../db/read-aside'
import { ApiError } from '../http/errors'
import { jobs } from '../jobs/schema'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { getProject } from '../projects/service'
import { tasks } from '../tasks/schema'
import { getTask } from '../tasks/service'
import { compileQuery, type Environment } from './compile'
import { findField, isObjectField } from './fields'
import { listTerms, type Node, parseQuery, QueryProblem } from './parse-query'
import { isInPlace, type Place, visibleJobs } from './places'
import { firstKey, frameSource, type Kind, kinds, type Source, sources } from './sources'
import { loadVocabulary } from './vocabulary'

export type Hit = { kind: Kind | 'frames'; id: number | null; jobId: number; frame: number }
export type SortName = 'frame' | 'area' | 'width' | 'height' | 'score' | 'id'
export type Sort = { by: SortName; isDescending: boolean }
export const sortNames: SortName[] = ['frame', 'area', 'width', 'height', 'score', 'id']

export type Asked = { who: Who; context: OrgContext; place: Place; text: string }
export type Search = {
  tree: Node | null
  /** What fits, by kind; a kind that cannot fit is not there. */
  wheres: Map<Kind, SQL>
  /** Set when the query says nothing about objects: frames that fit, with or without them. */
  pictures: SQL | null
  counts: Map<Kind, number>
  /** Of all kinds. */
  count: number
}

/** A wrong query as an answer that names the place. */
export const toApiError = (error: unknown): unknown => {
  if (error instanceof TookTooLong)
    return new ApiError(400, {
      q: [t('This search takes too long. Narrow it, or search in one project or task.')],
      position: 0,
      length: 0,
    })
  return error instanceof QueryProblem
    ? new ApiError(400, { q: [error.message], position: error.at, length: error.length })
    : error
}

/** Rows of a kind, not yet narrowed. */
const selectFrom = (columns: Record<string, any>, kind: Kind, from: Db = db): any => {
  const tables = { shapes, tracks, tags }
  const query = (from.select(columns) as any).from(tables[kind])
  return kind === 'tracks' ? query.innerJoin(trackShapes, firstKey) : query
}
const selectPictures = (columns: Record<string, any>): any =>
  (db.select(columns) as any)
    .from(frames)
    .innerJoin(jobs, sql`${jobs.taskId} = ${frames.taskId} and ${frames.number} between ${jobs.startFrame} and ${jobs.stopFrame}`)
    .innerJoin(tasks, sql`${tasks.id} = ${jobs.taskId}`)
    .leftJoin(projects, sql`${projects.id} = ${tasks.projectId}`)

/** Numbers of earlier searches, good until something is written. */
const remembered = { version: -1 as number | undefined, counts: new Map<string, number>() }
const maxRemembered = 500
const countOnce = async (query: any): Promise<number> => {
  const version = dataVersion()
  const { sql: text, params } = query.toSQL()
  if (version !== remembered.version || remembered.counts.size > maxRemembered)
    Object.assign(remembered, { version, counts: new Map() })
  const { counts } = remembered
  const key = `${text} ${JSON.stringify(params)}`
  const known = version === undefined ? undefined : counts.get(key)
  if (known !== undefined) return known
  const [row] = await readAside<{ n: number }>(query, ['n'])
  counts.set(key, Number(row!.n))
  return Number(row!.n)
}

const isAboutObjects = (tree: Node | null) =>
  listTerms(tree).some(
    ({ key }) =>
      !key || /^(is|not)$/i.test(key.text) || isObjectField(key.isQuoted ? 'label' : (findField(key.text)?.name ?? 'label')),
  )

/** Compiles a query for what the person may see. Throws 400 naming the place of a mistake, 403 or 404 for the place. */
export const openSearch = async ({ who, context, place, text }: Asked, wantsFrames = false): Promise<Search> => {
  try {
    const tree = parseQuery(text)
    const visible = visibleJobs(who, context, place)
    await requirePlace(who, place, visible)
    const env: Environment = { username: who.user.username, place, visible, vocabulary: await loadVocabulary(place, tree) }
    const compile = (source: Source) => {
      const fitting = compileQuery(tree, source, env)
      return fitting === false
        ? null
        : and(sql`${source.jobId} in ${visible}`, source.where, fitting === true ? undefined : fitting)!
    }
    const wheres = new Map(
      kinds.flatMap((kind) => [[kind, compile(sources[kind])] as const].filter((pair): pair is [Kind, SQL] => pair[1] !== null)),
    )
    const pictures = wantsFrames && !isAboutObjects(tree) ? compile(frameSource) : null
    const search = {
      tree,
      wheres,
      pictures: pictures && and(pictures, isInPlace(place))!,
      counts: new Map<Kind, number>(),
      count: 0,
    }
    return wantsFrames ? countFrames(search) : countObjects(search)
  } catch (error) {
    throw toApiError(error)
  }
}

/** A place where the person sees no job is looked at as itself: it may be empty, not theirs, or not there at all. */
const requirePlace = async (who: Who, { projectId, taskId }: Place, visible: SQL) => {
  if (projectId === undefined && taskId === undefined) return
  const [some] = await db.select({ id: jobs.id }).from(jobs).where(sql`${jobs.id} in ${visible}`).limit(1)
  if (some) return
  if (projectId !== undefined) await getProject(who, projectId)
  if (taskId !== undefined) await getTask(who, taskId)
}

const countObjects = async (search: Search): Promise<Search> => {
  for (const [kind, where] of search.wheres)
    search.counts.set(kind, await countOnce(selectFrom({ n: sql<number>`count(*)` }, kind).where(where)))
  return { ...search, count: [...search.counts.values()].reduce((sum, n) => sum + n, 0) }
}

/** Frames with an object that fits, each once. */
const framesOf = ({ wheres }: Search): SQL =>
  sql.join(
    [...wheres].map(([kind, where]) => {
      const { jobId, frame } = sources[kind]
      return sql`${selectFrom({ jobId: sql`${jobId}`.as('job_id'), frame: sql`${frame}`.as('frame') }, kind)
        .where(where)
        .getSQL()}`
    }),
    sql` union `,
  )

const countFrames = async (search: Search): Promise<Search> => {
  if (search.pictures)
    return { ...search, count: await countOnce(selectPictures({ n: sql<number>`count(*)` }).where(search.pictures)) }
  if (!search.wheres.size) return search
  const query = (db.select({ n: sql<number>`count(*)` }) as any).from(sql`(${framesOf(search)}) fitting`)
  return { ...search, count: await countOnce(query) }
}

const sortColumn = (source: Source, { by }: Sort): SQL | undefined => {
  if (by === 'frame') return undefined
  const column = by === 'id' ? source.id : by === 'score' ? source.score : source.body?.[by]
  return column ? sql`${column}` : undefined
}

type Keyed = Hit & { value: number | null }
const order = ({ isDescending, by }: Sort) => {
  const sign = isDescending ? -1 : 1
  return (a: Keyed, b: Keyed) => {
    if (a.value !== b.value) return a.value === null ? 1 : b.value === null ? -1 : sign * (a.value - b.value)
    const turned = by === 'frame' ? sign : 1
    return (
      turned * (a.jobId - b.jobId || a.frame - b.frame) ||
      kinds.indexOf(a.kind as Kind) - kinds.indexOf(b.kind as Kind) ||
      a.id! - b.id!
    )
  }
}

const listKind = async (kind: Kind, where: SQL, sort: Sort, limit: number, offset: number): Promise<Keyed[]> => {
  const source = sources[kind]
  const value = sortColumn(source, sort)
  const way = sql.raw(sort.isDescending ? 'desc' : 'asc')
  const turned = sort.by === 'frame' ? way : sql.raw('asc')
  const query = selectFrom({ id: source.id, jobId: source.jobId, frame: source.frame, value: value ?? sql<null>`null` }, kind)
    .where(where)
    .orderBy(...(value ? [sql`${value} ${way}`] : []), sql`${source.jobId} ${turned}`, sql`${source.frame} ${turned}`, source.id)
    .limit(limit)
    .offset(offset)
  const rows = await readAside<Omit<Keyed, 'kind'>>(query, ['id', 'jobId', 'frame', 'value'])
  return rows.map((row) => ({ ...row, kind, value: value ? Number(row.value) : null }))
}

/** How far a list of several kinds goes: they are merged here. */
export const maxMerged = 20_000

/** Objects from `offset` on, in order. */
export const listObjects = async ({ wheres, counts }: Search, sort: Sort, offset: number, limit: number): Promise<Hit[]> => {
  const present = [...wheres].filter(([kind]) => counts.get(kind))
  if (present.length <= 1) {
    const [only] = present
    return only ? listKind(only[0], only[1], sort, limit, offset) : []
  }
  if (offset + limit > maxMerged)
    throw new ApiError(400, { page: [t('Only the first {most} objects are shown; narrow the search.', { most: maxMerged })] })
  const all: Keyed[] = []
  for (const [kind, where] of present) all.push(...(await listKind(kind, where, sort, offset + limit, 0)))
  return all.sort(order(sort)).slice(offset, offset + limit)
}

/** Frames from `offset` on. */
export const listFrames = async (search: Search, sort: Sort, offset: number, limit: number): Promise<Hit[]> => {
  const way = sql.raw(sort.isDescending ? 'desc' : 'asc')
  const query = search.pictures
    ? selectPictures({ jobId: jobs.id, frame: frames.number })
        .where(search.pictures)
        .orderBy(sql`${jobs.id} ${way}`, sql`${frames.number} ${way}`)
    : search.wheres.size
      ? (db.select({ jobId: sql<number>`fitting.job_id`, frame: sql<number>`fitting.frame` }) as any)
          .from(sql`(${framesOf(search)}) fitting`)
          .orderBy(sql`fitting.job_id ${way}`, sql`fitting.frame ${way}`)
      : null
  const rows = query
    ? await readAside<{ jobId: number; frame: number }>(query.limit(limit).offset(offset), ['jobId', 'frame'])
    : []
  return rows.map((row) => ({ kind: 'frames', id: null, ...row }))
}

/** One object that fits, with what decides whether it may have another label. */
export type Member = { kind: Kind; id: number; jobId: number; labelId: number; type: string | null }

/** Everything that fits, or of the `chosen` what fits. */
export const listMembers = async ({ wheres, counts }: Search, chosen?: Record<Kind, number[]>): Promise<Member[]> => {
  const members: Member[] = []
  for (const [kind, where] of wheres) {
    if (!counts.get(kind) || chosen?.[kind].length === 0) continue
    const { id, jobId, labelId, body } = sources[kind]
    const query = selectFrom({ id, jobId, labelId, type: body?.type ?? sql<null>`null` }, kind)
    const narrowed = query.where(chosen ? and(isAmong(id!, chosen[kind]), where) : where)
    const rows = await readAside<Omit<Member, 'kind'>>(narrowed, ['id', 'jobId', 'labelId', 'type'])
    for (const row of rows) members.push({ kind, ...row })
  }
  return members
}
