// Carries live events from whoever makes them to whoever watches: within this process, and to others where a carrier is set.
import { noteTold } from '../http/told'

export type LiveEvent = {
  /** `visit` goes between processes only. */
  type: 'save' | 'cloud' | 'presence' | 'request' | 'job' | 'invitation' | 'function' | 'visit'
  /** Who gets it: `function:9`, `job:7`, `task:3`, `project:2`, `requests:5` and `invitations:5` (of a user), `jobs`. */
  topics: string[]
  data: Record<string, unknown>
}
type Listener = (event: LiveEvent) => void

/** What pages show; people come and go without changing them. */
const onPages: ReadonlySet<LiveEvent['type']> = new Set(['save', 'request', 'job'])

const listeners = new Map<string, Set<Listener>>()
let carrier: ((event: LiveEvent) => void) | undefined

/** Hands an event to those who watch in this process. */
export const deliver = (event: LiveEvent) => {
  if (onPages.has(event.type)) noteTold()
  // Who watches several topics gets an event once.
  const reached = new Set(event.topics.flatMap((topic) => [...(listeners.get(topic) ?? [])]))
  for (const listener of reached) listener(event)
}

/** Tells everybody. Never throws and never waits: an event that is lost is only a screen that is late. */
export const publish = (event: LiveEvent) => {
  deliver(event)
  carrier?.(event)
}

/** Calls `listener` for events of the topics until the answered function is called. */
export const listen = (topics: readonly string[], listener: Listener): (() => void) => {
  for (const topic of topics) listeners.set(topic, (listeners.get(topic) ?? new Set()).add(listener))
  return () => {
    for (const topic of topics) {
      const own = listeners.get(topic)
      own?.delete(listener)
      if (own && !own.size) listeners.delete(topic)
    }
  }
}

/** Where events of this process or thread also go: the main thread, or other processes. */
export const setCarrier = (carry: typeof carrier) => {
  carrier = carry
}
