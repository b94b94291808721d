// The body of a save: what goes where, in which order, with which ids.
import { expect, test } from 'bun:test'
import { makeKey, makeShape, makeTrack } from '../document/sample'
import type { SaveBody } from './api'
import { makeSaveId, packShipment } from './delta'

test('sorts changes into sections and kinds; updates and deletions carry ids', () => {
  const tag = { frame: 0, label_id: 1, group: 0, source: 'manual' as const, attributes: [] }
  const shipment = packShipment(
    [
      { type: 'update', clientId: 1, id: 5, content: { kind: 'shape', data: makeShape() } },
      { type: 'delete', clientId: 2, id: 6, content: { kind: 'tag', data: tag } },
      { type: 'create', clientId: 3, content: { kind: 'track', data: makeTrack() } },
    ],
    4,
    'save-1',
  )
  const body = JSON.parse(shipment.text) as SaveBody
  expect(body.save_id).toBe('save-1')
  expect(body.update.shapes).toEqual([{ ...makeShape(), id: 5 }])
  expect(body.delete.tags).toEqual([{ ...tag, id: 6 }])
  expect(body.create.tracks).toEqual([makeTrack()])
  expect([body.create.shapes, body.update.tracks, body.delete.shapes]).toEqual([[], [], []])
})

test('what is created carries no ids of what it was copied from; updates keep the ids of their parts', () => {
  const data = makeTrack({ shapes: [makeKey(0, [1, 1, 2, 2], { id: 77 })] })
  const content = { kind: 'track' as const, data }
  const body = JSON.parse(
    packShipment(
      [
        { type: 'create', clientId: 1, content },
        { type: 'update', clientId: 2, id: 9, content },
      ],
      1,
    ).text,
  ) as SaveBody
  expect(body.create.tracks[0]?.shapes[0]).toEqual(makeKey(0, [1, 1, 2, 2]))
  expect(body.update.tracks[0]?.shapes[0]?.id).toBe(77)
})

test('save ids are uuids and differ', () => {
  expect(makeSaveId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/)
  expect(makeSaveId()).not.toBe(makeSaveId())
})
