// Duplicates are equal in label, kind, place and turn; the first of a pile is none.
import { expect, test } from 'bun:test'
import { openDocument } from '../document/document'
import { makeAnnotations, makeShape, sampleLabels } from '../document/sample'
import { Scene } from '../document/scene'
import { findDuplicates } from './find-duplicates'

test('finds what lies exactly on another of its kind', () => {
  const shapes = [
    makeShape({ id: 1 }),
    makeShape({ id: 2 }),
    makeShape({ id: 3, label_id: 2 }),
    makeShape({ id: 4, rotation: 10 }),
    makeShape({ id: 5 }),
  ]
  const scene = new Scene(openDocument(makeAnnotations({ shapes })), { showAllTracks: () => false, labels: sampleLabels })
  scene.open(0)
  expect(findDuplicates(scene.items.values())).toEqual([2, 5])
})
