// Points go into the turned element and back, as the browser turns it.
import { expect, test } from 'bun:test'
import type { Angle } from '../state'
import { fromTurned, toTurned, turnSize } from './surface'

const area = { width: 800, height: 600 }

test.each<[Angle]>([[0], [90], [180], [270]])('%d° and back', (angle) => {
  const at = { x: 130, y: 470 }
  expect(fromTurned(toTurned(at, area, angle), area, angle)).toEqual(at)
})

test('the corners of the turned element lie in those of the area', () => {
  expect(turnSize(area, 90)).toEqual({ width: 600, height: 800 })
  // Turned to the right, what was the top left lies at the top right.
  expect(fromTurned({ x: 0, y: 0 }, area, 90)).toEqual({ x: 800, y: 0 })
  expect(fromTurned({ x: 0, y: 0 }, area, 180)).toEqual({ x: 800, y: 600 })
  expect(fromTurned({ x: 0, y: 0 }, area, 270)).toEqual({ x: 0, y: 600 })
})
