// The pane of background work: how much waits, runs and failed in each lane, and the newest chores.
import { lanes } from '../../server/queue/chores'
import { add, type ChoreRecord, type ChoreState, cancel, stats } from '../../server/queue/queue'
import { type Action, type Counter, definePane, type Tone } from '../pane'
import { showAge, showCount, showTime } from '../show-values'

const seenAtOnce = 500

const tones: Record<ChoreState, Tone> = { waiting: 'plain', running: 'accent', failed: 'bad', finished: 'good' }

/** Adding a failed chore under its own id runs it again. */
const retry = ({ id, name, payload }: ChoreRecord) => add(name, payload as never, { id })

const actions: Action<ChoreRecord>[] = [
  {
    key: 'r',
    label: 'retry',
    needs: 'row',
    isOffered: ({ state }) => state === 'failed',
    run: async (chore) => {
      await retry(chore)
      return { said: `${chore.name} waits to be run again.` }
    },
  },
  {
    key: 'R',
    label: 'retry all failed',
    needs: 'nothing',
    prepare: async () => {
      const failed = (await stats(seenAtOnce)).recent.filter(({ state }) => state === 'failed')
      if (!failed.length) throw new Error('No chore has failed.')
      return { kind: 'question', text: `Run ${showCount(failed.length, 'failed chore')} again?` }
    },
    run: async () => {
      const failed = (await stats(seenAtOnce)).recent.filter(({ state }) => state === 'failed')
      for (const chore of failed) await retry(chore)
      return { said: `${showCount(failed.length, 'chore')} will be run again.` }
    },
  },
  {
    key: 'c',
    label: 'cancel',
    needs: 'row',
    isOffered: ({ state }) => state === 'waiting',
    prepare: ({ name, id, lane }) => ({
      kind: 'question',
      text: `Take ${name} (${id}) out of the lane “${lane}”? It will not be run, and what asked for it gets no result.`,
    }),
    run: async ({ id, name }) => {
      if (!(await cancel(id))) throw new Error(`${name} does not wait any more: it was started meanwhile.`)
      return { said: `${name} was taken out of the queue.` }
    },
  },
]

export const queues = definePane<ChoreRecord>({
  name: 'queues',
  title: 'Queues',
  about: 'Background work by lane, newest first. It is run by the server or by “annolith work”, not by this console.',
  columns: [
    { title: 'Chore', width: 'rest', show: ({ name }) => name },
    { title: 'Lane', width: 10, from: 60, show: ({ lane }) => lane },
    { title: 'State', width: 8, show: ({ state }) => state, tone: ({ state }) => tones[state] },
    { title: 'Tries', width: 5, right: true, show: ({ attempts }) => String(attempts) },
    { title: 'Added', width: 10, show: ({ createdAt }) => showAge(createdAt) },
  ],
  id: ({ id }) => id,
  label: ({ name }) => name,
  load: async () => {
    const { lanes: counts, recent } = await stats(seenAtOnce)
    const counters = lanes.map((lane): Counter => {
      const { waiting, running, failed } = counts[lane]
      return {
        label: lane,
        values: [
          { label: 'waiting', value: waiting },
          { label: 'running', value: running, tone: 'accent' },
          { label: 'failed', value: failed, tone: 'bad' },
        ],
      }
    })
    return { rows: recent, counters }
  },
  details: async (chore) => [
    { label: 'State', value: chore.state, tone: tones[chore.state] },
    { label: 'Lane', value: chore.lane },
    { label: 'Tries', value: String(chore.attempts) },
    { label: 'Added', value: showTime(chore.createdAt) },
    { label: 'Started', value: showTime(chore.startedAt, '') },
    { label: 'Ended', value: showTime(chore.finishedAt, '') },
    ...(chore.error ? [{ heading: 'Error' }, { text: chore.error, tone: 'bad' as const }] : []),
    { heading: 'Identity' },
    { text: chore.id },
    { heading: 'Payload' },
    { text: JSON.stringify(chore.payload, null, 1) },
  ],
  actions,
  empty: 'There is no background work: nothing waits, runs or failed lately.',
  refreshSeconds: 1,
})
