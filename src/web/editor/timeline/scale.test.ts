// Frames and pixels of the timeline, zoomed and moved inside the job.
import { expect, test } from 'bun:test'
import { listTicks, moveScale, revealFrame, showAll, toFrame, toX, zoomScale } from './scale'

const job = { from: 100, to: 199 }
const whole = showAll(job, 500)

test('every frame has its place, also the last one', () => {
  expect([toX(whole, 100), toX(whole, 199), toX(whole, 200)]).toEqual([0, 495, 500])
  expect([-5, 0, 4.9, 5, 499, 600].map((x) => toFrame(whole, x, job))).toEqual([100, 100, 100, 101, 199, 199])
})

test('zooming keeps the frame under the pointer and stays inside the job', () => {
  const near = zoomScale(whole, 2, 250, job)
  expect(near).toEqual({ from: 125, to: 175, width: 500 })
  expect(toFrame(near, 250, job)).toBe(150)
  expect(zoomScale(whole, 0.1, 250, job)).toEqual(whole)
  expect(zoomScale(whole, 1000, 0, job)).toEqual({ from: 100, to: 110, width: 500 })
  expect(moveScale(near, 10_000, job)).toEqual({ from: 150, to: 200, width: 500 })
})

test('a frame outside is brought into view by the least move', () => {
  const near = { from: 120, to: 140, width: 500 }
  expect(revealFrame(near, 130, job)).toBe(near)
  expect(revealFrame(near, 110, job)).toMatchObject({ from: 110, to: 130 })
  expect(revealFrame(near, 150, job)).toMatchObject({ from: 131, to: 151 })
})

test('marks are round numbers far enough apart', () => {
  expect(listTicks(whole, 60)).toEqual([100, 120, 140, 160, 180])
  expect(listTicks({ from: 0, to: 12, width: 600 }, 40)).toHaveLength(12)
})
