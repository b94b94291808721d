// Forgets what nobody will ask for again: results whose time is over, uploads that were never finished, old events and deliveries.
import { removeAbandonedRestores } from '../server/backups/service'
import { removeAbandonedUploads } from '../server/data/service'
import { forgetOldEvents } from '../server/events/service'
import { forgetOldAgentRequests } from '../server/functions/service'
import { removeStrayAssets } from '../server/guides/service'
import { forgetExpiredRequests } from '../server/requests/service'
import { forgetOldRevisions } from '../server/revisions/service'
import { forgetOldDeliveries, sweepDeliveries } from '../server/webhooks/service'
import type { Handler } from './index'

export const cleanUp: Handler<'cleanup'> = async () => {
  await forgetExpiredRequests()
  await removeAbandonedUploads()
  await removeAbandonedRestores()
  await forgetOldEvents()
  await forgetOldRevisions()
  await forgetOldDeliveries()
  await sweepDeliveries()
  await removeStrayAssets()
  await forgetOldAgentRequests()
}
