// A report to print: everything on plain paper, without navigation, in the light theme.
import { ChartFiles } from '../../web/ui/chart'
import { t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Document } from '../../web/ui/layout'
import { formatCount } from '../../web/ui/parts'
import { formatShare } from '../../web/ui/percent'
import type { Visit } from '../auth/service'
import { asset } from '../http/assets'
import { notFound } from '../http/errors'
import { renderPage } from '../http/html'
import { isoTime } from '../http/json'
import { KindTable } from './page-conflicts'
import type { Part, Target } from './page-data'
import { Matrix } from './page-matrix'
import { loadOverview } from './page-overview'
import { sortBy } from './page-parts'
import type { Place } from './page-place'
import { RequirementTable, ScoreCard, Trend } from './page-score'

const PartRows = ({ parts, place, target }: { parts: Part[]; place: Place; target: Target }) => (
  <table class="grid-table slim" data-testid="print-parts">
    <thead>
      <tr>
        <th scope="col" safe>
          {place.kind === 'task' ? t('Job') : t('Task')}
        </th>
        <th scope="col" safe>
          {t('Assignee')}
        </th>
        <th scope="col" class="text-end!" safe>
          {t('Score')}
        </th>
        <th scope="col" safe>
          {t('Target')}
        </th>
        <th scope="col" class="text-end!" safe>
          {t('Precision')}
        </th>
        <th scope="col" class="text-end!" safe>
          {t('Recall')}
        </th>
        <th scope="col" class="text-end!" safe>
          {t('Frames checked')}
        </th>
        <th scope="col" class="text-end!" safe>
          {t('Errors')}
        </th>
        <th scope="col" class="text-end!" safe>
          {t('Warnings')}
        </th>
      </tr>
    </thead>
    <tbody>
      {sortBy(parts, 'score', { score: ({ score }) => score ?? -1 }).map((part) => (
        <tr>
          <td class="num" dir="auto" safe>
            {part.name || `#${part.id}`}
          </td>
          <td dir="auto" safe>
            {part.assignee || '–'}
          </td>
          <td class="num text-end" safe>
            {formatShare(part.score)}
          </td>
          <td safe>{part.score === null ? '–' : part.score >= target.threshold ? t('reached') : t('missed')}</td>
          <td class="num text-end" safe>
            {formatShare(part.precision)}
          </td>
          <td class="num text-end" safe>
            {formatShare(part.recall)}
          </td>
          <td class="num text-end" safe>{`${formatCount(part.frames)} / ${formatCount(part.totalFrames)}`}</td>
          <td class="num text-end" safe>
            {formatCount(part.errors)}
          </td>
          <td class="num text-end" safe>
            {formatCount(part.warnings)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

/** Throws 404 while there is no report. */
export const showPrint = async (visit: Visit, place: Place): Promise<Response> => {
  const { target, reports, chosen, parts } = await loadOverview(visit, place)
  if (!chosen) throw notFound()
  const { report } = chosen.row
  const title =
    place.kind === 'task' ? t('Quality of task #{id}', { id: place.id }) : t('Quality of project #{id}', { id: place.id })
  const { comparison_summary: summary } = chosen.body
  return renderPage(
    <Document title={`${title} · ${isoTime(report.createdDate).slice(0, 10)}`} frame={{ ...visit.frame, theme: 'light' }}>
      <body class="bg-surface">
        <ChartFiles script={asset('chart.js')} style={asset('chart.css')} />
        <main
          id="content"
          class="mx-auto grid max-w-[900px] grid-cols-[minmax(0,1fr)] gap-5 p-6 print:p-0"
          data-testid="quality-sheet"
        >
          <header class="flex flex-wrap items-start gap-3">
            <div class="min-w-0 flex-1">
              <h1 dir="auto" safe>
                {title}
              </h1>
              <p class="break-words" dir="auto" safe>
                {place.name}
              </p>
              <p class="text-[13px] text-muted" safe>
                {t('Report #{id} of {date} UTC', {
                  id: report.id,
                  date: isoTime(report.createdDate).slice(0, 16).replace('T', ' '),
                })}
              </p>
            </div>
            <div class="flex gap-2 print:hidden">
              <a class="btn" href={`${place.path}?report=${report.id}`}>
                <Icon name="chevronLeft" />
                <span safe>{t('Back')}</span>
              </a>
              <button type="button" class="btn btn-primary" data-print data-testid="print">
                <span safe>{t('Print')}</span>
              </button>
            </div>
          </header>
          <div class="grid grid-cols-[280px_minmax(0,1fr)] gap-4 break-inside-avoid max-md:grid-cols-[minmax(0,1fr)]">
            <ScoreCard chosen={chosen} target={target} reports={reports} />
            <Trend reports={reports} target={target} />
          </div>
          <section class="grid break-inside-avoid gap-2">
            <h2 safe>{t('Confusion matrix')}</h2>
            <Matrix annotations={summary.annotations} />
          </section>
          <section class="grid break-inside-avoid gap-2">
            <h2 safe>{t('Conflicts by kind')}</h2>
            <KindTable counts={summary.conflicts_by_type} path={place.path} query={{ report: String(report.id) }} />
          </section>
          <section class="grid break-inside-avoid gap-2">
            <h2 safe>{t('Requirements')}</h2>
            <RequirementTable chosen={chosen} />
          </section>
          <section class="grid gap-2">
            <h2 safe>{place.kind === 'task' ? t('Jobs') : t('Tasks')}</h2>
            <div class="overflow-x-auto" tabindex="0" role="region" aria-label={place.kind === 'task' ? t('Jobs') : t('Tasks')}>
              <PartRows parts={parts} place={place} target={target} />
            </div>
          </section>
        </main>
      </body>
    </Document>,
  )
}
