// The journal writes what changed, and gives it back to a later session.
import { expect, test } from 'bun:test'
import { openDocument } from '../document/document'
import { makeAnnotations, makeShape } from '../document/sample'
import { packShipment } from './delta'
import { openMemoryStore } from './journal'
import { JournalWriter } from './journal-writer'
import { compareWithServer } from './merge'
import { learnFromShipment, restoreEntries } from './restore'

const identity = { session: 's1', owner: 'ann/7', startedAt: 1 }

const begin = () => {
  const store = openMemoryStore()
  const document = openDocument(makeAnnotations({ shapes: [makeShape({ id: 5 }), makeShape({ id: 6 })] }))
  const failures: unknown[] = []
  const writer = new JournalWriter(store, document, identity, {
    onProgress: () => {},
    onFailure: (error) => failures.push(error),
  })
  writer.setBase(3, null)
  const put = (clientId: number, points: number[]) => {
    const before = document.get(clientId)
    const flags = { locked: false, hidden: false, pinned: false, color: null }
    document.apply([{ clientId, before, after: { ...flags, clientId, kind: 'shape', data: makeShape({ points }) } }])
    writer.touch([clientId])
  }
  const remove = (clientId: number) => {
    document.apply([{ clientId, before: document.get(clientId), after: null }])
    writer.touch([clientId])
  }
  return { store, document, writer, failures, put, remove }
}

const edit = async () => {
  const session = begin()
  session.put(1, [1, 1, 9, 9])
  session.remove(2)
  session.put(session.document.takeClientId(), [70, 70, 90, 90])
  await session.writer.flush()
  return session
}

test('nothing is written before the first edit, and an undone edit leaves no entry', async () => {
  const { store, writer, put } = begin()
  await writer.flush()
  expect(await store.listSessions('ann/7')).toEqual([])
  put(1, [1, 1, 9, 9])
  await writer.flush()
  expect(await store.listEntries('s1')).toMatchObject([{ clientId: 1, change: { type: 'update', id: 5 } }])
  put(1, [10, 10, 50, 40])
  await writer.flush()
  expect(await store.listEntries('s1')).toEqual([])
})

test('edits come back onto the same server state as pending changes', async () => {
  const { store } = await edit()
  const document = openDocument(makeAnnotations({ shapes: [makeShape({ id: 5 }), makeShape({ id: 6 })] }))
  expect(restoreEntries(document, await store.listEntries('s1'), new Map()).clashes).toBe(0)
  expect(document.listPending()).toMatchObject([
    { type: 'update', id: 5, content: { data: { points: [1, 1, 9, 9] } } },
    { type: 'delete', id: 6 },
    { type: 'create', content: { data: { points: [70, 70, 90, 90] } } },
  ])
})

test('objects that moved on meanwhile are found as clashes by the comparison', async () => {
  const { store } = await edit()
  const theirs = makeAnnotations({ shapes: [makeShape({ id: 5, z_order: 4 }), makeShape({ id: 6 })] })
  const document = openDocument(theirs)
  expect(restoreEntries(document, await store.listEntries('s1'), new Map()).clashes).toBe(1)
  const comparison = compareWithServer(document, theirs)
  expect(comparison.clashes.map((clash) => clash.theirs?.id)).toEqual([5])
  expect(comparison.kept).toBe(2)
})

test('an object that was deleted meanwhile is a clash too', async () => {
  const { store } = await edit()
  const theirs = makeAnnotations({ shapes: [makeShape({ id: 6 })] })
  const document = openDocument(theirs)
  expect(restoreEntries(document, await store.listEntries('s1'), new Map()).clashes).toBe(1)
  expect(compareWithServer(document, theirs).clashes).toMatchObject([{ theirs: null }])
})

test('a save whose answer was lost is not repeated as new objects', async () => {
  const { store, document: old, writer } = await edit()
  const shipment = packShipment(old.listPending(), 3)
  writer.setBase(3, shipment)
  await writer.flush()
  const [session] = await store.listSessions('ann/7')
  expect(session?.shipment?.text).toBe(shipment.text)
  const created = makeShape({ id: 90, points: [70, 70, 90, 90] })
  const answer = { revision: 4, create: makeAnnotations({ shapes: [created] }), update: makeAnnotations() }
  const learnt = learnFromShipment(shipment, answer)
  const document = openDocument(makeAnnotations({ shapes: [makeShape({ id: 5, points: [1, 1, 9, 9] }), created] }))
  expect(restoreEntries(document, await store.listEntries('s1'), learnt).clashes).toBe(0)
  expect(document.listPending()).toEqual([])
})

test('a failing store is reported and does not stop the editor', async () => {
  const { document, failures } = begin()
  const broken = { ...openMemoryStore(), write: () => Promise.reject(new Error('full')) }
  const writer = new JournalWriter(broken, document, identity, {
    onProgress: () => {},
    onFailure: (error) => failures.push(error),
  })
  document.apply([{ clientId: 1, before: document.get(1), after: null }])
  writer.touch([1])
  await writer.flush()
  expect(failures).toHaveLength(1)
})
