// /tasks/<id>: one task with its jobs, labels and details.

import { and, eq, inArray } from 'drizzle-orm'
import { Bare, BareLink } from '../../web/ui/bare'
import { Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { JobTable } from '../../web/ui/job-table'
import { LabelsEditor } from '../../web/ui/labels-editor'
import { Empty, List } from '../../web/ui/list'
import { innerJobFields, jobFilters } from '../../web/ui/list-fields'
import {
  AnnotateEntry,
  BareTransfer,
  CopyJobsEntry,
  DeleteEntry,
  MenuEntry,
  MenuLine,
  OrganizationEntry,
  QualityEntries,
  TransferEntries,
} from '../../web/ui/menus'
import { Ago, Assignee, Details, EditableTitle, formatCount, plural, RowMenu, Status } from '../../web/ui/parts'
import { type ThingRights, thingActions } from '../../web/ui/rights'
import { FrameStorage, PlaceChoices, type StorageOption } from '../../web/ui/storage-choice'
import { describeTask } from '../../web/ui/task-table'
import { FormToken, type Page, readId, showPage, type Visit, wordsOf } from '../auth/service'
import { listStorageOptions } from '../cloud-storages/service'
import { redirectToLastPage } from '../http/html'
import { readRights } from '../http/rights'
import { jobsOfTask } from '../jobs/service'
import { labelsOf } from '../labels/service'
import { can } from '../policy/can'
import type { Who } from '../policy/who'
import { requests } from '../requests/schema'
import { listRequests } from '../requests/service'
import { receiveTaskFiles } from './bare-create'
import { BareFiles } from './bare-files'
import { loadCalibrationPanel, PointsPanel } from './calibration-panel'
import { FileFields } from './file-fields'
import { loadGrowing } from './growing-panel'
import { listRunningAnnotations, RunningAnnotations } from './running-annotations'
import { getTask, labelParent, type ShownTask, showTasks, type TaskRow, taskFacts } from './service'
import { loadTaskJobs } from './task-jobs'
import { loadValidation, ValidationPanel } from './validation/panel'

/** What the header offers first: the first job with something left to do. */
const mainJob = async (taskId: number) => {
  const all = await jobsOfTask(taskId)
  return all.find((job) => job.state !== 'completed') ?? all[0]
}

/** The newest request that makes the frames of a task, while there are none. */
const creationOf = async (who: Who, task: ShownTask) => {
  if (task.size) return undefined
  const where = and(eq(requests.taskId as any, task.id), inArray(requests.action as any, ['create']))!
  return (await listRequests(who, [where], [], { page: 1, size: 1, offset: 0 })).rows[0]
}

const Media = ({ task }: { task: ShownTask }) => {
  const words = {
    segment: task.segment_size ? formatCount(task.segment_size) : 'all',
    chunk: task.data_chunk_size ? plural(task.data_chunk_size, 'frame') : t('by size'),
  }
  return (
    <Details
      rows={[
        [t('Frames'), <span safe>{formatCount(task.size)}</span>],
        [t('Kind'), task.mode === 'interpolation' ? t('Video') : task.mode ? t('Pictures') : '–'],
        [t('Quality'), `${task.image_quality} %` as 'safe'],
        [t('Frames per job'), <span safe>{words.segment}</span>],
        [t('Overlap'), <span safe>{String(task.overlap ?? 0)}</span>],
        [t('Chunk'), <span safe>{words.chunk}</span>],
        [
          t('Owner'),
          <span dir="auto" safe>
            {task.owner?.username ?? t('nobody')}
          </span>,
        ],
        [t('Created'), <Ago iso={task.created_date} />],
        [t('Updated'), <Ago iso={task.updated_date} />],
      ]}
    />
  )
}

type StoragesProps = { row: TaskRow; storages: StorageOption[]; rights: ThingRights }

/** Where the frames lie, imports come from and exports go. */
const Storages = ({ row: { task, data }, storages, rights }: StoragesProps) => {
  const path = `/api/tasks/${task.id}`
  return (
    <>
      {data?.storage === 'cloud_storage' && rights.update ? (
        <FrameStorage
          label="Frames are read from"
          hint="Another storage must hold the same files."
          path={`${path}/data/meta`}
          chosen={data.cloudStorageId}
          storages={storages}
          testid="task-frame-storage"
        />
      ) : (
        ''
      )}
      <PlaceChoices
        kind="task"
        path={path}
        source={task.sourceStorage}
        target={task.targetStorage}
        storages={storages}
        canEdit={rights.storage}
      />
    </>
  )
}

type Creation = { id: string; status: string; message: string; progress: number | null }

const Unfinished = ({ request, href }: { request: Creation | undefined; href: string }) =>
  request && request.status !== 'failed' ? (
    <div class="card mb-4 grid gap-2 p-4" data-follow={request.id} data-testid="task-progress">
      <span data-follow-text dir="auto" safe>
        {request.message || (request.status === 'queued' ? t('Waits for its turn') : t('Reading the files…'))}
      </span>
      <progress data-follow-bar value={String(request.progress ?? 0)} max="1" aria-label={t('Progress')}></progress>
      <Bare>
        <a class="link" href={href}>
          {say('Look again')}
        </a>
      </Bare>
    </div>
  ) : request ? (
    <div class="problem mb-4" role="alert" data-testid="task-error">
      <span dir="auto" safe>
        {request.message}
      </span>
    </div>
  ) : (
    ''
  )

/** Changes when other parts of the page are to be shown. */
const stateOf = ({ size }: ShownTask, request: Creation | undefined) =>
  size ? 'there' : `${request?.status} ${request?.message} ${request?.progress}`

/** A task whose files never came, or could not be read, takes them here. */
type AddProps = { task: ShownTask; request: Request; storages: StorageOption[]; refused?: string }

const AddFiles = ({ task, request, storages, refused }: AddProps) => (
  <form
    class="mb-4 grid gap-3"
    method="post"
    action={`/tasks/${task.id}/files`}
    enctype="multipart/form-data"
    x-data="createTask"
    data-task-id={String(task.id)}
    x-on:submit="submit"
    x-on:source-changed="takeSource"
    novalidate
  >
    <FormToken request={request} />
    <Problem text={refused} testid="bare-error" />
    <FileFields />
    <BareFiles storages={storages} />
    <div class="card grid gap-2 p-4" x-cloak x-show="busy" aria-live="polite" data-testid="task-progress">
      <div class="flex gap-2">
        <span class="flex-1" x-text="progressText"></span>
        <span class="num text-muted" x-text="percentText"></span>
      </div>
      <progress max="1" x-bind:value="progress" aria-label={t('Progress')}></progress>
    </div>
    <div class="problem" role="alert" x-cloak x-show="problem">
      <span class="whitespace-pre-line" dir="auto" x-text="problem"></span>
    </div>
    <div class="flex justify-end">
      <button type="submit" class="btn btn-primary" x-bind:disabled="busy" data-testid="task-submit">
        {say('Upload')}
      </button>
    </div>
  </form>
)

/** /tasks/<id>: jobs, labels, details, and files while there are none. */
const renderTask = async (visit: Visit, params: Record<string, string>, refused?: string): Promise<Page | Response> => {
  const { who, origin } = visit
  const row = await getTask(who, readId(params))
  const [task] = (await showTasks(origin, [row])) as [ShownTask]
  const rights = readRights(who, 'task', thingActions, taskFacts(row))
  const { entries, state } = await loadTaskJobs(visit, row)
  const labels = await labelsOf(labelParent(row.task))
  const storages = await listStorageOptions(who)
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  const subject = { kind: 'task' as const, id: task.id, name: task.name, dimension: task.dimension }
  const main = await mainJob(task.id)
  const creation = await creationOf(who, task)
  const running = await listRunningAnnotations(who, task.id)
  const growing = await loadGrowing(row, can(who, 'task', 'upload', taskFacts(row)))
  const calibration = await loadCalibrationPanel(row, visit.request, rights.update)
  const validation = task.size ? await loadValidation(who, task.id) : null
  return {
    title: task.name,
    section: 'tasks',
    status: refused ? 400 : 200,
    body: (
      <>
        <header class="mb-3" data-testid={`task-${task.id}`}>
          <nav class="mb-1 flex min-w-0 gap-1.5 text-[13px] text-muted" aria-label={t('Breadcrumb')}>
            {task.project_id ? (
              <a
                class="truncate hover:text-accent"
                href={`/projects/${task.project_id}`}
                dir="auto"
                data-testid="task-project-link"
                safe
              >
                {task.project_name}
              </a>
            ) : (
              <a class="hover:text-accent" href="/tasks">
                {say('Tasks')}
              </a>
            )}
            <span class="num font-mono">#{task.id}</span>
          </nav>
          <div class="flex flex-wrap items-center gap-2">
            <EditableTitle name={task.name} path={`/api/tasks/${task.id}`} canEdit={rights.update} testid="task-title" />
            <span class="contents" data-live-part="status">
              <Status value={task.status} path={`/api/tasks/${task.id}`} />
            </span>
            <RowMenu
              id="task-menu"
              name={task.name}
              label={t('Actions')}
              bare={rights.update ? `/tasks/${task.id}/edit` : undefined}
            >
              <TransferEntries subject={subject} canExport={rights.export} canImport={rights.import} />
              <MenuLine />
              <MenuEntry testid="menu-guide" icon="book" label="Guide" href={`/tasks/${task.id}/guide`} />
              <MenuEntry testid="menu-suspects" icon="search" label="Suspicious labels" href={`/tasks/${task.id}/suspects`} />
              <AnnotateEntry taskId={task.id} canAnnotate={rights.import && task.dimension === '2d'} />
              <QualityEntries subject={subject} canSee={rights.update} hasReplicas={task.consensus_enabled} />
              {!task.project_id && can(who, 'task', 'update:project', taskFacts(row)) ? (
                <MenuEntry testid="menu-move" icon="move" label="Move to a project" href={`/tasks/${task.id}/move`} />
              ) : (
                ''
              )}
              <CopyJobsEntry task={task} />
              <OrganizationEntry subject={subject} canMove={rights.move && !task.project_id} />
              {/^https?:/.test(task.bug_tracker) ? (
                <MenuEntry testid="menu-tracker" icon="external" label="Open the issue tracker" href={task.bug_tracker} />
              ) : (
                ''
              )}
              {rights.remove && (
                <>
                  <MenuLine />
                  <DeleteEntry
                    subject={subject}
                    touches={describeTask(task)}
                    next={task.project_id ? `/projects/${task.project_id}` : '/tasks'}
                  />
                </>
              )}
            </RowMenu>
            <BareTransfer subject={subject} canExport={rights.export} canImport={rights.import} />
            <BareLink href={`/tasks/${task.id}/suspects`} label="Suspicious labels" testid="bare-suspects" />
            <a
              class="btn btn-icon"
              href={`/tasks/${task.id}/analytics`}
              aria-label={t('Analytics')}
              title={t('Analytics')}
              data-testid="task-analytics"
            >
              <Icon name="activity" />
            </a>
            <a class="btn" href={`/tasks/${task.id}/find`} data-testid="task-find">
              <Icon name="search" />
              {say('Find')}
            </a>
            <span class="contents" data-live-part="open">
              {main ? (
                <a class="btn btn-primary" href={`/tasks/${task.id}/jobs/${main.id}`} data-testid="task-open">
                  <Icon name="pencil" />
                  {say('Annotate')}
                </a>
              ) : (
                ''
              )}
            </span>
          </div>
        </header>
        <div data-live-part="annotating">
          <RunningAnnotations running={running} />
        </div>
        <div data-live-part="unfinished" data-live-state={stateOf(task, creation)}>
          <Unfinished request={creation} href={`/tasks/${task.id}`} />
          {!task.size && rights.update && (!creation || creation.status === 'failed') ? (
            <AddFiles task={task} request={visit.request} storages={storages} refused={refused} />
          ) : (
            ''
          )}
        </div>
        <div class="grid grid-cols-[minmax(0,1fr)_304px] items-start gap-4 max-lg:grid-cols-[minmax(0,1fr)]">
          <List
            state={state}
            noun="jobs"
            live="jobs requests"
            fields={innerJobFields}
            hasSearch={false}
            quick={jobFilters(who.user.username)}
            empty={<Empty icon="briefcase" title="No jobs yet" text="Jobs appear when the frames of the task are there." />}
          >
            <JobTable state={state} rows={entries} showTask={false} />
          </List>
          <aside class="grid gap-4">
            <section class="card p-4">
              {task.project_id ? <p class="hint mb-2">{say('These labels belong to the project and are edited there.')}</p> : ''}
              <LabelsEditor labels={labels} path={`/api/tasks/${task.id}`} canEdit={rights.update && !task.project_id} />
            </section>
            <section class="card grid gap-3 p-4">
              <h2>{say('Details')}</h2>
              <div class="field">
                <span class="label">{say('Assignee')}</span>
                <Assignee
                  person={task.assignee}
                  path={`/api/tasks/${task.id}`}
                  field="assignee_id"
                  canEdit={rights.assign}
                  testid="task-assignee"
                  framed
                />
              </div>
              {task.project_id ? (
                <label class="field">
                  <span class="label">{say('Subset')}</span>
                  <input
                    class="input compact"
                    value={task.subset}
                    maxlength="64"
                    dir="auto"
                    disabled={!rights.update}
                    data-patch={`/api/tasks/${task.id}`}
                    data-field="subset"
                    data-testid="task-subset"
                  />
                </label>
              ) : (
                ''
              )}
              <Storages row={row} storages={storages} rights={rights} />
              <div data-live-part="media">
                <Media task={task} />
              </div>
            </section>
            {calibration as 'safe'}
            {PointsPanel(row) as 'safe'}
            <div data-live-part="validation" data-live-state={String(task.size > 0)}>
              {task.size ? <ValidationPanel task={task} validation={validation} canEdit={rights.update} /> : ''}
            </div>
          </aside>
        </div>
        <div data-live-part="growing" data-live-state={String(task.size > 0)}>
          {growing as 'safe'}
        </div>
      </>
    ),
  }
}

export const showTaskPage = showPage((visit, params) => renderTask(visit, params))

/** Without scripts the files come here. */
export const receiveFiles = receiveTaskFiles((visit, _fields, error, params) => renderTask(visit, params, wordsOf(error)))
