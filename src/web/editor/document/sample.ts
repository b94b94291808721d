// Annotations to test with.
import type { Annotations, Label, Shape, Track, TrackedShape } from '../../../formats/model'

export const makeShape = (part: Partial<Shape> = {}): Shape => ({
  type: 'rectangle',
  points: [10, 10, 50, 40],
  rotation: 0,
  occluded: false,
  outside: false,
  z_order: 0,
  attributes: [],
  frame: 0,
  label_id: 1,
  group: 0,
  source: 'manual',
  score: 1,
  elements: [],
  ...part,
})

export const makeKey = (frame: number, points: number[], part: Partial<TrackedShape> = {}): TrackedShape => {
  const { type, rotation, occluded, outside, z_order } = makeShape()
  return { type, rotation, occluded, outside, z_order, attributes: [], frame, points, ...part }
}

export const makeTrack = (part: Partial<Track> = {}): Track => ({
  frame: 0,
  label_id: 1,
  group: 0,
  source: 'manual',
  attributes: [],
  elements: [],
  shapes: [makeKey(0, [0, 0, 10, 10]), makeKey(10, [100, 0, 110, 10])],
  ...part,
})

export const makeAnnotations = (part: Partial<Annotations> = {}): Annotations => ({
  version: 0,
  tags: [],
  shapes: [],
  tracks: [],
  ...part,
})

export const sampleLabels: ReadonlyMap<number, Label> = new Map(
  [
    {
      id: 1,
      name: 'car',
      attributes: [
        { id: 11, name: 'colour', mutable: false, input_type: 'select' as const, default_value: 'red', values: ['red', 'blue'] },
        { id: 12, name: 'parked', mutable: true, input_type: 'checkbox' as const, default_value: 'false', values: [] },
      ],
    },
    {
      id: 2,
      name: 'van',
      attributes: [
        {
          id: 21,
          name: 'colour',
          mutable: false,
          input_type: 'select' as const,
          default_value: 'white',
          values: ['white', 'blue'],
        },
      ],
    },
  ].map((label) => [label.id, { ...label, color: '#336699', type: 'any' as const, sublabels: [] }]),
)
