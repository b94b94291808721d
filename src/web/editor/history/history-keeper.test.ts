// Steps survive a reload: named by the server's ids, at the place where undo stood, without a limit.
import { expect, test } from 'bun:test'
import { openDocument } from '../document/document'
import { History } from '../document/history'
import { planEdit } from '../document/intent'
import { makeAnnotations, makeShape, sampleLabels } from '../document/sample'
import { HistoryKeeper } from './history-keeper'
import { openMemorySteps } from './step-store'

const openSession = (store: ReturnType<typeof openMemorySteps>, session: string, shapes: ReturnType<typeof makeShape>[]) => {
  const document = openDocument(makeAnnotations({ shapes }))
  const history = new History()
  const keeper = new HistoryKeeper(store, history, document, { session, owner: 'ann/7', startedAt: 0 })
  const edit = (intent: Parameters<typeof planEdit>[0]) => {
    const made = planEdit(intent, { document, labels: sampleLabels, frame: 0 })!
    history.push(made)
    document.apply(made.patches)
    return made
  }
  const move = (clientId: number, x: number) =>
    edit({ type: 'place', clientId, position: { points: [x, 0, x + 9, 9], rotation: 0 }, title: 'Move' })
  return { document, history, keeper, edit, move }
}

test('undo goes on after a reload, on the object with the same server id', async () => {
  const store = openMemorySteps()
  const first = openSession(store, 'a', [makeShape({ id: 50 }), makeShape({ id: 60, points: [0, 0, 9, 9] })])
  first.move(2, 10)
  first.move(2, 20)
  first.document.apply(first.history.undo()!.patches)
  await first.keeper.flush()
  // The other object is gone now: client ids count anew.
  const second = openSession(store, 'b', [makeShape({ id: 60, points: [10, 0, 19, 9] })])
  await second.keeper.adopt('a')
  expect(second.history.next.redo?.patches[0]?.clientId).toBe(1)
  second.document.apply(second.history.undo()!.patches)
  expect(second.document.get(1)).toMatchObject({ data: { points: [0, 0, 9, 9] } })
  expect(await store.listSessions('ann/7')).toMatchObject([{ session: 'b', at: 0 }])
})

test('a removed object comes back as a new one', async () => {
  const store = openMemorySteps()
  const first = openSession(store, 'a', [makeShape({ id: 50 })])
  first.edit({ type: 'remove', clientIds: [1] })
  first.document.markDeleted(1)
  await first.keeper.flush()
  const second = openSession(store, 'b', [])
  await second.keeper.adopt('a')
  second.document.apply(second.history.undo()!.patches)
  expect(second.document.listPending()).toMatchObject([{ type: 'create', clientId: 1 }])
})

test('an object gets its name by a later save', async () => {
  const store = openMemorySteps()
  const first = openSession(store, 'a', [])
  const { after } = first.edit({ type: 'put', contents: [{ kind: 'shape', data: makeShape() }], title: 'Draw' }).patches[0]!
  await first.keeper.flush()
  first.document.markStored(1, 77, after!, after!)
  first.keeper.noteSaved()
  await first.keeper.flush()
  const second = openSession(store, 'b', [makeShape({ id: 76 }), makeShape({ id: 77 })])
  await second.keeper.adopt('a')
  second.document.apply(second.history.undo()!.patches)
  expect(second.document.listPending()).toMatchObject([{ type: 'delete', id: 77 }])
})

test('a thousand steps are kept, and a new step after undo drops what could be redone', async () => {
  const store = openMemorySteps()
  const first = openSession(store, 'a', [makeShape({ id: 50 })])
  for (let i = 1; i <= 1000; i++) first.move(1, i)
  for (let i = 0; i < 10; i++) first.document.apply(first.history.undo()!.patches)
  first.move(1, 5000)
  await first.keeper.flush()
  const second = openSession(store, 'b', [makeShape({ id: 50, points: [5000, 0, 5009, 9] })])
  await second.keeper.adopt('a')
  expect([second.history.length, second.history.next.redo]).toEqual([991, null])
  for (let i = 0; i < 991; i++) second.document.apply(second.history.undo()!.patches)
  expect(second.document.get(1)).toMatchObject({ data: { points: [10, 10, 50, 40] } })
})

test('old sessions are found whoever and whatever they belong to', async () => {
  const store = openMemorySteps()
  const edit = { title: '', frame: 0, patches: [] }
  for (const [session, startedAt] of [
    ['old', 10],
    ['new', 50],
  ] as const)
    await store.write({ session, owner: `${session}/1`, startedAt, at: 1 }, [{ place: 0, edit }], 1, [])
  expect((await store.listBefore(20)).map((one) => one.session)).toEqual(['old'])
})
