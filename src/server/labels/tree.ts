// Labels as trees: read with their attributes and sublabels, shown as the API does.
import { and, asc, eq, isNull, or, type SQL } from 'drizzle-orm'
import type { Label } from '../../formats/model'
import { isAmong } from '../db/dialect'
import { type Db, db } from '../db/open'
import { attributes, labels } from './schema'

export type LabelRow = typeof labels.$inferSelect
type Spec = typeof attributes.$inferSelect
/** What labels belong to: a project, or a task that is in none. */
export type Parent = { taskId: number } | { projectId: number }

export const parentIs = (parent: Parent): SQL =>
  'taskId' in parent ? eq(labels.taskId, parent.taskId) : eq(labels.projectId, parent.projectId)
export const anyParent = (parents: Parent[]) => or(...parents.map(parentIs))
export const parentOfRow = (row: LabelRow): Parent =>
  row.projectId === null ? { taskId: row.taskId! } : { projectId: row.projectId }

/** A label as the formats see it, with where it belongs. */
export type LabelTree = Label & {
  task_id?: number
  project_id?: number
  parent_id: number | null
  has_parent: boolean
  sublabels: LabelTree[]
}

const buildTree = (row: LabelRow, specs: Map<number, Spec[]>, children: Map<number | null, LabelRow[]>): LabelTree => ({
  id: row.id,
  name: row.name,
  color: row.color,
  attributes: (specs.get(row.id) ?? []).map((spec) => ({
    id: spec.id,
    name: spec.name,
    mutable: spec.mutable,
    input_type: spec.inputType,
    default_value: spec.defaultValue,
    values: spec.values,
  })),
  type: row.type,
  sublabels: (children.get(row.id) ?? []).map((child) => buildTree(child, specs, children)),
  ...(row.type === 'skeleton' && { svg: row.svg }),
  ...(row.projectId !== null ? { project_id: row.projectId } : { task_id: row.taskId! }),
  parent_id: row.parentId,
  has_parent: row.parentId !== null,
})

/** The rows as trees, in their order; two queries however many there are. */
export const loadTrees = async (rows: LabelRow[], from: Db = db): Promise<LabelTree[]> => {
  if (!rows.length) return []
  const ids = rows.map((row) => row.id)
  const children = await from
    .select()
    .from(labels)
    .where(isAmong(labels.parentId as any, ids))
    .orderBy(asc(labels.id))
  const specs = await from
    .select()
    .from(attributes)
    .where(isAmong(attributes.labelId as any, [...ids, ...children.map((row) => row.id)]))
    .orderBy(asc(attributes.id))
  const specsOf = Map.groupBy(specs, (spec) => spec.labelId)
  const childrenOf = Map.groupBy(children, (child) => child.parentId)
  return rows.map((row) => buildTree(row, specsOf, childrenOf))
}

/** First-level labels that fit the condition, in order of creation. */
export const loadLabels = async (where: SQL | undefined, from: Db = db): Promise<LabelTree[]> => {
  const top = await from
    .select()
    .from(labels)
    .where(and(isNull(labels.parentId), where))
    .orderBy(asc(labels.id))
  return loadTrees(top, from)
}

export const labelsOf = (parent: Parent, from: Db = db) => loadLabels(parentIs(parent), from)

/** A label as the API shows it: sublabels without what they share with their skeleton. */
export const showLabel = ({ sublabels, ...label }: LabelTree) => ({
  ...label,
  sublabels: sublabels.map(({ id, name, color, attributes, type }) => ({ id, name, color, attributes, type, has_parent: true })),
})
