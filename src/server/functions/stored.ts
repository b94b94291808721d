// Functions of the database as all others see them.
import { desc, eq } from 'drizzle-orm'
import { type Db, db } from '../db/open'
import type { FunctionInfo } from './contract'
import { functions } from './schema'

export type StoredFunction = typeof functions.$inferSelect

/** The id of a stored function among those of all providers. */
export const keyOfStored = ({ id, provider }: Pick<StoredFunction, 'id' | 'provider'>) => `${provider}-${id}`

export const toInfo = (row: StoredFunction): FunctionInfo => {
  const { spec, kind } = row
  return {
    id: keyOfStored(row),
    provider: row.provider,
    name: row.name,
    description: row.description,
    kind,
    labels: spec.labels_v2 ?? [],
    version: row.version,
    runs: row.provider === 'agent' ? 'agent' : 'server',
    access: { ownerId: row.ownerId, organizationId: row.organizationId, visibility: row.visibility },
    ...(kind === 'interactor' && {
      interaction: {
        minPositivePoints: spec.min_pos_points ?? 1,
        minNegativePoints: spec.min_neg_points ?? -1,
        startsWithBox: spec.startswith_box ?? false,
        boxIsOptional: spec.startswith_box_optional ?? false,
      },
    }),
    ...(kind === 'tracker' && { shapeTypes: (spec.supported_shape_types ?? ['rectangle']) as FunctionInfo['shapeTypes'] }),
  }
}

export const listStored = (provider: StoredFunction['provider']): Promise<StoredFunction[]> =>
  db.select().from(functions).where(eq(functions.provider, provider)).orderBy(desc(functions.id))

export const findStored = async (id: number, from: Pick<Db, 'select'> = db): Promise<StoredFunction | undefined> =>
  (await from.select().from(functions).where(eq(functions.id, id)))[0]
