// A drawing keeps its points and edges; edges follow when a point goes; names stay apart.
import { expect, test } from 'bun:test'
import { isSame, nextName, type SkeletonPoint, withoutPoint, writeDrawing } from './skeleton-drawing'

const point = (name: string, x: number, y: number): SkeletonPoint => ({ name, color: '#2563eb', x, y, attributes: [] })

test('lines come before circles, and names are escaped', () => {
  const text = writeDrawing({ points: [point('a"<', 1, 2), point('b', 30.12345, 40)], edges: [[0, 1]] })
  expect(text).toStartWith('<line x1="1" y1="2" x2="30.123" y2="40" data-type="edge" data-node-from="1" data-node-to="2"></line>')
  expect(text).toContain('data-label-name="a&quot;&lt;"')
  expect(text.match(/<circle/g)).toHaveLength(2)
})

test('a point goes with its edges, the others are joined as before', () => {
  const points = ['a', 'b', 'c', 'd'].map((name, i) => point(name, i, i))
  const { points: left, edges } = withoutPoint({ points, edges: [[0, 1], [1, 2], [2, 3]] }, 1) // biome-ignore format: pairs
  expect(left.map(({ name }) => name)).toEqual(['a', 'c', 'd'])
  expect(edges).toEqual([[1, 2]])
})

test('an edge is the same from both ends; new names are free', () => {
  expect([isSame([1, 2], [2, 1]), isSame([1, 2], [1, 3])]).toEqual([true, false])
  expect(nextName([point('1', 0, 0), point('3', 0, 0)])).toBe('4')
})
