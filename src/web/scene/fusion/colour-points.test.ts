// Colours of points come from the pixel that shows them: of the nearest camera, and never through what stands before them.
import { expect, test } from 'bun:test'
import { type Camera, castRay, fromCamera, projectPoint } from '../../../formats/geometry3d/camera'
import { colourPoints, type Pixels } from './colour-points'

const camera: Camera = {
  ...{ model: 'pinhole', fx: 100, fy: 100, cx: 80, cy: 60, width: 160, height: 120, distortion: [-0.1, 0.01] },
  rotation: [0, -1, 0, 0, 0, -1, 1, 0, 0],
  translation: [0, 0, 0],
}
/** Every pixel tells where it is. */
const paint = (blue: number): Pixels => {
  const data = new Uint8ClampedArray(160 * 120 * 4)
  for (let i = 0; i < 160 * 120; i++) data.set([i % 160, Math.floor(i / 160), blue, 255], i * 4)
  return { width: 160, height: 120, data }
}
const batch = (places: readonly (readonly number[])[], rows: number[]) => ({
  positions: Float32Array.from(places.flat()),
  rows: Uint32Array.from(rows),
  origin: [0, 0, 0] as const,
})
const pause = async () => {}
const at = (colours: Uint8Array, row: number) => [...colours.subarray(row * 4, row * 4 + 4)]

test.each(['pinhole', 'fisheye'] as const)('each point has the colour of its pixel: %s', async (model) => {
  const one: Camera = { ...camera, model, distortion: model === 'fisheye' ? [0.02, 0, 0, 0] : camera.distortion }
  const pixels = [[10.5, 20.5], [80.5, 60.5], [150.5, 100.5]] as const // biome-ignore format: one line
  const places = pixels.map(([u, v]) =>
    fromCamera(one, castRay(one, u, v).map((value) => value * 7) as unknown as [number, number, number]),
  )
  const colours = (await colourPoints(
    [batch([...places, [-5, 0, 0]], [3, 1, 0, 2])],
    5,
    [{ camera: one, pixels: paint(9) }],
    pause,
  ))!
  expect([at(colours, 3), at(colours, 1), at(colours, 0)]).toEqual(pixels.map(([u, v]) => [Math.floor(u), Math.floor(v), 9, 255]))
  // Behind the camera, and a row that is not loaded.
  expect([at(colours, 2), at(colours, 4)]).toEqual([[0, 0, 0, 0], [0, 0, 0, 0]]) // biome-ignore format: one line
})

test('what stands before hides, the nearest camera wins', async () => {
  const wall = [6, 0, 0]
  const hidden = [12, 0, 0]
  const colours = (await colourPoints([batch([wall, hidden], [0, 1])], 2, [{ camera, pixels: paint(1) }], pause))!
  expect([at(colours, 0)[3], at(colours, 1)[3]]).toEqual([255, 0])
  // Another camera stands three metres further on.
  const nearer: Camera = { ...camera, translation: [0, 0, -3] }
  const both = [{ camera, pixels: paint(1) }, { camera: nearer, pixels: paint(2) }] // biome-ignore format: one line
  expect(at((await colourPoints([batch([wall], [0])], 1, both, pause))!, 0)[2]).toBe(2)
  expect(at((await colourPoints([batch([wall], [0])], 1, both.toReversed(), pause))!, 0)[2]).toBe(2)
  expect(projectPoint(nearer, [6, 0, 0])!.depth).toBeCloseTo(3, 9)
})

test('work that nobody waits for any more ends', async () => {
  const abort = new AbortController()
  abort.abort()
  expect(await colourPoints([batch([[6, 0, 0]], [0])], 1, [{ camera, pixels: paint(1) }], pause, abort.signal)).toBeNull()
})
