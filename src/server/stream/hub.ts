// Carries live events from whoever makes them to whoever watches: within this process, and to others where a carrier is set.

export type LiveEvent = {
  type: 'save' | 'presence' | 'request' | 'job'
  /** Who gets it: `job:7`, `task:3`, `project:2`, `requests:5` (of a user), `jobs`. */
  topics: string[]
  data: Record<string, unknown>
}
type Listener = (event: LiveEvent) => void

const listeners = new Map<string, Set<Listener>>()
let carrier: ((event: LiveEvent) => void) | undefined

/** Hands an event to the watchers in this process; what other processes have said comes in here. */
export const deliver = (event: LiveEvent) => {
  // A watcher of several topics gets an event once.
  const reached = new Set(event.topics.flatMap((topic) => [...(listeners.get(topic) ?? [])]))
  for (const listener of reached) listener(event)
}

/** Tells everybody. Never throws and never waits: an event that is lost is only a screen that is late. */
export const publish = (event: LiveEvent) => {
  deliver(event)
  carrier?.(event)
}

/** Calls `listener` for events of the topic until the answered function is called. */
export const listen = (topic: string, listener: Listener): (() => void) => {
  if (!listeners.has(topic)) listeners.set(topic, new Set())
  listeners.get(topic)!.add(listener)
  return () => {
    const own = listeners.get(topic)
    own?.delete(listener)
    if (own && !own.size) listeners.delete(topic)
  }
}

/** Where events of this process or thread also go: the main thread, or other processes. */
export const setCarrier = (carry: typeof carrier) => {
  carrier = carry
}

export const countListeners = () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0)
