// What the consoles show of backups: where they go, when, which there are, and what went wrong last.
import { config } from '../config'
import * as queue from '../queue/queue'
import { requireTarget } from './back-up'
import type { Snapshot } from './layout'
import { listSnapshots, readSnapshot, verifySnapshot } from './list-snapshots'
import { findNextBackup } from './schedule'
import { openTarget } from './target'

const looked = 500

export type BackupStatus = {
  /** A folder or s3:// address; '' when none is configured. */
  target: string
  /** As cron writes it; '' when the server does not back itself up. */
  schedule: string
  next?: Date
  keep: number
  /** A backup that runs now, or waits to. */
  running?: { id: string; since: Date; state: 'waiting' | 'running' }
  /** The newest run of the server itself, when it failed. */
  failure?: { at: Date; message: string }
  /** Newest first. */
  snapshots: Snapshot[]
  /** Why the target cannot be read. */
  trouble?: string
}

const readRuns = async () => (await queue.stats(looked)).recent.filter(({ name }) => name === 'back-up-server')

/** Never throws because of the target: what is wrong with it is `trouble`. */
export const readBackupStatus = async (): Promise<BackupStatus> => {
  const { backup_target: target, backup_schedule: schedule, backup_keep: keep } = config()
  const runs = await readRuns()
  const [ended] = runs.filter(({ state }) => state === 'failed' || state === 'finished')
  const current = runs.find(({ state }) => state === 'running') ?? runs.find(({ state }) => state === 'waiting')
  const status: BackupStatus = { target, schedule, keep, next: target ? findNextBackup() : undefined, snapshots: [] }
  if (current) {
    const state = current.state as 'waiting' | 'running'
    status.running = { id: current.id, since: current.startedAt ?? current.createdAt, state }
  }
  if (ended?.state === 'failed') status.failure = { at: ended.finishedAt ?? ended.createdAt, message: ended.error }
  if (!target) return status
  try {
    status.snapshots = (await listSnapshots(await openTarget(target))).reverse()
  } catch (error) {
    status.trouble = (error as Error).message
  }
  return status
}

/** Begins a backup to the configured target in the background and answers the id of its chore, or of the one that is under way. */
export const startBackup = async (): Promise<string> => {
  await requireTarget()
  const current = (await readRuns()).find(({ state }) => state === 'running' || state === 'waiting')
  return current?.id ?? queue.add('back-up-server', {})
}

/** Reads all of one backup of the configured target and answers what is missing or damaged: nothing when it can be restored. */
export const verifyBackup = async (id: string): Promise<string[]> => {
  const target = await requireTarget()
  return verifySnapshot(target, await readSnapshot(target, id))
}
