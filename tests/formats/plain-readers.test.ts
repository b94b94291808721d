// Our archives of formats that no library reads, as plain readers see them that know the written layout alone.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attribute, Dataset, Item, ItemShape, Label, Tag, Track } from '../../src/formats/model'
import { encodePng } from '../../src/formats/png-mask'
import { exportBytes, sampleInfo } from '../../src/formats/testing/sample'

const python = join(import.meta.dir, '../../.tools/venv/bin/python')

/** What a reader says of one annotation; `about` is ours: how far curves may lie from it. */
type Annotation = Record<string, unknown> & { frame: unknown }
type Seen = { labels: string[]; frames: string[]; annotations: Annotation[]; error?: string }
type Case = { format: string; reader: string; dataset: Dataset; seen: Seen }

const [width, height] = [120, 90]
const picture = encodePng({ width, height, channels: 1, values: new Uint8Array(width * height).fill(120) })

const attribute = (id: number, name: string, input_type: Attribute['input_type'], default_value: string): Attribute => ({
  id,
  name,
  mutable: false,
  input_type,
  default_value,
  values: [],
})
const label = (id: number, name: string, color: string, rest: Partial<Label> = {}): Label => ({
  id,
  name,
  color,
  type: 'any',
  attributes: [],
  sublabels: [],
  ...rest,
})
const car = label(1, 'car', '#ff6037', { attributes: [attribute(1, 'is_crowd', 'checkbox', 'false')] })
const person = label(2, 'person', '#33ddff')
const shape = (type: ItemShape['type'], points: number[], rest: Partial<ItemShape> = {}): ItemShape => ({
  type,
  frame: 0,
  label_id: 1,
  group: 0,
  source: 'manual',
  score: 1,
  points,
  rotation: 0,
  occluded: false,
  outside: false,
  z_order: 0,
  attributes: [],
  elements: [],
  ...rest,
})
const values = (...pairs: [id: number, value: string][]) => pairs.map(([spec_id, value]) => ({ spec_id, value }))
const tag = (label_id: number, attributes: Tag['attributes'] = []): Tag => ({
  frame: 0,
  label_id,
  group: 0,
  source: 'manual',
  attributes,
})

type Frame = { name: string; shapes?: ItemShape[]; tags?: Tag[] }
const createDataset = (labels: Label[], frames: Frame[], tracks: Track[] = []): Dataset => {
  const items = frames.map(({ name, shapes = [], tags = [] }, frame): Item => {
    const read = async () => (name.endsWith('.pcd') ? Buffer.from('cloud') : picture)
    const placed = shapes.map((one) => ({ ...one, frame, elements: one.elements.map((element) => ({ ...element, frame })) }))
    const [media, placedTags] = [{ extension: name.slice(-4), read }, tags.map((one) => ({ ...one, frame }))]
    return { name, frame, sourceFrame: frame, width, height, subset: '', media, shapes: placed, tags: placedTags }
  })
  return { info: sampleInfo, labels, items, tracks }
}

// Pixels of frame 0: the small box lies over a corner of the second, 10 by 4 pixels.
const small = { frame: 'a/img 1', label: 'car', box: [100, 40, 115, 60], area: 300 }
const large = { frame: 'a/img 1', label: 'car', box: [10, 20, 51, 60], area: 1640 }
const covered = { frame: 'a/img 1', label: 'person', box: [60, 5, 110, 44], area: 1910 }
const mask = { frame: 'a/img 1', label: 'person', box: [5, 70, 9, 73], area: 8 }
const polygon = { frame: 'img_2', label: 'person', box: [20, 10, 70, 75], area: 2418.75, about: 1 }
const ellipse = { frame: 'img_2', label: 'car', box: [80, 50, 111, 71], area: Math.PI * 150, about: 1 }
const drawSmall = shape('rectangle', small.box, { z_order: 1, attributes: values([1, 'true']) })
const drawLarge = shape('rectangle', large.box)
const drawCovered = shape('rectangle', covered.box, { label_id: 2 })
const drawMask = shape('mask', [1, 2, 1, 4, 1, 2, 1, 5, 70, 8, 72], { label_id: 2 })
const drawPolygon = shape('polygon', [20, 10, 60.25, 15.5, 70, 60, 23, 75], { label_id: 2 })
const drawEllipse = shape('ellipse', [95, 60, 110, 50])
const tracked = (one: ItemShape, track_id: number): ItemShape => ({ ...one, track_id, keyframe: true })
const names = ['a/img 1.png', 'img_2.png', 'img_3.png'] as const

