// How long somebody worked, from the times of what they did: short gaps count, long ones are pauses.

/** A gap of this length, or longer, is a pause. */
export const pauseMs = 100_000
/** Events that last; all others are moments whatever duration they tell. */
const lasting = new Set(['change:frame'])

export type Timed<Place> = { scope: string; timeMs: number; durationMs: number; place: Place }

const endOf = ({ scope, timeMs, durationMs }: Timed<unknown>) => (lasting.has(scope) ? timeMs + durationMs : timeMs)

/**
 * Working time of a batch of events in the order of time, for each place; what passed since the event before counts for the place of
 * that one. `previous` is the last event of the batch before, which has been counted already. All times in ms.
 * The same figures as CVAT's, so that both may be compared.
 */
export const computeWorkingTime = <Place>(
  events: Timed<Place>[],
  previous: Timed<Place> | null,
  keyOf: (place: Place) => string,
): { place: Place; timeMs: number; workingMs: number }[] => {
  const first = events[0]
  if (!first) return []
  let coveredMs = previous ? endOf(previous) : first.timeMs
  let place = (previous ?? first).place
  const found = new Map<string, { place: Place; timeMs: number; workingMs: number }>()
  for (const event of events) {
    const gapMs = Math.max(0, event.timeMs - coveredMs)
    coveredMs = Math.max(coveredMs, event.timeMs)
    const restMs = Math.max(0, endOf(event) - coveredMs)
    coveredMs += restMs
    const key = keyOf(place)
    const total = found.get(key) ?? { place, timeMs: event.timeMs, workingMs: 0 }
    found.set(key, total)
    total.workingMs += (gapMs < pauseMs ? gapMs : 0) + restMs
    place = event.place
  }
  return [...found.values()].filter(({ workingMs }) => workingMs > 0)
}
