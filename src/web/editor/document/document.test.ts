// What counts as a change, and undoing it.
import { expect, test } from 'bun:test'
import { openDocument } from './document'
import { History } from './history'
import { type Intent, planEdit } from './intent'
import { makeAnnotations, makeKey, makeShape, makeTrack, sampleLabels } from './sample'

const open = () =>
  openDocument(
    makeAnnotations({ shapes: [makeShape({ id: 5 }), makeShape({ id: 6, frame: 2 })], tracks: [makeTrack({ id: 7 })] }),
  )

const start = (frame = 0) => {
  const document = open()
  const history = new History()
  const run = (intent: Intent) => {
    const edit = planEdit(intent, { document, labels: sampleLabels, frame })
    if (edit) {
      history.push(edit)
      document.apply(edit.patches)
    }
    return edit
  }
  return { document, history, run }
}

const body = { type: 'rectangle' as const, points: [1, 2, 30, 40], rotation: 0 }

test('what the server sent is no change, and ids stay beside the objects', () => {
  const document = open()
  expect(document.pendingCount).toBe(0)
  expect(document.listFrame(0)).toEqual([1, 3])
  expect(document.listFrame(2)).toEqual([2, 3])
  expect(document.serverId(2)).toBe(6)
  expect('id' in document.get(1)!.data).toBe(false)
})

test('adds, changes and removes are told apart', () => {
  const { document, run } = start()
  run({ type: 'add', as: 'shape', body, labelId: 1 })
  run({ type: 'place', clientId: 1, position: { points: [0, 0, 9, 9], rotation: 0 }, title: 'Move' })
  run({ type: 'remove', clientIds: [2] })
  expect(document.listPending()).toMatchObject([
    { type: 'update', clientId: 1, id: 5 },
    { type: 'delete', clientId: 2, id: 6 },
    { type: 'create', clientId: 4, content: { kind: 'shape', data: { points: [1, 2, 30, 40], frame: 0, source: 'manual' } } },
  ])
})

test('a new object has the default values of its label', () => {
  const { document, run } = start()
  run({ type: 'add', as: 'shape', body, labelId: 1 })
  expect(document.get(4)?.data.attributes).toEqual([
    { spec_id: 11, value: 'red' },
    { spec_id: 12, value: 'false' },
  ])
  run({ type: 'add', as: 'track', body, labelId: 1 })
  const track = document.get(5)
  expect(track?.data.attributes).toEqual([{ spec_id: 11, value: 'red' }])
  expect(track?.kind === 'track' && track.data.shapes[0]?.attributes).toEqual([{ spec_id: 12, value: 'false' }])
})

test('undo takes back, redo repeats, and an undone change is none', () => {
  const { document, history, run } = start()
  run({ type: 'add', as: 'shape', body, labelId: 1 })
  run({ type: 'place', clientId: 4, position: { points: [0, 0, 9, 9], rotation: 0 }, title: 'Move' })
  document.apply(history.undo()!.patches)
  expect(document.get(4)?.kind === 'shape' && document.get(4)?.data).toMatchObject({ points: body.points })
  document.apply(history.undo()!.patches)
  expect(document.get(4)).toBeNull()
  expect(document.pendingCount).toBe(0)
  expect(history.undo()).toBeNull()
  document.apply(history.redo()!.patches)
  document.apply(history.redo()!.patches)
  expect(history.redo()).toBeNull()
  expect(document.listPending()).toMatchObject([{ type: 'create', content: { data: { points: [0, 0, 9, 9] } } }])
})

test('create, save, undo, save, redo, save: deletes it there and creates it anew', () => {
  const { document, history, run } = start()
  run({ type: 'add', as: 'shape', body, labelId: 1 })
  const [created] = document.listPending()
  document.markStored(4, 90, created!.content, created!.content)
  expect(document.pendingCount).toBe(0)
  document.apply(history.undo()!.patches)
  expect(document.listPending()).toMatchObject([{ type: 'delete', id: 90 }])
  document.markDeleted(4)
  expect(document.pendingCount).toBe(0)
  document.apply(history.redo()!.patches)
  expect(document.listPending()).toMatchObject([{ type: 'create', clientId: 4 }])
})

