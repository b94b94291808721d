// Edges come from the drawing of the label, by ids or by names of the points.
import { expect, test } from 'bun:test'
import { shapeKinds } from './registry'
import { findEdges } from './skeleton-template'

const svg = `<line x1="1" y1="2" data-type="edge" data-node-from="1" data-node-to="3"></line>
<line data-node-from="3" data-node-to="9"></line>
<circle r="1.5" data-type="element node" data-node-id="1" data-label-id="71"></circle>
<circle r="1.5" data-type="element node" data-node-id="3" data-label-name="tail"></circle>`
const sublabels = [
  { id: 71, name: 'head' },
  { id: 72, name: 'tail' },
]

test('pairs are places in the list of elements; unknown nodes are left out', () => {
  expect(findEdges(svg, sublabels, [{ label_id: 72 }, { label_id: 71 }])).toEqual([[1, 0]])
  expect(findEdges(svg, sublabels, [{ label_id: 72 }])).toEqual([])
  expect(findEdges('', sublabels, [{ label_id: 72 }])).toEqual([])
})

test('edges to points outside are not drawn, the points neither', () => {
  const part = (x: number, outside = false) => ({ type: 'points' as const, points: [x, x], rotation: 0, outside })
  const body = {
    type: 'skeleton' as const,
    points: [],
    rotation: 0,
    edges: [[0, 1] as [number, number], [1, 2] as [number, number]],
  }
  const { outline, dots } = shapeKinds.skeleton
  expect(outline({ ...body, elements: [part(1), part(2), part(3, true)] })).toEqual([{ points: [1, 1, 2, 2], closed: false }])
  expect(dots({ ...body, elements: [part(1), part(2), part(3, true)] })).toEqual([1, 1, 2, 2])
})
