// Backups of the whole server, as administrators see them: listed, made now, checked; one piece of work at a time.
import { ConfigError, config } from '../config'
import { ApiError, conflict, invalid, notFound } from '../http/errors'
import { log } from '../log'
import {
  backUpNow,
  readBackupStatus,
  readSnapshot,
  requireTarget,
  type Snapshot,
  startBackup,
  verifyBackup,
} from '../snapshots/service'
import { findServer } from './running'

export type BackupWork = {
  kind: 'create' | 'verify'
  /** The backup that it is about, once that is known. */
  id: string | null
  state: 'running' | 'done' | 'failed'
  /** What it does, or how it ended. */
  message: string
  started_date: string
}
export type ShownSnapshot = Pick<Snapshot, 'id' | 'version' | 'created' | 'files' | 'bytes' | 'copied'> & { rows: number }
export type ShownBackups = {
  target: string
  keep: number
  /** When backups are made by themselves, in words. */
  schedule: string
  work: BackupWork | null
  /** How the backups that were checked since the start are. */
  verified: Record<string, string>
  snapshots: ShownSnapshot[]
}

let work: BackupWork | undefined
const verified = new Map<string, string>()

/** What systemd says of the timer that install.sh sets up. */
const askTimer = async (): Promise<string> => {
  const program = Bun.which('systemctl')
  const none = 'not made by themselves: set backup_schedule'
  if (!program) return none
  const properties = '--property=ActiveState,NextElapseUSecRealtime,LastTriggerUSec'
  const child = Bun.spawn([program, 'show', 'annolith-backup.timer', properties], {
    stdout: 'pipe',
    stderr: 'ignore',
    timeout: 2000,
  })
  const text = await new Response(child.stdout).text().catch(() => '')
  const read = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1] ?? ''
  if (read('ActiveState') !== 'active') return none
  return `annolith-backup.timer: next ${read('NextElapseUSecRealtime') || 'not known'}, last ${read('LastTriggerUSec') || 'never'}`
}

const show = ({ id, version, created, files, bytes, copied, tables }: Snapshot): ShownSnapshot => ({
  ...{ id, version, created, files, bytes, copied },
  rows: tables.reduce((sum, table) => sum + table.rows, 0),
})

/** Newest first. Without a target there are none; a target that cannot be read is the message of failed work. */
export const listServerBackups = async (): Promise<ShownBackups> => {
  const { target, keep, schedule, next, running, failure, trouble, snapshots } = await readBackupStatus()
  const since = running?.since ?? failure?.at ?? new Date()
  const told = (state: BackupWork['state'], message: string): BackupWork => ({
    ...{ kind: 'create' as const, id: null, state, message },
    started_date: since.toISOString(),
  })
  const queued = running && told('running', running.state === 'waiting' ? 'waits for a worker' : 'by a worker')
  const broken = trouble ? told('failed', trouble) : failure && told('failed', failure.message)
  return {
    target,
    keep,
    schedule: schedule ? `${schedule}: next ${next?.toISOString() ?? 'never'}` : await askTimer(),
    work: (work?.state === 'running' ? work : undefined) ?? queued ?? work ?? broken ?? null,
    verified: Object.fromEntries(verified),
    snapshots: snapshots.map(show),
  }
}

/** Runs on after the answer; how it goes is part of the list. Throws 409 while another one runs. */
const begin = (kind: BackupWork['kind'], id: string | null, run: (own: BackupWork) => Promise<string>): BackupWork => {
  if (work?.state === 'running') throw conflict('Another backup is being made or checked.')
  const own: BackupWork = { kind, id, state: 'running', message: 'begins', started_date: new Date().toISOString() }
  work = own
  run(own).then(
    (message) => Object.assign(own, { state: 'done', message }),
    (error: Error) => {
      Object.assign(own, { state: 'failed', message: error.message })
      log().error({ err: error }, `backup: ${kind}`)
    },
  )
  return own
}

/** What the configuration lacks is the fault of a field here. */
const orRefuse = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked
  } catch (error) {
    throw error instanceof ConfigError ? invalid({ backup_target: error.message }) : error
  }
}

/** Makes one now and removes those beyond `backup_keep`: by the workers of the server, or here where none runs. */
export const createServerBackup = async (): Promise<BackupWork> => {
  if (!config().backup_target) throw invalid({ backup_target: 'Set backup_target to a folder or an s3:// address first.' })
  await orRefuse(requireTarget())
  if (await findServer()) {
    const id = await startBackup()
    work = undefined
    return { kind: 'create', id, state: 'running', message: 'waits for a worker', started_date: new Date().toISOString() }
  }
  return begin('create', null, async (own) => {
    const { snapshot, removed } = await backUpNow({ onStep: (message) => void Object.assign(own, { message }) })
    own.id = snapshot.id
    return `${snapshot.files} files, ${snapshot.copied} of them new${removed ? `; ${removed} older backups were removed` : ''}`
  })
}

/** Reads all of one backup. Throws 404 for an unknown one. */
export const verifyServerBackup = async (id: string): Promise<BackupWork> => {
  const target = await orRefuse(requireTarget())
  await readSnapshot(target, id).catch((error: Error): never => {
    throw error instanceof ConfigError ? notFound(error.message) : new ApiError(502, { detail: error.message })
  })
  return begin('verify', id, async () => {
    const trouble = await verifyBackup(id)
    verified.set(id, trouble.length ? `damaged: ${trouble.slice(0, 5).join('; ')}` : 'whole')
    if (trouble.length) throw new Error(`backup ${id} is damaged: ${trouble.slice(0, 5).join('; ')}`)
    return `backup ${id} is whole`
  })
}
