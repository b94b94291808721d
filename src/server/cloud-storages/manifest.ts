// Manifests: files of JSON lines in a bucket that name its pictures, so that none of them needs to be listed.
import { posix } from 'node:path'
import { refused } from '../http/errors'
import type { ObjectStore } from '../storage/object-store'
import { StorageError } from '../storage/storage'
import { readLines } from './lines'

/** Manifests whose names are kept in memory, by what they were read from. */
const keptManifests = 8
const kept = new Map<string, Promise<string[]>>()

type Line = { type?: unknown; name?: unknown; extension?: unknown; properties?: { name?: unknown } }

const readLine = (text: string, number: number, file: string): Line => {
  try {
    return JSON.parse(text) as Line
  } catch {
    throw refused(`The manifest "${file}" cannot be read: line ${number} is not JSON`)
  }
}

/** Name of the picture or video that a line tells of; undefined for the other lines. */
const nameOf = ({ name, extension, properties }: Line): string | undefined => {
  if (typeof properties?.name === 'string') return properties.name
  return typeof name === 'string' ? name + (typeof extension === 'string' ? extension : '') : undefined
}

const readNames = async (store: ObjectStore, file: string): Promise<string[]> => {
  const folder = posix.dirname(file)
  const names: string[] = []
  let number = 0
  for await (const text of readLines(await store.stream(file), file)) {
    number++
    if (text.trim() === '') continue
    const name = nameOf(readLine(text, number, file))
    // Names count from the manifest's own folder.
    if (name !== undefined) names.push(folder === '.' ? name : `${folder}/${name}`)
  }
  return names
}

/**
 * Object names of all pictures that a manifest tells of, in its order. `owner` sets storages of the same bucket name apart.
 * Throws StorageError `missing`, and 400 for what is no manifest.
 */
export const readManifest = async (store: ObjectStore, file: string, owner: string): Promise<string[]> => {
  const info = await store.stat(file)
  if (!info) throw new StorageError(`The manifest "${file}" was not found in the bucket "${store.bucket}"`, 'missing')
  const key = JSON.stringify([owner, file, info.etag, info.size, info.modified])
  const known = kept.get(key)
  if (known) return known
  const reading = readNames(store, file)
  kept.set(key, reading)
  if (kept.size > keptManifests) kept.delete(kept.keys().next().value!)
  reading.catch(() => kept.delete(key))
  return reading
}
