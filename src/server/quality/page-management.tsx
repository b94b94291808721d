// Management of what validates a task: its ground truth job, its frames with exclusion and restoration, its honeypots.
import { Notice, Problem } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { SortHead } from '../../web/ui/list'
import { addressOf, type ListState } from '../../web/ui/list-address'
import { Assignee, formatCount } from '../../web/ui/parts'
import { FormToken, type Visit } from '../auth/service'
import { readRights } from '../http/rights'
import type { Job } from '../jobs/service'
import { stages, states } from '../jobs/service'
import { loadPeople } from '../users/service'
import { chooseReport, listOwnReports, loadTarget } from './page-data'
import { type Allocation, type FrameRow, frameStates, loadAllocation, narrowFrames } from './page-frames'
import { Pages, readState } from './page-parts'
import { type Place, QualityFrame } from './page-place'
import { Score } from './page-words'

const pageSize = 50

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

const stateWords = (state: string): string =>
  ({ active: t('Active'), excluded: t('Excluded'), unused: t('Never shown'), below: t('Below the target') })[state] ?? state

type TableProps = { allocation: Allocation; place: Place; visit: Visit; threshold: number }

const Row = ({ row, threshold, mayUpdate }: { row: FrameRow; threshold: number; mayUpdate: boolean }) => (
  <tr data-testid={`validation-${row.id}`} data-disabled={String(row.isExcluded)}>
    {mayUpdate ? (
      <td class="w-8 pe-0!">
        <input
          class="check block"
          type="checkbox"
          name="frames"
          value={String(row.id)}
          aria-label={t('Choose frame {frame}', { frame: row.id })}
          autocomplete="off"
          data-testid="row-choose"
        />
      </td>
    ) : (
      ''
    )}
    <td class="num w-20 text-muted" safe>{`#${row.id}`}</td>
    <td class="max-w-0">
      <a
        class={['block truncate hover:text-accent', row.isExcluded && 'text-muted line-through']}
        href={row.href}
        dir="auto"
        data-testid="row-open"
        safe
      >
        {row.name}
      </a>
    </td>
    <td class="w-28 max-sm:hidden">
      <span class="badge" data-tone={row.isExcluded ? 'warning' : undefined} safe>
        {row.isExcluded ? t('excluded') : t('active')}
      </span>
    </td>
    <td class="num w-24 text-end max-sm:hidden" data-testid="row-used" data-count={String(row.uses)} safe>
      {formatCount(row.uses)}
    </td>
    <td class="w-28 ps-4!">
      {row.quality === null ? <span class="text-muted">–</span> : <Score score={row.quality} threshold={threshold} />}
    </td>
    <td class="num w-24 text-end max-md:hidden" safe>
      {row.conflicts === null ? '–' : formatCount(row.conflicts)}
    </td>
    {mayUpdate ? (
      <td class="w-28 text-end">
        <button
          type="submit"
          class="btn btn-quiet btn-small"
          name={row.isExcluded ? 'restore' : 'exclude'}
          value={String(row.id)}
          data-testid={row.isExcluded ? 'row-restore' : 'row-exclude'}
          safe
        >
          {row.isExcluded ? t('Restore') : t('Exclude')}
        </button>
      </td>
    ) : (
      ''
    )}
  </tr>
)

const Toolbar = ({ allocation, place, state }: { allocation: Allocation; place: Place; state: ListState }) => (
  <div id="list-tools" class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
    <h2 class="me-2 max-md:basis-full" safe>
      {t('Validation frames')}
    </h2>
    <form class="flex flex-1 flex-wrap items-center gap-2" method="get" action={place.path} role="search">
      <input type="hidden" name="tab" value="management" />
      {state.query.sort ? <input type="hidden" name="sort" value={state.query.sort} /> : ''}
      <input
        class="input compact w-48 max-sm:w-full"
        type="search"
        name="search"
        value={state.query.search ?? ''}
        placeholder={t('Search names')}
        aria-label={t('Search names')}
        data-testid="list-search"
        autocomplete="off"
        dir="auto"
      />
      <select class="select compact w-auto" name="state" aria-label={t('State')} data-testid="frames-state" autocomplete="off">
        <option value="" safe>
          {t('All frames')}
        </option>
        {frameStates.map((one) => (
          <option value={one} selected={state.query.state === one} safe>
            {stateWords(one)}
          </option>
        ))}
      </select>
      <select class="select compact w-auto max-w-48" name="job" aria-label={t('Job')} data-testid="frames-job" autocomplete="off">
        <option value="" safe>
          {t('Of all jobs')}
        </option>
        {allocation.jobs.slice(0, 500).map(({ id }) => (
          <option value={String(id)} selected={state.query.job === String(id)} safe>
            {t('Job #{id}', { id })}
          </option>
        ))}
      </select>
      <button type="submit" class="btn btn-small" data-testid="frames-narrow" safe>
        {t('Narrow')}
      </button>
      {state.query.search || state.query.state || state.query.job ? (
        <a class="btn btn-quiet btn-small" href={`${place.path}?tab=management`} data-testid="list-clear" safe>
          {t('Clear')}
        </a>
      ) : (
        ''
      )}
    </form>
    <a
      class="btn btn-small"
      href={addressOf({ path: `${place.path}/frames.csv`, query: state.query }, { tab: undefined })}
      data-testid="list-csv"
    >
      <Icon name="download" />
      CSV
    </a>
  </div>
)

