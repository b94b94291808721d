// Overview of quality control: the score against its target, how it went over the reports, what was confused, and where.
import { ChartFiles } from '../../web/ui/chart'
import { Problem } from '../../web/ui/form'
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { Ago } from '../../web/ui/parts'
import { FormToken, type Visit } from '../auth/service'
import { asset } from '../http/assets'
import { isoTime } from '../http/json'
import type { RequestRow } from '../requests/service'
import { ConflictList, KindTable, loadConflicts } from './page-conflicts'
import {
  type Chosen,
  chooseReport,
  findComputing,
  listOwnReports,
  listParts,
  loadTarget,
  type Part,
  type Target,
} from './page-data'
import { Matrix } from './page-matrix'
import { PartsTable } from './page-parts'
import { type Place, QualityFrame } from './page-place'
import { RequirementTable, ScoreCard, Trend } from './page-score'
import type { ReportRow } from './reports'

const Computing = ({ request }: { request: RequestRow }): JSX.Element =>
  request.status === 'failed' ? (
    <Problem text={request.message || t('The report could not be made.')} testid="quality-problem" />
  ) : (
    <div
      class="card grid gap-2 p-4"
      role="status"
      data-follow={request.id}
      data-follow-words={t('Comparing with the ground truth…')}
      data-testid="quality-progress"
    >
      <span data-follow-text safe>
        {t('Comparing with the ground truth…')}
      </span>
      <progress data-follow-bar max="1" aria-label={t('Progress')}></progress>
    </div>
  )

export const CreateReport = ({ place, request }: { place: Place; request: Request }): JSX.Element =>
  place.mayReport ? (
    <form method="post" action={`${place.path}/report`} data-submit-once>
      <FormToken request={request} />
      <button type="submit" class="btn btn-primary" data-testid="quality-create">
        <Icon name="refresh" />
        <span safe>{t('Make a report')}</span>
      </button>
    </form>
  ) : (
    ''
  )

/** Which report is shown, and its files. */
const Chooser = ({ place, reports, chosen }: { place: Place; reports: ReportRow[]; chosen: Chosen }) => {
  const { id } = chosen.row.report
  const query = `report=${id}`
  return (
    <form class="flex flex-wrap items-center gap-2" method="get" action={place.path} data-submit-on-change>
      <select
        class="select compact w-auto max-w-72"
        name="report"
        aria-label={t('Report')}
        data-testid="quality-report"
        autocomplete="off"
      >
        {reports.map(({ report }, at) => (
          <option value={String(report.id)} selected={report.id === id} safe>
            {`${isoTime(report.createdDate).slice(0, 16).replace('T', ' ')} UTC · #${report.id}${at === 0 ? ` · ${t('newest')}` : ''}`}
          </option>
        ))}
      </select>
      <noscript>
        <button type="submit" class="btn btn-small" safe>
          {t('Show')}
        </button>
      </noscript>
      <a
        class="btn btn-small"
        href={`/api/quality/reports/${id}/data`}
        download={`${place.kind}_${place.id}_report_${id}.json`}
        data-testid="quality-json"
      >
        <Icon name="download" />
        JSON
      </a>
      <a class="btn btn-small" href={`${place.path}/report.csv?${query}`} data-testid="quality-csv">
        <Icon name="download" />
        CSV
      </a>
      <a class="btn btn-small" href={`/api/quality/reports/${id}/confusion`} data-testid="quality-confusion-csv">
        <Icon name="download" />
        <span safe>{t('Confusion matrices')}</span>
      </a>
      <a class="btn btn-small" href={`${place.path}/print?${query}`} data-testid="quality-print">
        <Icon name="file" />
        <span safe>{t('To print')}</span>
      </a>
    </form>
  )
}

/** Parts of a project that do not count, and why. */
const LeftOut = ({ chosen, place }: { chosen: Chosen; place: Place }): JSX.Element => {
  const { tasks, jobs } = chosen.body.comparison_summary
  const rows: [string, number[], (id: number) => string][] =
    place.kind === 'project' && tasks
      ? [
          [t('Tasks with settings of their own'), tasks.custom, (id) => `/tasks/${id}/quality`],
          [t('Tasks without a finished ground truth'), tasks.not_configured, (id) => `/tasks/${id}/quality?tab=management`],
          [t('Tasks whose jobs are all left out'), tasks.excluded, (id) => `/tasks/${id}/quality`],
        ]
      : jobs
        ? [
            [t('Jobs that the filter of the settings leaves out'), jobs.excluded, (id) => `/tasks/${place.id}/jobs/${id}`],
            [t('Jobs without frames of the ground truth'), jobs.not_checkable, (id) => `/tasks/${place.id}/jobs/${id}`],
          ]
        : []
  const some = rows.filter(([, ids]) => ids.length)
  if (!some.length) return ''
  return (
    <section class="card grid gap-2 p-4" data-testid="quality-left-out">
      <h2 safe>{t('Not counted')}</h2>
      {some.map(([title, ids, hrefOf]) => (
        <div class="text-[13px]">
          <span class="text-muted" safe>{`${title}: `}</span>
          {ids.slice(0, 100).map((id) => (
            <a class="num link me-2" href={hrefOf(id)} safe>{`#${id}`}</a>
          ))}
          {ids.length > 100 ? (
            <span class="text-muted" safe>
              {t('and {count} more', { count: ids.length - 100 })}
            </span>
          ) : (
            ''
          )}
        </div>
      ))}
    </section>
  )
}

