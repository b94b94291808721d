// A drawing for skeletons of which a file gives only the names of the points and which are joined.

import type { DeclaredLabel } from './format'

const escapeValue = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** A skeleton whose points lie on a circle of the drawing's 100 × 100 units; `joints` are pairs of point numbers, from 1. */
export function sketchSkeleton(
  name: string,
  points: readonly string[],
  joints: readonly (readonly number[])[] = [],
): DeclaredLabel {
  const places = points.map((_, at) => {
    const angle = (2 * Math.PI * at) / points.length
    return [50 + 40 * Math.sin(angle), 50 - 40 * Math.cos(angle)].map((value) => Math.round(value * 100) / 100) as [
      number,
      number,
    ]
  })
  const lines = joints.flatMap(([from = 0, to = 0]) => {
    const [start, end] = [places[from - 1], places[to - 1]]
    if (!start || !end) return []
    return `<line x1="${start[0]}" y1="${start[1]}" x2="${end[0]}" y2="${end[1]}" data-type="edge" data-node-from="${from}" data-node-to="${to}"></line>`
  })
  const circles = places.map(
    ([x, y], at) =>
      `<circle r="0.75" cx="${x}" cy="${y}" data-type="element node" data-element-id="${at + 1}" data-node-id="${at + 1}" ` +
      `data-label-name="${escapeValue(points[at]!)}"></circle>`,
  )
  const sublabels = points.map((point) => ({ name: point, type: 'points' as const }))
  return { name, type: 'skeleton', sublabels, svg: [...lines, ...circles].join('') }
}