const FrameTable = ({ allocation, place, visit, threshold }: TableProps) => {
  const { query, path, request } = visit
  const rows = narrowFrames(allocation.rows, query, threshold)
  const state = readState(path, query, rows.length, pageSize)
  const shown = rows.slice((state.page - 1) * pageSize, state.page * pageSize)
  const { mayUpdate } = place
  return (
    <section class="card min-w-0" data-testid="validation-frames" data-count={String(rows.length)}>
      <Toolbar allocation={allocation} place={place} state={state} />
      <form method="post" action={`${place.path}/frames`} data-submit-once>
        <FormToken request={request} />
        <input type="hidden" name="back" value={addressOf(state, { page: String(state.page) })} />
        <div id="list" class="list-body">
          <table class="grid-table slim">
            <thead>
              <tr>
                {mayUpdate ? (
                  <th scope="col" class="w-8 pe-0!">
                    <input
                      class="check block"
                      type="checkbox"
                      aria-label={t('Choose all of this page')}
                      data-check-all="frames"
                      data-testid="frames-choose-all"
                      autocomplete="off"
                    />
                  </th>
                ) : (
                  ''
                )}
                <SortHead state={state} fields={['frame']} label={t('Frame')} />
                <SortHead state={state} fields={['name']} label={t('Name')} />
                <SortHead state={state} fields={['state']} label={t('State')} class="max-sm:hidden" />
                <SortHead state={state} fields={['uses']} label={t('Shown')} class="max-sm:hidden text-end!" />
                <SortHead state={state} fields={['quality']} label={t('Quality')} class="ps-4!" />
                <SortHead state={state} fields={['conflicts']} label={t('Conflicts')} class="max-md:hidden text-end!" />
                {mayUpdate ? (
                  <th scope="col">
                    <span class="sr-only" safe>
                      {t('Actions')}
                    </span>
                  </th>
                ) : (
                  ''
                )}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row row={row} threshold={threshold} mayUpdate={mayUpdate} />
              ))}
            </tbody>
          </table>
          {rows.length === 0 ? (
            <p class="px-4 py-6 text-center text-muted" data-testid="list-empty" safe>
              {t('No frames fit.')}
            </p>
          ) : (
            ''
          )}
          <Pages state={state} />
        </div>
        {mayUpdate ? (
          <div class="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2">
            <span class="text-[13px] text-muted" safe>
              {t('The chosen frames:')}
            </span>
            <button type="submit" class="btn btn-small" name="action" value="exclude" data-testid="frames-exclude" safe>
              {t('Exclude')}
            </button>
            <button type="submit" class="btn btn-small" name="action" value="restore" data-testid="frames-restore" safe>
              {t('Restore')}
            </button>
            {allocation.excluded.length ? (
              <button
                type="submit"
                class="btn btn-quiet btn-small"
                name="action"
                value="restore-all"
                data-testid="validation-restore-all"
                safe
              >
                {t('Restore all')}
              </button>
            ) : (
              ''
            )}
          </div>
        ) : (
          ''
        )}
      </form>
    </section>
  )
}

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
            {place.mayMakeJobs && place.task!.task.dimension === '2d' && place.task!.data ? (
              <CreateGroundTruth place={place} />
            ) : (
              ''
            )}
          </section>
        )}
      </div>
    </QualityFrame>
  )
}
