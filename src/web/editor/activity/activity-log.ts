// What the person does, as events for the server, which computes working time from them. Collected, bounded, and sent in batches.

/** An event of POST /api/events. */
export type ActivityEvent = {
  scope: string
  /** ISO */
  timestamp: string
  job_id: number
  task_id: number
  project_id: number | null
  count?: number
  /** ms */
  duration?: number
  payload?: string
}
export type Batch = { timestamp: string; events: ActivityEvent[]; previous_event: ActivityEvent | null }

type Place = Pick<ActivityEvent, 'job_id' | 'task_id' | 'project_id'>
type Extra = Pick<ActivityEvent, 'duration' | 'payload'>

/** The server takes 1000 at once. */
const maxEvents = 900
/** Frames that follow one another this quickly, as in playing, are one event. */
const mergeMs = 1000
/** That somebody is there is told this often. */
const restMs = 10_000
const maxPayload = 2000

export class ActivityLog {
  private events: ActivityEvent[] = []
  private previous: ActivityEvent | null = null
  private sending: Promise<void> | null = null
  private activeAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly place: Place,
    private readonly send: (batch: Batch, isLeaving: boolean) => Promise<void>,
    private readonly now: () => number = Date.now,
  ) {}

  get waiting(): readonly ActivityEvent[] {
    return this.events
  }

  note(scope: string, { duration, payload }: Extra = {}): void {
    const event = {
      scope,
      timestamp: new Date(this.now()).toISOString(),
      ...this.place,
      ...(duration !== undefined && { duration: Math.round(duration) }),
      ...(payload !== undefined && { payload: payload.slice(0, maxPayload) }),
    }
    this.events.push(event)
    // The oldest tell least: working time goes on from what is left.
    if (this.events.length > maxEvents) this.events.splice(0, this.events.length - maxEvents)
  }

  noteFrame(): void {
    const last = this.events.at(-1)
    const sinceMs = last ? this.now() - Date.parse(last.timestamp) : 0
    if (last?.scope === 'change:frame' && sinceMs - (last.duration ?? 0) < mergeMs) {
      last.duration = sinceMs
      last.count = (last.count ?? 1) + 1
    } else this.note('change:frame')
  }

  /** Pointer or keys were used. */
  noteActivity(): void {
    const now = this.now()
    if (now - this.activeAt < restMs) return
    this.activeAt = now
    this.note('user:activity')
  }

  /** Sends what has gathered; what could not be sent waits for the next time. */
  flush(isLeaving = false): Promise<void> {
    if (this.sending && !isLeaving) return this.sending
    if (this.events.length === 0) return Promise.resolve()
    const events = this.events
    const { previous } = this
    this.events = []
    this.previous = events.at(-1)!
    const sending = this.send({ timestamp: new Date(this.now()).toISOString(), events, previous_event: previous }, isLeaving)
      .catch(() => {
        this.events = [...events, ...this.events].slice(-maxEvents)
        this.previous = previous
      })
      .finally(() => {
        if (this.sending === sending) this.sending = null
      })
    this.sending = sending
    return sending
  }
}
