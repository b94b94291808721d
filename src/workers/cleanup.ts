// Forgets what nobody will ask for again: results whose time is over and uploads that were never finished.
import { removeAbandonedUploads } from '../server/data/service'
import { removeStrayAssets } from '../server/guides/service'
import { forgetExpiredRequests } from '../server/requests/service'
import type { Handler } from './index'

export const cleanUp: Handler<'cleanup'> = async () => {
  await forgetExpiredRequests()
  await removeAbandonedUploads()
  await removeStrayAssets()
}
