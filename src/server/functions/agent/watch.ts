// Streams on which agents hear of new requests of their function.
import { listen } from '../../stream/service'
import { forgetAgent, noteAgent, takeBackLost } from './queue'

/** Proxies close connections that are silent for half a minute or a minute. */
const heartbeatMs = 20_000
const reconnectMs = 5000

type Watch = { end: () => void }
const watches = new Set<Watch>()

/** Ends all streams, as the server is about to stop. */
export const endWatches = () => {
  for (const watch of [...watches]) watch.end()
}

/** Ends when the function is removed (`isThere`), the agent leaves, or the server stops. */
export const openWatch = (functionId: number, userId: number, signal: AbortSignal, isThere: () => Promise<boolean>): Response => {
  const encoder = new TextEncoder()
  const agentId = `watch_${userId}_${crypto.randomUUID().slice(0, 8)}`
  let close = () => {}
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const send = (text: string) => controller.enqueue(encoder.encode(text))
      const beat = async () => {
        if (!(await isThere().catch(() => true))) return watch.end()
        await noteAgent(functionId, agentId, userId)
        await takeBackLost(functionId)
        if (watches.has(watch)) send(':\n')
      }
      const beatSafely = () => void beat().catch((error) => console.error(`agents of function ${functionId}: ${error.message}`))
      const heart = setInterval(beatSafely, heartbeatMs)
      const stop = listen([`function:${functionId}`], ({ data }) => {
        if (data.removed) return watch.end()
        send(`event: newrequest\ndata: ${JSON.stringify({ request_category: data.request_category })}\n\n`)
      })
      const watch: Watch = {
        end: () => {
          if (!watches.has(watch)) return
          close()
          controller.close()
        },
      }
      close = () => {
        if (!watches.delete(watch)) return
        clearInterval(heart)
        stop()
        void forgetAgent(functionId, agentId).catch(() => {})
      }
      watches.add(watch)
      send(`retry: ${reconnectMs}\n`)
      beatSafely()
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
