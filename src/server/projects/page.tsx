// /projects: the list and the form of a new project; the page of one project is beside it.
import { Elysia } from 'elysia'
import { Bare, BareLabels } from '../../web/ui/bare'
import { Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { LabelsEditor } from '../../web/ui/labels-editor'
import { Empty, List, SortHead } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { projectFields, thingFilters } from '../../web/ui/list-fields'
import {
  AnalyticsEntry,
  BareTransfer,
  CreateMenu,
  DeleteEntry,
  MenuEntry,
  MenuLine,
  OrganizationEntry,
  QualityEntries,
  TrackerEntry,
  TransferEntries,
} from '../../web/ui/menus'
import { Ago, Assignee, Preview, RowMenu, SelectCell, SelectHead, Status } from '../../web/ui/parts'
import { type ThingRights, thingActions } from '../../web/ui/rights'
import { PlaceChoices, type StorageOption } from '../../web/ui/storage-choice'
import { FormToken, type Page, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { listStorageOptions } from '../cloud-storages/service'
import { type FormTexts, readText, textOf } from '../http/form-fields'
import { redirectTo, redirectToLastPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { readRights } from '../http/rights'
import { readRawLabels } from '../labels/service'
import { can } from '../policy/can'
import { receiveProjectForm, showProjectForm } from './edit-page'
import { describeLoss, showProjectPage } from './project-page'
import { createProject, listOptions, listProjects, type ShownProject, showProjects } from './service'
import { readStorage } from './storage-ref'

type Row = { project: ShownProject; rights: ThingRights; hasWebhooks: boolean }

const ProjectRow = ({ project, rights, hasWebhooks }: Row) => {
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
        <RowMenu id={`project-menu-${project.id}`} name={project.name} bare={rights.update ? `${href}/edit` : undefined}>
          <MenuEntry testid="menu-open" icon="external" label="Open" href={href} />
          <MenuLine />
          <TransferEntries subject={subject} canExport={rights.export} canImport={rights.import} />
          <AnalyticsEntry subject={subject} />
          <QualityEntries subject={subject} canSee={rights.update} />
          {hasWebhooks ? <MenuEntry testid="menu-webhooks" icon="webhook" label="Webhooks" href={`${href}/webhooks`} /> : ''}
          <TrackerEntry address={project.bug_tracker} />
          <OrganizationEntry subject={subject} canMove={rights.move} />
          {rights.remove && (
            <>
              <MenuLine />
              <DeleteEntry subject={subject} touches={describeLoss(project)} />
            </>
          )}
        </RowMenu>
        <BareTransfer subject={subject} canExport={rights.export} canImport={rights.import} />
      </td>
    </tr>
  )
}

const ProjectTable = ({ rows, state }: { rows: Row[]; state: ListState }) => (
  <table class="grid-table" data-bulk="projects">
    <thead>
      <tr>
        <SelectHead />
        <th scope="col" class="max-sm:hidden">
          <span class="sr-only">{say('Preview')}</span>
        </th>
        <SortHead state={state} fields={['name']} label="Name" />
        <SortHead state={state} fields={['status']} label="Status" class="max-sm:hidden" />
        <th scope="col">{say('Tasks')}</th>
        <SortHead state={state} fields={['owner']} label="Owner" class="max-lg:hidden" />
        <SortHead state={state} fields={['assignee']} label="Assignee" class="max-md:hidden ps-4!" />
        <SortHead state={state} fields={['updated_date']} label="Updated" class="max-sm:hidden" />
        <th scope="col">
          <span class="sr-only">{say('Actions')}</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <ProjectRow {...row} />
      ))}
    </tbody>
  </table>
)

const CreateLink = () => (
  <span class="flex gap-1">
    <a class="btn btn-primary" href="/projects/create" data-testid="list-create">
      <Icon name="plus" />
      {t('New project') as 'safe'}
    </a>
    <CreateMenu kind="project" />
  </span>
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
  const mayCreate = can(who, 'project', 'create', { organizationId: context.kind === 'organization' ? context.id : null })
  return {
    title: t('Projects'),
    section: 'projects',
    body: (
      <>
        <div class="mb-3 flex items-center gap-3">
          <h1 class="flex-1">{t('Projects') as 'safe'}</h1>
          {mayCreate && (count > 0 || query.search || query.filter) ? <CreateLink /> : ''}
        </div>
        <List
          state={state}
          noun="projects"
          live="jobs requests"
          fields={projectFields}
          quick={thingFilters(who.user.username)}
          empty={
            <Empty
              icon="folder"
              title="No projects yet"
              text="A project holds tasks that share the same labels. Make one, or start with a single task."
            >
              {mayCreate ? <CreateLink /> : ''}
              {mayCreate ? (
                <a class="btn" href="/tasks/create">
                  {say('New task')}
                </a>
              ) : (
                ''
              )}
            </Empty>
          }
        >
          <ProjectTable
            state={state}
            rows={rows.map((row, i) => ({
              project: shown[i]!,
              rights: readRights(who, 'project', thingActions, row),
              hasWebhooks: can(who, 'webhook', 'view', { organizationId: row.organizationId, parents: [row] }),
            }))}
          />
        </List>
      </>
    ),
  }
})

