// Sends deliveries: signs, posts through the guarded client, and keeps what came back.
import { createHmac } from 'node:crypto'
import { and, eq, gt, inArray, lt, notInArray } from 'drizzle-orm'
import { db, tx } from '../db/open'
import { addDelivery } from '../events/service'
import { EgressError, egress } from '../http/egress'
import { found } from '../http/errors'
import { chores } from '../queue/chores'
import * as queue from '../queue/queue'
import { type DeliveryState, type DeliveryTarget, webhookDeliveries, webhooks } from './schema'

export type Delivery = typeof webhookDeliveries.$inferSelect

const timeoutMs = 10_000
/** Most bytes of an answer that are kept. */
export const maxResponseBytes = 2 ** 20
const maxTries = chores['deliver-webhook'].retries + 1

/** Value of `X-Signature-256`: HMAC of the body as it is sent. */
export const sign = (secret: string, body: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** The beginning of an answer's body as text; the rest is not even fetched. NUL is left out, which databases do not keep. */
const readStart = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    parts.push(part.subarray(0, maxResponseBytes - bytes))
    bytes += part.byteLength
    if (bytes >= maxResponseBytes) break
  }
  return new TextDecoder().decode(Buffer.concat(parts)).replaceAll('\0', '')
}

type Outcome = { statusCode: number; response: string; requestDuration: number }

/** One try. A receiver that cannot be reached counts as 502, one that is too slow as 504. */
const post = async (target: DeliveryTarget, delivery: Delivery, signal?: AbortSignal): Promise<Outcome> => {
  const body = JSON.stringify(delivery.request)
  const started = performance.now()
  const took = () => Math.round(performance.now() - started)
  try {
    const response = await egress(target.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': target.contentType,
        ...(target.secret && { 'x-signature-256': sign(target.secret, body) }),
      },
      checkCertificate: target.checkCertificate,
      timeoutMs,
      maxBytes: Number.POSITIVE_INFINITY,
      signal,
    })
    return { statusCode: response.status, response: await readStart(response), requestDuration: took() }
  } catch (error) {
    if (signal?.aborted) throw error
    const timedOut = error instanceof EgressError && error.fault === 'timeout'
    const message = error instanceof EgressError ? error.message : 'The answer could not be read.'
    return { statusCode: timedOut ? 504 : 502, response: message, requestDuration: took() }
  }
}

/** Answers that may be better next time. */
const isPassing = (status: number) => status >= 500 || status === 408 || status === 429

/**
 * Tries a delivery once and records how it went. `once`: there will be no other try.
 * Answers undefined for one that is not pending any more.
 */
export const tryDelivery = async (
  id: number,
  { once = false, signal }: { once?: boolean; signal?: AbortSignal } = {},
): Promise<Delivery | undefined> => {
  const [delivery] = await db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id))
  if (delivery?.state !== 'pending') return
  const [webhook] = await db.select().from(webhooks).where(eq(webhooks.id, delivery.webhookId))
  const target = webhook
    ? { url: webhook.targetUrl, secret: webhook.secret, contentType: webhook.contentType, checkCertificate: webhook.enableSsl }
    : delivery.target!
  const outcome = await post(target, delivery, signal)
  const attempt = delivery.attempt + 1
  const passing = isPassing(outcome.statusCode)
  const state: DeliveryState = !passing ? 'sent' : once || attempt >= maxTries ? 'failed' : 'pending'
  const values = { ...outcome, attempt, state, updatedDate: new Date(), ...(state !== 'pending' && { target: null }) }
  return tx(async (t) => {
    const [updated] = await t.update(webhookDeliveries).set(values).where(eq(webhookDeliveries.id, id)).returning()
    return found(updated)
  })
}

/** The work of the `deliver-webhook` chore. Throws when it should be tried again later. */
export const runDelivery = async (id: number, signal?: AbortSignal): Promise<void> => {
  const delivery = await tryDelivery(id, { signal })
  if (delivery?.state === 'pending') throw new Error(`The receiver answered ${delivery.statusCode}.`)
}

/** Adds the chores of deliveries that a crash has left without one. Run at the start and now and then. */
export const sweepDeliveries = async (): Promise<void> => {
  const open = await db.select().from(webhookDeliveries).where(eq(webhookDeliveries.state, 'pending'))
  for (const delivery of open) if (!(await hasChore(delivery))) await addDelivery(delivery)
}

/** A chore keeps the name of the attempt it was added at, while attempts go on. */
const hasChore = async ({ id, attempt }: Delivery) => {
  for (let n = attempt; n >= 0; n--) {
    const chore = await queue.get(`delivery-${id}-${n}`)
    if (chore && (chore.state === 'waiting' || chore.state === 'running')) return true
  }
  return false
}

const monthMs = 30 * 24 * 3_600_000

/** Forgets old deliveries, and those whose webhook has gone. */
export const forgetOldDeliveries = async (now = Date.now()): Promise<void> => {
  const done = inArray(webhookDeliveries.state, ['sent', 'failed'])
  await tx(async (t) => {
    await t.delete(webhookDeliveries).where(and(done, lt(webhookDeliveries.updatedDate, new Date(now - monthMs))))
    await t
      .delete(webhookDeliveries)
      .where(and(done, notInArray(webhookDeliveries.webhookId, t.select({ id: webhooks.id }).from(webhooks))))
  })
}

/** Deliveries that ended since a time, and how many of them failed. */
export const countDeliveries = async (since: Date): Promise<{ all: number; failed: number }> => {
  const isNew = gt(webhookDeliveries.updatedDate, since)
  return {
    all: await db.$count(webhookDeliveries, and(isNew, inArray(webhookDeliveries.state, ['sent', 'failed']))),
    failed: await db.$count(webhookDeliveries, and(isNew, eq(webhookDeliveries.state, 'failed'))),
  }
}
