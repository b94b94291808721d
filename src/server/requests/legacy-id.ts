// Ids that requests had in older versions, which scripts still ask for: `export:task-1-dataset-in-COCO_1@0-format-by-2`, `create:task-1` …
import { and, desc, eq, like, type SQL } from 'drizzle-orm'
import { db } from '../db/open'
import { requests } from './schema'

type Row = typeof requests.$inferSelect
type Parts = Partial<Record<'action' | 'target' | 'id' | 'uuid' | 'subresource' | 'format' | 'user', string>>

const forms: RegExp[] = [
  /^(?<action>export):(?<target>project|task|job)-(?<id>\d+)-(?<subresource>dataset|annotations)-in-(?<format>.+)-format-by-(?<user>\d+)$/,
  /^(?<action>export):(?<target>project|task)-(?<id>\d+)-(?<subresource>backup)-by-(?<user>\d+)$/,
  /^(?<action>import):(?<target>project|task|job)-(?<id>\d+)-(?<subresource>dataset|annotations)$/,
  /^(?<action>import):(?<target>project|task)-(?<uuid>[0-9a-f-]{36})-(?<subresource>backup)$/,
  /^(?<action>create):(?<target>task)-(?<id>\d+)$/,
  /^quality-check-(?<target>task)-(?<id>\d+)-user-(?<user>\d+)$/,
]

/** What an id of an older form says; undefined for any other text. */
export const readLegacyId = (text: string): Parts | undefined => {
  for (const form of forms) {
    const groups = form.exec(text)?.groups
    // The check of quality is the only form that does not name its action.
    if (groups) return { action: 'calculate', ...(groups as Parts) }
  }
  return undefined
}

const columnOf = { project: requests.projectId, task: requests.taskId, job: requests.jobId }
const encodeFormat = (format: string) => format.replaceAll(' ', '_').replaceAll('.', '@')

/** The newest request that an id of an older form means. */
export const findByLegacyId = async (text: string): Promise<Row | undefined> => {
  const parts = readLegacyId(text)
  if (!parts) return undefined
  const conditions: (SQL | undefined)[] = [
    eq(requests.action, parts.action!),
    eq(requests.target, parts.target!),
    parts.subresource ? eq(requests.subresource, parts.subresource) : undefined,
    parts.user ? eq(requests.userId, Number(parts.user)) : undefined,
    parts.id ? eq(columnOf[parts.target as keyof typeof columnOf], Number(parts.id)) : undefined,
    parts.uuid ? like(requests.id, `%id=${parts.uuid}%`) : undefined,
  ]
  const rows = await db
    .select()
    .from(requests)
    .where(and(...conditions))
    .orderBy(desc(requests.createdDate))
  return rows.find((row) => !parts.format || (row.format !== null && encodeFormat(row.format) === parts.format))
}
