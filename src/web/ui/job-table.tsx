// The table of jobs, on their own page and inside a task.
import type { ShownJob } from '../../server/jobs/service'
import { say, t } from './i18n/message'
import { Icon } from './icon'
import { ListLink, SortHead } from './list'
import type { ListState } from './list-address'
import {
  AnalyticsEntry,
  AnnotateEntry,
  BareTransfer,
  DeleteEntry,
  MenuEntry,
  MenuLine,
  QualityEntries,
  TrackerEntry,
  TransferEntries,
} from './menus'
import { Ago, Assignee, formatCount, Preview, RowMenu, SelectCell, SelectHead } from './parts'
import type { JobRights } from './rights'

const stages = ['annotation', 'validation', 'acceptance']
const states = ['new', 'in progress', 'completed', 'rejected']

/** A job with what the person may do, with its task and project too. */
export type JobEntry = {
  job: ShownJob
  rights: JobRights
  opens?: { task: boolean; project: boolean }
  issues: { open: number; resolved: number }
  /** Of a job with replicas: where they are shown or hidden. */
  fold?: { href: string; isOpen: boolean }
}

type ChoiceProps = { job: ShownJob; field: 'stage' | 'state'; choices: string[]; canEdit: boolean }

const Choice = ({ job, field, choices, canEdit }: ChoiceProps) => (
  <select
    class={['select compact quiet px-2', field === 'state' && 'state-select']}
    aria-label={field === 'stage' ? t('Stage') : t('State')}
    data-patch={`/api/jobs/${job.id}`}
    data-field={field}
    data-testid={`row-${field}`}
    disabled={!canEdit}
    autocomplete="off"
  >
    {choices.map((choice) => (
      <option value={choice} selected={choice === job[field]}>
        {t(choice) as 'safe'}
      </option>
    ))}
  </select>
)

type RowProps = JobEntry & { showTask: boolean }

/** Issues of a job, leading to its review. */
const Issues = ({ job, issues, href }: Pick<JobEntry, 'job' | 'issues'> & { href: string }) =>
  issues.open + issues.resolved ? (
    <a
      class={['num text-[12px] hover:text-accent', issues.open ? 'text-warning' : 'text-muted']}
      href={`${href}?defaultWorkspace=review`}
      aria-label={t('Job {id}: {open} open and {resolved} resolved issues', { id: job.id, ...issues })}
      data-testid="row-issues"
      data-open={String(issues.open)}
      data-resolved={String(issues.resolved)}
      safe
    >
      {t('{open} open, {resolved} resolved', issues)}
    </a>
  ) : (
    ''
  )

const Fold = ({ job, fold }: Pick<JobEntry, 'job' | 'fold'>) =>
  fold ? (
    <ListLink
      class="num inline-flex items-center gap-1 text-[12px] text-muted hover:text-accent"
      href={fold.href}
      role="button"
      aria-expanded={String(fold.isOpen)}
      data-testid="row-fold"
    >
      <Icon name={fold.isOpen ? 'chevronDown' : 'chevronRight'} />
      {t('{count} replicas', { count: job.replicas_count }) as 'safe'}
    </ListLink>
  ) : (
    ''
  )

