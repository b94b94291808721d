// Carries live events between the processes of an installation, through Redis where one is configured.
import { config } from '../config'
import { openBroadcast } from '../queue/broadcast'
import { deliver, type LiveEvent, setCarrier } from './hub'
import { hearVisit } from './presence'
import { catchUpStreams } from './streams'

/** Starts to carry; the answered function ends it. Without Redis there is one process, and nothing to do. */
export const startCarrying = async (): Promise<() => Promise<void>> => {
  if (!config().redisUrl) return async () => {}
  const hear = (text: string) => {
    const event = JSON.parse(text) as LiveEvent
    if (event.type === 'visit') hearVisit(event)
    else deliver(event)
  }
  const broadcast = await openBroadcast(config().redisUrl, 'annolith:live', hear, catchUpStreams)
  setCarrier((event) => broadcast.send(JSON.stringify(event)))
  return async () => {
    setCarrier(undefined)
    await broadcast.close()
  }
}
