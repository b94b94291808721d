// Files of the connected share as the files of a task: linked where they lie, or copied.

import { isCalibrationName } from '../../../../formats/calibration/calibration-names'
import { invalid } from '../../../http/errors'
import { kindOfName } from '../../../media/media-kinds'
import { readSharePlace, type ShareFile } from '../../../share/service'
import type { DataParameters } from '../../parameters'
import type { SourceFile } from '../../probe-files'
import { compileExclusion, compilePattern } from './file-pattern'
import { isManifestName, type Manifest, readManifest } from './manifest'
import { copyOnce, mapSome, rawNameOf } from './raw-files'

export type Gathered = { files: SourceFile[]; manifest: Manifest | null }
export type GatherOptions = {
  /** Storage name of the place for copies. */
  folder: string
  /** Tells files that are not wanted; asked about each of them. */
  isKnown: (name: string) => boolean
  /** Where it is given, files that cannot be used are passed over, and told here with the reason; else one of them ends all. */
  onBad?: (name: string, reason: string) => void
}

const pictureKinds = new Set<string | undefined>(['picture', 'pages', 'cloud', 'scan'])

/** Of a folder its pictures; where it has none, whatever media it has. */
export const keepMedia = <F extends { name: string }>(files: F[]): F[] => {
  const pictures = files.filter(({ name }) => pictureKinds.has(kindOfName(name)))
  if (pictures.some(({ name }) => ['cloud', 'scan'].includes(kindOfName(name) ?? '')))
    return files.filter((file) => pictures.includes(file) || isCalibrationName(file.name))
  if (pictures.length) return pictures
  return files.filter(({ name }) => !['refused', undefined].includes(kindOfName(name)))
}

export type Selection = Pick<DataParameters, 'serverFiles' | 'exclude' | 'pattern'>

/**
 * What `server_files`, `server_files_exclude` and `filename_pattern` mean, in their order; files named twice count once. A pattern
 * chooses among the files of folders; without `server_files` it looks through the whole share.
 * Throws 400 naming what is not there.
 */
export const selectShareFiles = async ({ serverFiles, exclude, pattern }: Selection): Promise<ShareFile[]> => {
  const isKept = compileExclusion(exclude)
  const fits = pattern === null ? () => true : compilePattern(pattern)
  const found = new Map<string, ShareFile>()
  const keep = (file: ShareFile) => {
    if (isKept(file.name) && !found.has(file.name)) found.set(file.name, file)
  }
  const isOpen = pattern !== null && serverFiles.every(isManifestName)
  for (const name of isOpen ? [...serverFiles, '/'] : serverFiles) {
    const place = await readSharePlace(name)
    if (place.kind === 'file') keep(place.file)
    else for (const file of keepMedia(place.files)) if (fits(file.name)) keep(file)
  }
  return [...found.values()]
}

const copiesAtOnce = 2

/** @param report hears how many of how many files are copied */
export const gatherShareFiles = async (
  { folder, isKnown }: GatherOptions,
  parameters: Selection & Pick<DataParameters, 'copyData'>,
  report: (done: number, all: number) => Promise<void>,
): Promise<Gathered> => {
  const all = await selectShareFiles(parameters)
  const manifests = all.filter(({ name }) => isManifestName(name))
  if (manifests.length > 1)
    throw invalid({ server_files: `Only one manifest can be used: ${manifests.map(({ name }) => name).join(', ')}.` })
  const [first] = manifests
  const manifest = first ? await readManifest(Bun.file(first.path).stream(), first.name) : null
  // A manifest is about all of its files, those that are known included.
  const media = all.filter(({ name }) => !isManifestName(name) && (manifest !== null || !isKnown(name)))
  let done = 0
  const files = await mapSome(media, copiesAtOnce, async ({ name, path }): Promise<SourceFile> => {
    if (!parameters.copyData) return { name, file: `share:${name}` }
    const file = await copyOnce(rawNameOf(folder, 'share', name), async () => Bun.file(path).stream())
    await report(++done, media.length)
    return { name, file }
  })
  return { files, manifest }
}
