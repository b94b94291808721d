// Source and target storages of projects and tasks: how they are kept, and who may name which cloud storage.
import { eq } from 'drizzle-orm'
import { cloudStorages } from '../cloud-storages/schema'
import { jsonNumber } from '../db/dialect'
import type { Db, Tx } from '../db/open'
import { invalid } from '../http/errors'
import { type FormTexts, readNumber } from '../http/form-fields'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { tasks } from '../tasks/schema'
import { projects, type StorageRef } from './schema'

export type StorageInput = Partial<StorageRef> | null | undefined
export type StorageInputs = { source_storage?: StorageInput; target_storage?: StorageInput }

export const storageRef = (input: StorageInput): StorageRef | null =>
  input ? { location: input.location ?? 'local', cloud_storage_id: input.cloud_storage_id ?? null } : null

/** The place that a select of a plain form names: the id of a cloud storage, or nothing for this server. */
export const readStorage = (fields: FormTexts, name: string): StorageInput => {
  const id = readNumber(fields, name, 1)
  return id === undefined ? undefined : { location: 'cloud_storage', cloud_storage_id: id }
}

/** Makes sure that named cloud storages exist and that the person may see them. Errors: 400, 403. */
export const requireStorages = async (t: Db, who: Who, inputs: StorageInputs): Promise<void> => {
  for (const field of ['source_storage', 'target_storage'] as const) {
    const input = inputs[field]
    if (input?.location !== 'cloud_storage') continue
    const id = input.cloud_storage_id
    if (id === null || id === undefined)
      throw invalid({ [field]: 'Cloud storage was selected as location but its id was not specified' })
    const [storage] = await t.select().from(cloudStorages).where(eq(cloudStorages.id, id))
    if (!storage) throw invalid({ [field]: `The specified cloud storage ${id} does not exist.` })
    authorize(who, 'cloud-storage', 'view', storage)
  }
}

/** A cloud storage goes: what pointed there is local again. Call it in the transaction that removes the storage. */
export const forgetCloudStorage = async (t: Tx, id: number): Promise<void> => {
  for (const table of [projects, tasks] as (typeof projects)[]) {
    await t
      .update(table)
      .set({ sourceStorage: null })
      .where(eq(jsonNumber(table.sourceStorage as any, 'cloud_storage_id'), id))
    await t
      .update(table)
      .set({ targetStorage: null })
      .where(eq(jsonNumber(table.targetStorage as any, 'cloud_storage_id'), id))
  }
}
