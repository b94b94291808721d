// Attribute fillers: says the attributes of the shapes that are there, frame by frame.
import type { AttributeValue, Label } from '../../../formats/model'
import { findValueProblem } from '../../annotations/service'
import { checkCount, createComplaint } from '../check-found'
import type { FoundAttribute, FunctionInfo, GivenShape } from '../contract'
import { loadFrameImage } from '../frame-image'
import { normaliseName } from '../match-labels'
import { askFunction } from '../providers'

export type Shape = GivenShape & { id: number; frame: number; label_id: number; attributes: AttributeValue[]; source: string }

/** Values by attributes of the same name that take them; others stay as they are. */
export const applyValues = (
  info: FunctionInfo,
  shape: Pick<Shape, 'attributes'>,
  label: Label,
  given: unknown,
): AttributeValue[] => {
  const complain = createComplaint(info)
  if (!Array.isArray(given)) throw complain('the attributes of a shape are no list')
  const values = new Map(shape.attributes.map(({ spec_id, value }) => [spec_id, value]))
  for (const { name, value } of given as FoundAttribute[]) {
    if (typeof name !== 'string' || typeof value !== 'string') throw complain('an attribute has no name or value')
    const spec = label.attributes.find((attribute) => normaliseName(attribute.name) === normaliseName(name))
    if (spec && !findValueProblem(spec, value)) values.set(spec.id, value)
  }
  return [...values].map(([spec_id, value]) => ({ spec_id, value }))
}

/** The shapes whose attributes change, with their new values. */
export const fillAttributes = async (
  { info, taskId, frames, labels }: { info: FunctionInfo; taskId: number; frames: readonly number[]; labels: readonly Label[] },
  shapes: readonly Shape[],
  report: (share: number) => Promise<void>,
  signal: AbortSignal,
): Promise<Shape[]> => {
  const byFrame = Map.groupBy(shapes, ({ frame }) => frame)
  const changed: Shape[] = []
  for (const [i, frame] of frames.entries()) {
    const own = byFrame.get(frame) ?? []
    if (own.length) {
      const { image } = await loadFrameImage(taskId, frame)
      const labelOf = (shape: Shape) => labels.find(({ id }) => id === shape.label_id)
      const asked = own.map((shape) => ({ ...shape, label: labelOf(shape)?.name }))
      const answer = await askFunction<'fill'>(info, { do: 'fill', image, shapes: asked }, signal)
      const lists = checkCount(info, 'attributes', answer, own.length)
      for (const [at, shape] of own.entries()) {
        const label = labelOf(shape)
        const attributes = label ? applyValues(info, shape, label, lists[at]) : shape.attributes
        if (!Bun.deepEquals(attributes, shape.attributes)) changed.push({ ...shape, attributes })
      }
    }
    await report((i + 1) / frames.length)
  }
  return changed
}