const icdar = label(1, 'icdar', '#ff6037', {
  attributes: [
    attribute(1, 'text', 'text', ''),
    attribute(2, 'index', 'number', '0'),
    attribute(3, 'color', 'text', ''),
    attribute(4, 'center', 'text', ''),
  ],
})
const letter = (one: ItemShape, text: string, index: string, color: string): ItemShape => {
  return { ...one, label_id: 1, attributes: values([1, text], [2, index], [3, color], [4, '- -']) }
}

const market = label(1, 'market-1501', '#ff6037', {
  attributes: ['query', 'person_id', 'camera_id', 'track_id', 'frame_id', 'bbox_id'].map((name, at) => {
    return name === 'query' ? attribute(1, name, 'checkbox', 'false') : attribute(at + 1, name, 'text', '')
  }),
})

const pose = label(3, 'pose', '#112233', {
  type: 'skeleton',
  sublabels: ['head', 'neck', 'hip'].map((name, at) => label(11 + at, name, `#00${at}0ff`, { type: 'points' })),
  svg: [1, 2, 3].map((node) => `<circle data-node-id="${node}" data-label-id="${10 + node}"></circle>`).join(''),
})
const drawPose = shape('skeleton', [], {
  label_id: 3,
  elements: [
    shape('points', [30, 30], { label_id: 11 }),
    shape('points', [42, 54], { label_id: 12, occluded: true }),
    shape('points', [90, 80], { label_id: 13, outside: true }),
  ],
})

const cloudLabels = [
  label(1, 'van', '#ff6037', {
    attributes: [attribute(1, 'speed', 'number', '10'), attribute(2, 'parked', 'checkbox', 'false')],
  }),
  person,
]
const drawCuboid = (numbers: number[], rest: Partial<ItemShape> = {}) => shape('cuboid', [...numbers, 0, 0, 0, 0, 0, 0, 0], rest)
const clouds: Frame[] = [
  {
    name: 'x/cloud_1.pcd',
    shapes: [
      drawCuboid([1, 2.5, -0.25, 0, 0.1, 0.3, 2, 1, 1.5], {
        attributes: values([1, '7'], [2, 'true']),
        occluded: true,
        group: 3,
      }),
      drawCuboid([-3.5, 4, 0, 0.2, 0, -1.25, 4.5, 3, 2], { label_id: 2 }),
    ],
  },
  { name: 'cloud_2.pcd', shapes: [drawCuboid([9, -8, 7, 0, 0, 1, 0.5, 0.25, 6], { label_id: 2 })] },
  { name: 'cloud_3.pcd' },
]
const van = { frame: 'cloud_1', label: 'van', position: [1, 2.5, -0.25], rotation: [0, 0.1, 0.3], scale: [2, 1, 1.5] }
const near = { frame: 'cloud_1', label: 'person', position: [-3.5, 4, 0], rotation: [0.2, 0, -1.25], scale: [4.5, 3, 2] }
const far = { frame: 'cloud_2', label: 'person', position: [9, -8, 7], rotation: [0, 0, 1], scale: [0.5, 0.25, 6] }
const cloudNames = ['cloud_1', 'cloud_2', 'cloud_3']

const key = (frame: number, points: number[]) => {
  const { type, rotation, occluded, outside, z_order } = drawLarge
  return { type, rotation, occluded, outside, z_order, attributes: [], frame, points }
}
const keys = [key(0, [0, 0, 10, 10]), key(2, [20, 10, 30, 20])]
const moving: Track = { frame: 0, label_id: 2, group: 0, source: 'manual', attributes: [], elements: [], shapes: keys }
const onTrack = (points: number[], keyframe: boolean) => shape('rectangle', points, { label_id: 2, track_id: 0, keyframe })
const step = (frame: number, box: number[], keyframe: boolean) => ({
  ...{ frame, label: 'person', track: 0, outside: false },
  ...{ keyframe, box },
})

