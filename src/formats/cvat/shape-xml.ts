// Shapes as elements of CVAT's XML.

import { formatHundredths } from '../geometry/rounding'
import type { XmlWriter } from '../io/xml-writer'
import type { AttributeValue, Label, ShapeType } from '../model'

export const elementNames: Record<ShapeType, string> = {
  rectangle: 'box',
  polygon: 'polygon',
  polyline: 'polyline',
  points: 'points',
  ellipse: 'ellipse',
  cuboid: 'cuboid',
  mask: 'mask',
  skeleton: 'skeleton',
}

/** Names of the coordinates of a cuboid, in the order of its points. */
export const cuboidFields = ['1', '2'].flatMap((side) =>
  ['tl', 'bl', 'tr', 'br'].flatMap((corner) => [`x${corner}${side}`, `y${corner}${side}`]),
)

type Fields = Record<string, string | number>
type Body = { type: ShapeType; points: readonly number[]; rotation: number }

/** The attributes that say where a shape lies. */
export function formatGeometry({ type, points, rotation }: Body): Fields {
  return geometryFields[type](points, rotation)
}

const listPoints = (points: readonly number[]): Fields => {
  let text = ''
  for (let at = 0; at + 1 < points.length; at += 2) {
    text += `${at > 0 ? ';' : ''}${formatHundredths(points[at]!)},${formatHundredths(points[at + 1]!)}`
  }
  return { points: text }
}

const turn = (rotation: number): Fields => (rotation === 0 ? {} : { rotation: formatHundredths(rotation) })

const geometryFields: Record<ShapeType, (points: readonly number[], rotation: number) => Fields> = {
  rectangle: ([x0, y0, x1, y1], rotation) => ({
    xtl: formatHundredths(x0!),
    ytl: formatHundredths(y0!),
    xbr: formatHundredths(x1!),
    ybr: formatHundredths(y1!),
    ...turn(rotation),
  }),
  ellipse: ([cx, cy, right, top], rotation) => ({
    cx: formatHundredths(cx!),
    cy: formatHundredths(cy!),
    rx: formatHundredths(right! - cx!),
    ry: formatHundredths(cy! - top!),
    ...turn(rotation),
  }),
  polygon: listPoints,
  polyline: listPoints,
  points: listPoints,
  mask: (points) => {
    const [left, top, right, bottom] = points.slice(-4) as [number, number, number, number]
    return { rle: points.slice(0, -4).join(', '), left, top, width: right - left + 1, height: bottom - top + 1 }
  },
  cuboid: (points) => Object.fromEntries(cuboidFields.map((field, at) => [field, formatHundredths(points[at] ?? 0)])),
  skeleton: () => ({}),
}

/** The labels and attribute names of a dataset by id. */
export type Names = { labels: Map<number, string>; attributes: Map<number, string> }

export function collectNames(labels: readonly Label[], names: Names = { labels: new Map(), attributes: new Map() }): Names {
  for (const { id, name, attributes, sublabels } of labels) {
    names.labels.set(id, name)
    for (const attribute of attributes) names.attributes.set(attribute.id, attribute.name)
    collectNames(sublabels, names)
  }
  return names
}

export function writeAttributes(xml: XmlWriter, values: readonly AttributeValue[], names: Names): void {
  for (const { spec_id, value } of values) {
    const name = names.attributes.get(spec_id)
    if (name !== undefined) xml.leaf('attribute', value, { name })
  }
}
