// Stored functions: made, listed, changed and removed; agents and HTTP addresses stand behind them.
import { and, count, desc, eq, type SQL } from 'drizzle-orm'
import { type ShapeType, shapeTypes } from '../../formats/model'
import { type Db, db, type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { forbidden, invalid, notFound } from '../http/errors'
import { isoTime } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { authorize } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { failRequest } from '../requests/service'
import { publish } from '../stream/service'
import { users } from '../users/schema'
import { loadPeople, showPerson } from '../users/service'
import { type FunctionAction, mayDo, visibleTo } from './access'
import { listOpenRequests } from './agent/queue'
import { type FunctionKind, functionKinds } from './contract'
import { MetadataError, readLabels } from './http/metadata'
import { type FunctionSpec, functions, functionVersions } from './schema'
import { sealKey } from './secrets'
import { keyOfStored, type StoredFunction, toInfo } from './stored'

/** The names of providers in the API. */
const providerOf = { native: 'agent', http: 'http' } as const
const nameOf = { agent: 'native', http: 'http' } as const

export const listOptions: ListOptions = {
  fields: {
    id: { column: functions.id as any, kind: 'number' },
    name: { column: functions.name as any, kind: 'text' },
    kind: { column: functions.kind as any, kind: 'text' },
    visibility: { column: functions.visibility as any, kind: 'text' },
    provider: {
      column: functions.provider as any,
      kind: 'text',
      read: (text) => providerOf[text as keyof typeof providerOf] ?? text,
    },
    owner: { column: users.username as any, kind: 'text' },
    created_date: { column: functions.createdDate as any, kind: 'time' },
    updated_date: { column: functions.updatedDate as any, kind: 'time' },
  },
  search: ['name', 'owner'],
  simple: ['name', 'kind', 'visibility', 'provider', 'owner'],
}

/** Fields of a kind, all of them: agents compare them with what they can. */
const showSpec = ({ kind, spec }: StoredFunction): FunctionSpec => {
  if (kind === 'interactor')
    return {
      min_pos_points: spec.min_pos_points ?? 1,
      min_neg_points: spec.min_neg_points ?? -1,
      startswith_box: spec.startswith_box ?? false,
      startswith_box_optional: spec.startswith_box_optional ?? false,
    }
  if (kind === 'tracker') return { supported_shape_types: spec.supported_shape_types ?? ['rectangle'] }
  return { labels_v2: spec.labels_v2 ?? [] }
}

/** Functions as the API shows them. Addresses are for who may change them. */
export const showFunctions = async (who: Who, origin: string, rows: StoredFunction[], from: Db = db) => {
  const people = await loadPeople(
    rows.map(({ ownerId }) => ownerId),
    from,
  )
  return rows.map((row) => ({
    id: row.id,
    provider: nameOf[row.provider],
    name: row.name,
    description: row.description,
    kind: row.kind,
    visibility: row.visibility,
    ...(row.ownerId !== null && people.has(row.ownerId) && { owner: showPerson(origin, people.get(row.ownerId)!) }),
    organization: row.organizationId,
    version: row.version,
    created_date: isoTime(row.createdDate),
    updated_date: isoTime(row.updatedDate),
    ...(row.url !== null && mayDo(who, 'update', toInfo(row)) && { url: row.url }),
    ...showSpec(row),
  }))
}
export const showFunction = async (who: Who, origin: string, row: StoredFunction, from: Db = db) =>
  (await showFunctions(who, origin, [row], from))[0]!

const joined = <T extends { leftJoin: any }>(query: T): T => query.leftJoin(users, eq(users.id, functions.ownerId))

export const listFunctions = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(visibleTo(who, context), ...conditions)
  const rows: { functions: StoredFunction }[] = await joined(db.select({ functions }).from(functions) as any)
    .where(where)
    .orderBy(...order, desc(functions.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await joined(db.select({ n: count() }).from(functions) as any).where(where)
  return { rows: rows.map((row) => row.functions), count: total!.n as number }
}

/** Throws 404 for a function that is not there or not for the person, 403 for what they may not do. */
export const getStored = async (
  who: Who,
  id: number,
  action: FunctionAction = 'view',
  from: Pick<Db, 'select'> = db,
): Promise<StoredFunction> => {
  const [row] = await from.select().from(functions).where(eq(functions.id, id))
  if (!row || !mayDo(who, 'view', toInfo(row))) throw notFound()
  if (!mayDo(who, action, toInfo(row))) throw forbidden()
  return row
}

export type FunctionInput = {
  provider?: string
  name?: string
  description?: string
  kind?: string
  visibility?: 'public' | 'private'
  labels_v2?: unknown
  min_pos_points?: number
  min_neg_points?: number
  startswith_box?: boolean
  startswith_box_optional?: boolean
  supported_shape_types?: string[]
  url?: string
  api_key?: string
}

const maxLabels = 5000

const checkLabels = (given: unknown): FunctionSpec['labels_v2'] => {
  try {
    const labels = readLabels(given, 'labels_v2')
    if (labels.length > maxLabels) throw new MetadataError(`more than ${maxLabels} labels`)
    return labels
  } catch (error) {
    if (error instanceof MetadataError) throw invalid({ labels_v2: `Cannot be used: ${error.message}.` })
    throw error
  }
}

type SpecReader = (input: FunctionInput) => FunctionSpec
const readLabelled: SpecReader = ({ labels_v2 }) => {
  if (labels_v2 === undefined) throw invalid({ labels_v2: 'This field is required.' })
  return { labels_v2: checkLabels(labels_v2) }
}
const specReaders: Record<FunctionKind, SpecReader> = {
  detector: readLabelled,
  classifier: readLabelled,
  attributes: readLabelled,
  interactor: ({ min_pos_points = 1, min_neg_points = -1, startswith_box = false, startswith_box_optional = false }) => ({
    min_pos_points,
    min_neg_points,
    startswith_box,
    startswith_box_optional,
  }),
  tracker: ({ supported_shape_types }) => {
    if (!supported_shape_types?.length) throw invalid({ supported_shape_types: 'This field is required.' })
    const odd = supported_shape_types.find((type) => !shapeTypes.includes(type as ShapeType))
    if (odd !== undefined) throw invalid({ supported_shape_types: `"${odd}" is not a valid choice.` })
    return { supported_shape_types }
  },
  reid: () => ({}),
}

const readKind = (kind: string | undefined): FunctionKind => {
  if (kind === undefined) throw invalid({ kind: 'This field is required.' })
  if (!functionKinds.includes(kind as FunctionKind)) throw invalid({ kind: `"${kind}" is not a valid choice.` })
  return kind as FunctionKind
}

const checkUrl = (url: string | undefined): string => {
  if (!url) throw invalid({ url: 'This field is required.' })
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw invalid({ url: 'Enter a valid URL.' })
  return url
}

const keepVersion = (t: Tx, who: Who, row: StoredFunction, note: string) => {
  const { name, kind, spec, url, version } = row
  return t.insert(functionVersions).values({
    functionKey: keyOfStored(row),
    version,
    note,
    detail: { name, kind, url, ...spec },
    userId: who.user.id,
    createdDate: row.updatedDate,
  })
}

const changeOf = (row: StoredFunction) => ({ resource: 'function', id: row.id, organizationId: row.organizationId }) as const
const describe = (who: Who, row: StoredFunction, t: Tx) => showFunction(who, who.origin ?? '', row, t)

/** Makes a function: of agents by anybody who may, behind an HTTP address by administrators. */
export const createFunction = async (who: Who, context: OrgContext, input: FunctionInput): Promise<StoredFunction> => {
  const provider = Object.hasOwn(providerOf, input.provider ?? '')
    ? providerOf[input.provider as keyof typeof providerOf]
    : undefined
  if (!provider) throw invalid({ provider: `"${input.provider}" is not a provider; "native" and "http" are.` })
  const organizationId = context.kind === 'organization' ? context.id : null
  authorize(who, 'function', 'create', { organizationId })
  if (provider === 'http' && !who.admin) throw forbidden('Only administrators may make functions that the server calls.')
  if (!input.name?.trim()) throw invalid({ name: 'This field is required.' })
  const kind = readKind(input.kind)
  const spec = specReaders[kind](input)
  const url = provider === 'http' ? checkUrl(input.url) : null
  const apiKey = provider === 'http' && input.api_key ? await sealKey(input.api_key) : null
  const now = new Date()
  return tx(async (t) => {
    const [row] = await t
      .insert(functions)
      .values({
        provider,
        name: input.name!.trim(),
        description: input.description ?? '',
        kind,
        visibility: input.visibility ?? 'private',
        ownerId: who.user.id,
        organizationId,
        spec,
        url,
        apiKey,
        createdDate: now,
        updatedDate: now,
      })
      .returning()
    await keepVersion(t, who, row!, '')
    await recordChange(t, who, { action: 'create', ...changeOf(row!), after: await describe(who, row!, t) })
    return row!
  })
}

/** What makes another model of it; everything else is only said differently. */
const counts = (input: FunctionInput) => ['labels_v2', 'supported_shape_types', 'url'].some((name) => name in input)

/** Changes a function. What it finds or where it is makes a new version; results name the version that made them. */
export const updateFunction = async (who: Who, id: number, input: FunctionInput & { note?: string }): Promise<StoredFunction> => {
  const there = await getStored(who, id, 'update')
  if (input.name !== undefined && !input.name.trim()) throw invalid({ name: 'This field may not be blank.' })
  if (input.url !== undefined && there.provider !== 'http') throw invalid({ url: 'Agents have no address.' })
  if (there.provider === 'http' && !who.admin) throw forbidden('Only administrators may change functions that the server calls.')
  const spec = specReaders[there.kind]({ ...showSpec(there), ...input })
  const url = input.url === undefined ? there.url : checkUrl(input.url)
  const apiKey = input.api_key === undefined ? there.apiKey : input.api_key ? await sealKey(input.api_key) : null
  return tx(async (t) => {
    const before = await describe(who, there, t)
    const isNew = counts(input)
    const [row] = await t
      .update(functions)
      .set({
        name: input.name?.trim() ?? there.name,
        description: input.description ?? there.description,
        visibility: input.visibility ?? there.visibility,
        spec,
        url,
        apiKey,
        version: there.version + (isNew ? 1 : 0),
        updatedDate: new Date(Math.max(Date.now(), there.updatedDate.getTime() + 1)),
      })
      .where(eq(functions.id, id))
      .returning()
    if (isNew) await keepVersion(t, who, row!, input.note ?? '')
    await recordChange(t, who, { action: 'update', ...changeOf(row!), before, after: await describe(who, row!, t) })
    return row!
  })
}

export const removeFunction = async (who: Who, id: number) => {
  const row = await getStored(who, id, 'delete')
  const open = await listOpenRequests(id)
  await tx(async (t) => {
    await recordChange(t, who, { action: 'delete', ...changeOf(row), before: await describe(who, row, t) })
    await t.delete(functionVersions).where(eq(functionVersions.functionKey, keyOfStored(row)))
    await t.delete(functions).where(eq(functions.id, id))
  })
  for (const requestId of open) await failRequest(requestId, `The function "${row.name}" was removed.`)
  publish({ type: 'function', topics: [`function:${id}`], data: { removed: true } })
}

export const listVersions = (key: string) =>
  db.select().from(functionVersions).where(eq(functionVersions.functionKey, key)).orderBy(desc(functionVersions.version))
