// The media of a task as entries of a backup: below data/, as they were uploaded, with the manifest that lists them.
import type { ArchiveEntry } from '../../formats/io/zip-writer'
import { dropExtension } from '../../formats/match'
import { rawFolder, readFrame } from '../data/service'
import { ApiError } from '../http/errors'
import { type Related, readCloudName, withFiles } from '../media/media'
import { readVideoFrame } from '../media/media-path'
import type { FrameFile } from '../media/task-media'
import { storage } from '../storage/storage'
import { dataFolder, manifestFile, manifestIndexFile } from './layout'
import type { BackupSource } from './source'

/**
 * `all`: every file of the source goes along, so that the range of frames counts as it does in the task.
 * `used`: only the files of frames do.
 */
export type MediaPlan = { kind: 'all' | 'used'; isLightweight?: boolean; entries: () => AsyncGenerator<ArchiveEntry> }

/** The entry of a media file; one from a bucket is on this machine while it is written. */
async function* entryOf(folder: string, name: string, file: string): AsyncGenerator<ArchiveEntry> {
  const ready = Promise.withResolvers<string>()
  const written = Promise.withResolvers<void>()
  const holding = withFiles([file], async ([path]) => {
    ready.resolve(path!)
    await written.promise
  })
  holding.catch(ready.reject)
  try {
    const content = Bun.file(await ready.promise)
    if (content.size === 0) throw new ApiError(400, { detail: `${name}: the file of this frame is gone, so there is no backup.` })
    yield { name: `${folder}${dataFolder}/${name}`, content, store: true }
  } finally {
    written.resolve()
    await holding
  }
}

/** The uploads lie under their own names, with a manifest, as CVAT keeps them. */
const isCvatLayout = async ({ task, media }: BackupSource): Promise<boolean> => {
  const raw = rawFolder(task.id)
  if (!(await storage().stat(`${raw}/${manifestFile}`))) return false
  const own = media.video ? [media.video] : Object.values(media.frames ?? {})
  return own.every(({ file, name }) => file === `${raw}/${name}`)
}

const planFolder = ({ task }: BackupSource, folder: string): MediaPlan => ({
  kind: 'all',
  entries: async function* () {
    const raw = rawFolder(task.id)
    for await (const file of storage().list(raw)) {
      const name = file.slice(raw.length + 1)
      if (name !== manifestIndexFile)
        yield { name: `${folder}${dataFolder}/${name}`, content: Bun.file(await storage().local(file)), store: true }
    }
  },
})

/** A picture or point cloud of the source. */
type Listed = FrameFile & { number: number; related: readonly Related[] }

/** Lines of a manifest as CVAT reads it. */
async function* writeManifest(pictures: Iterable<Listed>): AsyncGenerator<string> {
  yield '{"version":"1.1"}\n{"type":"images"}\n'
  for (const { name, width, height, related } of pictures) {
    const stem = dropExtension(name)
    const meta = { related_images: related.map((picture) => picture.name) }
    yield `${JSON.stringify({ name: stem, extension: name.slice(stem.length), width, height, meta })}\n`
  }
}

/** The pictures of a task without its honeypots, which show them again. Throws 400 when two have one name. */
const listPictures = ({ media }: BackupSource): Map<string, Listed> => {
  const pictures = new Map<string, Listed>()
  for (let number = 0; number < media.size; number++) {
    const frame = media.frames![number]!
    const there = pictures.get(frame.name)
    if (!there) pictures.set(frame.name, { ...frame, number, related: media.related?.get(frame.file) ?? [] })
    else if (there.file !== frame.file)
      throw new ApiError(400, { detail: `${frame.name}: two frames have this name, so there is no backup.` })
  }
  return pictures
}

/** A frame with what is shown beside it, unless an earlier one has had that. */
async function* entriesOf(folder: string, { media }: BackupSource, picture: Listed, written: Set<string>) {
  // A frame of several videos is a picture of its own.
  if (readVideoFrame(picture.file)) {
    const { bytes } = await readFrame(media, picture.number)
    yield { name: `${folder}${dataFolder}/${picture.name}`, content: bytes, store: true }
  } else yield* entryOf(folder, picture.name, picture.file)
  for (const { name, file } of picture.related) if (written.size !== written.add(name).size) yield* entryOf(folder, name, file)
}

const planVideo = ({ media }: BackupSource, folder: string): MediaPlan => ({
  kind: 'all',
  entries: async function* () {
    yield* entryOf(folder, media.video!.name, media.video!.file)
  },
})

const planPictures = (source: BackupSource, folder: string, isLightweight: boolean): MediaPlan => ({
  kind: 'used',
  isLightweight,
  entries: async function* () {
    const pictures = listPictures(source)
    const written = new Set(pictures.keys())
    if (!isLightweight) for (const picture of pictures.values()) yield* entriesOf(folder, source, picture, written)
    yield { name: `${folder}${dataFolder}/${manifestFile}`, content: writeManifest(pictures.values()) }
  },
})

/** Whether all frames lie in one bucket, so that a lightweight backup can do without their files. */
const isInBucket = ({ data, media }: BackupSource) =>
  data.storage === 'cloud_storage' &&
  !media.video &&
  Object.values(media.frames ?? {}).every(({ file, name }) => readCloudName(file)?.object === name)

/** Nothing is read before it is asked for. `folder` is that of the task in the archive, with `/` at its end, or empty. */
export const planMedia = async (source: BackupSource, folder: string, lightweight: boolean): Promise<MediaPlan> => {
  if (await isCvatLayout(source)) return planFolder(source, folder)
  if (source.media.video) return planVideo(source, folder)
  const isLightweight = lightweight && isInBucket(source)
  return planPictures(source, folder, isLightweight)
}
