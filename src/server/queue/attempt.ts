// Runs one chore under its time limit; used by both queue drivers.
import { chores } from './chores'
import type { Chore, RunChore } from './queue'

/** Why a run was aborted without being at fault: it goes back to the queue and is run again. */
export class HandedBack extends Error {}

/** Settles with the run, or rejects with the reason of the abort as soon as `abort` is aborted or the chore's time is up. */
export const attempt = async (run: RunChore, chore: Chore, abort: AbortController): Promise<void> => {
  const { timeoutSeconds } = chores[chore.name]
  const aborted = Promise.withResolvers<never>()
  abort.signal.addEventListener('abort', () => aborted.reject(abort.signal.reason), { once: true })
  const timer = setTimeout(
    () => abort.abort(new Error(`took longer than ${timeoutSeconds} seconds and was stopped`)),
    timeoutSeconds * 1000,
  )
  try {
    await Promise.race([Promise.resolve().then(() => run(chore, abort.signal)), aborted.promise])
  } finally {
    clearTimeout(timer)
    aborted.promise.catch(() => {})
  }
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)) || 'unknown error'

/** Waits for all promises, but no longer than `limitMs`; answers whether all settled. */
export const settleWithin = async (promises: Iterable<Promise<unknown>>, limitMs: number): Promise<boolean> => {
  let timer: Timer | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs)
  })
  const settled = await Promise.race([Promise.allSettled(promises).then(() => true), late])
  clearTimeout(timer)
  return settled
}
