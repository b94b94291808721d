// Copied shapes as text that another job, tab or program can take: labels and attributes by name.
import type { Label, Shape } from '../../../formats/model'
import { attributesFor, type Content } from './object'

const format = 'annolith-shapes'

type NamedShape = Omit<Shape, 'label_id' | 'attributes' | 'elements' | 'id'> & {
  label: string
  attributes: { name: string; value: string }[]
  elements: NamedShape[]
}

const nameShape = (shape: Shape, label: Label | undefined): NamedShape | null => {
  if (!label) return null
  const { id: _, label_id: _label, attributes, elements, ...rest } = shape
  const named = attributes.flatMap(({ spec_id, value }) => {
    const name = label.attributes.find((one) => one.id === spec_id)?.name
    return name === undefined ? [] : [{ name, value }]
  })
  const parts = elements.flatMap(
    (part) =>
      nameShape(
        part,
        label.sublabels.find((one) => one.id === part.label_id),
      ) ?? [],
  )
  return { ...rest, label: label.name, attributes: named, elements: parts }
}

/** JSON of the shapes among the contents. */
export const writeClipboard = (contents: readonly Content[], labels: ReadonlyMap<number, Label>): string => {
  const shapes = contents.flatMap((one) =>
    one.kind === 'shape' ? (nameShape(one.data, labels.get(one.data.label_id)) ?? []) : [],
  )
  return JSON.stringify({ format, shapes })
}

const findShape = (named: NamedShape, labels: readonly Label[]): Shape | null => {
  const label = labels.find((one) => one.name === named.label && (one.type === 'any' || one.type === named.type))
  if (!label || !Array.isArray(named.points) || !named.points.every(Number.isFinite)) return null
  const { label: _, ...rest } = named
  const given = named.attributes.flatMap(({ name, value }) => {
    const spec = label.attributes.find((one) => one.name === name)
    return spec ? [{ spec_id: spec.id, value }] : []
  })
  const elements = (named.elements ?? []).flatMap((part) => findShape(part, label.sublabels) ?? [])
  return { ...rest, label_id: label.id, attributes: attributesFor(label, { label, values: given }), elements }
}

/** Shapes of a text that `writeClipboard` wrote; those whose label this job lacks are left out. Foreign text gives none. */
export const readClipboard = (text: string | null, labels: ReadonlyMap<number, Label>): Content[] => {
  try {
    const body = JSON.parse(text ?? '') as { format?: string; shapes?: NamedShape[] }
    if (body.format !== format || !Array.isArray(body.shapes)) return []
    const known = [...labels.values()]
    return body.shapes.flatMap((named): Content[] => {
      const shape = findShape(named, known)
      return shape ? [{ kind: 'shape', data: shape }] : []
    })
  } catch {
    return []
  }
}
