// Who may see and change which labels: as with the task or project that they belong to.
import { and, asc, count, eq, inArray, isNull, or, type SQL } from 'drizzle-orm'
import { aliased } from '../db/dialect'
import { db, tx } from '../db/open'
import { found, invalid, refused } from '../http/errors'
import type { ListOptions, Paging } from '../http/page'
import { getJob } from '../jobs/service'
import { scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { getProject, projectColumns } from '../projects/service'
import { tasks } from '../tasks/schema'
import { getTask, labelParent, taskColumns } from '../tasks/service'
import { applyLabels, type LabelInput } from './apply-labels'
import { labels } from './schema'
import { anyParent, type LabelRow, type LabelTree, loadTrees, type Parent, parentOfRow } from './tree'

const contexts = ['job_id', 'task_id', 'project_id'] as const
const parentLabel = aliased(labels, 'parent_label')

export const listOptions: ListOptions = {
  fields: {
    id: { column: labels.id as any, kind: 'number' },
    name: { column: labels.name as any, kind: 'text' },
    color: { column: labels.color as any, kind: 'text' },
    type: { column: labels.type as any, kind: 'text' },
    parent: { column: parentLabel.name as any, kind: 'text' },
    parent_id: { column: labels.parentId as any, kind: 'number' },
  },
  search: ['name', 'parent'],
  simple: ['color', 'name', 'parent', 'parent_id', 'type'],
}

/** The labels of all tasks and projects that the person may see. */
const anyVisible = (who: Who, context: OrgContext): SQL | undefined => {
  if (who.admin && context.kind === 'any') return undefined
  const visibleTasks = db
    .select({ id: tasks.id })
    .from(tasks)
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .where(scope(who, 'task', 'view', taskColumns, context))
  const visibleProjects = db
    .select({ id: projects.id })
    .from(projects)
    .where(scope(who, 'project', 'view', projectColumns, context))
  return or(inArray(labels.taskId, visibleTasks), inArray(labels.projectId, visibleProjects))
}

/** The labels that the query names: of one job, task or project. 400 when several are named at once, 403 without permission. */
const namedOrVisible = async (who: Who, context: OrgContext, query: Record<string, string | undefined>) => {
  const named = contexts.filter((key) => query[key])
  if (named.length > 1) throw refused(`${named.join(', ')} cannot be used together`)
  const [key] = named
  if (!key) return anyVisible(who, context)
  const id = Number(query[key])
  if (!Number.isInteger(id)) throw invalid({ [key]: 'A valid integer is required.' })
  return anyParent([await parentOf(who, key, id)])
}

const parentOf = async (who: Who, key: (typeof contexts)[number], id: number): Promise<Parent> => {
  if (key === 'project_id') return { projectId: (await getProject(who, id)).id }
  if (key === 'task_id') return labelParent((await getTask(who, id)).task)
  return labelParent((await getJob(who, id)).task)
}

/** First-level labels, oldest first unless `order` says otherwise. */
export const listLabels = async (
  who: Who,
  context: OrgContext,
  query: Record<string, string | undefined>,
  conditions: SQL[],
  order: SQL[],
  paging: Paging,
): Promise<{ rows: LabelTree[]; count: number }> => {
  const where = and(isNull(labels.parentId), await namedOrVisible(who, context, query), ...conditions)
  const withParent = <T extends { leftJoin: any }>(select: T): T =>
    select.leftJoin(parentLabel, eq(parentLabel.id, labels.parentId))
  const rows = await withParent(db.select({ label: labels }).from(labels) as any)
    .where(where)
    .orderBy(...order, asc(labels.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await withParent(db.select({ n: count() }).from(labels) as any).where(where)
  return { rows: await loadTrees(rows.map((row: { label: LabelRow }) => row.label)), count: total!.n as number }
}

/** The label, when the person may do `action` with its task or project: else 404 or 403. */
const findLabel = async (who: Who, id: number, action: string) => {
  const [label] = await db.select().from(labels).where(eq(labels.id, id))
  const row = found(label)
  const place =
    row.projectId === null ? (await getTask(who, row.taskId!, action)).task : await getProject(who, row.projectId, action)
  return { row, organizationId: place.organizationId }
}

/** A label of any level. */
export const getLabel = async (who: Who, id: number): Promise<LabelTree> => {
  const { row } = await findLabel(who, id, 'view')
  return (await loadTrees([row]))[0]!
}

const changeLabel = async (who: Who, id: number, what: 'modified' | 'deleted', input: LabelInput) => {
  const { row, organizationId } = await findLabel(who, id, 'update')
  if (row.parentId !== null) throw refused(`Sublabels cannot be ${what} this way. Change the label that they belong to.`)
  await tx((t) => applyLabels(t, parentOfRow(row), [{ ...input, id }], { who, now: new Date(), organizationId }))
}

export const updateLabel = async (who: Who, id: number, { deleted: _, ...input }: LabelInput): Promise<LabelTree> => {
  await changeLabel(who, id, 'modified', input)
  return getLabel(who, id)
}

export const removeLabel = (who: Who, id: number): Promise<void> => changeLabel(who, id, 'deleted', { deleted: true })
