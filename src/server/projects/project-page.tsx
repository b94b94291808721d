// /projects/<id>: one project with its tasks, labels and details.
import { eq } from 'drizzle-orm'
import { Icon } from '../../web/ui/icon'
import { LabelsEditor } from '../../web/ui/labels-editor'
import { Empty, List } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { innerTaskFields, thingFilters } from '../../web/ui/list-fields'
import { DeleteEntry, MenuEntry, MenuLine, TransferEntries } from '../../web/ui/menus'
import { Ago, Assignee, Details, EditableTitle, plural, RowMenu, Status } from '../../web/ui/parts'
import { thingActions } from '../../web/ui/rights'
import { TaskTable } from '../../web/ui/task-table'
import { readId, showPage } from '../auth/service'
import { redirectToLastPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { readRights } from '../http/rights'
import { labelsOf } from '../labels/service'
import { can } from '../policy/can'
import { tasks as taskTable } from '../tasks/schema'
import { listTasks, showTasks, taskFacts, listOptions as taskOptions } from '../tasks/service'
import { getProject, type ShownProject, showProjects } from './service'

/** What goes away with a project. */
export const describeLoss = (project: ShownProject) =>
  `Its ${plural(project.tasks.count, 'task')} with all images, jobs and annotations are removed for good.`

export const showProjectPage = showPage(async ({ who, origin, path, query }, params) => {
  const project = await getProject(who, readId(params))
  const [shown] = await showProjects(origin, [project])
  const rights = readRights(who, 'project', thingActions, project)
  const paging = readPaging(query)
  const conditions = [eq(taskTable.projectId as any, project.id), ...readConditions(query, taskOptions)]
  const { rows, count } = await listTasks(who, { kind: 'any' }, conditions, readOrder(query, taskOptions, []), paging)
  const tasks = await showTasks(origin, rows)
  const labels = await labelsOf({ projectId: project.id })
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
          <nav class="mb-1 text-[13px] text-muted" aria-label="Breadcrumb">
            <a class="hover:text-accent" href="/projects">
              Projects
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
            <Status value={project.status} />
            <RowMenu id="project-menu" name={project.name} label="Actions">
              <TransferEntries subject={subject} canExport={rights.export} canImport={rights.import} />
              <MenuLine />
              <MenuEntry testid="menu-guide" icon="book" label="Guide" href={`/projects/${project.id}/guide`} />
              {can(who, 'webhook', 'view', { organizationId: project.organizationId, parents: [project] }) ? (
                <MenuEntry testid="menu-webhooks" icon="webhook" label="Webhooks" href={`/projects/${project.id}/webhooks`} />
              ) : (
                ''
              )}
              {rights.remove && (
                <>
                  <MenuLine />
                  <DeleteEntry subject={subject} touches={describeLoss(shown!)} next="/projects" />
                </>
              )}
            </RowMenu>
            <a class="btn" href={`/projects/${project.id}/find`} data-testid="project-find">
              <Icon name="search" />
              Find
            </a>
            {mayCreate ? (
              <a class="btn btn-primary" href={newTask} data-testid="list-create">
                <Icon name="plus" />
                New task
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
                    New task
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
            />
          </List>
          <aside class="grid gap-4">
            <section class="card p-4">
              <LabelsEditor labels={labels} path={`/api/projects/${project.id}`} canEdit={rights.update} />
            </section>
            <section class="card grid gap-3 p-4">
              <h2>Details</h2>
              <div class="field">
                <span class="label">Assignee</span>
                <Assignee
                  person={shown!.assignee}
                  path={`/api/projects/${project.id}`}
                  field="assignee_id"
                  canEdit={rights.assign}
                  testid="project-assignee"
                  framed
                />
              </div>
              <Details
                rows={[
                  [
                    'Owner',
                    <span dir="auto" safe>
                      {shown!.owner?.username ?? 'nobody'}
                    </span>,
                  ],
                  ['Created', <Ago iso={shown!.created_date} />],
                  ['Updated', <Ago iso={shown!.updated_date} />],
                  [
                    'Subsets',
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
                  Issue tracker
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
