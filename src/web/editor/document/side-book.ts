// What edits change beside objects, kept by a document of its own with a way to save of its own.
import type { CloudChange } from './cloud-change'

export type SideBook = {
  /** Changes that the server does not hold yet. */
  readonly pendingCount: number
  apply: (changes: readonly CloudChange[]) => void
  /** Sends until nothing is pending, or it cannot go on. */
  save: () => Promise<void>
  /** Somebody saved a revision; null: on any frames. */
  refresh: (revision: number, frames: readonly number[] | null) => Promise<void>
  /** Looks what others have saved since frames were loaded: they may have been told while nobody listened. */
  reload: () => Promise<void>
  /** Brings back changes of closed tabs that were never saved; `onAsk` is told before the first question. */
  restore: (root: HTMLElement, session: { session: string; owner: string; startedAt: number }, onAsk: () => void) => Promise<void>
}
