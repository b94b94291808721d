// Backups of the whole server, as administrators see them: listed, made now, checked; one piece of work at a time.
import { version } from '../../../package.json'
import { config } from '../config'
import { conflict, found, invalid } from '../http/errors'
import { log } from '../log'
import { listSnapshots, openTarget, pruneSnapshots, type Snapshot, verifySnapshot, writeSnapshot } from '../snapshots/service'

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
  schedule: string
  work: BackupWork | null
  /** How the backups that were checked since the start are. */
  verified: Record<string, string>
  snapshots: ShownSnapshot[]
}

let work: BackupWork | undefined
const verified = new Map<string, string>()

const requireTarget = () => {
  const { backup_target } = config()
  if (!backup_target) throw invalid({ backup_target: 'Set backup_target to a folder or an s3:// address first.' })
  return openTarget(backup_target)
}

/** What systemd says of the timer that install.sh sets up. */
const readSchedule = async (): Promise<string> => {
  const program = Bun.which('systemctl')
  if (!program) return 'no systemd here: run “annolith backup create” by cron or by hand'
  const properties = '--property=ActiveState,NextElapseUSecRealtime,LastTriggerUSec'
  const child = Bun.spawn([program, 'show', 'annolith-backup.timer', properties], {
    stdout: 'pipe',
    stderr: 'ignore',
    timeout: 2000,
  })
  const text = await new Response(child.stdout).text().catch(() => '')
  const read = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1] ?? ''
  if (read('ActiveState') !== 'active') return 'annolith-backup.timer does not run: systemctl enable --now annolith-backup.timer'
  return `next ${read('NextElapseUSecRealtime') || 'not known'}, last ${read('LastTriggerUSec') || 'never'}`
}

const show = ({ id, version: by, created, files, bytes, copied, tables }: Snapshot): ShownSnapshot => ({
  ...{ id, version: by, created, files, bytes, copied },
  rows: tables.reduce((sum, table) => sum + table.rows, 0),
})

/** Newest first. Without a target there are none. Throws when the target cannot be read. */
export const listServerBackups = async (): Promise<ShownBackups> => {
  const { backup_target, backup_keep } = config()
  const snapshots = backup_target ? (await listSnapshots(await requireTarget())).map(show).reverse() : []
  return {
    target: backup_target,
    keep: backup_keep,
    schedule: await readSchedule(),
    work: work ?? null,
    verified: Object.fromEntries(verified),
    snapshots,
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

/** Makes one now and removes those beyond `backup_keep`. */
export const createServerBackup = async (): Promise<BackupWork> => {
  const target = await requireTarget()
  const { databaseUrl, dataDir, backup_keep } = config()
  return begin('create', null, async (own) => {
    const place = databaseUrl ? { url: databaseUrl } : { folder: dataDir }
    const onStep = (message: string) => void Object.assign(own, { message })
    const { id, files, copied } = await writeSnapshot(target, { place, dataDir, version, onStep })
    own.id = id
    const gone = await pruneSnapshots(target, backup_keep)
    return `${files} files, ${copied} of them new${gone.snapshots ? `; ${gone.snapshots} older backups were removed` : ''}`
  })
}

/** Reads all of one backup. Throws 404 for an unknown one. */
export const verifyServerBackup = async (id: string): Promise<BackupWork> => {
  const target = await requireTarget()
  const snapshot = found((await listSnapshots(target)).find((one) => one.id === id))
  return begin('verify', id, async () => {
    const trouble = await verifySnapshot(target, snapshot)
    verified.set(id, trouble.length ? `damaged: ${trouble.slice(0, 5).join('; ')}` : 'whole')
    if (trouble.length) throw new Error(`backup ${id} is damaged: ${trouble.slice(0, 5).join('; ')}`)
    return `backup ${id} is whole`
  })
}
