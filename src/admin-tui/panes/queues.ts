// The pane of background work: how much waits, runs and failed in each lane, and the newest chores.
import type { LogLine } from '../../server/admin/read-log'
import type { ShownQueue, ShownWork } from '../../server/admin/read-work'
import type { Api } from '../api'
import { sayLogLine } from '../log-lines'
import { type Action, type Counter, type Detail, definePane, type Pane, type Tone } from '../pane'
import { ageColumn, sayTime } from '../show-rows'
import { showCount } from '../show-values'

const tones: Record<ShownWork['state'], Tone> = { waiting: 'plain', running: 'accent', failed: 'bad', finished: 'good' }
const addressOf = ({ id }: Pick<ShownWork, 'id'>) => `/api/admin/queue/${encodeURIComponent(id)}`
const percentOf = ({ state, request }: ShownWork) =>
  state === 'running' && request ? `${Math.round((request.progress ?? 0) * 100)} %` : ''

const createActions = (api: Api): Action<ShownWork>[] => {
  const listFailed = async () => (await api.get<ShownQueue>('/api/admin/queue')).work.filter(({ can_retry }) => can_retry)
  return [
    {
      key: 'r',
      label: 'retry',
      needs: 'rows',
      isOffered: ({ can_retry }) => can_retry,
      run: async (chore) => {
        await api.send('POST', `${addressOf(chore)}/retry`)
        return { said: `${chore.name} waits to be run again.` }
      },
    },
    {
      key: 'R',
      label: 'retry all failed',
      needs: 'nothing',
      prepare: async () => {
        const failed = await listFailed()
        if (!failed.length) throw new Error('There is no failed chore that could be run again.')
        return { kind: 'question', text: `Run ${showCount(failed.length, 'failed chore')} again?` }
      },
      run: async () => {
        const failed = await listFailed()
        for (const chore of failed) await api.send('POST', `${addressOf(chore)}/retry`)
        return { said: `${showCount(failed.length, 'chore')} will be run again.` }
      },
    },
    {
      key: 'c',
      label: 'cancel',
      needs: 'rows',
      isOffered: ({ state }) => state === 'waiting' || state === 'running',
      prepare: (chore, all) => ({
        kind: 'question',
        text:
          all.length === 1
            ? `Take ${chore.name} out of the lane “${chore.lane}”? ${chore.state === 'running' ? 'It runs; only automatic annotation can be stopped then.' : 'It will not be run.'}`
            : `Take ${showCount(all.length, 'chore')} out of the queue? They will not be run.`,
        warning: chore.request ? `The request of ${chore.request.owner ?? 'somebody'} ends, too.` : undefined,
      }),
      run: async (chore) => {
        await api.send('POST', `${addressOf(chore)}/cancel`)
        return { said: `${chore.name} was taken out of the queue.` }
      },
    },
  ]
}

const describeRequest = ({ request }: ShownWork): Detail[] =>
  request
    ? [
        { heading: 'Request' },
        { label: 'Status', value: request.status },
        { label: 'By', value: request.owner ?? 'somebody who is gone' },
        { label: 'Progress', value: `${Math.round((request.progress ?? 0) * 100)} %` },
        ...(request.format ? [{ label: 'Format', value: request.format }] : []),
        { label: 'Message', value: request.message },
        { text: request.id },
      ]
    : []

const describe = (chore: ShownWork): Detail[] => [
  { label: 'State', value: chore.state, tone: tones[chore.state] },
  { label: 'Lane', value: chore.lane },
  { label: 'Tries', value: String(chore.attempts) },
  { label: 'Added', value: sayTime(chore.created_date) },
  { label: 'Started', value: sayTime(chore.started_date, '') },
  { label: 'Ended', value: sayTime(chore.finished_date, '') },
  ...(chore.error ? [{ heading: 'Error' }, { text: chore.error, tone: 'bad' as const }] : []),
  ...describeRequest(chore),
]

const countLanes = ({ lanes }: ShownQueue): Counter[] =>
  Object.entries(lanes).map(([label, { waiting, running, failed }]) => ({
    label,
    values: [
      { label: 'waiting', value: waiting },
      { label: 'running', value: running, tone: 'accent' },
      { label: 'failed', value: failed, tone: 'bad' },
    ],
  }))

export const createQueues = (api: Api): Pane =>
  definePane<ShownWork>({
    name: 'queues',
    aliases: ['chores', 'requests'],
    title: 'Queues',
    about: 'Background work by lane, newest first. It is run by the server or by “annolith work”, not by this console.',
    columns: [
      { title: 'Chore', width: 'rest', show: ({ name }) => name },
      { title: 'Lane', width: 10, from: 56, show: ({ lane }) => lane },
      { title: 'State', width: 8, show: ({ state }) => state, tone: ({ state }) => tones[state] },
      { title: 'Done', width: 5, right: true, from: 48, show: percentOf },
      { title: 'By', width: 12, from: 64, show: ({ request }) => request?.owner ?? '' },
      { title: 'Tries', width: 5, right: true, from: 40, show: ({ attempts }) => String(attempts) },
      ageColumn('Added', ({ created_date }) => created_date),
    ],
    fields: {
      lane: ({ lane }) => lane,
      by: ({ request }) => request?.owner ?? '',
      task: ({ request }) => String(request?.task_id ?? ''),
      project: ({ request }) => String(request?.project_id ?? ''),
      error: ({ error }) => error,
    },
    id: ({ id }) => id,
    label: ({ name }) => name,
    load: async () => {
      const queue = await api.get<ShownQueue>('/api/admin/queue')
      return { rows: queue.work, counters: countLanes(queue) }
    },
    details: async (row) => {
      const chore = await api.get<ShownWork & { log: LogLine[] }>(addressOf(row)).catch(() => ({ ...row, log: [] }))
      return [
        ...describe({ ...chore, state: row.state }),
        { heading: 'Log' },
        ...(chore.log.length ? chore.log.map(sayLogLine) : [{ text: 'The log does not name it.', tone: 'muted' as const }]),
        { heading: 'Chore' },
        { text: chore.id },
        { heading: 'Payload' },
        { text: JSON.stringify(chore.payload, null, 1) },
      ]
    },
    actions: createActions(api),
    empty: 'There is no background work: nothing waits, runs or failed lately.',
    refreshSeconds: 1,
  })
