// Questions about backups of the server: is there a place, is it a safe one, did the last one come about.
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { config } from '../../config'
import { findNextBackup, holdTarget, openTarget, readBackupStatus } from '../../snapshots/service'
import { type Check, type Finding, fail, ok, skip, warn } from '../check'

const timer = 'annolith-backup.timer'
const hourMs = 3_600_000
/** How late a backup may be: large ones take their time. */
const graceMs = 12 * hourMs
/** Backups that something else than the server makes are expected every night. */
const nightlyMs = 48 * hourMs

const isFolder = (target: string) => !target.startsWith('s3://')
const whenConfigured = (look: () => Promise<Finding> | Finding) => () =>
  config().backup_target ? look() : skip('there are no backups')
const whenFolder = (look: (folder: string) => Finding) =>
  whenConfigured(() => {
    const folder = resolve(config().backup_target)
    if (!isFolder(config().backup_target)) return skip('backups go to a bucket')
    return existsSync(folder) ? look(folder) : skip(`${folder} does not exist yet`)
  })

const isWritable = (folder: string) => {
  try {
    accessSync(folder, constants.W_OK)
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}

const hasTimer = () =>
  Boolean(Bun.which('systemctl')) &&
  Bun.spawnSync(['systemctl', 'is-enabled', '--quiet', timer], { stderr: 'ignore' }).exitCode === 0

const describeAge = (at: Date) => `${Math.round((Date.now() - at.getTime()) / hourMs)} hours ago`

export const backupChecks: Check[] = [
  {
    id: 'backup-configured',
    about: 'The server is backed up',
    look: () => {
      const { backup_target, backup_schedule } = config()
      if (!backup_target) return warn('there is no place for backups', 'set backup_target and backup_schedule in annolith.toml')
      if (backup_schedule) return ok(`"${backup_schedule}", next ${findNextBackup()?.toISOString()}`)
      return hasTimer()
        ? ok(`${timer} does it`)
        : warn('nothing makes backups by the clock', 'set backup_schedule in annolith.toml, or run install.sh again')
    },
  },
  {
    id: 'backup-once',
    about: 'One clock makes backups, not two',
    look: whenConfigured(() =>
      config().backup_schedule && hasTimer()
        ? fail(`backup_schedule and ${timer} both make backups`, `systemctl disable --now ${timer}`)
        : ok('one clock at most'),
    ),
  },
  {
    id: 'backup-target',
    about: 'Backups can be written where they go',
    look: whenConfigured(async () => {
      const { backup_target } = config()
      const folder = resolve(backup_target)
      // The first backup makes it, closed to others.
      if (isFolder(backup_target) && !existsSync(folder) && isWritable(dirname(folder)))
        return ok(`${folder} is made by the first backup`)
      try {
        await holdTarget(await openTarget(backup_target), async () => {})
        return ok(`${backup_target} can be written`)
      } catch (error) {
        const { message } = error as Error
        if (message.startsWith('another backup')) return ok(message)
        return fail(
          `${backup_target} cannot be written: ${message}`,
          isFolder(backup_target)
            ? `install -d -o annolith -g annolith -m 750 ${backup_target}`
            : 'annolith config show; check AWS_ variables',
        )
      }
    }),
  },
  {
    id: 'backup-elsewhere',
    about: 'Backups lie on another disk than the data, and outside of them',
    look: whenFolder((folder) => {
      const dataDir = resolve(config().dataDir)
      if (`${folder}/`.startsWith(`${dataDir}/`))
        return fail(`${folder} lies in the data directory`, 'set backup_target to another place')
      return existsSync(dataDir) && statSync(folder).dev === statSync(dataDir).dev
        ? warn(`${folder} is on the disk of the data: both go together`, 'set backup_target to another disk or a bucket')
        : ok(`${folder} is on another disk`)
    }),
  },
  {
    id: 'backup-closed',
    about: 'Backups are closed to other accounts: they hold the keys',
    look: whenFolder((folder) =>
      statSync(folder).mode & 0o004
        ? fail(`other accounts can read ${folder}`, `chmod o-rwx ${folder}`)
        : ok('backups are closed to other accounts'),
    ),
  },
  {
    id: 'backup-recent',
    about: 'The last backup came about, and is not old',
    look: whenConfigured(async () => {
      const { failure, snapshots, trouble } = await readBackupStatus()
      if (trouble) return skip(trouble)
      const [newest] = snapshots
      if (failure && (!newest || new Date(newest.created) < failure.at))
        return fail(`the last backup failed: ${failure.message.split('\n')[0]}`, 'annolith backup create')
      if (!newest) return warn('there is no backup yet', 'annolith backup create')
      const made = new Date(newest.created)
      const due = findNextBackup(made)?.getTime() ?? made.getTime() + nightlyMs - graceMs
      return Date.now() > due + graceMs
        ? fail(`the newest backup was made ${describeAge(made)}`, 'annolith backup create')
        : ok(`${snapshots.length} backups, the newest made ${describeAge(made)}`)
    }),
  },
]
