// The one place that asks which version of CVAT's API clients were told: what differs between versions is translated here.
import { config } from '../config'

const numberOf = (version: string) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1000 + minor
}

/** Whether clients expect the API of this version or a later one. */
export const isSince = (version: string) => numberOf(config().compat_version) >= numberOf(version)

/** Fields that bodies have from this version on; none for older clients. */
export const since = <T extends object>(version: string, fields: T): T | Record<never, never> => (isSince(version) ? fields : {})

/** What is left out of a body for clients before 2.80, and values that had another name then. */
type Change = {
  without: string[]
  /** Left out when null. */
  withoutNull?: string[]
  /** Left out unless another field has a value. */
  onlyWith?: Record<string, string>
  values?: Record<string, Record<string, string>>
}

const changes = {
  user: { without: ['email_verified'] },
  project: { without: ['organization_id'] },
  task: {
    without: ['project_name', 'media_type', 'organization_id', 'initial_replicas', 'data_cloud_storage_id'],
    withoutNull: ['data'],
    onlyWith: {
      size: 'data',
      image_quality: 'data',
      data_chunk_size: 'data',
      data_compressed_chunk_type: 'data',
      data_original_chunk_type: 'data',
    },
  },
  job: {
    without: ['task_name', 'project_name', 'media_type', 'organization_id', 'replicas_count'],
    values: { type: { replica: 'consensus_replica' } },
  },
  meta: { without: ['chapters', 'storage', 'cloud_storage_id'] },
} satisfies Record<string, Change>

/** A body as clients of the told version know it. */
export const forClient = <T extends object>(kind: keyof typeof changes, body: T): T => {
  if (isSince('2.80')) return body
  const { without, withoutNull = [], onlyWith = {}, values = {} }: Change = changes[kind]
  const entries = Object.entries(body).flatMap(([key, value]): [string, unknown][] => {
    if (onlyWith[key] && (body as Record<string, unknown>)[onlyWith[key]] === null) return []
    if (without.includes(key) || (value === null && withoutNull.includes(key))) return []
    return [[key, values[key]?.[value as string] ?? value]]
  })
  return Object.fromEntries(entries) as T
}

/** The present name of a value that a client sent, whichever version it knows. */
export const fromClient = (kind: keyof typeof changes, field: string, value: string): string => {
  const { values = {} }: Change = changes[kind]
  return Object.entries(values[field] ?? {}).find(([, old]) => old === value)?.[0] ?? value
}
