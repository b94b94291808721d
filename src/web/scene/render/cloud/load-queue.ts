// Loads what is wanted, the most wanted first and a few at a time; gives up what nobody wants any more.

export type Wish = {
  key: string
  load: (signal: AbortSignal) => Promise<void>
}

export type LoadQueue = {
  /** Takes the place of earlier wishes, most wanted first. What is under way goes on while `mayStay` says so. */
  want: (wishes: readonly Wish[], mayStay: (key: string) => boolean) => void
  /** Loaded before all wishes, and not given up. Rejects when it cannot be loaded. */
  demand: (wish: Wish) => Promise<void>
  /** Nothing is wanted, or under way. */
  readonly isIdle: boolean
  stop: () => void
}

/** What has failed is not asked for again before this. */
const pauseMs = 3000

/** @param onFailed told of each wish that could not be loaded */
export const createLoadQueue = (most: number, onFailed: (key: string, error: unknown) => void): LoadQueue => {
  type Run = { abort: AbortController; isDemanded: boolean; done: Promise<void> }
  const running = new Map<string, Run>()
  const failedAt = new Map<string, number>()
  let waiting: Wish[] = []
  let demanded: { wish: Wish; resolve: () => void; reject: (error: unknown) => void }[] = []
  let isStopped = false
  let rounds = 0

  const start = ({ key, load }: Wish, isDemanded: boolean, abort = new AbortController()): Promise<void> => {
    const done = load(abort.signal).finally(() => {
      running.delete(key)
      queueMicrotask(pump)
    })
    running.set(key, { abort, isDemanded, done })
    return done
  }
  const pump = () => {
    while (!isStopped && running.size < most) {
      const first = demanded.shift()
      if (first) {
        const under = running.get(first.wish.key)
        if (under?.abort.signal.aborted) {
          // Given up a moment ago: begun anew as soon as that has ended.
          under.done
            .catch(() => {})
            .then(() => {
              demanded.unshift(first)
              pump()
            })
          continue
        }
        if (under) under.isDemanded = true
        ;(under?.done ?? start(first.wish, true)).then(first.resolve, first.reject)
        continue
      }
      const next = waiting.shift()
      if (!next) return
      const { key } = next
      const under = running.get(key)
      if (under?.abort.signal.aborted) {
        const round = rounds
        under.done
          .catch(() => {})
          .then(() => {
            if (round !== rounds) return
            waiting.unshift(next)
            pump()
          })
      }
      if (under || performance.now() - (failedAt.get(key) ?? -Infinity) < pauseMs) continue
      const abort = new AbortController()
      start(next, false, abort).then(
        () => failedAt.delete(key),
        (error) => {
          if (abort.signal.aborted) return
          failedAt.set(key, performance.now())
          onFailed(key, error)
        },
      )
    }
  }
  return {
    want: (wishes, mayStay) => {
      waiting = [...wishes]
      rounds++
      for (const [key, { abort, isDemanded }] of running) if (!isDemanded && !mayStay(key)) abort.abort()
      pump()
    },
    demand: (wish) =>
      new Promise((resolve, reject) => {
        demanded.push({ wish, resolve, reject })
        pump()
      }),
    get isIdle() {
      return running.size === 0 && waiting.length === 0 && demanded.length === 0
    },
    stop: () => {
      isStopped = true
      waiting = []
      demanded = []
      for (const { abort } of running.values()) abort.abort()
    },
  }
}
