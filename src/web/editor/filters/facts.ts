// What filters know of an object as it is on a frame.
import { isSpatial } from '../../../formats/geometry/interpolation'
import type { Label, ShapeBody } from '../../../formats/model'
import { type Placed, shapeTypeOf } from '../document/object'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import type { Facts } from './logic'

export const attributeField = (label: string, attribute: string): string => `attribute:${label}.${attribute}`

export type FactsContext = {
  labels: ReadonlyMap<number, Label>
  clientId: number
  serverId: number | null
  /** People who voted for the object, where replicas were merged. */
  votes?: number | null
}

/** Values of all attributes: those of the object, then those of its position. */
export const listValues = (placed: Placed): { spec_id: number; value: string }[] => [
  ...(placed.object.kind === 'track' ? placed.object.data.attributes : []),
  ...(placed.body?.attributes ?? placed.object.data.attributes),
]

/** Pixels without the turn; metres to the side and upwards of a cuboid in space. */
const measureSize = (body: ShapeBody, { elements }: Placed): { width: number; height: number } => {
  if (body.type === 'cuboid' && isSpatial(body.points)) return { width: body.points[7]!, height: body.points[8]! }
  const box = shapeKinds[body.type].bounds({ ...body, rotation: 0, elements } as Body)
  return { width: box.right - box.left, height: box.bottom - box.top }
}

export const describeFacts = (placed: Placed, { labels, clientId, serverId, votes = null }: FactsContext): Facts => {
  const { object, body } = placed
  const label = labels.get(object.data.label_id)
  const shape = shapeTypeOf(object)
  const size = body && measureSize(body, placed)
  const values = listValues(placed)
  const attributes = (label?.attributes ?? []).map((attribute) => [
    attributeField(label!.name, attribute.name),
    values.find((value) => value.spec_id === attribute.id)?.value ?? attribute.default_value,
  ])
  return {
    label: label?.name ?? '',
    type: object.kind,
    shape,
    occluded: body?.occluded ?? false,
    width: size?.width ?? null,
    height: size?.height ?? null,
    id: clientId,
    'server-id': serverId,
    source: object.data.source ?? 'manual',
    layer: body?.z_order ?? 0,
    votes,
    score: object.kind === 'shape' ? object.data.score : 1,
    ...Object.fromEntries(attributes),
  }
}
