// The face of media to other features: creating them, reading them for exports, removing them.
import { removeStaleUploads } from '../http/uploads'
import { listBusyPurposes } from './attach'

export { attachFromForm } from './attach'
export {
  type CalibrationFile,
  type CalibrationRow,
  deleteCalibration,
  findCalibration,
  maxCalibrationBytes,
  readCalibrationFiles,
  saveCalibration,
  storeCalibration,
} from './calibration-files'
export { isInSpan } from './chunk-frames'
export { type DatasetFrames, findDatasetFrames } from './dataset-frames'
export { rawFolder, removeTaskFiles } from './files'
export { type Honeypot, listHoneypots, lockData, showHoneypots } from './honeypots'
export { ingestTask } from './ingest'
export { orRefuse } from './media-trouble'
export { changeDeletedFrames, showMeta } from './meta'
export { findMissingMedia, listOrphanFolders } from './missing-media'
export { orderFiles } from './order-files'
export { splitRelated } from './sources/contents/related'
export {
  frameNames,
  loadTaskMedia,
  type MediaFacts,
  mediaFacts,
  mediaOf,
  type NamedFrame,
  readFrame,
  readRelated,
  relatedOf,
  sourceFrame,
  type TaskData,
} from './stored-media'

/** Removes what was uploaded and never used; part of the cleanup chore. */
export const removeAbandonedUploads = async (): Promise<void> => {
  const busy = await listBusyPurposes()
  await removeStaleUploads((purpose) => busy.has(purpose))
}
