// /projects: list, creation, and the page of one project.
import { eq } from 'drizzle-orm'
import { Elysia } from 'elysia'
import { Icon } from '../../web/ui/icon'
import { LabelsEditor } from '../../web/ui/labels-editor'
import { Empty, List, SortHead } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { DeleteEntry, MenuEntry, MenuLine, TransferEntries } from '../../web/ui/menus'
import {
  Ago,
  Assignee,
  Details,
  EditableTitle,
  Preview,
  plural,
  RowMenu,
  SelectCell,
  SelectHead,
  Status,
} from '../../web/ui/parts'
import { TaskTable } from '../../web/ui/task-table'
import { readId, showPage } from '../auth/service'
import { redirectToLastPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { labelsOf } from '../labels/service'
import { can } from '../policy/can'
import type { Who } from '../policy/who'
import { tasks as taskTable } from '../tasks/schema'
import { listTasks, showTasks, taskFacts, listOptions as taskOptions } from '../tasks/service'
import { getProject, listOptions, listProjects, type Project, type ShownProject, showProjects } from './service'

const rightsOf = (who: Who, project: Project) => {
  const may = (action: string) => can(who, 'project', action, project)
  return {
    update: may('update'),
    assign: may('update:assignee'),
    export: may('export'),
    import: may('import'),
    remove: may('delete'),
  }
}
type Rights = ReturnType<typeof rightsOf>

const describeLoss = (project: ShownProject) =>
  `Its ${plural(project.tasks.count, 'task')} with all images, jobs and annotations are removed for good.`

const ProjectRow = ({ project, rights }: { project: ShownProject; rights: Rights }) => {
  const href = `/projects/${project.id}`
  const subject = { kind: 'project' as const, id: project.id, name: project.name, dimension: project.dimension }
  return (
    <tr data-testid={`project-${project.id}`}>
      <SelectCell id={project.id} name={project.name} />
      <td class="w-18 max-sm:hidden">
        <Preview src={project.tasks.count ? `/api/projects/${project.id}/preview` : null} href={href} name={project.name} />
      </td>
      <td class="max-w-0">
        <a
          class="block truncate font-medium hover:text-accent"
          href={href}
          dir="auto"
          data-testid="row-open"
          title={project.name}
          safe
        >
          {project.name}
        </a>
        <div class="num font-mono text-[12px] text-muted">#{project.id}</div>
      </td>
      <td class="w-28 max-sm:hidden">
        <Status value={project.status} />
      </td>
      <td class="num w-20">{project.tasks.count}</td>
      <td class="w-36 truncate text-soft max-lg:hidden" dir="auto" safe>
        {project.owner?.username ?? ''}
      </td>
      <td class="w-44 max-md:hidden">
        <Assignee person={project.assignee} path={`/api/projects/${project.id}`} field="assignee_id" canEdit={rights.assign} />
      </td>
      <td class="w-32 text-muted max-sm:hidden">
        <Ago iso={project.updated_date} />
      </td>
      <td class="w-11">
        <RowMenu id={`project-menu-${project.id}`} name={project.name}>
          <MenuEntry testid="menu-open" icon="external" label="Open" href={href} />
          <MenuLine />
          <TransferEntries subject={subject} canExport={rights.export} canImport={rights.import} />
          {rights.remove && (
            <>
              <MenuLine />
              <DeleteEntry subject={subject} touches={describeLoss(project)} />
            </>
          )}
        </RowMenu>
      </td>
    </tr>
  )
}

const ProjectTable = ({ rows, state }: { rows: { project: ShownProject; rights: Rights }[]; state: ListState }) => (
  <table class="grid-table" data-bulk="projects">
    <thead>
      <tr>
        <SelectHead />
        <th scope="col" class="max-sm:hidden">
          <span class="sr-only">Preview</span>
        </th>
        <SortHead state={state} fields={['name']} label="Name" />
        <SortHead state={state} fields={['status']} label="Status" class="max-sm:hidden" />
        <th scope="col">Tasks</th>
        <SortHead state={state} fields={['owner']} label="Owner" class="max-lg:hidden" />
        <SortHead state={state} fields={['assignee']} label="Assignee" class="max-md:hidden ps-4!" />
        <SortHead state={state} fields={['updated_date']} label="Updated" class="max-sm:hidden" />
        <th scope="col">
          <span class="sr-only">Actions</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ project, rights }) => (
        <ProjectRow project={project} rights={rights} />
      ))}
    </tbody>
  </table>
)

const statuses = ['annotation', 'validation', 'completed'] as const
const fields = [
  { name: 'id', label: 'ID', kind: 'number' as const },
  { name: 'name', label: 'Name' },
  { name: 'owner', label: 'Owner' },
  { name: 'assignee', label: 'Assignee' },
  { name: 'status', label: 'Status', kind: 'choice' as const, choices: statuses },
  { name: 'updated_date', label: 'Updated', kind: 'time' as const },
]
const taskFields = [
  ...fields,
  { name: 'subset', label: 'Subset' },
  { name: 'mode', label: 'Mode', kind: 'choice' as const, choices: ['annotation', 'interpolation'] },
]

const quickFilters = (username: string) => [
  { label: 'Assigned to me', rule: { '==': [{ var: 'assignee' }, username] } },
  { label: 'Owned by me', rule: { '==': [{ var: 'owner' }, username] } },
  { label: 'Not completed', rule: { '!': [{ '==': [{ var: 'status' }, 'completed'] }] } },
]

