// The pane of background work: how much waits, runs and failed in each lane, and the newest chores.
import { lanes } from '../../server/queue/chores'
import { add, type ChoreState, cancel } from '../../server/queue/queue'
import { cancelRequest, type NewRequest, startRequest } from '../../server/requests/service'
import { type Action, type Counter, type Detail, definePane, type Tone } from '../pane'
import { administrator, forgetRequest, readQueue, requestIdOf, type Work } from '../read-queue'
import { showAge, showCount, showTime } from '../show-values'

const tones: Record<ChoreState, Tone> = { waiting: 'plain', running: 'accent', failed: 'bad', finished: 'good' }

const canRetry = ({ state, isObsolete }: Work) => state === 'failed' && !isObsolete

/** Starts the request of a chore anew; a chore without one is added under its own id, which runs it again. */
const retry = async ({ id, name, payload, request }: Work) => {
  if (!request) return void (await add(name, payload as never, { id }))
  if (request.userId === null) throw new Error('The person who asked for it is gone, so nobody would get the result.')
  const { action, target, subresource, projectId, taskId, jobId, orgId, format, payload: input } = request
  const what = { action, target, subresource, projectId, taskId, jobId, orgId, format, chore: name, payload: input }
  await startRequest(request.userId, { ...what, id: request.id } as NewRequest)
  forgetRequest(id)
}

const listFailed = async () => (await readQueue()).work.filter(canRetry)

const actions: Action<Work>[] = [
  {
    key: 'r',
    label: 'retry',
    needs: 'row',
    isOffered: canRetry,
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
      const failed = await listFailed()
      if (!failed.length) throw new Error('There is no failed chore that could be run again.')
      return { kind: 'question', text: `Run ${showCount(failed.length, 'failed chore')} again?` }
    },
    run: async () => {
      const failed = await listFailed()
      for (const chore of failed) await retry(chore)
      return { said: `${showCount(failed.length, 'chore')} will be run again.` }
    },
  },
  {
    key: 'c',
    label: 'cancel',
    needs: 'row',
    isOffered: ({ state }) => state === 'waiting',
    prepare: (chore) => ({
      kind: 'question',
      text: `Take ${chore.name} out of the lane “${chore.lane}”? It will not be run.`,
      warning: requestIdOf(chore) && `Its request ends, too: ${requestIdOf(chore)}`,
    }),
    run: async (chore) => {
      const requestId = requestIdOf(chore)
      // A chore whose request is gone still has to leave the queue.
      const isTaken =
        requestId !== undefined &&
        (await cancelRequest(administrator, requestId).then(
          () => true,
          () => false,
        ))
      if (!isTaken && !(await cancel(chore.id)))
        throw new Error(`${chore.name} does not wait any more: it was started meanwhile.`)
      return { said: `${chore.name} was taken out of the queue.` }
    },
  },
]

const describeRequest = ({ request, isObsolete }: Work): Detail[] => {
  if (!request)
    return isObsolete
      ? [{ heading: 'Request' }, { text: 'It was started anew, taken back or removed since.', tone: 'muted' }]
      : []
  return [
    { heading: 'Request' },
    { label: 'State', value: request.status },
    { label: 'Message', value: request.message },
    { text: request.id },
  ]
}

export const queues = definePane<Work>({
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
    const { work, lanes: counts } = await readQueue()
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
    return { rows: work, counters }
  },
  details: async (chore) => [
    { label: 'State', value: chore.state, tone: tones[chore.state] },
    { label: 'Lane', value: chore.lane },
    { label: 'Tries', value: String(chore.attempts) },
    { label: 'Added', value: showTime(chore.createdAt) },
    { label: 'Started', value: showTime(chore.startedAt, '') },
    { label: 'Ended', value: showTime(chore.finishedAt, '') },
    ...(chore.error ? [{ heading: 'Error' }, { text: chore.error, tone: 'bad' as const }] : []),
    ...describeRequest(chore),
    { heading: 'Chore' },
    { text: chore.id },
    { heading: 'Payload' },
    { text: JSON.stringify(chore.payload, null, 1) },
  ],
  actions,
  empty: 'There is no background work: nothing waits, runs or failed lately.',
  refreshSeconds: 1,
})
