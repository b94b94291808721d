// GET /metrics for Prometheus: what the parts of the server count, open to this machine unless the configuration says otherwise.
import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { Elysia } from 'elysia'
import { readClientAddress } from '../auth/service'
import { config, isLoopback } from '../config'
import { forbidden } from '../http/errors'
import { addReadings, metricsType, writeMetrics } from '../http/metrics'
import { lanes } from '../queue/chores'
import { stats } from '../queue/queue'
import { readDisk } from '../storage/disk-use'

const recent = 200

addReadings('annolith_chores', 'Background work by lane and state.', ['lane', 'state'], async () => {
  const { lanes: counts } = await stats(1)
  return lanes.flatMap((lane) =>
    (['waiting', 'running', 'failed'] as const).map((state): [Record<string, string>, number] => [
      { lane, state },
      counts[lane][state],
    ]),
  )
})
addReadings(
  'annolith_chore_oldest_seconds',
  'How long the oldest of the newest waiting chores has waited.',
  ['lane'],
  async () => {
    const waiting = (await stats(recent)).recent.filter(({ state }) => state === 'waiting')
    return lanes.map((lane) => {
      const ages = waiting.flatMap((chore) => (chore.lane === lane ? (Date.now() - chore.createdAt.getTime()) / 1000 : []))
      return [{ lane }, Math.max(0, ...ages)]
    })
  },
)
addReadings('annolith_disk_bytes', 'The disk below the data directory.', ['what'], async () => {
  const { free, total } = await readDisk()
  return [
    [{ what: 'free' }, free],
    [{ what: 'total' }, total],
  ]
})

/** A proxy on this machine stands for people elsewhere, and says so in its headers. */
const isLocal = (request: Request) => {
  const address = readClientAddress(request).replace(/^::ffff:/, '')
  return (
    isIP(address) !== 0 && isLoopback(address) && !request.headers.has('x-forwarded-for') && !request.headers.has('forwarded')
  )
}

/** Compares hashes, which takes the same time for every word. */
const isEqual = (a: string, b: string) =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

const isAdmitted = (request: Request) => {
  const { metrics_token } = config()
  if (metrics_token) return isEqual(request.headers.get('authorization') ?? '', `Bearer ${metrics_token}`)
  return isLocal(request)
}

export const metrics = new Elysia({ detail: { hide: true } }).get('/metrics', async ({ request }) => {
  if (!isAdmitted(request)) throw forbidden('Metrics are open to this machine only, or to who sends metrics_token.')
  return new Response(await writeMetrics(), { headers: { 'content-type': metricsType } })
})
