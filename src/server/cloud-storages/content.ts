// One level of a bucket as a listing: of the bucket itself or of what a manifest names.
import { refused } from '../http/errors'
import { type FileInfo, showFile, showFolder } from '../storage/file-info'
import { isFileName } from '../storage/object-names'
import type { ObjectStore } from '../storage/object-store'
import { readManifest } from './manifest'

export type ContentQuery = { prefix?: string; manifest?: string; next?: string; size: number }
export type Content = { content: FileInfo[]; next: string | null }

/** Everything that starts with `prefix`; or only the folder on the way to it; or nothing. */
type Level = { kind: 'inside'; prefix: string } | { kind: 'on-the-way'; folder: string; prefix: string } | { kind: 'nothing' }

/** What is left of the asked prefix when all listings are narrowed to `initial`. */
export const narrowPrefix = (asked: string, initial: string): Level => {
  const wanted = asked.replace(/^\/+/, '')
  if (wanted.startsWith(initial)) return { kind: 'inside', prefix: wanted }
  if (!initial.startsWith(wanted)) return { kind: 'nothing' }
  const slash = initial.indexOf('/', wanted.length)
  if (wanted === '' || slash === -1) return { kind: 'inside', prefix: initial }
  return { kind: 'on-the-way', folder: initial.slice(0, slash + 1), prefix: initial }
}

/** Entries by their whole names, folders with `/` at the end. */
const showEntries = (names: string[], prefix: string): FileInfo[] => {
  const cut = prefix.lastIndexOf('/') + 1
  // An object of the folder's own name only marks it; names that could lead elsewhere are not offered.
  const shown = names.filter((name) => name !== prefix || !name.endsWith('/')).filter((name) => isFileName(name))
  shown.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return shown.flatMap((name) => {
    const own = name.slice(cut)
    if (own === '' || own === '/') return []
    return own.endsWith('/') ? showFolder(own.slice(0, -1)) : showFile(own)
  })
}

const listBucket = async (store: ObjectStore, prefix: string, { next, size }: ContentQuery): Promise<Content> => {
  const page = await store.list({ prefix, next, limit: size })
  return { content: showEntries([...page.objects.map(({ name }) => name), ...page.folders], prefix), next: page.next }
}

const readStart = (text: string | undefined): number => {
  if (text === undefined) return 0
  if (!/^\d{1,9}$/.test(text)) throw refused('next_token is not one of this listing')
  return Number(text)
}

const listNames = (names: string[], prefix: string, { next, size }: ContentQuery): Content => {
  const entries = new Set<string>()
  for (const name of names) {
    if (!name.startsWith(prefix)) continue
    const slash = name.indexOf('/', prefix.length)
    entries.add(slash === -1 ? name : name.slice(0, slash + 1))
  }
  const all = showEntries([...entries], prefix)
  const start = readStart(next)
  const end = start + size
  return { content: all.slice(start, end), next: end < all.length ? String(end) : null }
}

/** Whether anything in the bucket starts with this. */
const isThere = async (store: ObjectStore, names: string[] | undefined, prefix: string) => {
  if (names) return names.some((name) => name.startsWith(prefix))
  const page = await store.list({ prefix, flat: true, limit: 1 })
  return page.objects.length > 0
}

/**
 * One page of one level, sorted by name. `initial` is the storage's default prefix, `owner` names the storage for caches.
 * Throws StorageError, and 400 for a bad token or manifest.
 */
export const listContent = async (store: ObjectStore, initial: string, owner: string, query: ContentQuery): Promise<Content> => {
  const names = query.manifest === undefined ? undefined : await readManifest(store, query.manifest, owner)
  const level = narrowPrefix(query.prefix ?? '', initial)
  if (level.kind === 'nothing') return { content: [], next: null }
  if (level.kind === 'on-the-way') {
    const there = await isThere(store, names, level.prefix)
    const cut = level.folder.lastIndexOf('/', level.folder.length - 2) + 1
    return { content: there ? [showFolder(level.folder.slice(cut, -1))] : [], next: null }
  }
  return names ? listNames(names, level.prefix, query) : listBucket(store, level.prefix, query)
}
