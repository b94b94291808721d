// Open event streams: what goes out on them, how long they live, how many a person may have.

import { isConnectionLost } from '../db/is-connection-lost'
import { ApiError } from '../http/errors'
import { addReadings } from '../http/metrics'
import { readTold } from '../http/told'
import type { Who } from '../policy/who'
import { type LiveEvent, listen } from './hub'
import { enter, listPresent, repeatVisits } from './presence'
import type { Subject } from './subject'

/** Proxies close connections that are silent for half a minute or a minute. */
export const heartbeatMs = 20_000
export const maxPerPerson = 20
/** A reader that is this many events behind is let go; it comes back and loads anew. */
const maxBehind = 500
const reconnectMs = 3000

type Stream = {
  userId: number
  send: (text: string) => void
  check: () => Promise<boolean>
  /** Tells what was missed, from the database. */
  catchUp: () => Promise<void>
  end: (why: string) => void
}
const streams = new Set<Stream>()
let heart: Timer | undefined
addReadings('annolith_live_streams', 'Browsers that follow live events.', [], () => [[{}, streams.size]])

/** Browsers that come back say the last `id` that they have seen. */
const write = (type: string, data: unknown, id?: number) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`

/** Keeps connections alive, and ends those whose person has signed out, was deactivated or may not see the subject any more. */
export const beat = async () => {
  repeatVisits()
  for (const stream of [...streams]) {
    const isAllowed = await stream.check().catch((error) => (isConnectionLost(error) ? null : false))
    if (isAllowed === false) stream.end('not allowed any more')
    else stream.send(': \n\n')
    // An event of another process may be lost without a trace.
    if (isAllowed) await stream.catchUp()
  }
}

const keep = (stream: Stream) => {
  streams.add(stream)
  heart ??= setInterval(() => void beat(), heartbeatMs)
}
const drop = (stream: Stream) => {
  streams.delete(stream)
  if (streams.size) return
  clearInterval(heart)
  heart = undefined
}

/** Tells all streams what they may have missed while events of other processes did not come through. */
export const catchUpStreams = () => {
  for (const stream of streams) void stream.catchUp()
}

/** Ends all streams, as the server is about to stop. */
export const endStreams = () => {
  for (const stream of [...streams]) stream.end('the server stops')
}
export const countStreams = () => streams.size

/**
 * The answer that stays open: `hello` (`told`: how far the events of this process have come), then events as they come, `end` with a reason when the server closes it. `isStillAllowed`
 * is asked at each heartbeat. Saves of a job carry their revision as id, and each comes once, in order; `since`: the last one that the
 * reader has seen, after which those follow that it has missed. Throws 429 when the person has too many.
 */
export const openStream = (
  who: Who,
  subject: Subject,
  signal: AbortSignal,
  isStillAllowed: () => Promise<boolean>,
  since?: number,
): Response => {
  const open = [...streams].filter(({ userId }) => userId === who.user.id).length
  if (open >= maxPerPerson) throw new ApiError(429, { detail: `At most ${maxPerPerson} streams at once.` })
  const encoder = new TextEncoder()
  let close = () => {}
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const send = (text: string) => {
        if ((controller.desiredSize ?? 0) < -maxBehind) return stream.end('too slow')
        controller.enqueue(encoder.encode(text))
      }
      const { saves } = subject
      let last = Math.min(since ?? Number.POSITIVE_INFINITY, saves?.last ?? 0)
      const tellSave = (data: { revision: number }) => {
        if (data.revision <= last || !streams.has(stream)) return
        last = data.revision
        send(write('save', data, last))
      }
      let catching: Promise<void> | undefined
      const catchUp = async () => {
        for (const data of (await saves?.after(last)) ?? []) tellSave(data)
      }
      const catchUpOnce = () =>
        (catching ??= catchUp()
          .catch(() => {})
          .finally(() => {
            catching = undefined
          }))
      const pass = async (event: LiveEvent) => {
        if (subject.allows && !(await subject.allows(event))) return
        if (!streams.has(stream)) return
        const { revision } = event.data
        if (!saves || event.type !== 'save' || typeof revision !== 'number') return send(write(event.type, event.data))
        const data = { ...event.data, revision }
        // Saves of several servers may overtake one another.
        while (revision > last + 1 && catching) await catching
        if (revision > last + 1) await catchUpOnce()
        tellSave(data)
      }
      const person = { id: who.user.id, username: who.user.username }
      const leave: (() => void)[] = []
      const stream: Stream = {
        userId: who.user.id,
        send,
        check: isStillAllowed,
        catchUp: catchUpOnce,
        end: (why) => {
          if (!streams.has(stream)) return
          close()
          controller.enqueue(encoder.encode(write('end', { reason: why })))
          controller.close()
        },
      }
      close = () => {
        if (!streams.has(stream)) return
        drop(stream)
        for (const go of leave) go()
      }
      keep(stream)
      if (subject.visit) leave.push(enter(subject.visit.jobId, subject.visit.taskId, person))
      const present = subject.visit && { present: listPresent(subject.visit.jobId) }
      leave.push(listen(subject.topics, (event) => void pass(event).catch(() => {})))
      send(`retry: ${reconnectMs}\n${write('hello', { ...subject.first, ...present, told: readTold() })}`)
      // Also what was saved between the look at the job and now.
      if (saves) void catchUpOnce()
    },
    cancel: () => close(),
  })
  signal.addEventListener('abort', () => close())
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
