// /projects/<id>: one project with its tasks, labels and details.

import { asc, eq } from 'drizzle-orm'
import { BareLink } from '../../web/ui/bare'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { LabelsEditor } from '../../web/ui/labels-editor'
import { Empty, List } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { innerTaskFields, thingFilters } from '../../web/ui/list-fields'
import {
  BareTransfer,
  DeleteEntry,
  MenuEntry,
  MenuLine,
  OrganizationEntry,
  QualityEntries,
  TransferEntries,
} from '../../web/ui/menus'
import { Ago, Assignee, Details, EditableTitle, plural, RowMenu, Status } from '../../web/ui/parts'
import { thingActions } from '../../web/ui/rights'
import { PlaceChoices } from '../../web/ui/storage-choice'
import { TaskTable } from '../../web/ui/task-table'
import { readId, showPage } from '../auth/service'
import { listStorageOptions } from '../cloud-storages/service'
import { redirectToLastPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { readRights } from '../http/rights'
import { labelsOf } from '../labels/service'
import { can } from '../policy/can'
import { tasks as taskTable } from '../tasks/schema'
import { countBySubset, listTasks, showTasks, taskFacts, listOptions as taskOptions } from '../tasks/service'
import { getProject, type ShownProject, showProjects } from './service'

/** What goes away with a project. */
export const describeLoss = (project: ShownProject) =>
  t('Its {tasks} with all images, jobs and annotations are removed for good.', { tasks: plural(project.tasks.count, 'task') })

export const showProjectPage = showPage(async ({ who, origin, path, query }, params) => {
  const project = await getProject(who, readId(params))
  const [shown] = await showProjects(origin, [project])
  const rights = readRights(who, 'project', thingActions, project)
  const paging = readPaging(query)
  const conditions = [eq(taskTable.projectId as any, project.id), ...readConditions(query, taskOptions)]
  const subsets = await countBySubset(who, conditions)
  const hasSubsets = [...subsets.keys()].some(Boolean)
  const order = [...(hasSubsets ? [asc(taskTable.subset as any)] : []), ...readOrder(query, taskOptions, [])]
  const { rows, count } = await listTasks(who, { kind: 'any' }, conditions, order, paging)
  const tasks = await showTasks(origin, rows)
  const labels = await labelsOf({ projectId: project.id })
  const storages = await listStorageOptions(who)
  const state: ListState = { path, query, count, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  const subject = { kind: 'project' as const, id: project.id, name: project.name, dimension: shown!.dimension }
  const mayCreate = can(who, 'task', 'create', { organizationId: project.organizationId, parents: [project] })
  const newTask = `/tasks/create?project_id=${project.id}`
  return {
    title: project.name,
    section: 'projects',
    body: (
      <>
        <header class="mb-3" data-testid={`project-${project.id}`}>
          <nav class="mb-1 text-[13px] text-muted" aria-label={t('Breadcrumb')}>
            <a class="hover:text-accent" href="/projects">
              {say('Projects')}
            </a>
            <span class="num ms-1.5 font-mono">#{project.id}</span>
          </nav>
          <div class="flex flex-wrap items-center gap-2">
            <EditableTitle
              name={project.name}
              path={`/api/projects/${project.id}`}
              canEdit={rights.update}
              testid="project-title"
            />
            <span class="contents" data-live-part="status">
              <Status value={project.status} />
            </span>
            <RowMenu
              id="project-menu"
              name={project.name}
              label={t('Actions')}
              bare={rights.update ? `/projects/${project.id}/edit` : undefined}
            >
              <TransferEntries subject={subject} canExport={rights.export} canImport={rights.import} />
              <MenuLine />
              <MenuEntry testid="menu-guide" icon="book" label="Guide" href={`/projects/${project.id}/guide`} />
              <MenuEntry
                testid="menu-suspects"
                icon="search"
                label="Suspicious labels"
                href={`/projects/${project.id}/suspects`}
              />
              <QualityEntries subject={subject} canSee={rights.update} />
              {can(who, 'webhook', 'view', { organizationId: project.organizationId, parents: [project] }) ? (
                <MenuEntry testid="menu-webhooks" icon="webhook" label="Webhooks" href={`/projects/${project.id}/webhooks`} />
              ) : (
                ''
              )}
              <OrganizationEntry subject={subject} canMove={rights.move} />
              {rights.remove && (
                <>
                  <MenuLine />
                  <DeleteEntry subject={subject} touches={describeLoss(shown!)} next="/projects" />
                </>
              )}
            </RowMenu>
            <BareTransfer subject={subject} canExport={rights.export} canImport={rights.import} />
            <BareLink href={`/projects/${project.id}/suspects`} label="Suspicious labels" testid="bare-suspects" />
            <a
              class="btn btn-icon"
              href={`/projects/${project.id}/analytics`}
              aria-label={t('Analytics')}
              title={t('Analytics')}
              data-testid="project-analytics"
            >
              <Icon name="activity" />
            </a>
            <a class="btn" href={`/projects/${project.id}/find`} data-testid="project-find">
              <Icon name="search" />
              {say('Find')}
            </a>
            {mayCreate ? (
              <a class="btn btn-primary" href={newTask} data-testid="list-create">
                <Icon name="plus" />
                {say('New task')}
              </a>
            ) : (
              ''
            )}
          </div>
        </header>
        <div class="grid grid-cols-[minmax(0,1fr)_304px] items-start gap-4 max-lg:grid-cols-[minmax(0,1fr)]">
          <List
            state={state}
            noun="tasks"
            live="jobs requests"
            fields={innerTaskFields}
            quick={thingFilters(who.user.username)}
            empty={
              <Empty
                icon="tasks"
                title="No tasks in this project"
                text="A task is a set of pictures or a video. It uses the labels of the project."
              >
                {mayCreate ? (
                  <a class="btn btn-primary" href={newTask}>
                    <Icon name="plus" />
                    {say('New task')}
                  </a>
                ) : (
                  ''
                )}
              </Empty>
            }
          >
            <TaskTable
              state={state}
              rows={rows.map((row, i) => ({ task: tasks[i]!, rights: readRights(who, 'task', thingActions, taskFacts(row)) }))}
              showProject={false}
              subsets={hasSubsets ? subsets : undefined}
            />
          </List>
          <aside class="grid gap-4">
            <section class="card p-4">
              <LabelsEditor labels={labels} path={`/api/projects/${project.id}`} canEdit={rights.update} />
            </section>
            <section class="card grid gap-3 p-4">
              <h2>{say('Details')}</h2>
              <div class="field">
                <span class="label">{say('Assignee')}</span>
                <Assignee
                  person={shown!.assignee}
                  path={`/api/projects/${project.id}`}
                  field="assignee_id"
                  canEdit={rights.assign}
                  testid="project-assignee"
                  framed
                />
              </div>
              <PlaceChoices
                kind="project"
                path={`/api/projects/${project.id}`}
                source={project.sourceStorage}
                target={project.targetStorage}
                storages={storages}
                canEdit={rights.storage}
              />
              <Details
                rows={[
                  [
                    t('Owner'),
                    <span dir="auto" safe>
                      {shown!.owner?.username ?? t('nobody')}
                    </span>,
                  ],
                  [t('Created'), <Ago iso={shown!.created_date} />],
                  [t('Updated'), <Ago iso={shown!.updated_date} />],
                  [
                    t('Subsets'),
                    <span dir="auto" safe>
                      {shown!.task_subsets.join(', ') || '–'}
                    </span>,
                  ],
                ]}
              />
              {project.bugTracker ? (
                <a
                  class="link flex items-center gap-1.5 truncate text-[13px]"
                  href={/^https?:/.test(project.bugTracker) ? project.bugTracker : undefined}
                  rel="noreferrer"
                  target="_blank"
                >
                  <Icon name="external" />
                  {say('Issue tracker')}
                </a>
              ) : (
                ''
              )}
            </section>
          </aside>
        </div>
      </>
    ),
  }
})
