// Open event streams: what goes out on them, how long they live, how many a person may have.
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

type Stream = { userId: number; send: (text: string) => void; check: () => Promise<boolean>; end: (why: string) => void }
const streams = new Set<Stream>()
let heart: Timer | undefined
addReadings('annolith_live_streams', 'Browsers that follow live events.', [], () => [[{}, streams.size]])

const write = (type: string, data: unknown) => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`

/** Keeps connections alive, and ends those whose person has signed out, was deactivated or may not see the subject any more. */
export const beat = async () => {
  repeatVisits()
  for (const stream of [...streams]) {
    if (await stream.check().catch(() => false)) stream.send(': \n\n')
    else stream.end('not allowed any more')
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

/** Ends all streams, as the server is about to stop. */
export const endStreams = () => {
  for (const stream of [...streams]) stream.end('the server stops')
}
export const countStreams = () => streams.size

/**
 * The answer that stays open: `hello` (`told`: how far the events of this process have come), then events as they come, `end` with a reason when the server closes it. `isStillAllowed`
 * is asked at each heartbeat. Throws 429 when the person has too many.
 */
export const openStream = (who: Who, subject: Subject, signal: AbortSignal, isStillAllowed: () => Promise<boolean>): Response => {
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
      const pass = async (event: LiveEvent) => {
        if (subject.allows && !(await subject.allows(event))) return
        if (streams.has(stream)) send(write(event.type, event.data))
      }
      const person = { id: who.user.id, username: who.user.username }
      const leave: (() => void)[] = []
      const stream: Stream = {
        userId: who.user.id,
        send,
        check: isStillAllowed,
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
