// Objects of each label as they are now, in the jobs of a dashboard that people annotate.
import { and, count, isNull, type SQL } from 'drizzle-orm'
import { shapes, tags, tracks } from '../annotations/schema'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import { labels } from '../labels/schema'

export type LabelFigures = {
  labelId: number
  name: string
  color: string
  tags: number
  shapes: number
  tracks: number
  total: number
}

/** Elements of skeletons do not count, the skeletons do. */
const kinds = [
  { kind: 'tags', table: tags, where: undefined as SQL | undefined },
  { kind: 'shapes', table: shapes, where: isNull(shapes.parentId) },
  { kind: 'tracks', table: tracks, where: isNull(tracks.parentId) },
] as const

export const countLabels = async (jobIds: number[]): Promise<LabelFigures[]> => {
  if (!jobIds.length) return []
  const found = new Map<number, Omit<LabelFigures, 'name' | 'color'>>()
  for (const { kind, table, where } of kinds) {
    const rows = await db
      .select({ labelId: (table as typeof tags).labelId, n: count() })
      .from(table as typeof tags)
      .where(and(isAmong(table.jobId as any, jobIds), where))
      .groupBy(table.labelId)
    for (const { labelId, n } of rows) {
      const figures = found.get(labelId) ?? { labelId, tags: 0, shapes: 0, tracks: 0, total: 0 }
      found.set(labelId, { ...figures, [kind]: figures[kind] + n, total: figures.total + n })
    }
  }
  const names = await db
    .select({ id: labels.id, name: labels.name, color: labels.color })
    .from(labels)
    .where(isAmong(labels.id as any, [...found.keys()]))
  return names.map(({ id, name, color }) => ({ ...found.get(id)!, name, color })).sort((a, b) => b.total - a.total)
}
