// Objects of a connected bucket as the files of a task: read where they lie when somebody asks for a frame, or copied.
import { rm, writeFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { defaultPrefix, findCloudStorage, openCloudStorage } from '../../../cloud-storages/service'
import { config } from '../../../config'
import { ApiError, invalid } from '../../../http/errors'
import { cloudName, MediaError, probeImage, withFiles } from '../../../media/media'
import { kindOfName } from '../../../media/media-kinds'
import { readImageHeader } from '../../../media/probe-image'
import { boundObject } from '../../../storage/object-download'
import { isFileName } from '../../../storage/object-names'
import { listAllObjects, type ObjectStore } from '../../../storage/object-store'
import { StorageError, temporaryFile } from '../../../storage/storage'
import type { DataParameters } from '../../parameters'
import type { SourceFile } from '../../probe-files'
import { compileExclusion, compilePattern } from './file-pattern'
import { isManifestName, type Manifest, type ManifestEntry, readManifest } from './manifest'
import { copyOnce, mapSome, rawNameOf } from './raw-files'
import { type Gathered, type GatherOptions, keepMedia, type Selection } from './share'

const readsAtOnce = 8
/** Headers of pictures lie within so many bytes, or the whole file is fetched. */
const headerBytes = 64 * 1024

/** An object, with its size in pixels where a manifest tells it. */
type Found = ManifestEntry

/** Not the mark of a folder, and of a name that may stand for a file: exports write files of these names. */
export const isObjectFile = (name: string) => !name.endsWith('/') && isFileName(name)

const listBucket = async (store: ObjectStore, prefix: string): Promise<Found[]> => {
  const names: Found[] = []
  for await (const { name } of listAllObjects(store, prefix)) if (isObjectFile(name)) names.push({ name })
  return names.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The manifest among the files, with names as the bucket has them. */
const findManifest = async (store: ObjectStore, names: string[]): Promise<Manifest | null> => {
  if (names.length > 1) throw invalid({ server_files: `Only one manifest can be used: ${names.join(', ')}.` })
  const [file] = names
  if (file === undefined) return null
  const manifest = await readManifest(await store.stream(file), file)
  const folder = posix.dirname(file)
  const entries = manifest.entries.map((entry) => ({ ...entry, name: posix.join(folder, entry.name) }))
  const bad = entries.find(({ name }) => !isObjectFile(name))
  if (bad) throw invalid({ server_files: `${file}: not a valid manifest, ${bad.name} is not a name of a file.` })
  return { ...manifest, entries }
}

/**
 * The objects that `server_files`, `server_files_exclude` and `filename_pattern` mean, in their order. Names that end with a slash mean
 * everything below; a manifest alone means all that it lists. Only what starts with the storage's default prefix is taken.
 */
export const selectObjects = async (
  store: ObjectStore,
  initial: string,
  { serverFiles, exclude, pattern }: Selection,
): Promise<{ objects: Found[]; manifest: Manifest | null }> => {
  const names = serverFiles.map((name) => name.replace(/^\/+/, ''))
  const manifest = await findManifest(store, names.filter(isManifestName))
  const media = names.filter((name) => !isManifestName(name))
  const listed = manifest && new Map(manifest.entries.map((entry) => [entry.name, entry]))
  const list = async (prefix: string) =>
    keepMedia(
      listed
        ? [...listed.values()].filter(({ name }) => name.startsWith(prefix))
        : await listBucket(store, initial.startsWith(prefix) ? initial : prefix),
    )
  const isKept = compileExclusion(exclude)
  const found = new Map<string, Found>()
  const keep = (one: Found) => {
    if (one.name.startsWith(initial) && isKept(one.name) && !found.has(one.name)) found.set(one.name, one)
  }
  for (const name of media) {
    if (name.endsWith('/') || name === '') for (const one of await list(name)) keep(one)
    else if (listed && !listed.has(name)) throw invalid({ server_files: `${name}: not in the manifest ${manifest!.file}.` })
    else keep(listed?.get(name) ?? { name })
  }
  if (pattern !== null || (manifest && !media.length)) {
    const fits = compilePattern(pattern ?? '*')
    for (const one of await list('')) if (fits(one.name)) keep(one)
  }
  return { objects: [...found.values()], manifest }
}

/** The first bytes of an object; none where the store has no such range, as of an empty object. */
const readHead = async (store: ObjectStore, name: string): Promise<Uint8Array> => {
  try {
    return await new Response(await store.stream(name, { start: 0, end: headerBytes })).bytes()
  } catch (error) {
    if (error instanceof StorageError && error.reason === 'failed') return new Uint8Array()
    throw error
  }
}

/** The flag of an extended WebP header: https://developers.google.com/speed/webp/docs/riff_container */
const isAnimated = (head: Uint8Array) => Buffer.from(head.subarray(8, 16)).toString() === 'WEBPVP8X' && (head[20]! & 2) !== 0

/** Size of a picture from its first bytes, from all of it when they do not tell; undefined for an animation. */
const readPixels = async (store: ObjectStore, storageId: number, name: string) => {
  const temporary = await temporaryFile()
  try {
    const head = await readHead(store, name)
    if (isAnimated(head)) return undefined
    await writeFile(temporary, head)
    const header = await readImageHeader(temporary)
    if (header && header.width > 0 && header.height > 0 && header.width * header.height <= config().image_pixels)
      return header.orientation >= 5
        ? { width: header.height, height: header.width }
        : { width: header.width, height: header.height }
  } finally {
    await rm(temporary, { force: true })
  }
  return withFiles([cloudName(storageId, name)], ([path]) => probeImage(path!, name))
}

/** Pictures that may be left in the bucket; everything else is brought here. */
const isLeftThere = ({ name }: Found) => kindOfName(name) === 'picture' || /\.webp$/i.test(name)

class Animated extends Error {}

const copyObject = async (store: ObjectStore, storageId: number, name: string, folder: string): Promise<SourceFile> => {
  const file = rawNameOf(folder, `cloud ${storageId}`, name)
  return { name, file: await copyOnce(file, async () => boundObject(await store.stream(name), config().upload_bytes, name)) }
}

/**
 * Without `copyData`, and with the cache in use, pictures stay in the bucket. Throws StorageError for objects that are not there, 400 for
 * manifests that do not fit.
 */
export const gatherCloudFiles = async (
  { folder, isKnown, onBad }: GatherOptions,
  storageId: number,
  parameters: Selection & Pick<DataParameters, 'copyData' | 'useCache' | 'jobFiles'>,
  report: (done: number, all: number) => Promise<void>,
): Promise<Gathered> => {
  const row = await findCloudStorage(storageId)
  if (!row) throw new ApiError(400, { cloud_storage_id: ['The cloud storage was removed.'] })
  const store = await openCloudStorage(row)
  const selected = await selectObjects(store, defaultPrefix(row), parameters)
  // Only what the jobs name is needed.
  const wanted = parameters.jobFiles && new Set(parameters.jobFiles.flat())
  const named = wanted ? selected.objects.filter(({ name }) => wanted.has(name)) : selected.objects
  const objects = named.filter(({ name }) => !isKnown(name))
  let done = 0
  const bring = (work: (one: Found) => Promise<SourceFile>) =>
    mapSome(objects, readsAtOnce, async (one) => {
      const file = await work(one).catch((error) => {
        if (!onBad || !(error instanceof MediaError || error instanceof StorageError)) throw error
        onBad(one.name, error.message)
      })
      await report(++done, objects.length)
      return file ?? []
    })
  const copy = ({ name }: Found) => copyObject(store, storageId, name, folder)
  const refer = async ({ name, width, height }: Found): Promise<SourceFile> => {
    const pixels = width && height ? { width, height } : await readPixels(store, storageId, name)
    // An animation has to be here to be taken apart; then all files are.
    if (!pixels) throw new Animated()
    return { name, file: cloudName(storageId, name), width: pixels.width, height: pixels.height }
  }
  const staysThere = parameters.useCache && !parameters.copyData && objects.every(isLeftThere)
  const files = staysThere
    ? await bring(refer).catch((error) => {
        if (error instanceof Animated) return bring(copy)
        throw error
      })
    : await bring(copy)
  // The manifest has said what it lists; the order of the bucket's files is that of the request.
  return { files: files.flat(), manifest: null }
}
