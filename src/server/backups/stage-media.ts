// Brings the media of a backup onto the disk, below a temporary folder, and finds out what they are.
import { FormatError } from '../../formats/format-error'
import type { DatasetFile } from '../../formats/io/dataset-files'
import { readLines } from '../../formats/io/text-lines'
import { asNumber, asText, createMemberReader } from '../../formats/json-values'
import { orderFiles, splitRelated } from '../data/service'
import { mediaPath, probeCloud, probeImage, probeVideo } from '../media/media'
import { kindOfName } from '../media/media-kinds'
import { storage } from '../storage/storage'
import { dataFolder, manifestFile, manifestIndexFile } from './layout'
import type { SortingMethod } from './read-manifest'
import { settleAll } from './settle-all'

/** A picture or point cloud of the source; its size in pixels as displayed. `related`: names of pictures that are shown beside it. */
export type SourcePicture = { name: string; width: number; height: number; related: string[] }
export type SourceVideo = { name: string; width: number; height: number; frames: number }
/** `pictures` in the order of the source. */
export type StagedMedia =
  | { kind: 'pictures'; dimension: '2d' | '3d'; pictures: SourcePicture[] }
  | { kind: 'video'; dimension: '2d'; video: SourceVideo }

type Manifest = { pictures: { name: string; width?: number; height?: number }[]; video?: string }

const isPicture = (name: string) => ['picture', 'pages', 'cloud'].includes(kindOfName(name) ?? '')

const readManifest = async (file: DatasetFile): Promise<Manifest> => {
  const manifest: Manifest = { pictures: [] }
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const place = { file: file.name, line }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      throw new FormatError('The line is not JSON', place)
    }
    const members = createMemberReader(value, place)
    const name = members.get('name', asText)
    const properties = members.value('properties')
    if (properties !== undefined) manifest.video = createMemberReader(properties, place).require('name', asText)
    else if (name !== undefined)
      manifest.pictures.push({
        name: name + (members.get('extension', asText) ?? ''),
        width: members.get('width', asNumber),
        height: members.get('height', asNumber),
      })
  }
  return manifest
}

/** Files that are written or probed together; each waits for the disk. */
const atOnce = 8

const unpack = async (file: DatasetFile, target: string) => {
  try {
    await storage().put(target, file.stream() as unknown as ReadableStream<Uint8Array>)
  } catch (error) {
    if (!['ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG'].includes((error as { code?: string }).code ?? '')) throw error
    throw new FormatError('A file of this name cannot be kept beside the others', { file: file.name })
  }
}

type Staging = {
  /** Files of the archive below the task's folder, by their names there. */
  files: ReadonlyMap<string, DatasetFile>
  /** Storage name of the temporary folder that becomes that of the raw files. */
  target: string
  sortingMethod: SortingMethod
  report: (done: number) => Promise<void>
}

const probePictures = async (
  names: string[],
  related: ReadonlyMap<string, { name: string }[]>,
  { target, report }: Staging,
): Promise<SourcePicture[]> => {
  const pictures: SourcePicture[] = []
  const probe = async (name: string): Promise<SourcePicture> => {
    const path = await mediaPath(`${target}/${name}`)
    const { width, height } = await (kindOfName(name) === 'cloud' ? probeCloud(path, name) : probeImage(path, name))
    return { name, width, height, related: (related.get(name) ?? []).map((picture) => picture.name) }
  }
  for (let at = 0; at < names.length; at += atOnce) {
    pictures.push(...(await settleAll(names.slice(at, at + atOnce).map(probe))))
    await report(0.6 + (0.4 * pictures.length) / names.length)
  }
  return pictures
}

const dimensionOf = (names: string[]): '2d' | '3d' => {
  const clouds = names.filter((name) => kindOfName(name) === 'cloud')
  if (clouds.length && clouds.length < names.length)
    throw new FormatError('A task takes pictures or point clouds, not both', { file: `${dataFolder}/${clouds[0]}` })
  return clouds.length ? '3d' : '2d'
}

/** Names of the frames of a source: as its manifest has them, else in the order that the task asks for. */
const orderNames = (
  names: Set<string>,
  frames: { name: string }[],
  manifest: Manifest | undefined,
  { sortingMethod }: Staging,
): string[] => {
  if (!manifest?.pictures.length)
    return orderFiles(frames, { sortingMethod, fileOrder: null, jobFiles: null }).map(({ name }) => name)
  // With honeypots, some manifests name a picture once for every place where it is shown.
  const listed = [...new Set(manifest.pictures.map(({ name }) => name))]
  const missing = listed.find((name) => !names.has(name))
  if (missing !== undefined)
    throw new FormatError('The manifest names this file, but it is not there', { file: `${dataFolder}/${missing}` })
  return listed
}

/** Unpacks and probes. Throws FormatError or MediaError naming the file. The folder is the caller's, also after an error. */
export const stageMedia = async (staging: Staging): Promise<StagedMedia> => {
  const { files, target, report } = staging
  const prefix = `${dataFolder}/`
  const names = new Set<string>()
  const own = [...files].filter(([name]) => name.startsWith(prefix) && name !== prefix + manifestIndexFile)
  for (let at = 0; at < own.length; at += atOnce) {
    const some = own.slice(at, at + atOnce)
    await settleAll(some.map(([name, file]) => unpack(file, `${target}/${name.slice(prefix.length)}`)))
    await report((0.6 * at) / own.length)
  }
  for (const [name] of own) if (name !== prefix + manifestFile) names.add(name.slice(prefix.length))
  const listing = files.get(prefix + manifestFile)
  const manifest = listing && (await readManifest(listing))
  const video =
    manifest?.video ?? (manifest?.pictures.length ? undefined : [...names].find((name) => kindOfName(name) === 'video'))
  if (video !== undefined) {
    if (!names.has(video)) throw new FormatError('The video is not in the backup', { file: prefix + video })
    const { width, height, frames } = await probeVideo(await mediaPath(`${target}/${video}`), video)
    return { kind: 'video', dimension: '2d', video: { name: video, width, height, frames } }
  }
  const { frames, related } = splitRelated([...names].filter(isPicture).map((name) => ({ name })))
  const ordered = orderNames(names, frames, manifest, staging)
  if (!ordered.length) throw new FormatError('The backup holds no media', { file: prefix })
  return { kind: 'pictures', dimension: dimensionOf(ordered), pictures: await probePictures(ordered, related, staging) }
}

/** The pictures that the manifest of a lightweight backup tells of; their files lie in a bucket. Throws FormatError. */
export const readBucketMedia = async (files: ReadonlyMap<string, DatasetFile>): Promise<StagedMedia> => {
  const name = `${dataFolder}/${manifestFile}`
  const listing = files.get(name)
  if (!listing) throw new FormatError('The backup needs this file, since its media lie in a cloud storage', { file: name })
  const { pictures } = await readManifest(listing)
  if (!pictures.length) throw new FormatError('The manifest names no picture', { file: name })
  return {
    kind: 'pictures',
    dimension: '2d',
    pictures: pictures.map(({ name: picture, width, height }) => {
      if (!width || !height) throw new FormatError(`The size of "${picture}" is missing`, { file: name })
      return { name: picture, width, height, related: [] }
    }),
  }
}
