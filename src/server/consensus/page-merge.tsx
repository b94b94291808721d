// Merging: the jobs of a task with their replicas, the question before annotations are replaced, and what was merged last.
import { Problem } from '../../web/ui/form'
import { t, tn } from '../../web/ui/i18n/message'
import { Ago, Status } from '../../web/ui/parts'
import { FormToken, type Visit } from '../auth/service'
import { isoTime } from '../http/json'
import { countAnnotations, listMergeRows, listMerges, type MergeRow, type Obstacle, type PastMerge } from './page-data'
import type { ConsensusPlace } from './page-place'

const describeObstacle = (obstacle: Obstacle): string =>
  ({
    'no-replicas': t('It has no replicas.'),
    'not-started': t('All its replicas are in the state new: nobody has worked on them.'),
    'past-annotation': t('It is past the annotation stage.'),
  })[obstacle]

const JobRow = ({ row, place }: { row: MergeRow; place: ConsensusPlace }) => {
  const { job, replicas, started, obstacle } = row
  return (
    <tr data-testid={`consensus-job-${job.id}`} data-mergeable={String(obstacle === null)}>
      <td class="w-28">
        <a class="num font-medium hover:text-accent" href={`/tasks/${place.id}/jobs/${job.id}`} data-testid="row-open" safe>
          {t('Job #{id}', { id: job.id })}
        </a>
      </td>
      <td class="num w-28 max-md:hidden" safe>
        {`${job.startFrame}–${job.stopFrame}`}
      </td>
      <td class="w-32 truncate max-lg:hidden" dir="auto" safe>
        {row.assignee || '–'}
      </td>
      <td class="w-32 max-sm:hidden">
        <Status value={job.stage === 'annotation' ? job.state : job.stage} />
      </td>
      <td>
        <ul class="flex flex-wrap gap-x-3 gap-y-1">
          {replicas.map((replica) => (
            <li class="flex items-center gap-1 text-[13px]">
              <a
                class="num hover:text-accent"
                href={`/tasks/${place.id}/jobs/${replica.job.id}`}
                title={replica.assignee || t('Nobody')}
                safe
              >
                {`#${replica.job.id}`}
              </a>
              <span class={replica.isStarted ? 'text-soft' : 'text-muted'} safe>
                {t(replica.job.state)}
              </span>
            </li>
          ))}
        </ul>
        <p class="hint" data-testid="row-reason" safe>
          {obstacle
            ? describeObstacle(obstacle)
            : started < replicas.length
              ? t('{new} of {all} replicas are in the state new and left out.', {
                  new: replicas.length - started,
                  all: replicas.length,
                })
              : ''}
        </p>
      </td>
      <td class="w-24 text-end">
        {place.mayMerge && obstacle === null ? (
          <a class="btn btn-small" href={`${place.path}?merge=${job.id}#merge`} data-testid="row-merge" safe>
            {t('Merge…')}
          </a>
        ) : (
          ''
        )}
      </td>
    </tr>
  )
}

type QuestionProps = { visit: Visit; place: ConsensusPlace; rows: MergeRow[]; count: number; jobId: number | null }

/** Asked before anything is replaced; the box must be ticked. */
const Question = ({ visit, place, rows, count, jobId }: QuestionProps) => (
  <form
    class="card grid gap-3 border-warning p-4"
    id="merge"
    method="post"
    action={`${place.path}/merge`}
    data-submit-once
    data-testid="consensus-question"
  >
    <FormToken request={visit.request} />
    <h2 safe>{jobId === null ? t('Merge the whole task?') : t('Merge job #{id}?', { id: jobId })}</h2>
    <p safe>
      {count
        ? tn(
            count,
            'One annotation that these jobs have now is replaced by what their replicas agree on: {jobs}. The jobs are completed. Their history keeps what was.',
            '{count} annotations that these jobs have now are replaced by what their replicas agree on: {jobs}. The jobs are completed. Their history keeps what was.',
            { jobs: rows.map(({ job }) => `#${job.id}`).join(', ') },
          )
        : t('These jobs get what their replicas agree on, and are completed: {jobs}.', {
            jobs: rows.map(({ job }) => `#${job.id}`).join(', '),
          })}
    </p>
    {jobId === null ? '' : <input type="hidden" name="job" value={String(jobId)} />}
    <label class="flex items-center gap-2">
      <input
        class="check flex-none"
        type="checkbox"
        name="overwrite"
        value="yes"
        required
        autocomplete="off"
        data-testid="consensus-overwrite"
      />
      <span safe>{t('Replace the annotations of these jobs')}</span>
    </label>
    <div class="flex gap-2">
      <button type="submit" class="btn btn-primary" data-testid="consensus-merge" safe>
        {t('Merge')}
      </button>
      <a class="btn" href={place.path} data-testid="consensus-cancel" safe>
        {t('Cancel')}
      </a>
    </div>
  </form>
)