/** Only where there is something to choose. */
const StorageFields = ({ storages }: { storages: StorageOption[] }) =>
  storages.length ? (
    <div class="grid grid-cols-2 gap-4 max-md:grid-cols-1">
      <PlaceChoices kind="project" storages={storages} />
    </div>
  ) : (
    ''
  )

const createPage = async ({ who, request }: Visit, problem?: string, fields: FormTexts = {}): Promise<Page> => ({
  title: t('New project'),
  section: 'projects',
  status: problem ? 400 : 200,
  body: (
    <form
      method="post"
      action="/projects/create"
      class="mx-auto grid max-w-[720px] grid-cols-[minmax(0,1fr)] gap-4"
      x-data="createProject"
      x-on:submit="submit"
      x-on:labels-changed="takeLabels"
    >
      <h1>{say('New project')}</h1>
      <FormToken request={request} />
      <Problem text={problem} testid="bare-error" />
      <div class="problem" role="alert" x-cloak x-show="problem" data-testid="project-error">
        <span x-text="problem"></span>
      </div>
      <div class="card grid gap-4 p-4">
        <label class="field">
          <span class="label">{say('Name')}</span>
          <input
            class="input"
            name="name"
            value={textOf(fields, 'name')}
            required
            maxlength="256"
            autofocus
            autocomplete="off"
            dir="auto"
            data-testid="project-name"
          />
        </label>
        <label class="field">
          <span class="label">{say('Issue tracker')}</span>
          <input
            class="input"
            name="bug_tracker"
            type="url"
            value={textOf(fields, 'bug_tracker')}
            placeholder="https://…"
            maxlength="2000"
            data-testid="project-tracker"
          />
          <span class="hint">{say('Optional: an address where problems with the data are discussed.')}</span>
        </label>
        <StorageFields storages={await listStorageOptions(who)} />
      </div>
      <div class="card p-4" x-cloak x-show="hasScripts">
        <LabelsEditor labels={[]} canEdit />
      </div>
      <Bare>
        <div class="card p-4">
          <BareLabels text={textOf(fields, 'labels')} />
        </div>
      </Bare>
      <div class="flex flex-wrap justify-end gap-2">
        <a class="btn" href="/projects">
          {say('Cancel')}
        </a>
        <button
          type="submit"
          class="btn"
          name="then"
          value="continue"
          data-testid="project-submit-continue"
          x-bind:disabled="busy"
        >
          {say('Create and continue')}
        </button>
        <button type="submit" class="btn btn-primary" data-testid="project-submit" x-bind:disabled="busy">
          {say('Create project')}
        </button>
      </div>
    </form>
  ),
})

const showCreate = showPage((visit) => createPage(visit))

/** Without scripts the form comes here. */
const receiveNew = receiveForm(async (visit, fields) => {
  try {
    const tracker = readText(fields, 'bug_tracker', 2000)
    const project = await createProject(visit.who, visit.context, {
      name: readText(fields, 'name', 256, true),
      ...(tracker && { bug_tracker: tracker }),
      labels: readRawLabels(textOf(fields, 'labels')),
      source_storage: readStorage(fields, 'source_storage'),
      target_storage: readStorage(fields, 'target_storage'),
    })
    return redirectTo(fields.then?.[0] === 'continue' ? '/projects/create' : `/projects/${project.id}`)
  } catch (error) {
    return createPage(visit, wordsOf(error), fields)
  }
})

export const projectPages = new Elysia({ name: 'project-pages', detail: { hide: true } })
  .get('/projects', showList)
  .get('/projects/create', showCreate)
  .post('/projects/create', receiveNew)
  .get('/projects/:id/edit', showProjectForm)
  .post('/projects/:id/edit', receiveProjectForm)
  .get('/projects/:id', showProjectPage)
