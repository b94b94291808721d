// Runs the server or a worker: database, first account, background work, listening, and an orderly end.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { version } from '../package.json'
import { announceServer } from './server/announced'
import { createApp } from './server/app'
import { forgetExpiredSessions } from './server/auth/service'
import { ConfigError, config } from './server/config'
import { addDueScans } from './server/data/growing/service'
import { listMigrations } from './server/db/inspect'
import { migrate } from './server/db/migrate'
import { closeDb } from './server/db/open'
import { forgetAllEvents, keepEventsMoving } from './server/events/service'
import { keepSamples } from './server/figures/service'
import { endWatches } from './server/functions/service'
import { lockDataDir } from './server/lock'
import { keepNote, keepVariable, log } from './server/log'
import { lanes as allLanes, type Lane } from './server/queue/chores'
import * as queue from './server/queue/queue'
import { takeTurn } from './server/queue/shared'
import { forgetAllRequests, forgetExpiredRequests, sweepRequests } from './server/requests/service'
import { keepBackupSchedule } from './server/snapshots/service'
import { endStreams, startCarrying } from './server/stream/service'
import { keepTls, readTls, type Tls } from './server/tls'
import { readJournal, trialVariable } from './server/upgrade/service'
import { prepareFirstAdmin } from './server/users/first-admin'
import { sweepDeliveries } from './server/webhooks/service'
import { startWorkers } from './workers/pool'

const hourMs = 3_600_000
const sweepMs = 15_000
const migrationCheckMs = 1000
/** How often watched folders are asked whether their time has come. */
const scanCheckMs = 2000
/** How long running requests may take to finish after a stop was asked for. */
const drainMs = 2_000

const tellFailure = (error: unknown) => log().error({ err: error }, 'what is done every hour')

const untilStopped = () =>
  new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })

/** What fails after a handler has answered: files that are removed before they are opened to be sent. */
const answerLate = (error: Error & { code?: string }): Response => {
  if (error.code === 'ENOENT') return Response.json({ detail: 'Not found.' }, { status: 404 })
  log().error({ err: error }, 'an answer could not be sent')
  return Response.json({ detail: 'Internal server error.' }, { status: 500 })
}

const listen = () => {
  const app = createApp()
  // Versions that knew no TLS ask the trial of an upgrade by plain HTTP.
  const isPlain = process.env[trialVariable] === '1'
  const take = (tls?: Tls) => app.listen({ hostname: config().host, port: config().port, error: answerLate, ...(tls && { tls }) })
  const tls = isPlain ? undefined : readTls()
  try {
    take(tls)
  } catch (error) {
    const code = (error as { code?: string }).code
    if (code === 'EADDRINUSE') throw new ConfigError(`port ${config().port} on ${config().host} is taken`)
    throw new ConfigError(`cannot listen on ${config().host}:${config().port}: ${(error as Error).message}`)
  }
  return { app, scheme: tls ? 'https' : 'http', stopTls: keepTls(app, take, tls).stop }
}

const forgetOldThings = async () => {
  await forgetExpiredSessions()
  await forgetExpiredRequests()
  // The same hour counts once, however many servers there are.
  await queue.add('cleanup', {}, { id: `cleanup-${Math.floor(Date.now() / hourMs)}` })
}

/** Redis may forget its last second when it ends: then chores are missing that somebody waits for. One server looks. */
const sweepForAll = async () => {
  if (!config().redisUrl || !(await takeTurn('sweep', 2 * sweepMs))) return
  await sweepRequests()
  await sweepDeliveries()
}

/** Answers requests until a signal ends it. */
export const serve = async () => {
  // With rows and queue elsewhere, nothing in the directory belongs to one server.
  const unlock = lockDataDir(config().dataDir, Boolean(config().databaseUrl && config().redisUrl))
  process.env[keepVariable] = '1'
  try {
    if (readJournal(config().dataDir) && !process.env[trialVariable])
      throw new ConfigError('an upgrade was interrupted here: run annolith upgrade --rollback')
    await migrate()
    const invitation = await prepareFirstAdmin()
    const { app, scheme, stopTls } = listen()
    const url = `${scheme}://${config().host}:${config().port}`
    announceServer(url)
    keepNote(`annolith ${version} is ready on ${url}`)
    if (config().log !== 'silent') console.log(`annolith is ready on ${url}`)
    if (invitation) console.log(`make the first administrator: ${url}/auth/setup?token=${invitation}`)
    const stopCarrying = await startCarrying()
    const workers = await startWorkers({ lanes: config().serve_lanes })
    await sweepRequests()
    await sweepDeliveries()
    const timer = setInterval(() => forgetOldThings().catch(tellFailure), hourMs)
    const sweeps = setInterval(() => sweepForAll().catch(tellFailure), sweepMs)
    const stopEvents = keepEventsMoving()
    const stopSamples = keepSamples()
    const scans = setInterval(() => addDueScans().catch(tellFailure), scanCheckMs)
    // A trial is no time for backups.
    const stopBackups = process.env[trialVariable] ? () => {} : keepBackupSchedule()
    await untilStopped()
    keepNote('annolith was asked to stop')
    stopBackups()
    stopSamples()
    clearInterval(timer)
    clearInterval(sweeps)
    stopTls()
    endStreams()
    endWatches()
    clearInterval(scans)
    await Promise.race([app.stop(false), Bun.sleep(drainMs)])
    await workers.stop()
    await stopEvents()
    await stopCarrying()
  } finally {
    await queue.closeQueue()
    await closeDb()
    unlock()
  }
  process.exit(0)
}

/** A worker that starts before the first server of its version finds older tables, or none: it waits for the server. */
const untilMigrated = async () => {
  for (let isTold = false; ; await Bun.sleep(migrationCheckMs)) {
    const { known, applied } = await listMigrations()
    if (known.every((name) => applied.includes(name))) return
    if (!isTold) console.log('annolith waits for a server to bring the database up to date')
    isTold = true
  }
}

/** Does background work until a signal ends it. */
export const workOnly = async (lanes: string | undefined) => {
  const wanted = (lanes ? lanes.split(',') : [...allLanes]) as Lane[]
  for (const lane of wanted)
    if (!allLanes.includes(lane)) throw new ConfigError(`unknown lane "${lane}"; lanes are ${allLanes.join(', ')}`)
  await untilMigrated()
  process.env[keepVariable] = '1'
  const stopCarrying = await startCarrying()
  const workers = await startWorkers({ lanes: wanted })
  console.log(`annolith works on ${wanted.join(', ')}`)
  await untilStopped()
  await workers.stop()
  await stopCarrying()
  await queue.closeQueue()
  await closeDb()
  process.exit(0)
}

/** Forgets background requests, the audit log or cached media while no server runs. */
export const purge = async (what: { requests: boolean; events: boolean; cache: boolean }) => {
  const unlock = lockDataDir(config().dataDir)
  await migrate()
  if (what.requests) await forgetAllRequests()
  if (what.events) await forgetAllEvents()
  if (what.cache) await rm(join(config().dataDir, 'cache/media'), { recursive: true, force: true })
  await closeDb()
  unlock()
}
