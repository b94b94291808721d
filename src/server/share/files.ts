// Files of the connected share for tasks: single ones and whole folders; nothing outside the share is ever named.
import { opendir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { config } from '../config'
import { invalid } from '../http/errors'
import { checkName, StorageError } from '../storage/storage'

/** `name` counts from the share's root; `path` is the real one. Size in bytes. */
export type ShareFile = { name: string; path: string; size: number; modified: Date }

/** Files below one place that are taken at most. */
const maxFiles = 1_000_000

export const isInside = (path: string, root: string) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)

/** The share's real path; undefined when none is connected. */
export const findRoot = async (): Promise<string | undefined> => {
  const { share_dir } = config()
  return (share_dir && (await realpath(share_dir).catch(() => undefined))) || undefined
}

/** A name as the share knows it: without slashes at its ends, '' for the whole share. Throws 400 for one that leaves it. */
export const checkShareName = (name: string): string => {
  const bare = name.replace(/^\/+/, '').replace(/\/+$/, '')
  try {
    return bare === '' || bare === '.' ? '' : checkName(bare)
  } catch (error) {
    throw error instanceof StorageError ? invalid({ server_files: `${error.message}.` }) : error
  }
}

type Place = { path: string; kind: 'file' | 'folder'; size: number; modified: Date }

/** What lies at a path after links were followed; undefined for dead links and what lies outside. */
const look = async (root: string, path: string): Promise<Place | undefined> => {
  try {
    const real = await realpath(path)
    if (!isInside(real, root)) return undefined
    const found = await stat(real)
    const kind = found.isDirectory() ? 'folder' : found.isFile() ? 'file' : undefined
    return kind && { path: real, kind, size: found.size, modified: found.mtime }
  } catch {
    return undefined
  }
}

/** `above`: real paths of the folders on the way, since links may lead round in circles. */
async function* walk(root: string, place: Place, name: string, above: string[]): AsyncGenerator<ShareFile> {
  const names: string[] = []
  for await (const entry of await opendir(place.path)) names.push(entry.name)
  for (const own of names.sort()) {
    // Names that could not be asked for again are not offered.
    if (/[\0-\x1f\x7f\\]/.test(own)) continue
    const found = await look(root, join(place.path, own))
    if (!found || isInside(place.path, found.path) || above.includes(found.path)) continue
    const whole = name === '' ? own : `${name}/${own}`
    if (found.kind === 'folder') yield* walk(root, found, whole, [...above, found.path])
    else yield { name: whole, path: found.path, size: found.size, modified: found.modified }
  }
}

export type SharePlace = { kind: 'file'; file: ShareFile } | { kind: 'folder'; files: ShareFile[] }

/**
 * The file of this name, or all files below the folder, by name and folder after folder.
 * Throws 400 naming what is not in the share or leaves it.
 */
export const readSharePlace = async (given: string): Promise<SharePlace> => {
  const name = checkShareName(given)
  const root = await findRoot()
  if (!root) throw invalid({ server_files: 'No file share is connected to this server.' })
  const found = await look(root, join(root, name))
  if (!found) throw invalid({ server_files: `${given}: not in the connected share.` })
  if (found.kind === 'file') {
    const { path, size, modified } = found
    return { kind: 'file', file: { name, path, size, modified } }
  }
  const files: ShareFile[] = []
  for await (const file of walk(root, found, name, [found.path])) {
    files.push(file)
    if (files.length > maxFiles) throw invalid({ server_files: `${given || '/'}: more than ${maxFiles} files.` })
  }
  return { kind: 'folder', files }
}
