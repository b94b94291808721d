// What the pages of quality control are about, a task or a project, with what the person may do there; heading and tabs.
import type { Children } from '@kitajs/html'
import { PageHead } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { readId, type Visit } from '../auth/service'
import { authorize, can, type Facts } from '../policy/can'
import { getProject, projectFacts } from '../projects/service'
import { getTask, type TaskRow, taskFacts } from '../tasks/service'
import type { SettingsParent } from './settings'

export type PlaceKind = 'task' | 'project'
export type Place = {
  kind: PlaceKind
  id: number
  name: string
  /** `/tasks/7/quality`. */
  path: string
  crumbs: { href: string; label: string }[]
  /** Null for a project. */
  task: TaskRow | null
  projectId: number | null
  parent: SettingsParent
  mayReport: boolean
  /** Settings, validation frames. */
  mayUpdate: boolean
  /** Ground truth jobs. */
  mayMakeJobs: boolean
}

/** The facts that rules about reports look at: those of a project stand beside those of a task. */
const loadTask = async ({ who }: Visit, id: number): Promise<Place> => {
  const row = await getTask(who, id)
  const { task, project } = row
  const facts = taskFacts(row)
  authorize(who, 'quality-report', 'view', facts)
  const parents = project ? [task, project] : [task]
  return {
    kind: 'task',
    id,
    name: task.name,
    path: `/tasks/${id}/quality`,
    crumbs: [
      ...(project ? [{ href: `/projects/${project.id}`, label: project.name }] : [{ href: '/tasks', label: t('Tasks') }]),
      { href: `/tasks/${id}`, label: task.name },
    ],
    task: row,
    projectId: task.projectId,
    parent: { taskId: id },
    mayReport: can(who, 'quality-report', 'create', facts),
    mayUpdate: can(who, 'task', 'update', facts),
    mayMakeJobs: can(who, 'job', 'create', { organizationId: task.organizationId, parents }),
  }
}

const loadProject = async ({ who }: Visit, id: number): Promise<Place> => {
  const project = await getProject(who, id)
  const facts: Facts = { organizationId: project.organizationId, parents: [project] }
  authorize(who, 'quality-report', 'view', facts)
  return {
    kind: 'project',
    id,
    name: project.name,
    path: `/projects/${id}/quality`,
    crumbs: [
      { href: '/projects', label: t('Projects') },
      { href: `/projects/${id}`, label: project.name },
    ],
    task: null,
    projectId: id,
    parent: { projectId: id },
    mayReport: can(who, 'quality-report', 'create', facts),
    mayUpdate: can(who, 'project', 'update', projectFacts(project)),
    mayMakeJobs: false,
  }
}

/** Throws 404 or 403 unless the person may see reports of the place. */
export const loadPlace = (visit: Visit, kind: PlaceKind, params: Record<string, string>): Promise<Place> =>
  (kind === 'task' ? loadTask : loadProject)(visit, readId(params))

export const tabs = ['overview', 'management', 'settings'] as const
export type Tab = (typeof tabs)[number]

export const labelOf = (tab: Tab) => ({ overview: t('Overview'), management: t('Management'), settings: t('Settings') })[tab]

/** A project has no frames of its own to manage. */
export const tabsOf = ({ kind }: Place): Tab[] => tabs.filter((tab) => kind === 'task' || tab !== 'management')

export const readTab = (place: Place, text: string | undefined): Tab => tabsOf(place).find((tab) => tab === text) ?? 'overview'

type FrameProps = { place: Place; tab: Tab; actions?: JSX.Element; children?: Children }

export const QualityFrame = ({ place, tab, actions, children }: FrameProps): JSX.Element => (
  <div data-testid="quality" data-tab={tab}>
    <PageHead title={t('Quality control')} crumbs={place.crumbs}>
      {actions as 'safe'}
    </PageHead>
    <nav class="mb-4 flex gap-1 overflow-x-auto border-b border-line" aria-label={t('Quality control')}>
      {tabsOf(place).map((one) => (
        <a
          class="tab"
          href={one === 'overview' ? place.path : `${place.path}?tab=${one}`}
          aria-current={one === tab ? 'page' : undefined}
          data-testid={`quality-tab-${one}`}
          safe
        >
          {labelOf(one)}
        </a>
      ))}
    </nav>
    {children}
  </div>
)
