// Takes a task into a project; what a change of project or organization needs.
import { eq } from 'drizzle-orm'
import { db, type Tx } from '../db/open'
import { invalid } from '../http/errors'
import { jobs } from '../jobs/schema'
import { labels } from '../labels/schema'
import { labelsOf, type Parent } from '../labels/service'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { projects } from '../projects/schema'
import { moveToOrganization, requireOrganization } from '../projects/service'
import { type LabelChoice, matchLabels, moveAnnotations } from './move-labels'
import { tasks } from './schema'

type Task = typeof tasks.$inferSelect
type Project = typeof projects.$inferSelect
export type MoveInput = { project_id?: number | null; organization_id?: number | null }
/** Where a task is to go; a field is undefined when it stays. */
export type Move = { toProject?: Project; toOrganization?: number | null }

export const findProject = async (id: number): Promise<Project> => {
  const [project] = await db.select().from(projects).where(eq(projects.id, id))
  if (!project) throw invalid({ project_id: `Invalid pk "${id}" - object does not exist.` })
  return project
}

/** What a change of project or organization asks for. Errors: 400, 403. */
export const checkMove = async (who: Who, { task }: { task: Task }, input: MoveInput): Promise<Move> => {
  const { project_id: projectId, organization_id: organizationId } = input
  const toProject = projectId !== undefined && projectId !== task.projectId
  const toOrganization = organizationId !== undefined && organizationId !== task.organizationId
  if (toOrganization && (toProject || task.projectId !== null))
    throw invalid({ organization_id: 'A task in a project moves together with its project.' })
  if (toOrganization) await requireOrganization(who, 'task', organizationId)
  if (!toProject) return { toOrganization: toOrganization ? organizationId : undefined }
  if (projectId === null) throw invalid({ project_id: 'A task cannot be taken out of its project.' })
  const project = await findProject(projectId)
  authorize(who, 'project', 'view', project)
  authorize(who, 'task', 'create', { organizationId: project.organizationId, parents: [project] })
  const [other] = await db.select({ dimension: tasks.dimension }).from(tasks).where(eq(tasks.projectId, projectId)).limit(1)
  if (other && other.dimension !== task.dimension)
    throw invalid({ project_id: `The project holds ${other.dimension} tasks, this one is ${task.dimension}.` })
  return { toProject: project }
}
/** Into a project: annotations get the project's labels that were chosen, else those of the same names. */
export const moveToProject = async (t: Tx, task: Task, parent: Parent, project: Project, choice?: LabelChoice) => {
  const mapping = matchLabels(await labelsOf(parent, t), await labelsOf({ projectId: project.id }, t), choice)
  const own = await jobsOf(t, task.id)
  await (await import('../annotations/service')).recordLabelMove(t, own)
  await moveAnnotations(t, own, mapping)
  await (await import('../cloud-shapes/service')).moveCloudShapes(t, own, mapping)
  await t.delete(labels).where(eq(labels.taskId, task.id))
  if (project.organizationId !== task.organizationId) await moveToOrganization(t, project.organizationId, { taskIds: [task.id] })
  await t.update(tasks).set({ projectId: project.id }).where(eq(tasks.id, task.id))
}
const jobsOf = async (t: Tx, taskId: number) =>
  (await t.select({ id: jobs.id }).from(jobs).where(eq(jobs.taskId, taskId))).map(({ id }) => id)
