// The connected share: a folder of the server whose files people may use in tasks. It is only ever read.
import { opendir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { notFound, refused } from '../http/errors'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { type FileInfo, showFile, showFolder } from '../storage/file-info'
import { checkName, StorageError } from '../storage/storage'
import { findRoot, isInside } from './files'

export { checkShareName, readSharePlace, type ShareFile, type SharePlace } from './files'

/** Entries of one folder that are answered at most. */
const maxEntries = 100_000

/** The real path of a folder of the share. Links are followed first, then judged: what lies outside is as good as missing. */
const findFolder = async (root: string, directory: string): Promise<string> => {
  const name = directory.replace(/^\/+/, '').replace(/\/+$/, '')
  try {
    const path = await realpath(name === '' || name === '.' ? root : join(root, checkName(name)))
    if (isInside(path, root) && (await stat(path)).isDirectory()) return path
  } catch (error) {
    if (error instanceof StorageError) throw refused(error.message)
    if ((error as { code?: string }).code === undefined) throw error
  }
  throw notFound(`There is no folder "${directory}" in the share.`)
}

/** How an entry is shown; undefined for dead links, links that lead out of the share, and whatever is neither file nor folder. */
const showEntry = async (root: string, folder: string, name: string): Promise<FileInfo | undefined> => {
  try {
    const path = await realpath(join(folder, name))
    if (!isInside(path, root)) return undefined
    const found = await stat(path)
    return found.isDirectory() ? showFolder(name) : found.isFile() ? showFile(name) : undefined
  } catch {
    return undefined
  }
}

/**
 * Files and folders of one folder of the share whose names start with `search`, by name. Empty when no share is configured.
 * Throws 400 for names that leave the share, 404 for folders that are not there.
 */
export const listShare = async (who: Who, directory = '/', search = ''): Promise<FileInfo[]> => {
  authorize(who, 'share', 'view', {})
  const root = await findRoot()
  if (!root) return []
  const folder = await findFolder(root, directory)
  const names: string[] = []
  for await (const { name } of await opendir(folder)) {
    if (!name.toLowerCase().startsWith(search.toLowerCase())) continue
    names.push(name)
    if (names.length >= maxEntries) break
  }
  const entries = await Promise.all(names.sort().map((name) => showEntry(root, folder, name)))
  return entries.filter((entry) => entry !== undefined)
}
