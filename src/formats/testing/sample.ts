// A small dataset with every shape kind, and short ways to export and import in tests.

import { tmpdir } from 'node:os'
import type { Finding } from '../format'
import { type ByteSource, openBytes } from '../io/byte-source'
import { type ArchiveEntry, writeZip } from '../io/zip-writer'
import { createFrameLookup, type FrameInfo, type FrameLookup } from '../match'
import type { Annotations, Dataset, DatasetInfo, Item, ItemShape, Label, Shape, ShapeType, Tag, Track } from '../model'
import { type Exporter, exportDataset, findExporter, findImporter, type Importer, importDataset } from '../registry'

const point: Label = { id: 11, name: 'head', color: '#ff0000', type: 'points', attributes: [], sublabels: [] }

/** `car` has attributes of every kind, `skel` two points. */
export const sampleLabels: Label[] = [
  {
    id: 1,
    name: 'car',
    color: '#ff6037',
    type: 'any',
    sublabels: [],
    attributes: [
      { id: 1, name: 'color', mutable: false, input_type: 'select', default_value: 'red', values: ['red', 'green'] },
      { id: 2, name: 'speed', mutable: true, input_type: 'number', default_value: '10', values: ['0', '100', '5'] },
      { id: 3, name: 'parked', mutable: true, input_type: 'checkbox', default_value: 'false', values: ['false'] },
      { id: 4, name: 'plate', mutable: false, input_type: 'text', default_value: '', values: [''] },
    ],
  },
  { id: 2, name: 'per son "<&>"', color: '#33ddff', type: 'any', attributes: [], sublabels: [] },
  {
    id: 10,
    name: 'skel',
    color: '#112233',
    type: 'skeleton',
    attributes: [],
    sublabels: [point, { ...point, id: 12, name: 'neck' }],
    svg: '<circle data-node-id="1" data-label-id="11"></circle><circle data-node-id="2" data-label-id="12"></circle>',
  },
]

export const sampleFrames: FrameInfo[] = ['a/img 1.jpg', 'a/b/üñ.png', 'img_3.JPG'].map((name, frame) => {
  return { frame, name, width: 120, height: 90 }
})
export const sampleLookup = (): FrameLookup => createFrameLookup({ frames: sampleFrames })

const samplePoints: Record<ShapeType, number[]> = {
  rectangle: [10.5, 20.25, 50.75, 60],
  polygon: [20, 10, 60.25, 15.5, 70, 60, 23, 75.5],
  polyline: [0, 80, 100.5, 20],
  points: [15, 15, 30.25, 22],
  ellipse: [60, 40, 80, 30],
  cuboid: [20, 30, 20, 60, 50, 25, 50, 55, 60, 28, 60, 50, 30, 33, 30, 58],
  mask: [1, 2, 1, 4, 1, 2, 1, 30, 40, 33, 42],
  skeleton: [],
}

export function createShape(type: ShapeType, rest: Partial<ItemShape> = {}): ItemShape {
  const label_id = type === 'skeleton' ? 10 : 2
  const shape = { type, frame: 0, label_id, group: 0, source: 'manual' as const, score: 1, points: samplePoints[type] }
  const body = { rotation: 0, occluded: false, outside: false, z_order: 0, attributes: [], elements: [] }
  return { ...shape, ...body, ...(type === 'skeleton' && { elements: createElements(rest.frame ?? 0) }), ...rest }
}

function createElements(frame: number): Shape[] {
  const head = createShape('points', { frame, label_id: 11, points: [30, 30], occluded: true })
  return [head, createShape('points', { frame, label_id: 12, points: [40.5, 50], outside: true })]
}

export const carAttributes = [
  { spec_id: 1, value: 'green' },
  { spec_id: 2, value: '55' },
  { spec_id: 3, value: 'true' },
  { spec_id: 4, value: ' <é&"ü">\nx\t' },
]

/** One shape of each kind on frame 0; attributes, flags and groups on frame 1; frame 2 is empty. */
export function createSample(kinds: readonly ShapeType[], rest: Partial<Dataset> = {}): Dataset {
  const has = (kind: ShapeType) => kinds.includes(kind)
  const special = [
    createShape('rectangle', { frame: 1, label_id: 1, attributes: carAttributes, occluded: true, z_order: 2 }),
    createShape('rectangle', { frame: 1, rotation: 30.5, source: 'auto' }),
  ]
  const tags: Tag[] = [{ frame: 0, label_id: 1, group: 0, source: 'manual', attributes: carAttributes }]
  const items = [
    createItem(
      0,
      kinds.map((kind) => createShape(kind)),
      tags,
    ),
    createItem(1, has('rectangle') ? special : []),
    createItem(2, []),
  ]
  return { info: sampleInfo, labels: sampleLabels, items, tracks: [], ...rest }
}

