// Keeps pending edits in IndexedDB, object by object, so that a killed tab gets them back.
import type { PendingChange } from '../document/document'
import type { Content } from '../document/object'
import type { Shipment } from './delta'
import { complete, openSessionDatabase, rangeOf, settle } from './indexed-db'

/** What is written down for one changed object. `clientId` names it within its session. */
export type JournalEntry = { session: string; clientId: number; change: PendingChange; base: Content | null }

/** One run of the editor on a job by a user. `shipment` is a save whose answer was not seen. */
export type JournalSession = {
  session: string
  owner: string
  startedAt: number
  /** Revision that the edits are based on. */
  revision: number
  shipment: Shipment | null
}

/** Where entries are kept; the memory twin serves tests and browsers that deny storage. */
export type JournalStore = {
  /** One transaction: the session's record when given, entries to put, client ids of entries to drop. */
  write: (session: string, record: JournalSession | null, put: JournalEntry[], drop: number[]) => Promise<void>
  listSessions: (owner: string) => Promise<JournalSession[]>
  listEntries: (session: string) => Promise<JournalEntry[]>
  removeSession: (session: string) => Promise<void>
}

export const openMemoryStore = (): JournalStore => {
  const sessions = new Map<string, JournalSession>()
  const entries = new Map<string, Map<number, JournalEntry>>()
  return {
    write: async (session, record, put, drop) => {
      if (record) sessions.set(session, structuredClone(record))
      const mine = entries.get(session) ?? new Map<number, JournalEntry>()
      entries.set(session, mine)
      for (const entry of put) mine.set(entry.clientId, structuredClone(entry))
      for (const clientId of drop) mine.delete(clientId)
    },
    listSessions: async (owner) => [...sessions.values()].filter((session) => session.owner === owner),
    listEntries: async (session) => [...(entries.get(session)?.values() ?? [])],
    removeSession: async (session) => {
      sessions.delete(session)
      entries.delete(session)
    },
  }
}

/** Opens the browser's store; rejects where the browser denies it. */
export const openIndexedStore = async (): Promise<JournalStore> => {
  const database = await openSessionDatabase('annolith-journal', { entries: 'clientId' })
  // Relaxed: what a dying tab wrote must be quick to arrive; a power cut may cost the last second.
  const start = (mode: IDBTransactionMode) => database.transaction(['sessions', 'entries'], mode, { durability: 'relaxed' })
  return {
    write: async (session, record, put, drop) => {
      const transaction = start('readwrite')
      if (record) transaction.objectStore('sessions').put(record)
      const entries = transaction.objectStore('entries')
      for (const entry of put) entries.put(entry)
      for (const clientId of drop) entries.delete([session, clientId])
      // Without waiting for the answers of the requests.
      transaction.commit()
      await complete(transaction)
    },
    listSessions: (owner) =>
      settle(start('readonly').objectStore('sessions').index('owner').getAll(owner)) as Promise<JournalSession[]>,
    listEntries: (session) =>
      settle(start('readonly').objectStore('entries').getAll(rangeOf(session))) as Promise<JournalEntry[]>,
    removeSession: (session) => {
      const transaction = start('readwrite')
      transaction.objectStore('sessions').delete(session)
      transaction.objectStore('entries').delete(rangeOf(session))
      return complete(transaction)
    },
  }
}
