// Where a page looks for suspicious labels: a task or a project, its address, its way back, the labels to choose from.
import { t } from '../../web/ui/i18n/message'
import { readId, type Visit } from '../auth/service'
import { labelsOf } from '../labels/service'
import { can } from '../policy/can'
import { getProject } from '../projects/service'
import { getTask, labelParent, taskFacts } from '../tasks/service'
import type { Place } from './service'

export type PagePlace = {
  place: Place
  section: 'tasks' | 'projects'
  path: string
  crumbs: { href: string; label: string }[]
  /** Names of the labels. */
  labels: string[]
  mayLook: boolean
}

const namesOf = async (parent: Parameters<typeof labelsOf>[0]) => (await labelsOf(parent)).map(({ name }) => name)

/** Throws 403 or 404 unless the person may see the task or project. */
export const readPagePlace = async (
  { who }: Visit,
  kind: 'task' | 'project',
  params: Record<string, string>,
): Promise<PagePlace> => {
  const id = readId(params)
  if (kind === 'project') {
    const project = await getProject(who, id)
    return {
      place: { projectId: id },
      section: 'projects',
      path: `/projects/${id}/suspects`,
      crumbs: [
        { href: '/projects', label: t('Projects') },
        { href: `/projects/${id}`, label: project.name },
      ],
      labels: await namesOf({ projectId: id }),
      mayLook: can(who, 'quality-report', 'create', { organizationId: project.organizationId, parents: [project] }),
    }
  }
  const row = await getTask(who, id)
  const { task, project } = row
  return {
    place: { taskId: id },
    section: 'tasks',
    path: `/tasks/${id}/suspects`,
    crumbs: [
      ...(project ? [{ href: `/projects/${project.id}`, label: project.name }] : [{ href: '/tasks', label: t('Tasks') }]),
      { href: `/tasks/${id}`, label: task.name },
    ],
    labels: await namesOf(labelParent(task)),
    mayLook: task.dimension === '2d' && can(who, 'quality-report', 'create', taskFacts(row)),
  }
}
