// Management of what validates a task: its ground truth job, its frames with exclusion and restoration, its honeypots.
import { Notice, Problem } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Assignee, formatCount } from '../../web/ui/parts'
import { FormToken, type Visit } from '../auth/service'
import { readRights } from '../http/rights'
import type { Job } from '../jobs/service'
import { stages, states } from '../jobs/service'
import { loadPeople } from '../users/service'
import { chooseReport, listOwnReports, loadTarget } from './page-data'
import { FrameTable } from './page-frame-table'
import { type Allocation, loadAllocation } from './page-frames'
import { type Place, QualityFrame } from './page-place'

const Card = ({ label, value, testid }: { label: string; value: number; testid: string }) => (
  <div class="card grid gap-0.5 px-4 py-3" data-testid={testid} data-count={String(value)}>
    <span class="text-[13px] text-muted" safe>
      {label}
    </span>
    <span class="num text-[24px] leading-8 font-semibold" safe>
      {formatCount(value)}
    </span>
  </div>
)

type JobCardProps = {
  job: Job
  place: Place
  visit: Visit
  assignee: { id: number; username: string; first_name: string; last_name: string } | null
  isPool: boolean
}

/** The ground truth job: who makes it, how far it is, and its removal where that is possible. */
const GroundTruthCard = ({ job, place, visit, assignee, isPool }: JobCardProps) => {
  const { task, project } = place.task!
  const rights = readRights(
    visit.who,
    'job',
    { assign: 'update:assignee', stage: 'update:stage', state: 'update:state', remove: 'delete' },
    { organizationId: task.organizationId, assigneeId: job.assigneeId, parents: project ? [task, project] : [task] },
  )
  const isReady = job.stage === 'acceptance' && job.state === 'completed'
  const Choice = ({
    field,
    choices,
    value,
    label,
    canEdit,
  }: {
    field: string
    choices: readonly string[]
    value: string
    label: string
    canEdit: boolean
  }) => (
    <label class="field">
      <span class="label" safe>
        {label}
      </span>
      <select
        class="select compact"
        data-patch={`/api/jobs/${job.id}`}
        data-field={field}
        data-testid={`row-${field}`}
        disabled={!canEdit}
        autocomplete="off"
      >
        {choices.map((choice) => (
          <option value={choice} selected={choice === value} safe>
            {t(choice)}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <section class="card grid content-start gap-3 p-4" data-testid="quality-ground-truth" data-ready={String(isReady)}>
      <div class="flex flex-wrap items-center gap-2">
        <h2 class="flex-1" safe>
          {t('Ground truth job')}
        </h2>
        <a class="btn btn-small" href={`/tasks/${place.id}/jobs/${job.id}`} data-testid="row-open">
          <Icon name="pencil" />
          <span safe>{t('Job #{id}', { id: job.id })}</span>
        </a>
        {rights.remove && !isPool ? (
          <button
            type="button"
            class="btn btn-quiet btn-small btn-icon"
            aria-label={t('Delete the ground truth job')}
            data-delete={`/api/jobs/${job.id}`}
            data-delete-title={t('Delete the ground truth job?')}
            data-delete-text={t('Its annotations go with it, and the task is not validated any more. Reports stay.')}
            data-delete-next={`${place.path}?tab=management`}
            data-testid="row-remove"
          >
            <Icon name="trash" />
          </button>
        ) : (
          ''
        )}
      </div>
      <div class="grid grid-cols-3 gap-2 max-sm:grid-cols-1">
        <div class="field">
          <span class="label" safe>
            {t('Assignee')}
          </span>
          <Assignee person={assignee} path={`/api/jobs/${job.id}`} field="assignee" canEdit={rights.assign} framed />
        </div>
        <Choice field="stage" choices={stages} value={job.stage} label={t('Stage')} canEdit={rights.stage} />
        <Choice field="state" choices={states} value={job.state} label={t('State')} canEdit={rights.state} />
      </div>
      <p class="hint" safe>
        {isReady
          ? t('It is accepted and completed: reports can be made.')
          : t('Reports need it at the stage acceptance and in the state completed.')}
      </p>
    </section>
  )
}

/** Makes a ground truth job of some frames; an island sends it. */
const CreateGroundTruth = ({ place }: { place: Place }) => (
  <form class="grid max-w-md gap-3" data-create-ground-truth={String(place.id)}>
    <label class="field">
      <span class="label" safe>
        {t('Frames')}
      </span>
      <select class="select" name="method" data-testid="job-create-method">
        <option value="random_uniform" safe>
          {t('Random in the task')}
        </option>
        <option value="random_per_job" safe>
          {t('Random in each job')}
        </option>
      </select>
    </label>
    <div class="grid grid-cols-2 gap-3">
      <label class="field">
        <span class="label" safe>
          {t('Quantity, %')}
        </span>
        <input
          class="input num"
          type="number"
          name="percent"
          min="0.01"
          max="100"
          step="any"
          value="5"
          required
          data-testid="job-create-share"
        />
      </label>
      <label class="field">
        <span class="label" safe>
          {t('Random seed')}
        </span>
        <input class="input num" type="number" name="seed" min="0" step="1" data-testid="job-create-seed" />
      </label>
    </div>
    <button type="submit" class="btn btn-primary justify-self-start" data-testid="job-create-submit" safe>
      {t('Create ground truth job')}
    </button>
  </form>
)

/** Other honeypots for one job or all. Annotations on the frames that change are removed, so the button says so. */
const Honeypots = ({ allocation, place, request }: { allocation: Allocation; place: Place; request: Request }) => (
  <section class="card grid content-start gap-3 p-4" data-testid="quality-honeypots">
    <h2 safe>{t('Honeypots')}</h2>
    <p class="hint" safe>
      {t(
        '{count} honeypots hide in {jobs} jobs. Drawing anew chooses other validation frames; annotations on frames that change are removed.',
        {
          count: formatCount(allocation.honeypots.length),
          jobs: formatCount(allocation.jobs.length),
        },
      )}
    </p>
    {place.mayUpdate ? (
      <form class="flex flex-wrap gap-2" method="post" action={`${place.path}/honeypots`} data-submit-once>
        <FormToken request={request} />
        <select
          class="select min-w-40 flex-1"
          name="job"
          aria-label={t('Draw honeypots of')}
          data-testid="validation-job"
          autocomplete="off"
        >
          <option value="" safe>
            {t('All jobs')}
          </option>
          {allocation.jobs.slice(0, 500).map(({ id, startFrame, stopFrame }) => (
            <option value={String(id)} safe>
              {t('Job #{id}, frames {from} to {to}', { id, from: startFrame, to: stopFrame })}
            </option>
          ))}
        </select>
        <button type="submit" class="btn" data-testid="validation-draw" safe>
          {t('Draw anew')}
        </button>
      </form>
    ) : (
      ''
    )}
  </section>
)

const notices = (): Record<string, string> => ({
  frames: t('The validation frames are changed. A new report counts them so.'),
  honeypots: t('Other validation frames are shown.'),
})

export const showManagement = async (visit: Visit, place: Place, problem?: string): Promise<JSX.Element> => {
  const target = await loadTarget(place)
  const chosen = await chooseReport(visit, await listOwnReports(visit, place), undefined)
  const allocation = await loadAllocation(place, chosen)
  const groundTruth = allocation?.groundTruth ?? null
  const person = (await loadPeople([groundTruth?.assigneeId ?? null])).get(groundTruth?.assigneeId ?? -1)
  const assignee = person
    ? { id: person.id, username: person.username, first_name: person.firstName, last_name: person.lastName }
    : null
  const done = notices()[visit.query.done ?? '']
  return (
    <QualityFrame place={place} tab="management">
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Problem text={problem} testid="quality-problem" />
        <Notice text={done} testid="quality-done" />
        {allocation ? (
          <>
            <div class="grid grid-cols-3 gap-4 max-sm:grid-cols-1">
              <Card label={t('Validation frames')} value={allocation.rows.length} testid="frames-total" />
              <Card label={t('Excluded')} value={allocation.excluded.length} testid="frames-excluded" />
              <Card label={t('Active')} value={allocation.rows.length - allocation.excluded.length} testid="frames-active" />
            </div>
            <div
              class={
                allocation.mode === 'gt_pool'
                  ? 'grid grid-cols-2 items-start gap-4 max-lg:grid-cols-[minmax(0,1fr)]'
                  : 'grid gap-4'
              }
            >
              {groundTruth ? (
                <GroundTruthCard
                  job={groundTruth}
                  place={place}
                  visit={visit}
                  assignee={assignee}
                  isPool={allocation.mode === 'gt_pool'}
                />
              ) : (
                ''
              )}
              {allocation.mode === 'gt_pool' ? <Honeypots allocation={allocation} place={place} request={visit.request} /> : ''}
            </div>
            <FrameTable allocation={allocation} place={place} visit={visit} threshold={target.threshold} />
          </>
        ) : (
          <section class="card grid gap-3 p-4" data-testid="quality-none">
            <h2 safe>{t('No ground truth yet')}</h2>
            <p class="max-w-2xl text-muted" safe>
              {t(
                'Some frames get a job of their own, which is annotated with special care. Reports compare the other jobs with it.',
              )}
            </p>
            {place.mayMakeJobs && place.task!.data ? <CreateGroundTruth place={place} /> : ''}
          </section>
        )}
      </div>
    </QualityFrame>
  )
}
