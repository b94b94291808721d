// Questions about the data directory and the disk below it.
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { chmod, statfs } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { config } from '../../config'
import { type Check, fail, name, ok, skip, warn } from '../check'

const gib = 2 ** 30
const inGib = (bytes: number) => `${(bytes / gib).toFixed(1)} GiB`

/** Options of the mount that a path lies on, as the system lists them; the longest mount point wins. */
const mountOf = (path: string): { point: string; kind: string; options: string[] } | undefined => {
  if (!existsSync('/proc/self/mounts')) return undefined
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, point = '', kind = '', options = '']) => ({
      point: point.replaceAll('\\040', ' '),
      kind,
      options: options.split(','),
    }))
  return mounts
    .filter(({ point }) => path === point || path.startsWith(point === '/' ? '/' : `${point}/`))
    .sort((a, b) => a.point.length - b.point.length)
    .at(-1)
}

const netKinds = /^(nfs|cifs|smb|sshfs|fuse\.|9p|ceph|gluster)/

/** Files directly in the data directory, and in its secrets, that another account owns. */
const foreignFiles = (dataDir: string): string[] => {
  const owner = statSync(dataDir).uid
  const list = (folder: string) => (existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [])
  return [...list(dataDir), ...list(join(dataDir, 'secrets'))].filter(
    (file) => statSync(file, { throwIfNoEntry: false })?.uid !== owner,
  )
}

const openSecrets = (folder: string): string[] =>
  [folder, ...(existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [])].filter(
    (path) => existsSync(path) && statSync(path).mode & 0o077,
  )

export const placeChecks: Check[] = [
  {
    id: 'data-directory',
    about: 'The data directory can be written',
    look: () => {
      const { dataDir } = config()
      if (!existsSync(dataDir)) return fail(`${dataDir} does not exist`, `annolith serve --data-dir ${dataDir}`)
      try {
        accessSync(dataDir, constants.W_OK | constants.X_OK)
        rmSync(mkdtempSync(join(dataDir, '.doctor-')), { recursive: true })
        return ok(`${dataDir} can be written`)
      } catch (error) {
        return fail(`${dataDir} cannot be written: ${(error as Error).message}`, `chown -R annolith: ${dataDir}`)
      }
    },
  },
  {
    id: 'data-owner',
    about: 'One account owns the data, and the doctor runs as it',
    look: () => {
      const { dataDir } = config()
      if (!existsSync(dataDir)) return skip('there is no data directory')
      const owner = statSync(dataDir).uid
      if (owner !== process.getuid?.())
        return fail(
          `the data belong to account ${owner}, this is ${userInfo().username}: files that it makes would be closed to the server`,
          'runuser -u annolith -- annolith doctor',
        )
      const foreign = foreignFiles(dataDir)
      return foreign.length
        ? fail(`other accounts own ${name(foreign)}`, `chown -R annolith: ${dataDir}`)
        : ok('one account owns all of it')
    },
  },
  {
    id: 'data-secrets',
    about: 'Keys are closed to other accounts',
    look: () => {
      const open = openSecrets(join(config().dataDir, 'secrets'))
      if (!open.length) return ok('keys are closed to other accounts')
      return fail(`other accounts can read ${name(open)}`, `chmod -R go-rwx ${join(config().dataDir, 'secrets')}`, async () => {
        for (const path of open) await chmod(path, statSync(path).mode & 0o700)
        return `closed ${open.length} to other accounts`
      })
    },
  },
  {
    id: 'data-file-system',
    about: 'The file system suits a database',
    look: () => {
      const mount = mountOf(config().dataDir)
      if (!mount) return skip('this system does not list its mounts')
      return netKinds.test(mount.kind) && !config().databaseUrl
        ? fail(
            `SQLite lies on ${mount.kind}, which does not lock files reliably`,
            'move the data directory to a local disk, or use PostgreSQL',
          )
        : ok(`${mount.kind} on ${mount.point}`)
    },
  },
  {
    id: 'data-executable',
    about: 'Native libraries can be loaded from the data directory',
    look: () =>
      mountOf(config().dataDir)?.options.includes('noexec')
        ? fail(
            `${config().dataDir} is mounted noexec, so native libraries cannot be loaded`,
            'set ANNOLITH_NATIVE_DIR to a folder on another mount',
          )
        : ok('programs may run from there'),
  },
  {
    id: 'data-read-only',
    about: 'The disk accepts writes',
    look: () =>
      mountOf(config().dataDir)?.options.includes('ro')
        ? fail('the disk is mounted read-only, as systems do after errors of a disk', 'dmesg | tail; fsck and mount it again')
        : ok('the disk accepts writes'),
  },
  {
    id: 'disk-space',
    about: 'There is room on the disk',
    look: async () => {
      if (!existsSync(config().dataDir)) return skip('there is no data directory')
      const { blocks, bfree, bavail, bsize } = await statfs(config().dataDir)
      const percent = Math.round(((blocks - bfree) / Math.max(1, blocks - bfree + bavail)) * 100)
      const words = `${percent} % used, ${inGib(bavail * bsize)} free`
      if (percent >= config().disk_usage_max)
        return fail(`${words}; the limit is ${config().disk_usage_max} %`, 'annolith purge --cache --requests')
      return bavail * bsize < 2 * gib ? warn(words, 'annolith purge --cache --requests') : ok(words)
    },
  },
  {
    id: 'disk-inodes',
    about: 'There is room for more files',
    look: () => {
      if (!existsSync(config().dataDir)) return skip('there is no data directory')
      const { files, ffree } = statfsSync(config().dataDir)
      if (!files) return skip('this file system has no limit of files')
      const percent = Math.round(((files - ffree) / files) * 100)
      return percent > 90
        ? fail(`${percent} % of all files that the disk can hold are taken`, 'annolith purge --cache')
        : ok(`${percent} % of all files are taken`)
    },
  },
  {
    id: 'disk-temporary',
    about: 'The temporary folder can be written and has room',
    look: () => {
      const folder = tmpdir()
      rmSync(mkdtempSync(join(folder, 'annolith-doctor-')), { recursive: true })
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize < gib / 4
        ? warn(`${folder} has ${inGib(bavail * bsize)} left`, 'set TMPDIR to a folder with more room')
        : ok(`${folder} has ${inGib(bavail * bsize)} left`)
    },
  },
  {
    id: 'share-directory',
    about: 'The connected share can be read',
    look: () => {
      const { share_dir } = config()
      if (!share_dir) return skip('no share is connected')
      try {
        return ok(`${share_dir} holds ${readdirSync(share_dir).length} entries`)
      } catch (error) {
        return fail(
          `the share cannot be read: ${(error as Error).message}`,
          `mount ${share_dir}, or let the account of the server read it`,
        )
      }
    },
  },
]