test('flags of the session are undone like edits but never sent', () => {
  const { document, history, run } = start()
  run({ type: 'flag', clientIds: [1, 3], flags: { locked: true }, title: 'Lock' })
  expect(document.get(3)?.locked).toBe(true)
  expect(document.pendingCount).toBe(0)
  document.apply(history.undo()!.patches)
  expect(document.get(3)?.locked).toBe(false)
})

test('another label resets attributes, equally named ones keep values that it allows', () => {
  const { document, run } = start()
  run({ type: 'add', as: 'shape', body, labelId: 1 })
  run({ type: 'attribute', clientId: 4, specId: 11, value: 'blue', mutable: false })
  run({ type: 'label', clientIds: [4], labelId: 2 })
  expect(document.get(4)?.data).toMatchObject({ label_id: 2, attributes: [{ spec_id: 21, value: 'blue' }] })
  run({ type: 'label', clientIds: [4], labelId: 1 })
  run({ type: 'attribute', clientId: 4, specId: 11, value: 'red', mutable: false })
  run({ type: 'label', clientIds: [4], labelId: 2 })
  expect(document.get(4)?.data.attributes).toEqual([{ spec_id: 21, value: 'white' }])
})

test('editing what a machine made makes it half made by hand', () => {
  const document = openDocument(makeAnnotations({ shapes: [makeShape({ id: 1, source: 'auto' })] }))
  const edit = planEdit(
    { type: 'mark', clientId: 1, mark: { occluded: true }, title: '' },
    { document, labels: sampleLabels, frame: 0 },
  )
  expect(edit?.patches[0]?.after?.data.source).toBe('semi-auto')
})

test('moving a track makes a key frame where it is, keeping those around it', () => {
  const { document, run } = start(5)
  run({ type: 'place', clientId: 3, position: { points: [7, 7, 17, 17], rotation: 0 }, title: 'Move' })
  const track = document.get(3)
  expect(track?.kind === 'track' && track.data.shapes.map((shape) => [shape.frame, ...shape.points])).toEqual([
    [0, 0, 0, 10, 10],
    [5, 7, 7, 17, 17],
    [10, 100, 0, 110, 10],
  ])
})

test('a key frame is set at the interpolated place, and taken away again, but never the last', () => {
  const { document, run } = start(5)
  run({ type: 'key-frame', clientId: 3, on: true })
  const frames = () => {
    const track = document.get(3)
    return track?.kind === 'track' ? track.data.shapes.map((shape) => [shape.frame, shape.points[0]]) : []
  }
  expect(frames()).toEqual([
    [0, 0],
    [5, 50],
    [10, 100],
  ])
  run({ type: 'key-frame', clientId: 3, on: false })
  expect(frames()).toEqual([
    [0, 0],
    [10, 100],
  ])
  const lone = openDocument(makeAnnotations({ tracks: [makeTrack({ id: 1, shapes: makeTrack().shapes.slice(0, 1) })] }))
  expect(planEdit({ type: 'key-frame', clientId: 1, on: false }, { document: lone, labels: sampleLabels, frame: 0 })).toBeNull()
})

test('moving the track of a skeleton moves the tracks of its points', () => {
  const point = (label_id: number, x: number) => makeTrack({ label_id, shapes: [makeKey(0, [x, 0], { type: 'points' })] })
  const track = makeTrack({ id: 1, shapes: [makeKey(0, [], { type: 'skeleton' })], elements: [point(8, 10), point(9, 20)] })
  const document = openDocument(makeAnnotations({ tracks: [track] }))
  const elements = [makeShape({ label_id: 8, points: [15, 5] })]
  const intent: Intent = { type: 'place', clientId: 1, position: { points: [], rotation: 0, elements }, title: 'Move' }
  const moved = planEdit(intent, { document, labels: sampleLabels, frame: 3 })?.patches[0]?.after
  expect(
    moved?.kind === 'track' && moved.data.elements.map((one) => one.shapes.map((shape) => [shape.frame, ...shape.points])),
  ).toEqual([
    [
      [0, 10, 0],
      [3, 15, 5],
    ],
    [[0, 20, 0]],
  ])
})

test('history keeps every step and forgets redo on a new one', () => {
  const history = new History()
  for (let frame = 0; frame < 300; frame++) history.push({ title: '', frame, patches: [] })
  let steps = 0
  while (history.undo()) steps += 1
  expect(steps).toBe(300)
  history.push({ title: '', frame: 0, patches: [] })
  expect(history.redo()).toBeNull()
})
