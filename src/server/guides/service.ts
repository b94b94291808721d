// Guides of tasks and projects: who reads and writes them.
import { and, eq, or } from 'drizzle-orm'
import { db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found, invalid, refused } from '../http/errors'
import { isoTime } from '../http/json'
import { jobs } from '../jobs/schema'
import { authorize, type Facts } from '../policy/can'
import type { Who } from '../policy/who'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { listGuideAssets, removeAssetFiles } from './asset-files'
import { guides } from './schema'

export { assetFile, listGuideAssets, maxAssetBytes, maxAssetsPerGuide, removeAssetFiles, removeStrayAssets } from './asset-files'

export type Guide = typeof guides.$inferSelect
/** What a guide belongs to: one of both. */
export type GuidePlace = { taskId: number } | { projectId: number }
type Target = { place: GuidePlace; organizationId: number | null; ownerId: number | null; assigneeId: number | null }

export const showGuide = (guide: Guide) => ({
  id: guide.id,
  task_id: guide.taskId,
  project_id: guide.projectId,
  created_date: isoTime(guide.createdDate),
  updated_date: isoTime(guide.updatedDate),
  markdown: guide.markdown,
})

const placeOf = (guide: Guide): GuidePlace => (guide.taskId === null ? { projectId: guide.projectId! } : { taskId: guide.taskId })

const findTarget = async (place: GuidePlace): Promise<Target | undefined> => {
  const [row] =
    'taskId' in place
      ? await db.select().from(tasks).where(eq(tasks.id, place.taskId))
      : await db.select().from(projects).where(eq(projects.id, place.projectId))
  return row && { place, organizationId: row.organizationId, ownerId: row.ownerId, assigneeId: row.assigneeId }
}

/** Whether the person works inside: on a job, or, in a project, on a task. */
const worksInside = async (who: Who, place: GuidePlace): Promise<boolean> => {
  const me = who.user.id
  const inside = 'taskId' in place ? eq(tasks.id, place.taskId) : eq(tasks.projectId, place.projectId)
  const ownTask = 'taskId' in place ? undefined : or(eq(tasks.ownerId, me), eq(tasks.assigneeId, me))
  const [row] = await db
    .select({ id: tasks.id })
    .from(tasks)
    .leftJoin(jobs, eq(jobs.taskId, tasks.id))
    .where(and(inside, or(eq(jobs.assigneeId, me), ownTask)))
    .limit(1)
  return row !== undefined
}

const factsOf = async (who: Who, { place, ...target }: Target, action: string): Promise<Facts> => ({
  ...target,
  workerIds: action === 'view' && !who.admin && (await worksInside(who, place)) ? [who.user.id] : [],
})

/** The guide and the organization it is in, when the person may do `action` with it: else 404 or 403. */
export const getGuide = async (who: Who, id: number, action = 'view') => {
  const guide = found((await db.select().from(guides).where(eq(guides.id, id)))[0])
  const target = found(await findTarget(placeOf(guide)))
  authorize(who, 'guide', action, await factsOf(who, target, action))
  return { guide, organizationId: target.organizationId }
}

export type GuideInput = { task_id?: number | null; project_id?: number | null; markdown?: string }

const requireTarget = async ({ task_id, project_id }: GuideInput): Promise<Target> => {
  if (!task_id === !project_id) throw invalid({ non_field_errors: 'One of project_id or task_id must be specified' })
  const target = await findTarget(task_id ? { taskId: task_id } : { projectId: project_id! })
  if (!target)
    throw invalid({ [task_id ? 'task_id' : 'project_id']: `Invalid pk "${task_id || project_id}" - object does not exist.` })
  return target
}

export const createGuide = async (who: Who, input: GuideInput): Promise<Guide> => {
  const target = await requireTarget(input)
  const { place, organizationId } = target
  authorize(who, 'guide', 'create', await factsOf(who, target, 'create'))
  const now = new Date()
  return tx(async (t) => {
    const [guide] = await t
      .insert(guides)
      .values({ ...place, markdown: input.markdown ?? '', createdDate: now, updatedDate: now })
      .onConflictDoNothing()
      .returning()
    if (!guide) throw refused('A guide exists already for this task or project.')
    await recordChange(t, who, {
      action: 'create',
      resource: 'annotationguide',
      id: guide.id,
      organizationId,
      ...place,
      after: showGuide(guide),
    })
    return guide
  })
}

/** Changes the text. A guide stays where it is: another target is refused with 400. */
export const updateGuide = async (who: Who, id: number, input: GuideInput): Promise<Guide> => {
  const { guide: before, organizationId } = await getGuide(who, id, 'update')
  for (const [field, old] of [['task_id', before.taskId], ['project_id', before.projectId]] as const) // biome-ignore format: pairs
    if (input[field] !== undefined && input[field] !== old) throw invalid({ [field]: 'A guide cannot be moved.' })
  return tx(async (t) => {
    const [guide] = await t
      .update(guides)
      .set({ ...(input.markdown !== undefined && { markdown: input.markdown }), updatedDate: new Date() })
      .where(eq(guides.id, id))
      .returning()
    await recordChange(t, who, {
      action: 'update',
      resource: 'annotationguide',
      id,
      organizationId,
      ...placeOf(before),
      before: showGuide(before),
      after: showGuide(found(guide)),
    })
    return guide!
  })
}

/** Removes a guide with its assets. */
export const removeGuide = async (who: Who, id: number): Promise<void> => {
  const { guide, organizationId } = await getGuide(who, id, 'delete')
  const place = placeOf(guide)
  const files = await tx(async (t) => {
    const inside = await listGuideAssets(t, place)
    const before = showGuide(guide)
    await recordChange(t, who, { action: 'delete', resource: 'annotationguide', id, organizationId, ...place, before })
    await t.delete(guides).where(eq(guides.id, id))
    return inside
  })
  await removeAssetFiles(files)
}

/** A guide's Markdown as HTML that is safe to show. The renderer is loaded when it is first needed. */
export const renderGuide = async (markdown: string): Promise<string> => (await import('./render-guide')).renderMarkdown(markdown)