const CreateLink = () => (
  <a class="btn btn-primary" href="/projects/create" data-testid="list-create">
    <Icon name="plus" />
    New project
  </a>
)

const showList = showPage(async ({ who, origin, path, query, context }) => {
  const paging = readPaging(query)
  const { rows, count } = await listProjects(
    who,
    context,
    readConditions(query, listOptions),
    readOrder(query, listOptions, []),
    paging,
  )
  const shown = await showProjects(origin, rows)
  const state: ListState = { path, query, count, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  return {
    title: 'Projects',
    section: 'projects',
    body: (
      <>
        <div class="mb-3 flex items-center gap-3">
          <h1 class="flex-1">Projects</h1>
          {count > 0 || query.search || query.filter ? <CreateLink /> : ''}
        </div>
        <List
          state={state}
          noun="projects"
          fields={fields}
          quick={quickFilters(who.user.username)}
          empty={
            <Empty
              icon="folder"
              title="No projects yet"
              text="A project holds tasks that share the same labels. Make one, or start with a single task."
            >
              <CreateLink />
              <a class="btn" href="/tasks/create">
                New task
              </a>
            </Empty>
          }
        >
          <ProjectTable state={state} rows={rows.map((row, i) => ({ project: shown[i]!, rights: rightsOf(who, row) }))} />
        </List>
      </>
    ),
  }
})

const showCreate = showPage(async () => ({
  title: 'New project',
  section: 'projects',
  body: (
    <form
      class="mx-auto grid max-w-[720px] grid-cols-[minmax(0,1fr)] gap-4"
      x-data="createProject"
      x-on:submit="submit"
      x-on:labels-changed="takeLabels"
    >
      <h1>New project</h1>
      <div class="problem" role="alert" x-cloak x-show="problem" data-testid="project-error">
        <span x-text="problem"></span>
      </div>
      <div class="card grid gap-4 p-4">
        <label class="field">
          <span class="label">Name</span>
          <input
            class="input"
            name="name"
            required
            maxlength="256"
            autofocus
            autocomplete="off"
            dir="auto"
            data-testid="project-name"
          />
        </label>
        <label class="field">
          <span class="label">Issue tracker</span>
          <input
            class="input"
            name="bug_tracker"
            type="url"
            placeholder="https://…"
            maxlength="2000"
            data-testid="project-tracker"
          />
          <span class="hint">Optional: an address where problems with the data are discussed.</span>
        </label>
      </div>
      <div class="card p-4">
        <LabelsEditor labels={[]} canEdit />
      </div>
      <div class="flex flex-wrap justify-end gap-2">
        <a class="btn" href="/projects">
          Cancel
        </a>
        <button type="submit" class="btn" value="continue" data-testid="project-submit-continue" x-bind:disabled="busy">
          Create and continue
        </button>
        <button type="submit" class="btn btn-primary" data-testid="project-submit" x-bind:disabled="busy">
          Create project
        </button>
      </div>
    </form>
  ),
}))

const showOne = showPage(async ({ who, origin, path, query }, params) => {
  const project = await getProject(who, readId(params))
  const [shown] = await showProjects(origin, [project])
  const rights = rightsOf(who, project)
  const paging = readPaging(query)
  const conditions = [eq(taskTable.projectId as any, project.id), ...readConditions(query, taskOptions)]
  const { rows, count } = await listTasks(who, { kind: 'any' }, conditions, readOrder(query, taskOptions, []), paging)
  const tasks = await showTasks(origin, rows)
  const labels = await labelsOf({ projectId: project.id })
  const state: ListState = { path, query, count, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  const subject = { kind: 'project' as const, id: project.id, name: project.name, dimension: shown!.dimension }
  const newTask = `/tasks/create?project_id=${project.id}`
  const rightsOfTask = (row: (typeof rows)[number]) => {
    const may = (action: string) => can(who, 'task', action, taskFacts(row))
    return { assign: may('update:assignee'), export: may('export'), import: may('import'), remove: may('delete') }
  }
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
              {rights.remove && (
                <>
                  <MenuLine />
                  <DeleteEntry subject={subject} touches={describeLoss(shown!)} next="/projects" />
                </>
              )}
            </RowMenu>
            <a class="btn btn-primary" href={newTask} data-testid="list-create">
              <Icon name="plus" />
              New task
            </a>
          </div>
        </header>
        <div class="grid grid-cols-[minmax(0,1fr)_304px] items-start gap-4 max-lg:grid-cols-[minmax(0,1fr)]">
          <List
            state={state}
            noun="tasks"
            fields={taskFields}
            quick={quickFilters(who.user.username)}
            empty={
              <Empty
                icon="tasks"
                title="No tasks in this project"
                text="A task is a set of pictures or a video. It uses the labels of the project."
              >
                <a class="btn btn-primary" href={newTask}>
                  <Icon name="plus" />
                  New task
                </a>
              </Empty>
            }
          >
            <TaskTable
              state={state}
              rows={rows.map((row, i) => ({ task: tasks[i]!, rights: rightsOfTask(row) }))}
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

export const projectPages = new Elysia({ name: 'project-pages', detail: { hide: true } })
  .get('/projects', showList)
  .get('/projects/create', showCreate)
  .get('/projects/:id', showOne)
