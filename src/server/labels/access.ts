// Who may see and change which labels: as with the task or project that they belong to.
import { eq, type SQL } from 'drizzle-orm'
import { tx } from '../db/open'
import { found, invalid } from '../http/errors'
import { getJob } from '../jobs/service'
import type { Who } from '../policy/who'
import { getProject } from '../projects/service'
import { getTask, labelParent, touchTask } from '../tasks/service'
import { labels } from './schema'
import { anyParent, applyLabels, findLabel, type LabelInput, type LabelRow, labelsByIds, type Parent } from './service'

const contexts = ['job_id', 'task_id', 'project_id'] as const

/** The labels that the query names: of one job, task or project. 400 when several are named at once, 403 without permission. */
export const visibleLabels = async (who: Who, query: Record<string, string | undefined>): Promise<SQL | undefined> => {
  const named = contexts.filter((key) => query[key])
  if (named.length > 1) throw invalid({ non_field_errors: `${named.join(', ')} cannot be used together` })
  const [key] = named
  if (!key) return who.admin ? undefined : eq(labels.id, -1)
  const id = Number(query[key])
  if (!Number.isInteger(id)) throw invalid({ [key]: 'A valid integer is required.' })
  return anyParent([await parentOf(who, key, id)])
}

const parentOf = async (who: Who, key: (typeof contexts)[number], id: number): Promise<Parent> => {
  if (key === 'project_id') return { projectId: (await getProject(who, id)).id }
  if (key === 'task_id') return labelParent((await getTask(who, id)).task)
  return labelParent((await getJob(who, id)).task)
}

const parentOfRow = (row: LabelRow): Parent => (row.projectId === null ? { taskId: row.taskId! } : { projectId: row.projectId })

const authorizeLabel = async (who: Who, row: LabelRow, action: string) =>
  row.projectId === null ? getTask(who, row.taskId!, action) : getProject(who, row.projectId, action)

export const getLabel = async (who: Who, id: number) => {
  const row = found(await findLabel(id))
  await authorizeLabel(who, row, 'view')
  return found((await labelsByIds([id]))[0])
}

const requireTop = async (id: number) => {
  const row = found(await findLabel(id))
  if (row.parentId !== null) throw invalid({ non_field_errors: 'Sublabels cannot be modified/deleted this way.' })
  return row
}

export const updateLabel = async (who: Who, id: number, input: LabelInput) => {
  const row = await requireTop(id)
  await authorizeLabel(who, row, 'update')
  await tx(async (t) => {
    await applyLabels(t, parentOfRow(row), [{ ...input, id }])
    if (row.taskId !== null) await touchTask(t, row.taskId)
  })
  return found((await labelsByIds([id]))[0])
}

export const removeLabel = async (who: Who, id: number) => {
  const row = await requireTop(id)
  await authorizeLabel(who, row, 'update')
  await tx(async (t) => {
    await applyLabels(t, parentOfRow(row), [{ id, deleted: true }])
    if (row.taskId !== null) await touchTask(t, row.taskId)
  })
}
