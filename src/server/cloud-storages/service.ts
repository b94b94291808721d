// Cloud storages: who sees which, how they are connected and changed, and how others open them.
import { and, count, desc, eq, type SQL } from 'drizzle-orm'
import { type Db, db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found, invalid, refused } from '../http/errors'
import { isoTime } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { authorize, type FactColumns, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { forgetCloudStorage } from '../projects/service'
import { StorageError } from '../storage/storage'
import { users } from '../users/schema'
import { loadPeople, showPerson } from '../users/service'
import { type CloudStorage, getCloudStorage, openCloudStorage } from './access'
import { type Credentials, credentialFields, sealCredentials, unsealCredentials } from './credentials'
import { pickCredentials, readAttributes } from './location'
import { type CredentialsType, cloudStorages, type ProviderType } from './schema'

export * from './access'
export { type Credentials, sealCredentials } from './credentials'
export { type CloudFile, fetchCloudFile, fetchObjectOf, putCloudFile, readCloudFile } from './exchange'
export { readLines } from './lines'

export const listOptions: ListOptions = {
  fields: {
    id: { column: cloudStorages.id as any, kind: 'number' },
    name: { column: cloudStorages.displayName as any, kind: 'text' },
    owner: { column: users.username as any, kind: 'text' },
    provider_type: { column: cloudStorages.providerType as any, kind: 'text' },
    credentials_type: { column: cloudStorages.credentialsType as any, kind: 'text' },
    resource: { column: cloudStorages.resource as any, kind: 'text' },
    description: { column: cloudStorages.description as any, kind: 'text' },
    updated_date: { column: cloudStorages.updatedDate as any, kind: 'time' },
  },
  search: ['description', 'name', 'owner', 'resource'],
  simple: ['credentials_type', 'name', 'owner', 'provider_type', 'resource'],
}

const factColumns: FactColumns = {
  organizationId: cloudStorages.organizationId as any,
  ownerId: cloudStorages.ownerId as any,
}

/** As the API shows them; credentials never leave. */
export const showCloudStorages = async (origin: string, rows: CloudStorage[], from: Db = db) => {
  const people = await loadPeople(
    rows.map((row) => row.ownerId),
    from,
  )
  return rows.map((row) => ({
    id: row.id,
    provider_type: row.providerType,
    resource: row.resource,
    display_name: row.displayName,
    owner: row.ownerId !== null && people.has(row.ownerId) ? showPerson(origin, people.get(row.ownerId)!) : null,
    manifests: row.manifests,
    created_date: isoTime(row.createdDate),
    updated_date: isoTime(row.updatedDate),
    credentials_type: row.credentialsType,
    specific_attributes: row.specificAttributes,
    description: row.description,
    organization: row.organizationId,
  }))
}

export const listCloudStorages = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(scope(who, 'cloud-storage', 'view', factColumns, context), ...conditions)
  const rows = await db
    .select({ row: cloudStorages })
    .from(cloudStorages)
    .leftJoin(users, eq(users.id, cloudStorages.ownerId))
    .where(where)
    .orderBy(...order, desc(cloudStorages.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await db
    .select({ n: count() })
    .from(cloudStorages)
    .leftJoin(users, eq(users.id, cloudStorages.ownerId))
    .where(where)
  return { rows: rows.map(({ row }) => row), count: total!.n }
}

const maxOptions = 500

/** What a person may choose as the place of files. */
export const listStorageOptions = async (who: Who): Promise<{ id: number; name: string }[]> => {
  const { rows } = await listCloudStorages(who, { kind: 'any' }, [], [], { page: 1, size: maxOptions, offset: 0 })
  return rows.map(({ id, displayName }) => ({ id, name: displayName }))
}

export type CloudStorageInput = Partial<{
  provider_type: ProviderType
  resource: string
  display_name: string
  credentials_type: CredentialsType
  specific_attributes: string
  description: string
  manifests: string[]
}> &
  Credentials

/** What a person entered is wrong when the bucket refuses it: 400 naming the field. */
const blame = (error: unknown, fields: { missing: string; forbidden: string }) => {
  if (!(error instanceof StorageError)) return error
  const field = error.reason === 'missing' || error.reason === 'forbidden' ? fields[error.reason] : undefined
  return field ? invalid({ [field]: error.message }) : refused(error.message)
}

/** Makes sure that the bucket answers and that every manifest lies in it. Throws 400 naming the field. */
const requireReachable = async (row: Omit<CloudStorage, 'id'>) => {
  const store = await openCloudStorage(row as CloudStorage)
  await store.list({ limit: 1, flat: true }).catch((error) => {
    throw blame(error, { missing: 'resource', forbidden: 'credentials' })
  })
  for (const name of row.manifests) {
    const there = await store.stat(name).catch((error) => {
      throw blame(error, { missing: 'manifests', forbidden: 'manifests' })
    })
    if (!there) throw invalid({ manifests: `The manifest "${name}" was not found in the bucket "${row.resource}".` })
  }
}

const pickGiven = (input: CloudStorageInput): Credentials =>
  Object.fromEntries(credentialFields.flatMap((field) => (input[field] ? [[field, input[field]]] : [])))

export const createCloudStorage = async (
  who: Who,
  origin: string,
  context: OrgContext,
  input: CloudStorageInput &
    Required<Pick<CloudStorageInput, 'provider_type' | 'resource' | 'display_name' | 'credentials_type'>>,
): Promise<CloudStorage> => {
  const organizationId = context.kind === 'organization' ? context.id : null
  authorize(who, 'cloud-storage', 'create', { organizationId })
  const now = new Date()
  const values = {
    providerType: input.provider_type,
    resource: input.resource,
    displayName: input.display_name,
    credentialsType: input.credentials_type,
    credentials: await sealCredentials(pickCredentials(input.provider_type, input.credentials_type, pickGiven(input))),
    specificAttributes: input.specific_attributes ?? '',
    description: input.description ?? '',
    manifests: input.manifests ?? [],
    ownerId: who.user.id,
    organizationId,
    createdDate: now,
    updatedDate: now,
  }
  await requireReachable(values)
  return tx(async (t) => {
    const [row] = await t.insert(cloudStorages).values(values).returning()
    const [after] = await showCloudStorages(origin, [row!], t)
    await recordChange(t, who, { action: 'create', resource: 'cloudstorage', id: row!.id, organizationId, after })
    return row!
  })
}

/**
 * Stored credentials serve only the place that they were entered for: whoever may change a storage could otherwise send
 * them to a server of their own.
 */
const mergeCredentials = async (row: CloudStorage, changed: CloudStorage, given: Credentials) => {
  const { endpoint } = readAttributes(row.specificAttributes)
  const isElsewhere =
    changed.providerType !== row.providerType || readAttributes(changed.specificAttributes).endpoint !== endpoint
  const isOther = isElsewhere || changed.credentialsType !== row.credentialsType
  const kept = isOther ? {} : await unsealCredentials(row.credentials).catch(() => ({}))
  return pickCredentials(changed.providerType, changed.credentialsType, { ...kept, ...given })
}

export const updateCloudStorage = async (
  who: Who,
  origin: string,
  id: number,
  input: CloudStorageInput,
): Promise<CloudStorage> => {
  const row = await getCloudStorage(who, id)
  authorize(who, 'cloud-storage', 'update', row)
  const given = pickGiven(input)
  const changed: CloudStorage = {
    ...row,
    ...(input.provider_type !== undefined && { providerType: input.provider_type }),
    ...(input.resource !== undefined && { resource: input.resource }),
    ...(input.display_name !== undefined && { displayName: input.display_name }),
    ...(input.credentials_type !== undefined && { credentialsType: input.credentials_type }),
    ...(input.specific_attributes !== undefined && { specificAttributes: input.specific_attributes }),
    ...(input.description !== undefined && { description: input.description }),
    ...(input.manifests !== undefined && { manifests: input.manifests }),
  }
  const isMoved = (['providerType', 'resource', 'credentialsType', 'specificAttributes'] as const).some(
    (key) => changed[key] !== row[key],
  )
  if (isMoved || Object.keys(given).length)
    changed.credentials = await sealCredentials(await mergeCredentials(row, changed, given))
  if (isMoved || Object.keys(given).length || input.manifests !== undefined) await requireReachable(changed)
  const [before] = await showCloudStorages(origin, [row])
  const values = Object.fromEntries(Object.entries(changed).filter(([key, value]) => value !== row[key as keyof CloudStorage]))
  return tx(async (t) => {
    const [updated] = await t
      .update(cloudStorages)
      .set({ ...values, updatedDate: new Date() })
      .where(eq(cloudStorages.id, id))
      .returning()
    const [after] = await showCloudStorages(origin, [found(updated)], t)
    const { organizationId } = row
    await recordChange(t, who, { action: 'update', resource: 'cloudstorage', id, organizationId, before, after })
    return updated!
  })
}

export const removeCloudStorage = async (who: Who, origin: string, id: number): Promise<void> => {
  const row = await getCloudStorage(who, id)
  authorize(who, 'cloud-storage', 'delete', row)
  const [before] = await showCloudStorages(origin, [row])
  await tx(async (t) => {
    await recordChange(t, who, { action: 'delete', resource: 'cloudstorage', id, organizationId: row.organizationId, before })
    await forgetCloudStorage(t, id)
    await t.delete(cloudStorages).where(eq(cloudStorages.id, id))
  })
}
