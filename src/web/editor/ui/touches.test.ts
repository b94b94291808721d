// Two fingers zoom by their distance and move by their centre; one finger does neither.
import { expect, test } from 'bun:test'
import { Touches } from './touches'

test('spreading zooms at the centre', () => {
  const touches = new Touches()
  touches.down(1, { x: 100, y: 100 })
  expect(touches.move(1, { x: 100, y: 100 })).toBeNull()
  touches.down(2, { x: 200, y: 100 })
  expect(touches.move(2, { x: 300, y: 100 })).toEqual({ zoom: 2, dx: 50, dy: 0, centre: { x: 200, y: 100 } })
})

test('moving both pans, and a finger that left counts no more', () => {
  const touches = new Touches()
  touches.down(1, { x: 0, y: 0 })
  touches.down(2, { x: 0, y: 100 })
  touches.move(1, { x: 10, y: 0 })
  expect(touches.move(2, { x: 10, y: 100 })).toMatchObject({ dx: 5, dy: 0 })
  touches.up(2)
  expect([touches.count, touches.move(1, { x: 50, y: 50 })]).toEqual([1, null])
})
