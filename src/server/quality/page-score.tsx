// The score of a report against its target, with its parts, its requirements and the trend over the reports.
import { Chart } from '../../web/ui/chart'
import type { ChartData } from '../../web/ui/chart-data'
import { t } from '../../web/ui/i18n/message'
import { Details, formatCount } from '../../web/ui/parts'
import { formatShare } from '../../web/ui/percent'
import { type Chosen, scoreOf, scoresOf, type Target } from './page-data'
import { describeMetric, Score, toneOfScore } from './page-words'
import type { ReportRow } from './reports'

/** The trend over all reports, oldest first. */
const makeTrend = (reports: readonly ReportRow[], target: Target): ChartData => {
  const rising = [...reports].reverse()
  const all = rising.map(({ report }) => scoresOf(report.summary))
  const isPlain = ['accuracy', 'precision', 'recall'].includes(target.metric)
  return {
    x: { name: t('Report'), kind: 'time', values: rising.map(({ report }) => report.createdDate.getTime()) },
    unit: 'share',
    range: { from: 0, to: 1 },
    levels: [{ name: t('Target {share}', { share: formatShare(target.threshold) }), value: target.threshold }],
    series: [
      ...(isPlain
        ? []
        : [
            {
              name: describeMetric(target.metric),
              tone: 'danger' as const,
              values: rising.map(({ report }) => scoreOf(report.summary, target)),
            },
          ]),
      { name: t('Accuracy'), tone: 'accent', values: all.map(({ accuracy }) => accuracy) },
      { name: t('Precision'), tone: 'success', isDashed: true, values: all.map(({ precision }) => precision) },
      { name: t('Recall'), tone: 'warning', isDashed: true, values: all.map(({ recall }) => recall) },
    ],
  }
}

const describeChange = (score: number | null, before: number | null | undefined): string => {
  if (score === null || before === null || before === undefined) return ''
  const points = Math.round((score - before) * 1000) / 10
  if (!points) return t('As in the report before')
  return points > 0
    ? t('{points} points more than before', { points })
    : t('{points} points less than before', { points: -points })
}

type CardProps = { chosen: Chosen; target: Target; reports: ReportRow[] }

export const ScoreCard = ({ chosen, target, reports }: CardProps): JSX.Element => {
  const { summary } = chosen.row.report
  const score = scoreOf(summary, target)
  const at = reports.findIndex(({ report }) => report.id === chosen.row.report.id)
  const before = reports[at + 1]
  const scores = scoresOf(summary)
  const { annotations } = chosen.body.comparison_summary
  const row = (label: string, value: string): [string, JSX.Element] => [label, <span safe>{value}</span>]
  return (
    <section
      class="card grid content-start gap-3 p-4"
      data-testid="quality-score"
      data-score={score === null ? '' : String(score)}
    >
      <h2 safe>{describeMetric(target.metric)}</h2>
      <div class="flex flex-wrap items-baseline gap-x-3">
        <span
          class={[
            'num text-[40px] leading-11 font-semibold',
            toneOfScore(score, target.threshold) === 'danger' ? 'text-danger' : score === null ? 'text-muted' : 'text-success',
          ]}
          data-testid="quality-value"
          safe
        >
          {formatShare(score)}
        </span>
        <span class="text-[13px] text-muted" data-testid="quality-target" safe>
          {score === null
            ? t('Target {share}', { share: formatShare(target.threshold) })
            : score >= target.threshold
              ? t('reaches the target of {share}', { share: formatShare(target.threshold) })
              : t('does not reach the target of {share}', { share: formatShare(target.threshold) })}
        </span>
      </div>
      <p class="hint" data-testid="quality-change" safe>
        {describeChange(score, before && scoreOf(before.report.summary, target))}
      </p>
      <Details
        rows={[
          row(t('Accuracy'), formatShare(scores.accuracy)),
          row(t('Precision'), formatShare(scores.precision)),
          row(t('Recall'), formatShare(scores.recall)),
          row(t('Jaccard index'), formatShare(scores.jaccard_index)),
          row(t('Dice coefficient'), formatShare(scores.dice)),
        ]}
      />
      <div class="h-px bg-line"></div>
      <Details
        rows={[
          row(
            t('Frames checked'),
            t('{part} of {whole}', { part: formatCount(summary.frame_count), whole: formatCount(summary.total_frames) }),
          ),
          row(t('Right'), formatCount(annotations.valid_count)),
          row(t('Missing'), formatCount(annotations.missing_count)),
          row(t('Too many'), formatCount(annotations.extra_count)),
          row(t('Errors'), formatCount(summary.error_count)),
          row(t('Warnings'), formatCount(summary.warning_count)),
        ]}
      />
    </section>
  )
}

export const RequirementTable = ({ chosen }: { chosen: Chosen }): JSX.Element => (
  <table class="grid-table slim" data-testid="quality-requirements">
    <thead>
      <tr>
        <th scope="col" safe>
          {t('Requirement')}
        </th>
        <th scope="col" class="max-sm:hidden" safe>
          {t('Metric')}
        </th>
        <th scope="col" safe>
          {t('Score')}
        </th>
        <th scope="col" safe>
          {t('Target')}
        </th>
      </tr>
    </thead>
    <tbody>
      {chosen.body.requirements.map((result) => (
        <tr>
          <td dir="auto" safe>
            {result.name}
          </td>
          <td class="max-sm:hidden" safe>
            {describeMetric(result.metric)}
          </td>
          <td>
            {result.score === null ? (
              <span class="text-muted" safe>
                {result.calculation.reason === 'filter_no_matches' ? t('fits no annotation') : t('no annotations')}
              </span>
            ) : (
              <Score score={result.score} threshold={result.threshold} />
            )}
          </td>
          <td class="num" safe>
            {formatShare(result.threshold)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

export const Trend = ({ reports, target }: { reports: ReportRow[]; target: Target }): JSX.Element => (
  <section class="card grid content-start gap-3 p-4">
    <h2 safe>{t('Over the reports')}</h2>
    <Chart title={t('Scores of the reports')} data={makeTrend(reports, target)} testid="quality-trend" heightPx={320} />
  </section>
)