const cases: Case[] = [
  {
    format: 'Cityscapes 1.0',
    reader: 'cityscapes',
    dataset: createDataset(
      [person, car],
      [
        { name: names[0], shapes: [drawLarge, drawCovered, drawMask, drawSmall] },
        { name: names[1], shapes: [drawPolygon, drawEllipse] },
        { name: names[2] },
      ],
    ),
    seen: {
      labels: ['background', 'car', 'person'],
      frames: ['a/img 1', 'img_2'],
      annotations: [small, large, covered, mask, polygon, ellipse].map((one) => ({ ...one, crowd: one === small })),
    },
  },
  {
    format: 'MOTS PNG 1.0',
    reader: 'mots',
    dataset: createDataset(
      [person, car],
      [
        { name: names[0], shapes: [tracked(drawLarge, 4), tracked(drawCovered, 1), tracked(drawMask, 2), tracked(drawSmall, 3)] },
        { name: names[1], shapes: [tracked(drawPolygon, 1), tracked(drawEllipse, 4)] },
        { name: names[2], shapes: [drawLarge] },
      ],
    ),
    seen: {
      labels: ['person', 'car'],
      frames: ['a/img 1', 'img_2'],
      annotations: [
        { ...large, track: 4 },
        { ...covered, track: 1 },
        { ...mask, track: 2 },
        { ...small, track: 3 },
        { ...polygon, track: 1 },
        { ...ellipse, track: 4 },
      ],
    },
  },
  {
    format: 'ICDAR Segmentation 1.0',
    reader: 'icdar_segmentation',
    dataset: createDataset(
      [icdar],
      [
        { name: names[0], shapes: [letter(drawLarge, 'b', '1', '10 20 30'), letter(drawMask, 'a c', '0', '')] },
        { name: names[1], shapes: [letter(drawPolygon, 'é', '0', '')] },
        { name: names[2] },
      ],
    ),
    seen: {
      labels: [],
      frames: ['a/img 1', 'img_2', 'img_3'],
      annotations: [
        { frame: 'a/img 1', box: mask.box, area: mask.area, text: 'a c' },
        { frame: 'a/img 1', box: large.box, area: large.area, text: 'b' },
        { frame: 'img_2', box: polygon.box, area: polygon.area, text: 'é', about: 1 },
      ],
    },
  },
  {
    format: 'Market-1501 1.0',
    reader: 'market',
    dataset: createDataset(
      [market],
      [
        { name: '0001_c2s3_000015_04.png', tags: [tag(1)] },
        {
          name: 'img_2.png',
          tags: [tag(1, values([1, 'true'], [2, '0007'], [3, '4'], [4, '2'], [5, '33'], [6, '6']))],
        },
      ],
    ),
    seen: {
      labels: [],
      frames: ['bounding_box_default/0001_c2s3_000015_04.png', 'query/0007_c5s2_000033_06.png'],
      annotations: [
        {
          frame: 'bounding_box_default/0001_c2s3_000015_04.png',
          ...{ query: false, person: '0001', camera: 2, sequence: 3, number: 15, index: 4 },
        },
        {
          frame: 'query/0007_c5s2_000033_06.png',
          ...{ query: true, person: '0007', camera: 5, sequence: 2, number: 33, index: 6 },
        },
      ],
    },
  },
  {
    format: 'Kitti Raw Format 1.0',
    reader: 'kitti_raw',
    dataset: createDataset(cloudLabels, clouds),
    seen: {
      labels: ['person', 'van'],
      frames: cloudNames,
      annotations: [van, near, far].map((one) => ({ ...one, occluded: one === van })),
    },
  },
  {
    format: 'Sly Point Cloud Format 1.0',
    reader: 'sly',
    dataset: createDataset(cloudLabels, clouds),
    seen: {
      labels: ['van', 'person'],
      frames: cloudNames,
      annotations: [
        { ...van, object: 0, attributes: { speed: 7, parked: 'true', occluded: 'true' } },
        { ...near, object: 1, attributes: { occluded: 'false' } },
        { ...far, object: 2, attributes: { occluded: 'false' } },
      ],
    },
  },
  {
    format: 'Datumaro 3D 1.0',
    reader: 'datumaro_3d',
    dataset: createDataset(cloudLabels, clouds),
    seen: {
      labels: ['van', 'person'],
      frames: cloudNames,
      annotations: [
        { ...van, group: 3, attributes: { speed: 7, parked: true, occluded: true } },
        { ...near, group: 0, attributes: { occluded: false } },
        { ...far, group: 0, attributes: { occluded: false } },
      ],
    },
  },
  {
    format: 'CVAT for video 1.1',
    reader: 'cvat_video',
    dataset: createDataset(
      [label(1, 'car', '#ff6037'), person],
      [
        { name: names[0], shapes: [onTrack([0, 0, 10, 10], true), drawLarge] },
        { name: names[1], shapes: [onTrack([10, 5, 20, 15], false)] },
        { name: names[2], shapes: [onTrack([20, 10, 30, 20], true)] },
      ],
      [moving],
    ),
    seen: {
      labels: ['car', 'person'],
      frames: [],
      annotations: [
        step(0, [0, 0, 10, 10], true),
        step(1, [10, 5, 20, 15], false),
        step(2, [20, 10, 30, 20], true),
        { frame: 0, label: 'car', track: 1, outside: false, keyframe: true, box: large.box },
        { frame: 1, label: 'car', track: 1, outside: true, keyframe: true, box: large.box },
      ],
    },
  },
  {
    format: 'Ultralytics YOLO Detection Track 1.0',
    reader: 'yolo_track',
    dataset: createDataset(
      [car, person],
      [
        { name: names[0], shapes: [tracked(drawLarge, 5), drawCovered] },
        { name: names[1], shapes: [tracked(drawSmall, 5)] },
      ],
    ),
    seen: {
      labels: ['car', 'person'],
      frames: ['a/img 1', 'img_2'],
      annotations: [
        { frame: 'a/img 1', label: 'car', track: 5, box: large.box },
        { frame: 'a/img 1', label: 'person', track: null, box: covered.box },
        { frame: 'img_2', label: 'car', track: 5, box: small.box },
      ],
    },
  },
  {
    format: 'Ultralytics YOLO Pose 1.0',
    reader: 'yolo_pose',
    dataset: createDataset([car, pose], [{ name: names[0], shapes: [drawPose, drawLarge] }, { name: names[1] }]),
    seen: {
      labels: ['pose'],
      frames: ['a/img 1', 'img_2'],
      annotations: [
        {
          frame: 'a/img 1',
          label: 'pose',
          box: [30, 30, 42, 54],
          points: [
            [30, 30, 2],
            [42, 54, 1],
            [90, 80, 0],
          ],
        },
      ],
    },
  },
  {
    format: 'Ultralytics YOLO Classification 1.0',
    reader: 'yolo_classification',
    dataset: createDataset(
      [car, person],
      [{ name: names[0], tags: [tag(1), tag(2)] }, { name: names[1], tags: [tag(2)] }, { name: names[2] }],
    ),
    seen: {
      labels: ['car', 'person'],
      frames: ['a/img 1', 'img_2', 'img_3'],
      annotations: [
        { frame: 'a/img 1', label: 'car' },
        { frame: 'a/img 1', label: 'person' },
        { frame: 'img_2', label: 'person' },
      ],
    },
  },
]

