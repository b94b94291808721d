// /admin/figures: what a server counted within the last hours, as charts of the same numbers that /metrics tells.

import { Chart, ChartFiles } from '../../web/ui/chart'
import type { ChartData, ChartSeries, ChartUnit } from '../../web/ui/chart-data'
import { ChoiceField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { config } from '../config'
import { type Figure, type History, listServers, nameServer, readHistory } from '../figures/service'
import { asset } from '../http/assets'
import { AdminFrame, showAdminPage } from './frame'

const mib = 2 ** 20
const spans = ['1', '6', '24'] as const
const firstSpan = '6'

type Line = { figure: Figure; name: string; scale?: number } & Pick<ChartSeries, 'tone' | 'draw'>
type Panel = { name: string; title: string; unit: ChartUnit; lines: Line[]; range?: ChartData['range']; hasDiskLimit?: true }

const panels: Panel[] = [
  {
    name: 'requests',
    title: 'Requests a second',
    unit: 'number',
    lines: [
      { figure: 'requests', name: 'Requests', draw: 'area' },
      { figure: 'errors', name: 'Errors of the server', tone: 'danger' },
    ],
  },
  {
    name: 'latency',
    title: 'Milliseconds until the answer',
    unit: 'number',
    lines: [
      { figure: 'p50', name: 'Half of all answers' },
      { figure: 'p95', name: 'Slowest of 20 answers', tone: 'warning' },
      { figure: 'p99', name: 'Slowest of 100 answers', tone: 'danger' },
    ],
  },
  {
    name: 'queue',
    title: 'Background work',
    unit: 'count',
    lines: [
      { figure: 'waiting', name: 'Waiting', tone: 'warning' },
      { figure: 'running', name: 'Running', tone: 'accent' },
      { figure: 'failed', name: 'Failed', tone: 'danger' },
    ],
  },
  {
    name: 'oldest',
    title: 'How long the oldest work waits',
    unit: 'duration',
    lines: [{ figure: 'oldest', name: 'Waiting', draw: 'area', tone: 'warning' }],
  },
  {
    name: 'saves',
    title: 'Saves of annotations a minute',
    unit: 'number',
    lines: [{ figure: 'saves', name: 'Saves', draw: 'area', tone: 'success', scale: 60 }],
  },
  {
    name: 'cache',
    title: 'Media from the cache a minute',
    unit: 'number',
    lines: [
      { figure: 'hits', name: 'Found', tone: 'success', scale: 60 },
      { figure: 'misses', name: 'Made', tone: 'warning', scale: 60 },
    ],
  },
  {
    name: 'memory',
    title: 'Memory in MiB',
    unit: 'count',
    lines: [{ figure: 'memory', name: 'Memory', draw: 'area', scale: 1 / mib }],
  },
  {
    name: 'processor',
    title: 'Share of one processor',
    unit: 'share',
    lines: [{ figure: 'processor', name: 'Processor', draw: 'area' }],
  },
  {
    name: 'disk',
    title: 'Share of the disk that is used',
    unit: 'share',
    range: { from: 0, to: 1 },
    hasDiskLimit: true,
    lines: [{ figure: 'disk', name: 'Used', draw: 'area', tone: 'info' }],
  },
  {
    name: 'connections',
    title: 'Open files and live browsers',
    unit: 'count',
    lines: [
      { figure: 'files', name: 'Open files', tone: 'muted' },
      { figure: 'streams', name: 'Live browsers', tone: 'accent' },
    ],
  },
]

const toChart = ({ unit, lines, range, hasDiskLimit }: Panel, { times, figures }: History): ChartData => ({
  unit,
  range: { from: 0, ...range },
  x: { name: t('Time'), kind: 'time', values: times },
  series: lines.map(({ figure, name, scale = 1, tone, draw }) => ({
    name: t(name),
    tone,
    draw,
    values: figures[figure].map((value) => (value === null ? null : value * scale)),
  })),
  ...(hasDiskLimit && config().disk_usage_max < 100
    ? { levels: [{ name: t('Limit'), value: config().disk_usage_max / 100 }] }
    : {}),
})

const FilterForm = ({ server, servers, hours }: { server: string; servers: string[]; hours: string }) => (
  <form
    method="get"
    action="/admin/figures"
    class="card mb-4 grid grid-cols-[repeat(auto-fit,minmax(148px,1fr))] items-end gap-3 p-4"
    data-testid="figures-filter"
  >
    <ChoiceField
      label="Hours"
      name="hours"
      value={hours}
      options={spans.map((span) => [span, span] as const)}
      testid="figures-hours"
    />
    {servers.length > 1 ? (
      <ChoiceField
        label="Server"
        name="server"
        value={server}
        options={servers.map((name) => [name, name] as const)}
        testid="figures-server"
      />
    ) : (
      ''
    )}
    <div class="flex flex-wrap gap-2">
      <button type="submit" class="btn btn-primary" data-testid="figures-apply">
        {say('Show')}
      </button>
    </div>
  </form>
)

export const showFigures = showAdminPage(async ({ query }) => {
  const servers = await listServers()
  const server = servers.find((name) => name === query.server) ?? nameServer()
  const hours = spans.find((span) => span === query.hours) ?? firstSpan
  const history = await readHistory(server, Number(hours))
  return {
    title: t('Figures'),
    section: 'admin',
    body: (
      <AdminFrame tab="/admin/figures" title={t('Figures')}>
        <ChartFiles script={asset('chart.js')} style={asset('chart.css')} />
        <FilterForm server={server} servers={servers} hours={hours} />
        <p class="hint mb-3" data-testid="figures-of" data-server={server} data-samples={String(history.times.length)} safe>
          {t('Server {server}. A sample each minute is kept for a day; /metrics tells the same numbers to Prometheus.', {
            server,
          })}
        </p>
        <div class="grid grid-cols-2 items-stretch gap-4 max-lg:grid-cols-[minmax(0,1fr)]">
          {panels.map((panel) => (
            <section class="card grid min-w-0 content-start" data-testid={`figures-${panel.name}`}>
              <h2 class="px-4 pt-2" safe>
                {t(panel.title)}
              </h2>
              <div class="min-w-0 px-4 pb-3">
                <Chart
                  title={t(panel.title)}
                  data={toChart(panel, history)}
                  testid={`figures-chart-${panel.name}`}
                  heightPx={160}
                />
              </div>
            </section>
          ))}
        </div>
      </AdminFrame>
    ),
  }
})
