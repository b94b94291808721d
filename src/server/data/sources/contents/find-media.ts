// From the files of a source to the ordered list of those that become frames, with the pictures that belong to each.
import { isCalibrationName } from '../../../../formats/calibration/calibration-names'
import { type FileKind, kindOfName } from '../../../media/media-kinds'
import { storage } from '../../../storage/storage'
import { orderFiles } from '../../order-files'
import type { DataParameters } from '../../parameters'
import type { SourceFile } from '../../probe-files'
import type { Manifest } from '../origins/manifest'
import { type OpenOptions, openContents } from './open-contents'
import { splitRelated } from './related'

export type FindOptions = OpenOptions & {
  parameters: Pick<DataParameters, 'sortingMethod' | 'fileOrder' | 'jobFiles'>
  manifest?: Manifest | null
}
export type FoundMedia = {
  /** In the order of the frames. */
  files: SourceFile[]
  /** Files that tell of the cameras beside point clouds. */
  calibration: SourceFile[]
  /** Archives and the like that are not needed any more once the frames are kept. */
  opened: SourceFile[]
}

/**
 * Opens what holds other files, tells frames from related pictures, and orders the frames. An order that was sent with the request
 * names what was uploaded, so it is applied before archives are opened; names of jobs and of a manifest are those of the frames.
 */
export const findMedia = async (
  sources: SourceFile[],
  { parameters, manifest = null, ...options }: FindOptions,
): Promise<FoundMedia> => {
  const isPredefined = parameters.sortingMethod === 'predefined'
  const asUploaded =
    isPredefined && parameters.fileOrder && !parameters.jobFiles ? orderFiles(sources, parameters, null) : sources
  const { files, opened } = await openContents(asUploaded, options)
  const hasClouds = files.some(({ name }) => kindOfName(name) === 'cloud')
  const calibration = hasClouds ? files.filter(({ name }) => isCalibrationName(name)) : []
  const beside = files.filter(({ isAside }) => isAside)
  const { frames, related } = splitRelated(files.filter((file) => !file.isAside && !calibration.includes(file)))
  const ordered = orderFiles(frames, { ...parameters, fileOrder: null }, manifest)
  return {
    calibration,
    // Texts are kept elsewhere.
    opened: [...opened, ...new Set([...beside, ...calibration])],
    files: related.size ? ordered.map((file) => ({ ...file, related: related.get(file.name) })) : ordered,
  }
}

/** Removes what was opened, where it lies below `folder`; a file elsewhere (of the share) is not ours. */
export const removeOpened = async (opened: SourceFile[], folder: string): Promise<void> => {
  for (const { file } of opened) if (file.startsWith(`${folder}/`)) await storage().remove(file)
}

const containers: (FileKind | undefined)[] = ['archive', 'pdf', 'scan']

/** The same after a crash, when nobody knows any more what was opened: by their names, as none of these is ever a frame. */
export const removeContainers = async (folder: string): Promise<void> => {
  for await (const file of storage().list(folder)) if (containers.includes(kindOfName(file))) await storage().remove(file)
}
