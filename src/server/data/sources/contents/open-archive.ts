// Takes the media out of zip and tar archives, one entry after the other, within limits.
import { FormatError } from '../../../../formats/format-error'
import { openBlob } from '../../../../formats/io/byte-source'
import { looksLikeZip, openZip } from '../../../../formats/io/zip-reader'
import { MediaError } from '../../../media/media'
import { extensionOf } from '../../../media/media-kinds'
import { mediaPath } from '../../../media/media-path'
import type { SourceFile } from '../../probe-files'
import { decompress } from './decompress'
import { isAside, isWanted } from './entry-names'
import { readTar } from './tar-reader'
import { chooseUnpackLimits, countUnpacked, type UnpackLimits } from './unpack-limits'
import type { ContentWriter } from './write-contents'

type Entry = { name: string; body: AsyncIterable<Uint8Array> }
/** Where the contents of one file go, and how far they have come. */
export type Opening = {
  folder: string
  writer: ContentWriter
  report: (done: number) => Promise<void>
  limits?: UnpackLimits
}

const readZip = async function* (path: string, limits: UnpackLimits): AsyncGenerator<Entry> {
  for (const { name, stream } of await openZip(openBlob(Bun.file(path)), limits))
    if (isWanted(name) || isAside(name)) yield { name, body: stream() }
}

const readWantedTar = async function* (path: string, limits: UnpackLimits): AsyncGenerator<Entry> {
  let entries = 0
  for await (const entry of readTar(countUnpacked(decompress(path), Bun.file(path).size, limits))) {
    if (++entries > limits.entries) throw new MediaError(`the archive has more than ${limits.entries} entries`)
    if (isWanted(entry.name) || isAside(entry.name)) yield entry
  }
}

/** Errors of one file, with its name before what is wrong. */
export const nameErrors = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof MediaError || error instanceof FormatError)
      throw error.message.startsWith(`${name}: `) ? error : new MediaError(`${name}: ${error.message}`)
    throw error
  }
}

/** The media in an archive, written below `folder`, with their paths in the archive as names. Throws MediaError, which names the archive. */
export const openArchive = (source: SourceFile, opening: Opening): Promise<SourceFile[]> =>
  nameErrors(source.name, async () => {
    const path = await mediaPath(source.file)
    const limits = opening.limits ?? (await chooseUnpackLimits())
    const isZip = await looksLikeZip(openBlob(Bun.file(path)))
    if (!isZip && extensionOf(source.name) === 'zip') throw new MediaError('not a zip archive, or a damaged one')
    const files: SourceFile[] = []
    for await (const { name, body } of isZip ? readZip(path, limits) : readWantedTar(path, limits)) {
      const file = `${opening.folder}/${files.length}.${extensionOf(name)}`
      await opening.writer.write(file, body)
      files.push({ name, file, ...(isAside(name) && { isAside: true as const }) })
      if (files.length % 50 === 0) await opening.report(0)
    }
    if (files.every((file) => file.isAside)) throw new MediaError('the archive has no pictures, videos or point clouds')
    return files
  })