let folder: string
let answers: Seen[]

beforeAll(async () => {
  if (!existsSync(python)) throw new Error('the Python readers are missing; ./scripts/test installs them')
  folder = mkdtempSync(join(tmpdir(), 'annolith-plain-readers-'))
  const requests: string[] = []
  for (const { format, reader, dataset } of cases) {
    const path = join(folder, `${reader}.zip`)
    await Bun.write(path, await exportBytes(format, dataset, true))
    requests.push(JSON.stringify({ reader, path }))
  }
  const stdin = Buffer.from(`${requests.join('\n')}\n`)
  const child = Bun.spawn([python, join(import.meta.dir, 'plain_readers.py')], { stdin, stdout: 'pipe', stderr: 'pipe' })
  const [text, fault] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  if ((await child.exited) !== 0) throw new Error(`the readers ended: ${fault}`)
  answers = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Numbers of text with six decimals come back within a thousandth of a pixel. */
const settle = (value: unknown): unknown => {
  if (typeof value === 'number') return Math.round(value * 1000) / 1000 + 0
  return Array.isArray(value) ? value.map(settle) : value
}
/** One line an annotation, with its fields in order of their names. */
const describe = (annotations: Annotation[]) =>
  annotations
    .map((one) =>
      JSON.stringify(
        Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)),
        (_, value) => settle(value),
      ),
    )
    .toSorted()

/** The border of a drawn curve may lie a pixel beside it: then what was read takes the place of what is expected. */
const allowCurves = (expected: Annotation[], found: Annotation[]) =>
  expected.map(({ about, ...one }) => {
    if (!about) return one as Annotation
    const { box, area } = one as unknown as { box: number[]; area: number }
    const isNear = (other: Annotation) =>
      other.frame === one.frame &&
      (other.box as number[]).every((side, at) => Math.abs(side - box[at]!) <= 1) &&
      Math.abs((other.area as number) - area) < area / 10
    const match = found.find(isNear)
    return (match ? { ...one, box: match.box, area: match.area } : one) as Annotation
  })

test.each(cases.map((one, at) => [one.format, one.seen, at] as const))('%s is read by its layout', (_, expected, at) => {
  const { error, labels, frames, annotations } = answers[at]!
  expect(error).toBeUndefined()
  expect(labels).toEqual(expected.labels)
  expect(frames).toEqual(expected.frames)
  expect(describe(annotations)).toEqual(describe(allowCurves(expected.annotations, annotations)))
})
