// Sends one delivery of a webhook.
import { runDelivery } from '../server/webhooks/service'
import type { Handler } from './index'

export const deliverWebhook: Handler<'deliver-webhook'> = ({ payload, signal }) => runDelivery(payload.deliveryId, signal)
