// The face of media to other features: creating them, reading them for exports, removing them.
import { removeStaleUploads } from '../http/uploads'
import { listBusyPurposes } from './attach'

export { rawFolder, removeTaskFiles } from './files'
export { ingestTask } from './ingest'
export { showMeta } from './meta'
export {
  frameNames,
  loadTaskMedia,
  type MediaFacts,
  mediaFacts,
  type NamedFrame,
  readFrame,
  type TaskData,
} from './stored-media'

/** Removes what was uploaded and never used; part of the cleanup chore. */
export const removeAbandonedUploads = async (): Promise<void> => {
  const busy = await listBusyPurposes()
  await removeStaleUploads((purpose) => busy.has(purpose))
}
