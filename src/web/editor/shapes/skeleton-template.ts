// Reads the drawing of a skeleton's label: where its points lie, and which of them are joined.
import { type Box, boundPoints, roundPoint } from '../view/geometry'

const readAttributes = (tag: string): Map<string, string> =>
  new Map([...tag.matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)].map(([, name, value]) => [name!, value!]))

/** A point by the id or the name of its label; drawings carry one or the other. */
type Joint = { labelId: number; labelName: string }

/** Pairs of joints in the order of the drawing; lines to unknown nodes are left out. */
export const parseTemplate = (svg: string): [Joint, Joint][] => {
  const joints = new Map<string, Joint>()
  for (const [tag] of svg.matchAll(/<circle\b[^>]*>/g)) {
    const attributes = readAttributes(tag)
    const node = attributes.get('data-node-id')
    const labelId = Number(attributes.get('data-label-id') ?? 0)
    if (node) joints.set(node, { labelId, labelName: attributes.get('data-label-name') ?? '' })
  }
  return [...svg.matchAll(/<line\b[^>]*>/g)].flatMap(([tag]): [Joint, Joint][] => {
    const attributes = readAttributes(tag)
    const from = joints.get(attributes.get('data-node-from') ?? '')
    const to = joints.get(attributes.get('data-node-to') ?? '')
    return from && to ? [[from, to]] : []
  })
}

type Sublabel = { id: number; name: string }

/** The edges as pairs of places in a list of elements. */
export const findEdges = (
  svg: string,
  sublabels: readonly Sublabel[],
  elements: readonly { label_id: number }[],
): [number, number][] => {
  const placeOf = ({ labelId, labelName }: Joint): number => {
    const id = sublabels.find((one) => one.id === labelId || one.name === labelName)?.id
    return elements.findIndex((element) => element.label_id === id)
  }
  return parseTemplate(svg).flatMap(([a, b]): [number, number][] => {
    const from = placeOf(a)
    const to = placeOf(b)
    return from >= 0 && to >= 0 ? [[from, to]] : []
  })
}

/** Points of a skeleton laid into a box as the drawing has them; the drawing's own size does not matter. */
export const layTemplate = (svg: string, sublabels: readonly Sublabel[], box: Box): { label_id: number; points: number[] }[] => {
  const nodes = [...svg.matchAll(/<circle\b[^>]*>/g)].flatMap(([tag]) => {
    const attributes = readAttributes(tag)
    const labelId = Number(attributes.get('data-label-id') ?? 0)
    const name = attributes.get('data-label-name') ?? ''
    const found = sublabels.find((one) => one.id === labelId || one.name === name)
    return found ? [{ label_id: found.id, x: Number(attributes.get('cx') ?? 0), y: Number(attributes.get('cy') ?? 0) }] : []
  })
  const own = boundPoints(nodes.flatMap(({ x, y }) => [x, y]))
  const place = (value: number, low: number, high: number, from: number, to: number): number =>
    roundPoint(high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from))
  const placed = nodes.map(({ label_id, x, y }) => ({
    label_id,
    points: [place(x, own.left, own.right, box.left, box.right), place(y, own.top, own.bottom, box.top, box.bottom)],
  }))
  // The order of the label's points is the order of a skeleton's elements.
  return sublabels.flatMap((one) => placed.find((node) => node.label_id === one.id) ?? [])
}
