// Several masks as one.
import { decodeMask, encodeMask, uniteMasks } from '../../../../formats/geometry/mask'
import type { AttributeValue, Label, Shape } from '../../../../formats/model'
import { attributesFor, type Content } from '../object'
import { type Outcome, refuse } from './outcome'

/** Values that all agree on; where they differ, the label's default. */
export const agreeOnAttributes = (shapes: readonly Shape[], label: Label | undefined): AttributeValue[] => {
  const readValue = (shape: Shape | undefined, id: number) => shape?.attributes.find((one) => one.spec_id === id)?.value
  return (label ? attributesFor(label) : []).map(({ spec_id, value }) => {
    const first = readValue(shapes[0], spec_id)
    const all = shapes.every((shape) => readValue(shape, spec_id) === first)
    return { spec_id, value: all && first !== undefined ? first : value }
  })
}

/** Joins masks of one label and frame; the topmost layer counts, occluded when one of them is. */
export const joinMasks = (contents: readonly Content[], labels: ReadonlyMap<number, Label>): Outcome<Shape> => {
  const shapes = contents.flatMap((one) => (one.kind === 'shape' && one.data.type === 'mask' ? [one.data] : []))
  const [first] = shapes
  if (!first || shapes.length < 2 || shapes.length < contents.length) return refuse('Choose at least two masks to join')
  if (shapes.some((one) => one.label_id !== first.label_id)) return refuse('Only masks with the same label can be joined')
  if (shapes.some((one) => one.frame !== first.frame)) return refuse('Only masks of one frame can be joined')
  const united = uniteMasks(shapes.map((one) => decodeMask(one.points)))
  const points = united && encodeMask(united)
  if (!points) return refuse('The masks are empty')
  const { id: _, ...rest } = first
  return {
    done: {
      ...rest,
      points,
      source: 'manual',
      occluded: shapes.some((one) => one.occluded),
      z_order: Math.max(...shapes.map((one) => one.z_order)),
      attributes: agreeOnAttributes(shapes, labels.get(first.label_id)),
    },
  }
}
