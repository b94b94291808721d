// The pane of the whole: live graphs of what the server counts, from the same figures as /metrics.
import type { ServerStatus } from '../../server/admin/status'
import type { Api } from '../api'
import { definePane, type Loaded, type Pane } from '../pane'
import { type Figures, readFigures, sample } from '../sample-figures'
import { showBytes } from '../show-values'

type Row = { name: string; title: string; about: string; samples: number[]; max?: number; show: (value: number) => string }

/** Samples that are kept: an hour and more at one every two seconds, as wide as two graphs side by side can show. */
const kept = 2000

const decimal = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2))
const perSecond = (value: number) => `${decimal(value)} /s`
const inMs = (value: number) => (value >= 1 ? `${decimal(value)} s` : `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`)
const inPercent = (value: number) => `${Math.round(value)} %`
const seconds = (value: number) =>
  value >= 3600 ? `${decimal(value / 3600)} h` : value >= 60 ? `${decimal(value / 60)} min` : `${Math.round(value)} s`

type Spec = Omit<Row, 'samples'> & { read: (figures: ReturnType<typeof sample> & { diskPercent: number }) => number }

const specs: Spec[] = [
  {
    name: 'requests',
    title: 'Requests',
    about: 'Requests that were answered, in a second; not those of consoles.',
    show: perSecond,
    read: (now) => now.requestsPerSecond,
  },
  {
    name: 'p50',
    title: 'Latency, median',
    about: 'Half of the requests were answered faster.',
    show: inMs,
    read: (now) => now.p50,
  },
  { name: 'p99', title: 'Latency, 99 %', about: 'One request of a hundred took longer.', show: inMs, read: (now) => now.p99 },
  {
    name: 'saves',
    title: 'Saves',
    about: 'Saves of annotations in a second.',
    show: perSecond,
    read: (now) => now.savesPerSecond,
  },
  {
    name: 'queue',
    title: 'Queue, waiting',
    about: 'Chores that wait in all lanes together; :queues shows them.',
    show: (value) => String(Math.round(value)),
    read: (now) => now.waiting,
  },
  {
    name: 'age',
    title: 'Queue, oldest',
    about: 'How long the oldest waiting chore has waited. Workers that are gone show here first.',
    show: seconds,
    read: (now) => now.oldest,
  },
  { name: 'memory', title: 'Memory', about: 'Resident memory of the server.', show: showBytes, read: (now) => now.memory },
  {
    name: 'cpu',
    title: 'Processor',
    about: 'Processor time of the server; 100 % is one core.',
    show: inPercent,
    read: (now) => now.cpuPercent,
  },
  {
    name: 'disk',
    title: 'Disk',
    about: 'How full the disk below the data directory is; :storage shows by what.',
    show: inPercent,
    max: 100,
    read: (now) => now.diskPercent,
  },
]

const judge = ({ queue, disk_used, server }: ServerStatus, hasFigures: boolean): Loaded<Row>['note'] => {
  const bad = [
    ...(server ? [] : ['no server runs on this data directory']),
    ...(server && !hasFigures ? ['the server does not tell its figures'] : []),
    ...(queue === null ? ['the queue does not answer'] : []),
    ...(queue?.failed ? [`${queue.failed} failed chores (:queues)`] : []),
    ...((disk_used ?? 0) >= 90 ? [`the disk is ${disk_used} % full (:storage)`] : []),
  ]
  return bad.length
    ? { text: `Look at: ${bad.join(' · ')}`, tone: 'warn' }
    : { text: 'All is well. ? tells the keys, : and Tab the panes.', tone: 'good' }
}

export const createOverview = (api: Api): Pane => {
  const rows: Row[] = specs.map(({ read: _, ...spec }) => ({ ...spec, samples: [] }))
  let before: Figures | undefined
  return definePane<Row>({
    name: 'overview',
    aliases: ['graphs'],
    title: 'Overview',
    about: 'How the server does, as live graphs of the figures that /metrics tells; the newest at the right.',
    columns: [
      { title: 'Figure', width: 'rest', show: ({ title }) => title },
      { title: 'Now', width: 12, show: ({ samples, show }) => (samples.length ? show(samples.at(-1)!) : '–') },
    ],
    id: ({ name }) => name,
    label: ({ title }) => title,
    load: async () => {
      const [status, text] = await Promise.all([
        api.get<ServerStatus>('/api/admin/status'),
        api.getText('/api/admin/metrics').catch(() => ''),
      ])
      if (text) {
        const now = readFigures(text, performance.now() / 1000)
        // As df counts, which the metric does not: what is reserved for root is neither taken nor free.
        const values = { ...sample(before, now), diskPercent: status.disk_used ?? 0 }
        before = now
        for (const [i, { read }] of specs.entries()) rows[i]!.samples = [...rows[i]!.samples, read(values)].slice(-kept)
      }
      return { rows: [...rows], note: judge(status, text !== '') }
    },
    details: async ({ about, samples, max, show }) => [
      { text: about },
      { graph: { samples, max, show }, rows: 12 },
      { heading: 'Since this console was opened' },
      { label: 'Now', value: samples.length ? show(samples.at(-1)!) : '–' },
      { label: 'Most', value: samples.length ? show(Math.max(...samples)) : '–' },
      { label: 'Least', value: samples.length ? show(Math.min(...samples)) : '–' },
      { label: 'Mean', value: samples.length ? show(samples.reduce((sum, value) => sum + value, 0) / samples.length) : '–' },
    ],
    actions: [],
    empty: 'No server could be asked for its figures.',
    refreshSeconds: 2,
    isAlwaysLoaded: true,
    graph: ({ samples, max, show }) => ({ samples, max, show }),
  })
}
