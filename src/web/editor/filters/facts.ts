// What filters know of an object as it is on a frame.
import type { Label } from '../../../formats/model'
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

export const describeFacts = (placed: Placed, { labels, clientId, serverId, votes = null }: FactsContext): Facts => {
  const { object, body } = placed
  const label = labels.get(object.data.label_id)
  const shape = shapeTypeOf(object)
  const box = body && shapeKinds[body.type].bounds({ ...body, rotation: 0, elements: placed.elements } as Body)
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
    width: box ? box.right - box.left : null,
    height: box ? box.bottom - box.top : null,
    id: clientId,
    'server-id': serverId,
    source: object.data.source ?? 'manual',
    layer: body?.z_order ?? 0,
    votes,
    score: object.kind === 'shape' ? object.data.score : 1,
    ...Object.fromEntries(attributes),
  }
}
