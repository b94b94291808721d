// Attributes of annotations as JSON text, typed as their label says.

import { formatFloat } from './io/json-text'
import type { AttributeValue, ItemShape, Label } from './model'
import { type TypedValue, typeAttributes } from './typed-attributes'

/** `{"speed":10.0,"parked":true}` */
export function formatAttributes(label: Label, values: readonly AttributeValue[], flags: readonly string[] = []): string {
  const members = [...typeAttributes(label, values)].map(([name, typed]) => `${JSON.stringify(name)}:${formatTyped(typed)}`)
  return `{${[...members, ...flags].join(',')}}`
}

/** The attributes of a shape and what formats add to them: `occluded`, `rotation`, `track_id`, `keyframe`. */
export function formatShapeAttributes(label: Label, shape: ItemShape): string {
  return formatAttributes(label, shape.attributes, listShapeFlags(shape))
}

export function listShapeFlags(shape: ItemShape): string[] {
  const flags = [`"occluded":${shape.occluded}`]
  if (shape.type === 'rectangle' || shape.type === 'ellipse') flags.push(`"rotation":${formatFloat(shape.rotation)}`)
  return [...flags, ...listTrackFlags(shape), ...(isPlainSkeleton(shape) ? ['"keyframe":false'] : [])]
}

/** `track_id` and `keyframe` of tracked shapes. */
export function listTrackFlags(shape: ItemShape): string[] {
  return shape.track_id === undefined ? [] : [`"track_id":${shape.track_id}`, `"keyframe":${isKeyFrame(shape)}`]
}

/** A skeleton is on a key frame when one of its points is. */
function isKeyFrame({ keyframe, elements }: ItemShape): boolean {
  return elements.length > 0 ? elements.some((element: ItemShape) => element.keyframe) : Boolean(keyframe)
}

/** Skeletons always say whether one of their points is a key frame. */
function isPlainSkeleton(shape: ItemShape): boolean {
  return shape.type === 'skeleton' && shape.track_id === undefined
}

function formatTyped({ kind, value }: TypedValue): string {
  return kind === 'float' ? formatFloat(value) : kind === 'text' ? JSON.stringify(value) : String(value)
}