const Merging = ({ merge }: { merge: PastMerge }) => (
  <div
    class="card grid gap-2 p-4"
    role="status"
    data-follow={merge.row.id}
    data-follow-words={t('Merging…')}
    data-testid="consensus-progress"
  >
    <span data-follow-text safe>
      {t('Merging…')}
    </span>
    <progress data-follow-bar max="1" aria-label={t('Progress')}></progress>
  </div>
)

const LastMerges = ({ merges, place }: { merges: PastMerge[]; place: ConsensusPlace }) => (
  <section class="card min-w-0" data-testid="consensus-merges">
    <h2 class="border-b border-line px-4 py-3" safe>
      {t('Last merges')}
    </h2>
    <table class="grid-table slim">
      <thead>
        <tr>
          <th scope="col" safe>
            {t('What')}
          </th>
          <th scope="col" safe>
            {t('Status')}
          </th>
          <th scope="col" class="max-sm:hidden" safe>
            {t('Who')}
          </th>
          <th scope="col" safe>
            {t('When')}
          </th>
        </tr>
      </thead>
      <tbody>
        {merges.map(({ row, person }) => (
          <tr>
            <td>
              {row.jobId === null ? (
                <span safe>{t('The whole task')}</span>
              ) : (
                <a class="num hover:text-accent" href={`/tasks/${place.id}/jobs/${row.jobId}`} safe>
                  {t('Job #{id}', { id: row.jobId })}
                </a>
              )}
              {row.message ? (
                <p class={row.status === 'failed' ? 'text-[13px] text-danger' : 'hint'} dir="auto" safe>
                  {row.message}
                </p>
              ) : (
                ''
              )}
            </td>
            <td class="w-28">
              <Status value={row.status} />
            </td>
            <td class="w-32 truncate max-sm:hidden" dir="auto" safe>
              {person || '–'}
            </td>
            <td class="w-32 text-muted">
              <Ago iso={isoTime(row.finishedDate ?? row.createdDate)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

export const showMerging = async (visit: Visit, place: ConsensusPlace, problem?: string): Promise<JSX.Element> => {
  const rows = await listMergeRows(place.id)
  const merges = await listMerges(place.id)
  const ready = rows.filter(({ obstacle }) => obstacle === null)
  const { merge } = visit.query
  const wanted = merge === 'all' ? ready : ready.filter(({ job }) => String(job.id) === merge)
  const running = merges.find(({ row }) => row.status === 'queued' || row.status === 'started')
  return (
    <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Problem text={problem} testid="consensus-problem" />
      {running ? <Merging merge={running} /> : ''}
      {place.mayMerge && wanted.length ? (
        <Question
          visit={visit}
          place={place}
          rows={wanted}
          count={await countAnnotations(wanted.map(({ job }) => job.id))}
          jobId={merge === 'all' ? null : wanted[0]!.job.id}
        />
      ) : (
        ''
      )}
      <section class="card min-w-0" data-testid="consensus-jobs">
        <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
          <h2 class="flex-1" safe>
            {t('Jobs and their replicas')}
          </h2>
          {place.mayMerge && ready.length ? (
            <a class="btn btn-primary" href={`${place.path}?merge=all#merge`} data-testid="consensus-merge-all" safe>
              {t('Merge the whole task…')}
            </a>
          ) : (
            ''
          )}
        </div>
        <table class="grid-table slim">
          <thead>
            <tr>
              <th scope="col" safe>
                {t('Job')}
              </th>
              <th scope="col" class="max-md:hidden" safe>
                {t('Frames')}
              </th>
              <th scope="col" class="max-lg:hidden" safe>
                {t('Assignee')}
              </th>
              <th scope="col" class="max-sm:hidden" safe>
                {t('State')}
              </th>
              <th scope="col" safe>
                {t('Replicas')}
              </th>
              <th scope="col">
                <span class="sr-only" safe>
                  {t('Actions')}
                </span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <JobRow row={row} place={place} />
            ))}
          </tbody>
        </table>
      </section>
      {merges.length ? <LastMerges merges={merges} place={place} /> : ''}
    </div>
  )
}
