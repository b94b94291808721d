// Annotations as importers yield them: what a file does not say takes its usual value.

import type { Finding } from './format'
import { FormatError } from './format-error'
import { type FrameInfo, resolveAttributes } from './match'
import type { Label, Shape, ShapeType } from './model'

/** Attribute values by name, as a file gives them. */
export type NamedValues = ReadonlyMap<string, string>

const noValues: NamedValues = new Map()

type Rest = Partial<Omit<Shape, 'attributes'>> & { values?: NamedValues }

/** A shape on a frame. Throws FormatError for attribute values that the label cannot take, and for numbers that overflowed. */
export function createFoundShape(
  label: Label,
  { frame, name }: Pick<FrameInfo, 'frame'> & Partial<FrameInfo>,
  type: ShapeType,
  points: number[],
  { values = noValues, ...rest }: Rest = {},
): Shape {
  if (!points.every(Number.isFinite)) throw new FormatError('Coordinates must be finite numbers', { item: name })
  return {
    type,
    frame,
    label_id: label.id,
    group: 0,
    source: 'file',
    score: 1,
    points,
    rotation: 0,
    occluded: false,
    outside: false,
    z_order: 0,
    attributes: resolveAttributes(label, values),
    elements: [],
    ...rest,
  }
}

/** A tag on a frame, as a finding. Throws FormatError for attribute values that the label cannot take. */
export function createFoundTag(label: Label, { frame }: Pick<FrameInfo, 'frame'>, values = noValues, group = 0): Finding {
  return {
    kind: 'tag',
    tag: { frame, label_id: label.id, group, source: 'file', attributes: resolveAttributes(label, values) },
  }
}

/** Values of a JSON object as text; lists and objects are left out. */
export function nameValues(attributes: Record<string, unknown>): Map<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && typeof value !== 'object') values.set(name, String(value))
  }
  return values
}

/** Group numbers of one frame as the API gives them: those that occur once become 0, the others count from 1. */
export function renumberGroups(groups: readonly number[]): number[] {
  const counts = new Map<number, number>()
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1)
  const numbers = new Map<number, number>()
  return groups.map((group) => {
    if (group === 0 || counts.get(group) === 1) return 0
    const number = numbers.get(group) ?? numbers.size + 1
    numbers.set(group, number)
    return number
  })
}
