// Keeps the steps of undo and redo in IndexedDB, step by step, so that a reloaded editor has them again.
import type { Edit } from '../document/document'
import type { ObjectKind } from '../document/object'
import { complete, openSessionDatabase, rangeOf, settle } from '../save/indexed-db'

/** What the server calls an object that steps mention. */
export type Name = { clientId: number; kind: ObjectKind; id: number }

export type StepSession = {
  session: string
  owner: string
  startedAt: number
  /** Steps below are done, from here on they can be redone. */
  at: number
}

export type StepStore = {
  /** One transaction: the record, steps by their place, the first place that no longer holds a step, names. */
  write: (record: StepSession, steps: { place: number; edit: Edit }[], end: number, names: Name[]) => Promise<void>
  listSessions: (owner: string) => Promise<StepSession[]>
  listSteps: (session: string) => Promise<Edit[]>
  listNames: (session: string) => Promise<Name[]>
  removeSession: (session: string) => Promise<void>
  /** Sessions of anybody on any job that began before a time. */
  listBefore: (time: number) => Promise<StepSession[]>
}

export const openMemorySteps = (): StepStore => {
  const sessions = new Map<string, { record: StepSession; steps: Edit[]; names: Map<number, Name> }>()
  return {
    write: async (record, steps, end, names) => {
      const kept = sessions.get(record.session) ?? { record, steps: [], names: new Map() }
      kept.record = { ...record }
      for (const { place, edit } of steps) kept.steps[place] = structuredClone(edit)
      kept.steps.length = end
      for (const name of names) kept.names.set(name.clientId, name)
      sessions.set(record.session, kept)
    },
    listSessions: async (owner) => [...sessions.values()].map((one) => one.record).filter((one) => one.owner === owner),
    listSteps: async (session) => [...(sessions.get(session)?.steps ?? [])],
    listNames: async (session) => [...(sessions.get(session)?.names.values() ?? [])],
    removeSession: async (session) => void sessions.delete(session),
    listBefore: async (time) => [...sessions.values()].map((one) => one.record).filter((one) => one.startedAt < time),
  }
}

/** Opens the browser's store; rejects where the browser denies it. */
export const openIndexedSteps = async (): Promise<StepStore> => {
  const database = await openSessionDatabase('annolith-history', { steps: 'place', names: 'clientId' })
  const names = ['sessions', 'steps', 'names']
  const start = (mode: IDBTransactionMode) => database.transaction(names, mode, { durability: 'relaxed' })
  const listAll = async <T>(store: string, session: string): Promise<T[]> =>
    (await settle(start('readonly').objectStore(store).getAll(rangeOf(session)))) as T[]
  return {
    write: async (record, steps, end, named) => {
      const transaction = start('readwrite')
      transaction.objectStore('sessions').put(record)
      const store = transaction.objectStore('steps')
      for (const { place, edit } of steps) store.put({ session: record.session, place, edit })
      store.delete(rangeOf(record.session, end))
      for (const name of named) transaction.objectStore('names').put({ session: record.session, ...name })
      transaction.commit()
      await complete(transaction)
    },
    listSessions: (owner) =>
      settle(start('readonly').objectStore('sessions').index('owner').getAll(owner)) as Promise<StepSession[]>,
    listBefore: async (time) => {
      const all = (await settle(start('readonly').objectStore('sessions').getAll())) as StepSession[]
      return all.filter((one) => one.startedAt < time)
    },
    listSteps: async (session) => (await listAll<{ edit: Edit }>('steps', session)).map((row) => row.edit),
    listNames: (session) => listAll<Name>('names', session),
    removeSession: (session) => {
      const transaction = start('readwrite')
      transaction.objectStore('sessions').delete(session)
      for (const store of ['steps', 'names']) transaction.objectStore(store).delete(rangeOf(session))
      return complete(transaction)
    },
  }
}
