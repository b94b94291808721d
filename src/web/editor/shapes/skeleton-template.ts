// Reads which points of a skeleton its label's drawing joins.

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
