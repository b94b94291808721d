// The data volume of a CVAT instance, as a folder or as an archive of one: its files, and copying them into storage.
import { type Dirent, existsSync, statSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError, config } from '../config'
import { storage } from '../storage/storage'

/** An opened volume; `close` removes what was unpacked. */
export type Volume = { root: string; close: () => Promise<void> }

/** CVAT's volume holds `data/`, `tasks/`, `jobs/` …; archives of it begin with the path that it had, as `home/django/data/`. */
const findRoot = async (folder: string, depth = 4): Promise<string | undefined> => {
  const entries = await readdir(folder, { withFileTypes: true })
  const has = (name: string) => entries.some((entry) => entry.isDirectory() && entry.name === name)
  if (has('data') && (has('tasks') || has('jobs') || has('projects'))) return folder
  if (depth === 0) return undefined
  for (const entry of entries) {
    const root = entry.isDirectory() ? await findRoot(join(folder, entry.name), depth - 1) : undefined
    if (root) return root
  }
  return undefined
}

const unpack = async (archive: string): Promise<string> => {
  // Beside the data, not in the shared temporary folder: volumes are large and hold what others must not see.
  const folder = await mkdtemp(join(config().dataDir, 'cache/import-'))
  const tar = Bun.spawn(['tar', '-xf', archive, '-C', folder, '--no-same-owner'], { stdout: 'ignore', stderr: 'pipe' })
  const problem = (await new Response(tar.stderr).text()).trim()
  if ((await tar.exited) === 0) return folder
  await rm(folder, { recursive: true, force: true })
  throw new ConfigError(`${archive}: cannot be unpacked: ${problem.split('\n').at(-1)}`)
}

/** Opens a folder or a tar archive (any compression that tar knows). Throws ConfigError when it holds no volume. */
export const openVolume = async (path: string): Promise<Volume> => {
  if (!existsSync(path)) throw new ConfigError(`${path}: there is no such file or folder`)
  const folder = statSync(path).isDirectory() ? path : await unpack(path)
  const close = async () => {
    if (folder !== path) await rm(folder, { recursive: true, force: true })
  }
  const root = await findRoot(folder)
  if (root) return { root, close }
  await close()
  throw new ConfigError(`${path}: not the data volume of a CVAT instance (no folder "data" beside "tasks" or "jobs")`)
}

/** Files that are made anew when needed. */
const isDerived = (name: string) => name === 'index.json'

/**
 * Copies all files below a folder of the volume under a storage name; answers how many. Links are not followed: they could lead out of
 * the volume.
 */
export const copyFolder = async (from: string, to: string): Promise<number> => {
  const entries: Dirent[] = await readdir(from, { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  let copied = 0
  for (const entry of entries) {
    if (entry.isDirectory()) copied += await copyFolder(join(from, entry.name), `${to}/${entry.name}`)
    else if (entry.isFile() && !isDerived(entry.name)) {
      await storage().put(`${to}/${entry.name}`, Bun.file(join(from, entry.name)), { sync: false })
      copied++
    }
  }
  return copied
}