const JobRow = ({ job, rights, opens, showTask, issues, fold }: RowProps) => {
  const href = `/tasks/${job.task_id}/jobs/${job.id}`
  const subject = {
    kind: 'job' as const,
    id: job.id,
    name: t('{taskName} · job {id}', { taskName: job.task_name, id: job.id }),
    dimension: job.dimension,
  }
  return (
    <tr data-testid={`job-${job.id}`}>
      <SelectCell id={job.id} name={t('job {id}', { id: job.id })} can={rights.remove ? ['remove'] : []} />
      {showTask && (
        <td class="w-18 max-sm:hidden">
          <Preview src={`/api/jobs/${job.id}/preview`} href={href} name={t('Job {id}', { id: job.id })} />
        </td>
      )}
      <td class={[showTask ? 'max-w-0' : 'w-48', job.parent_job_id !== null && !showTask && 'ps-6!']}>
        <div class="flex flex-wrap items-center gap-x-2">
          <a class="num font-medium whitespace-nowrap hover:text-accent" href={href} data-testid="row-open">
            {say('Job #{id}', { id: job.id })}
          </a>
          {job.type !== 'annotation' && (
            <span class="badge plain" title={job.parent_job_id ? `#${job.parent_job_id}` : undefined} safe>
              {job.type.replace('_', ' ')}
            </span>
          )}
          <Issues job={job} issues={issues} href={href} />
          <Fold job={job} fold={fold} />
        </div>
        {showTask && (
          <div class="flex gap-1.5 truncate text-[12px] text-muted">
            <a class="truncate hover:text-accent" href={opens?.task ? `/tasks/${job.task_id}` : undefined} dir="auto" safe>
              {job.task_name}
            </a>
            {job.project_id ? (
              <>
                <span class="max-md:hidden">·</span>
                <a
                  class="truncate hover:text-accent max-md:hidden"
                  href={opens?.project ? `/projects/${job.project_id}` : undefined}
                  dir="auto"
                  safe
                >
                  {job.project_name}
                </a>
              </>
            ) : (
              ''
            )}
          </div>
        )}
      </td>
      <td class="num w-36 whitespace-nowrap max-md:hidden">
        {job.start_frame}–{job.stop_frame} <span class="text-muted">({formatCount(job.frame_count) as 'safe'})</span>
      </td>
      <td class="w-36 max-sm:hidden">
        <Choice job={job} field="stage" choices={stages} canEdit={rights.stage} />
      </td>
      <td class="w-36">
        <Choice job={job} field="state" choices={states} canEdit={rights.state} />
      </td>
      <td class="w-44 max-md:hidden">
        <Assignee person={job.assignee} path={`/api/jobs/${job.id}`} field="assignee" canEdit={rights.assign} />
      </td>
      <td class="w-32 text-muted max-lg:hidden">
        <Ago iso={job.updated_date} />
      </td>
      <td class="w-11">
        <RowMenu
          id={`job-menu-${job.id}`}
          name={t('job {id}', { id: job.id })}
          bare={rights.assign || rights.state || rights.stage ? `/jobs/${job.id}/edit` : undefined}
        >
          <MenuEntry testid="menu-open" icon="external" label="Open in the editor" href={href} />
          <AnnotateEntry taskId={job.task_id} jobId={job.id} canAnnotate={rights.import && job.dimension === '2d'} />
          <QualityEntries
            subject={{ kind: 'task', id: job.task_id, name: job.task_name, dimension: job.dimension }}
            canSee={Boolean(opens?.task && rights.stage)}
            hasReplicas={job.replicas_count > 0}
          />
          <AnalyticsEntry subject={subject} />
          {opens?.task ? <MenuEntry testid="menu-task" icon="tasks" label="Go to the task" href={`/tasks/${job.task_id}`} /> : ''}
          {opens?.project ? (
            <MenuEntry testid="menu-project" icon="folder" label="Go to the project" href={`/projects/${job.project_id}`} />
          ) : (
            ''
          )}
          <TrackerEntry address={job.bug_tracker} />
          <MenuLine />
          <TransferEntries subject={subject} canExport={rights.export} canImport={rights.import} />
          {rights.remove && (
            <>
              <MenuLine />
              <DeleteEntry
                subject={subject}
                touches={t('Its annotations and issues are removed for good. The other jobs stay as they are.')}
                next={showTask ? undefined : `/tasks/${job.task_id}`}
              />
            </>
          )}
        </RowMenu>
        <BareTransfer subject={subject} canExport={rights.export} canImport={rights.import} />
      </td>
    </tr>
  )
}

type TableProps = { rows: JobEntry[]; state: ListState; showTask: boolean }

export const JobTable = ({ rows, state, showTask }: TableProps): JSX.Element => (
  <table class={['grid-table', !showTask && 'slim']} data-bulk="jobs">
    <thead>
      <tr>
        <SelectHead />
        {showTask && (
          <th scope="col" class="max-sm:hidden">
            <span class="sr-only">{say('Preview')}</span>
          </th>
        )}
        <SortHead state={state} fields={['id']} label="Job" />
        <th scope="col" class="max-md:hidden">
          {say('Frames')}
        </th>
        <SortHead state={state} fields={['stage']} label="Stage" class="max-sm:hidden ps-4!" />
        <SortHead state={state} fields={['state']} label="State" class="ps-4!" />
        <SortHead state={state} fields={['assignee']} label="Assignee" class="max-md:hidden ps-4!" />
        <SortHead state={state} fields={['updated_date']} label="Updated" class="max-lg:hidden" />
        <th scope="col">
          <span class="sr-only">{say('Actions')}</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <JobRow {...row} showTask={showTask} />
      ))}
    </tbody>
  </table>
)
