// Looks into what was uploaded: archives, documents, animations and scans are replaced by the frames that they hold.
import { open } from 'node:fs/promises'
import { type FileKind, kindOfName } from '../../../media/media-kinds'
import { storage } from '../../../storage/storage'
import type { SourceFile } from '../../probe-files'
import { type Opening, openArchive } from './open-archive'
import { openPages } from './open-pages'
import { openPdf } from './open-pdf'
import { openScan } from './open-scan'
import type { UnpackLimits } from './unpack-limits'

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

const syncsAtOnce = 16

/** What was written must be on disk before the task says that it has it. */
const syncFiles = async (files: SourceFile[]) => {
  let next = 0
  const work = async () => {
    for (let at = next++; at < files.length; at = next++) {
      const handle = await open(storage().localPath(files[at]!.file), 'r')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(syncsAtOnce, files.length) }, work))
}

/** The files of a source, and what it was made of: an archive may hold documents, never another archive. */
const openOne = async (source: SourceFile, opening: Opening, contents: Contents): Promise<SourceFile[]> => {
  const opener = openers[kindOfName(source.name) ?? 'picture']
  const inside = await opener?.(source, opening)
  if (!inside) return [source]
  contents.opened.push(source)
  if (kindOfName(source.name) !== 'archive') return inside
  const files: SourceFile[] = []
  for (const [i, file] of inside.entries())
    files.push(...(await openOne(file, { ...opening, folder: `${opening.folder}/in/${i}` }, contents)))
  return files
}

/**
 * Replaces every file that holds others by what it holds, in order. Throws MediaError or FormatError, which names the file;
 * the folder is then the caller's to remove.
 */
export const openContents = async (sources: SourceFile[], { folder, report, limits }: OpenOptions): Promise<Contents> => {
  const contents: Contents = { files: [], opened: [] }
  const made: SourceFile[] = []
  let isClean = false
  for (const [i, source] of sources.entries()) {
    const kind = kindOfName(source.name)
    if (!kind || !openers[kind]) {
      contents.files.push(source)
      continue
    }
    if (!isClean) await storage().remove(folder)
    isClean = true
    const opening = { folder: `${folder}/${i}`, limits, report: (done: number) => report((i + done) / sources.length) }
    const files = await openOne(source, opening, contents)
    made.push(...files.filter((file) => file !== source))
    contents.files.push(...files)
    await report((i + 1) / sources.length)
  }
  await syncFiles(made)
  return contents
}
