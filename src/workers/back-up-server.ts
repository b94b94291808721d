// Backs up the whole server to the configured target, and removes the backups that are too old.
import { RetryLater } from '../server/queue/queue'
import { backUpNow, TargetBusy } from '../server/snapshots/service'
import type { Handler } from './index'

const busyPauseMs = 60_000

export const backUpServer: Handler<'back-up-server'> = async ({ report }) => {
  try {
    await backUpNow({ onStep: (words) => report(0.5, words) })
  } catch (error) {
    // Somebody makes one by hand; this one follows it.
    if (error instanceof TargetBusy) throw new RetryLater(busyPauseMs, error.message)
    throw error
  }
}
