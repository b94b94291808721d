// What is on a frame and what a point means there.
import { expect, test } from 'bun:test'
import { openDocument } from './document'
import { makeAnnotations, makeKey, makeShape, makeTrack, sampleLabels } from './sample'
import { Scene } from './scene'

const open = (part: Parameters<typeof makeAnnotations>[0], frame = 0, showAllTracks = false) => {
  const document = openDocument(makeAnnotations(part))
  const scene = new Scene(document, { showAllTracks: () => showAllTracks, labels: sampleLabels })
  scene.open(frame)
  return { document, scene }
}

test('the smallest object under the pointer wins, the topmost of equals', () => {
  const { scene } = open({
    shapes: [
      makeShape({ id: 1, points: [40, 40, 60, 60] }),
      makeShape({ id: 2, points: [0, 0, 100, 100] }),
      makeShape({ id: 3, points: [40, 40, 60, 60], z_order: 2 }),
      makeShape({ id: 4, points: [40, 40, 60, 60], z_order: 1 }),
    ],
  })
  expect(scene.findAt({ x: 50, y: 50 }, 3)?.clientId).toBe(3)
  expect(scene.findAt({ x: 20, y: 20 }, 3)?.clientId).toBe(2)
  expect(scene.findAt({ x: 300, y: 20 }, 3)).toBeNull()
})

test('a line near the pointer wins over the area below it; beyond the tolerance it does not', () => {
  const { scene } = open({
    shapes: [makeShape({ id: 1, points: [0, 0, 100, 100] }), makeShape({ id: 2, type: 'polyline', points: [0, 50, 100, 50] })],
  })
  expect(scene.findAt({ x: 30, y: 52 }, 3)?.clientId).toBe(2)
  expect(scene.findAt({ x: 30, y: 56 }, 3)?.clientId).toBe(1)
})

test('hidden objects are neither drawn nor hit, but stay listed', () => {
  const { document, scene } = open({ shapes: [makeShape({ id: 1 })] })
  const before = document.get(1)!
  document.apply([{ clientId: 1, before, after: { ...before, hidden: true } }])
  expect(scene.update([1])).toEqual([scene.items.get(1)!.box!, scene.items.get(1)!.box!])
  expect(scene.findAt({ x: 20, y: 20 }, 3)).toBeNull()
  expect(scene.items.has(1)).toBe(true)
})

test('changes move, add and remove in place', () => {
  const { document, scene } = open({ shapes: [makeShape({ id: 1 }), makeShape({ id: 2 })] })
  const one = document.get(1)!
  document.apply([
    { clientId: 1, before: one, after: { ...one, data: makeShape({ points: [200, 200, 240, 240] }) } as typeof one },
    { clientId: 2, before: document.get(2), after: null },
  ])
  scene.update([1, 2])
  expect([...scene.items.keys()]).toEqual([1])
  expect(scene.findAt({ x: 20, y: 20 }, 3)).toBeNull()
  expect(scene.findAt({ x: 220, y: 220 }, 3)?.clientId).toBe(1)
  document.apply([{ clientId: 2, before: null, after: { ...one, clientId: 2 } }])
  scene.update([2])
  expect([...scene.items.keys()]).toEqual([1, 2])
})

test('tracks are placed between key frames; before the first and outside they are absent', () => {
  const tracks = [
    makeTrack({
      id: 1,
      frame: 2,
      shapes: [makeKey(2, [0, 0, 10, 10]), makeKey(6, [40, 0, 50, 10]), makeKey(8, [40, 0, 50, 10], { outside: true })],
    }),
  ]
  expect(open({ tracks }, 1).scene.items.size).toBe(0)
  expect(open({ tracks }, 3).scene.items.get(1)).toMatchObject({ keyframe: false, body: { points: [10, 0, 20, 10] } })
  expect(open({ tracks }, 6).scene.items.get(1)).toMatchObject({ keyframe: true })
  expect(open({ tracks }, 9).scene.items.size).toBe(0)
  const all = open({ tracks }, 9, true).scene
  expect(all.items.size).toBe(1)
  expect(all.findAt({ x: 45, y: 5 }, 2)).toBeNull()
})
