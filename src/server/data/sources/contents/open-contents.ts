// Looks into what was uploaded: archives, documents, animations and scans are replaced by the frames that they hold.
import { type FileKind, kindOfName } from '../../../media/media-kinds'
import { storage } from '../../../storage/storage'
import type { SourceFile } from '../../probe-files'
import { type Opening, openArchive } from './open-archive'
import { openPages } from './open-pages'
import { openPdf } from './open-pdf'
import { openScan } from './open-scan'
import type { UnpackLimits } from './unpack-limits'
import { openContentWriter } from './write-contents'

export type Contents = {
  files: SourceFile[]
  /** Files that are not needed any more once their contents are kept. */
  opened: SourceFile[]
}
export type OpenOptions = {
  /** Storage folder for what comes out; whatever an earlier run has left in it is removed. */
  folder: string
  /** 0…1 */
  report: (done: number) => Promise<void>
  limits?: UnpackLimits
}

/** How a file of a kind is opened; undefined as an answer leaves it as it is. */
const openers: { [K in FileKind]?: (source: SourceFile, opening: Opening) => Promise<SourceFile[] | undefined> } = {
  archive: openArchive,
  pdf: openPdf,
  pages: openPages,
  scan: openScan,
}

/** The files of a source, and what it was made of: an archive may hold documents, never another archive. */
const openOne = async (source: SourceFile, opening: Opening, contents: Contents): Promise<SourceFile[]> => {
  const opener = openers[kindOfName(source.name) ?? 'picture']
  const inside = await opener?.(source, opening)
  if (!inside) return [source]
  // What is inside may be looked into as well, and an archive's files are read again.
  await opening.writer.finish()
  contents.opened.push(source)
  if (kindOfName(source.name) !== 'archive') return inside
  const files: SourceFile[] = []
  for (const [i, file] of inside.entries())
    for (const one of await openOne(file, { ...opening, folder: `${opening.folder}/in/${i}` }, contents)) files.push(one)
  return files
}

/**
 * Replaces every file that holds others by what it holds, in order. Throws MediaError or FormatError, which names the file;
 * the folder is then the caller's to remove.
 */
export const openContents = async (sources: SourceFile[], { folder, report, limits }: OpenOptions): Promise<Contents> => {
  const contents: Contents = { files: [], opened: [] }
  const writer = openContentWriter()
  let isClean = false
  const openNext = async (source: SourceFile, i: number) => {
    const kind = kindOfName(source.name)
    // What was looked at already, where it lies, is one picture.
    if (!kind || !openers[kind] || source.width) return void contents.files.push(source)
    if (!isClean) await storage().remove(folder)
    isClean = true
    const opening = { folder: `${folder}/${i}`, writer, limits, report: (done: number) => report((i + done) / sources.length) }
    for (const file of await openOne(source, opening, contents)) contents.files.push(file)
    await report((i + 1) / sources.length)
  }
  try {
    for (const [i, source] of sources.entries()) await openNext(source, i)
    await writer.finish()
  } catch (error) {
    // Nothing may be written any more once the folder is removed.
    await writer.finish().catch(() => {})
    throw error
  }
  return contents
}
