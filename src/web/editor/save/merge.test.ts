// Three-way merge with what others stored: who changed what, and each choice.
import { describe, expect, test } from 'bun:test'
import type { Annotations } from '../../../formats/model'
import { openDocument } from '../document/document'
import { makeAnnotations, makeShape } from '../document/sample'
import { adoptServer, type Choice, compareWithServer } from './merge'

const base = () => [1, 2, 3, 4].map((id) => makeShape({ id, points: [id, 0, id + 10, 10] }))

/** Mine: 1 moved, 2 deleted, one drawn. */
const openMine = () => {
  const document = openDocument(makeAnnotations({ shapes: base() }))
  const one = document.get(1)!
  const moved = { ...one, data: makeShape({ points: [500, 0, 510, 10] }) } as typeof one
  const clientId = document.takeClientId()
  document.apply([
    { clientId: 1, before: one, after: moved },
    { clientId: 2, before: document.get(2), after: null },
    { clientId, before: null, after: { ...one, clientId, data: makeShape({ points: [900, 0, 910, 10] }) } as typeof one },
  ])
  return document
}

const merge = (theirs: Annotations, choice: Choice) => {
  const document = openMine()
  const comparison = compareWithServer(document, theirs)
  adoptServer(document, comparison, choice, 0)
  const lefts = [...document.objects.values()]
    .map((object) => (object.kind === 'shape' ? object.data.points[0]! : -1))
    .sort((a, b) => a - b)
  const pending = document.listPending().map((change) => `${change.type} ${'id' in change ? change.id : 'new'}`)
  return { comparison, lefts, pending }
}

describe('they changed other objects', () => {
  const [one, two, three] = base() as [ReturnType<typeof makeShape>, ReturnType<typeof makeShape>, ReturnType<typeof makeShape>]
  const theirs = makeAnnotations({
    shapes: [one, two, { ...three, points: [300, 0, 310, 10] }, makeShape({ id: 9, points: [700, 0, 710, 10] })],
  })

  test.each<Choice>(['mine', 'theirs', 'both'])('%s: both sides are kept', (choice) => {
    const { comparison, lefts, pending } = merge(theirs, choice)
    expect(comparison).toMatchObject({ clashes: [], kept: 3 })
    expect(lefts).toEqual([300, 500, 700, 900])
    expect(pending).toEqual(['update 1', 'delete 2', 'create new'])
  })
})

describe('they changed what I changed', () => {
  const theirs = makeAnnotations({
    shapes: base().map((shape) => (shape.id! < 3 ? { ...shape, z_order: 5, points: [shape.id! * 100, 0, 1000, 10] } : shape)),
  })

  test.each<[Choice, number[], string[]]>([
    ['mine', [3, 4, 500, 900], ['update 1', 'delete 2', 'create new']],
    ['theirs', [3, 4, 100, 200, 900], ['create new']],
    ['both', [3, 4, 100, 200, 500, 900], ['create new', 'create new']],
  ])('%s', (choice, lefts, pending) => {
    const merged = merge(theirs, choice)
    expect(merged.comparison.clashes).toHaveLength(2)
    expect(merged).toMatchObject({ lefts, pending })
  })
})

describe('they deleted what I changed', () => {
  const theirs = makeAnnotations({ shapes: base().slice(1) })

  test.each<[Choice, number[], string[]]>([
    ['mine', [3, 4, 500, 900], ['create new', 'delete 2', 'create new']],
    ['theirs', [3, 4, 900], ['delete 2', 'create new']],
    ['both', [3, 4, 500, 900], ['delete 2', 'create new', 'create new']],
  ])('%s', (choice, lefts, pending) => {
    expect(merge(theirs, choice)).toMatchObject({ lefts, pending })
  })
})

test('the same edit on both sides, and the same deletion, are no clash', () => {
  const theirs = makeAnnotations({
    shapes: base().flatMap((shape) =>
      shape.id === 1 ? [makeShape({ id: 1, points: [500, 0, 510, 10] })] : shape.id === 2 ? [] : [shape],
    ),
  })
  expect(merge(theirs, 'theirs')).toMatchObject({ comparison: { clashes: [] }, lefts: [3, 4, 500, 900], pending: ['create new'] })
})