export type OverviewData = { target: Target; reports: ReportRow[]; chosen: Chosen | null; parts: Part[] }

export const loadOverview = async (visit: Visit, place: Place): Promise<OverviewData> => {
  const target = await loadTarget(place)
  const reports = await listOwnReports(visit, place)
  const chosen = await chooseReport(visit, reports, visit.query.report)
  const parts = chosen ? await listParts(visit, place, chosen.row.report.id, target) : []
  return { target, reports, chosen, parts }
}

export const showOverview = async (visit: Visit, place: Place, problem?: string): Promise<JSX.Element> => {
  const { target, reports, chosen, parts } = await loadOverview(visit, place)
  const { query, path, request } = visit
  const computing = await findComputing(visit, place)
  const conflicts = chosen && place.kind === 'task' ? await loadConflicts(visit, place, chosen.row.report.id, parts) : null
  const counts = chosen?.body.comparison_summary.conflicts_by_type ?? {}
  const create = <CreateReport place={place} request={request} />
  return (
    <QualityFrame place={place} tab="overview" actions={reports.length ? create : ''}>
      <ChartFiles script={asset('chart.js')} style={asset('chart.css')} />
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Problem text={problem} testid="quality-problem" />
        {computing ? <Computing request={computing} /> : ''}
        {chosen ? (
          <>
            <div class="flex flex-wrap items-center gap-2">
              <Chooser place={place} reports={reports} chosen={chosen} />
              <span class="text-[13px] text-muted" data-testid="quality-made">
                <Ago iso={isoTime(chosen.row.report.createdDate)} />
              </span>
            </div>
            <div class="grid grid-cols-[300px_minmax(0,1fr)] gap-4 max-lg:grid-cols-[minmax(0,1fr)]">
              <ScoreCard chosen={chosen} target={target} reports={reports} />
              <Trend reports={reports} target={target} />
            </div>
            <div class="grid grid-cols-2 items-start gap-4 max-lg:grid-cols-[minmax(0,1fr)]">
              <section class="card grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3 p-4">
                <h2 safe>{t('Confusion matrix')}</h2>
                <Matrix annotations={chosen.body.comparison_summary.annotations} />
              </section>
              <section class="card grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3 p-4">
                <h2 safe>{t('Conflicts by kind')}</h2>
                <KindTable counts={counts} path={path} query={query} />
              </section>
            </div>
            {chosen.body.requirements.length > 1 ? (
              <section class="card min-w-0">
                <h2 class="px-4 py-3" safe>
                  {t('Requirements')}
                </h2>
                <RequirementTable chosen={chosen} />
              </section>
            ) : (
              ''
            )}
            <section class="card min-w-0">
              <h2 class="border-b border-line px-4 py-3" safe>
                {place.kind === 'task' ? t('Jobs') : t('Tasks')}
              </h2>
              <PartsTable parts={parts} place={place} target={target} path={path} query={query} />
            </section>
            {conflicts?.count ? <ConflictList conflicts={conflicts} counts={counts} path={path} query={query} /> : ''}
            <LeftOut chosen={chosen} place={place} />
          </>
        ) : (
          <section class="card">
            <Empty
              icon="check"
              title={t('No report yet')}
              text={
                place.kind === 'task'
                  ? t('A report compares the jobs with the ground truth. Its job must be at the acceptance stage and completed.')
                  : t('A report joins those of the tasks. Tasks need a ground truth job that is accepted and completed.')
              }
            >
              {place.kind === 'task' ? (
                <a class="btn" href={`${place.path}?tab=management`} safe>
                  {t('Ground truth')}
                </a>
              ) : (
                ''
              )}
              {create}
            </Empty>
          </section>
        )}
      </div>
    </QualityFrame>
  )
}
