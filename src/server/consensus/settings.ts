// Settings of consensus, made with their defaults when they are asked for first.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found } from '../http/errors'
import { float } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { getTask, taskColumns } from '../tasks/service'
import { consensusSettings } from './schema'

export type Settings = typeof consensusSettings.$inferSelect

export const settingsOptions: ListOptions = {
  fields: {
    id: { column: consensusSettings.id as any, kind: 'number' },
    task_id: { column: consensusSettings.taskId as any, kind: 'number' },
  },
  search: [],
  simple: ['task_id'],
}

export const ensureSettings = async (taskId: number): Promise<Settings> => {
  const find = eq(consensusSettings.taskId, taskId)
  const [there] = await db.select().from(consensusSettings).where(find)
  if (there) return there
  return tx(async (t) => {
    const [row] = await t.select().from(consensusSettings).where(find)
    return row ?? (await t.insert(consensusSettings).values({ taskId }).returning())[0]!
  })
}

export const showSettings = (row: Settings) => ({
  id: row.id,
  task_id: row.taskId,
  iou_threshold: float(row.iouThreshold),
  quorum: float(row.quorum),
})

/** With `taskId`: 404 or 403 unless the person may see the task; a task with replicas has settings. */
export const listSettings = async (
  who: Who,
  context: OrgContext,
  taskId: number | undefined,
  conditions: SQL[],
  order: SQL[],
  paging: Paging,
) => {
  if (taskId !== undefined) {
    const { task } = await getTask(who, taskId)
    if (task.consensusReplicas) await ensureSettings(taskId)
  }
  const joined = (query: any) =>
    query
      .innerJoin(tasks, eq(tasks.id, consensusSettings.taskId))
      .leftJoin(projects, eq(projects.id, tasks.projectId))
      .where(and(scope(who, 'consensus-settings', 'view', taskColumns, context), ...conditions))
  const rows: { settings: Settings }[] = await joined(db.select({ settings: consensusSettings }).from(consensusSettings))
    .orderBy(...order, asc(consensusSettings.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await joined(db.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(consensusSettings))
  return { rows: rows.map(({ settings }) => settings), count: total.n as number }
}

/** The settings, when the person may do `action` with their task: else 404 or 403. */
export const getSettings = async (who: Who, id: number, action: 'view' | 'update' = 'view'): Promise<Settings> => {
  const row = found((await db.select().from(consensusSettings).where(eq(consensusSettings.id, id)))[0])
  await getTask(who, row.taskId, action)
  return row
}

export const updateSettings = async (
  who: Who,
  id: number,
  { quorum, iou_threshold }: { quorum?: number; iou_threshold?: number },
): Promise<Settings> => {
  const row = await getSettings(who, id, 'update')
  const { task } = await getTask(who, row.taskId)
  const values = { ...(quorum !== undefined && { quorum }), ...(iou_threshold !== undefined && { iouThreshold: iou_threshold }) }
  if (!Object.keys(values).length) return row
  return tx(async (t) => {
    const changed = found((await t.update(consensusSettings).set(values).where(eq(consensusSettings.id, id)).returning())[0])
    await recordChange(t, who, {
      action: 'update',
      resource: 'consensussettings',
      id,
      organizationId: task.organizationId,
      projectId: task.projectId,
      taskId: task.id,
      before: showSettings(row),
      after: showSettings(changed),
    })
    return changed
  })
}
