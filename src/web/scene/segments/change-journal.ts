// Writes pending changes of points and shapes in space down as they are made, so that a killed tab gets them back.
import type { CloudChange } from '../../editor/document/cloud-change'
import { complete, openSessionDatabase, rangeOf, settle } from '../../editor/save/indexed-db'
import { listGone } from '../../editor/save/living-sessions'
import { askRestore } from '../../editor/ui/save-dialogs'

type Session = { session: string; owner: string; startedAt: number }
type Entry = { session: string; at: number; changes: CloudChange[] }

export type ChangeJournal = {
  add: (changes: readonly CloudChange[]) => void
  /** Where the journal stands. */
  mark: () => number
  /** What was written before a mark is stored by the server. */
  forget: (mark: number) => void
  /** Begins to write; answers what closed tabs left, as far as the person wants it back. */
  open: (root: HTMLElement, session: Session, onAsk: () => void) => Promise<CloudChange[][]>
}

export const createJournal = (): ChangeJournal => {
  let database: IDBDatabase | null = null
  let own: Session | null = null
  let next = 0
  let isNoted = false
  const early: CloudChange[][] = []
  const begin = (mode: IDBTransactionMode) => database!.transaction(['sessions', 'entries'], mode, { durability: 'relaxed' })

  const write = (changes: readonly CloudChange[]) => {
    const transaction = begin('readwrite')
    if (!isNoted) transaction.objectStore('sessions').put(own!)
    isNoted = true
    next += 1
    transaction.objectStore('entries').put({ session: own!.session, at: next, changes: [...changes] } satisfies Entry)
    transaction.commit()
  }
  const remove = async (session: string) => {
    const transaction = begin('readwrite')
    transaction.objectStore('sessions').delete(session)
    transaction.objectStore('entries').delete(rangeOf(session))
    await complete(transaction)
  }

  return {
    add: (changes) => {
      if (database) write(changes)
      else early.push([...changes])
    },
    mark: () => next,
    forget: (mark) => {
      if (!database || !own || mark === 0) return
      const transaction = begin('readwrite')
      transaction.objectStore('entries').delete(IDBKeyRange.bound([own.session], [own.session, mark]))
      transaction.commit()
    },
    open: async (root, session, onAsk) => {
      own = session
      try {
        database = await openSessionDatabase('annolith-cloud-journal', { entries: 'at' })
      } catch {
        // The journal of objects has told already that this browser stores nothing.
        return []
      }
      for (const changes of early.splice(0)) write(changes)
      const index = begin('readonly').objectStore('sessions').index('owner')
      const left = await listGone(
        ((await settle(index.getAll(session.owner))) as Session[]).filter((one) => one.session !== session.session),
      )
      const restored: CloudChange[][] = []
      for (const one of left.sort((a, b) => a.startedAt - b.startedAt)) {
        const entries = (await settle(begin('readonly').objectStore('entries').getAll(rangeOf(one.session)))) as Entry[]
        if (entries.length > 0) {
          onAsk()
          if (await askRestore(root, entries.length, new Date(one.startedAt)))
            restored.push(...entries.map(({ changes }) => changes))
        }
        await remove(one.session)
      }
      return restored
    },
  }
}