export function createItem(frame: number, shapes: ItemShape[], tags: Tag[] = []): Item {
  const { name, width, height } = sampleFrames[frame]!
  return {
    name,
    frame,
    sourceFrame: frame,
    width,
    height,
    subset: '',
    shapes: shapes.map((shape) => ({ ...shape, frame })),
    tags,
  }
}

export const sampleInfo: DatasetInfo = {
  kind: 'task',
  id: 7,
  name: 'a <task>',
  mode: 'annotation',
  size: 3,
  overlap: 0,
  bugtracker: '',
  created: new Date('2025-11-03T10:20:30.123Z'),
  updated: new Date('2025-11-03T10:20:30.000Z'),
  subset: '',
  startFrame: 0,
  stopFrame: 2,
  frameFilter: '',
  segments: [{ id: 3, start: 0, stop: 2, url: 'http://localhost/api/jobs/3' }],
  owner: { username: 'ann', email: 'ann@example.com' },
  assignee: null,
}

const now = new Date('2025-11-03T10:20:30Z')

export async function exportBytes(format: Exporter | string, dataset: Dataset, saveImages = false): Promise<Uint8Array> {
  const exporter = typeof format === 'string' ? findExporter(format)! : format
  return Buffer.concat(await Array.fromAsync(exportDataset(exporter, dataset, { tempDir: tmpdir(), now, saveImages })))
}

export async function packZip(files: Record<string, string | Uint8Array>): Promise<Uint8Array> {
  const entries: ArchiveEntry[] = Object.entries(files).map(([name, content]) => ({ name, content }))
  return Buffer.concat(await Array.fromAsync(writeZip(entries, now)))
}

type ImportOptions = { labels?: Label[]; frames?: FrameLookup; masksToPolygons?: boolean }

/** Everything that an import of the bytes finds. */
export async function importAll(
  format: Importer | string,
  source: ByteSource | Uint8Array | string,
  { labels = sampleLabels, frames = sampleLookup(), masksToPolygons = true }: ImportOptions = {},
): Promise<Annotations> {
  const importer = typeof format === 'string' ? findImporter(format)! : format
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  const found: Finding[] = await Array.fromAsync(
    importDataset(importer, bytes instanceof Uint8Array ? openBytes(bytes) : bytes, { labels, frames, masksToPolygons }),
  )
  return {
    version: 0,
    tags: found.flatMap((finding) => (finding.kind === 'tag' ? [finding.tag] : [])),
    shapes: found.flatMap((finding) => (finding.kind === 'shape' ? [finding.shape] : [])),
    tracks: found.flatMap((finding) => (finding.kind === 'track' ? [finding.track] : [])),
  }
}

/** An annotation as text that does not depend on ids and order of attributes, with label and attribute names. */
export function describeShape(shape: Partial<Shape> & Pick<Shape, 'label_id'>, labels: readonly Label[]): string {
  const known = labels.flatMap((label) => [label, ...label.sublabels])
  const names = new Map(known.flatMap(({ attributes }) => attributes.map(({ id, name }) => [id, name] as const)))
  const { id: _, ...rest } = shape
  return JSON.stringify(
    {
      ...rest,
      source: '',
      score: 1,
      label_id: known.find(({ id }) => id === shape.label_id)?.name,
      points: shape.points?.map((value) => Math.round(value * 100) / 100),
      attributes: shape.attributes?.map(({ spec_id, value }) => `${names.get(spec_id)}=${value}`).sort(),
      elements: shape.elements?.map((element) => describeShape(element, labels)).sort(),
    },
    Object.keys({ ...rest, source: '', score: 1, points: 0, attributes: 0, elements: 0 }).sort(),
  )
}

export function describeShapes(shapes: readonly Shape[], labels: readonly Label[] = sampleLabels): string[] {
  return shapes.map((shape) => describeShape(shape, labels)).sort()
}

export function describeTracks(tracks: readonly Track[], labels: readonly Label[] = sampleLabels): string[] {
  return tracks
    .map(({ label_id, frame, group, attributes, shapes, elements }) => {
      const head = describeShape({ label_id, frame, group, attributes }, labels)
      const keys = shapes.map((shape) => describeShape({ ...shape, label_id }, labels))
      return JSON.stringify([head, keys, describeTracks(elements, labels)])
    })
    .sort()
}
