// Our archives as other people's libraries see them: pycocotools, datumaro and supervision find what we wrote.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { decodeMask } from '../../src/formats/geometry/mask'
import { openBytes } from '../../src/formats/io/byte-source'
import { openDatasetFiles } from '../../src/formats/io/dataset-files'
import { createFrameLookup, type FrameInfo } from '../../src/formats/match'
import type { Dataset, Item, ItemShape, Label, Shape, Tag } from '../../src/formats/model'
import { encodePng } from '../../src/formats/png-mask'
import { findExporter, findImporter } from '../../src/formats/registry'
import { exportBytes, importAll, sampleInfo } from '../../src/formats/testing/sample'

const python = join(import.meta.dir, '../../.tools/venv/bin/python')

type Box = [left: number, top: number, right: number, bottom: number]
type Seen = { items: string[]; annotations: [item: string, label: string | null, box: number[] | null][]; areas?: any[] }

let folder: string
let child: Bun.Subprocess<'pipe', 'pipe', 'pipe'>
let lines: AsyncIterator<string>

async function* readLinesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
    const parts = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = parts.pop()!
    yield* parts
  }
}

beforeAll(() => {
  if (!existsSync(python)) throw new Error('the Python readers are missing; ./scripts/test installs them')
  folder = mkdtempSync(join(tmpdir(), 'annolith-readers-'))
  child = Bun.spawn([python, join(import.meta.dir, 'read_datasets.py')], { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' })
  lines = readLinesOf(child.stdout)
})
afterAll(() => {
  child?.kill()
  rmSync(folder, { recursive: true, force: true })
})

const ask = async (reader: string, path: string): Promise<Seen> => {
  child.stdin.write(`${JSON.stringify({ reader, path })}\n`)
  child.stdin.flush()
  const { value, done } = await lines.next()
  if (done) throw new Error(`the readers ended: ${await new Response(child.stderr).text()}`)
  const answer = JSON.parse(value)
  if (answer.error) throw new Error(answer.error)
  return answer
}

const [width, height] = [120, 90]
const frames: FrameInfo[] = ['img_1.png', 'img_2.png', 'img_3.png'].map((name, frame) => ({ frame, name, width, height }))
const picture = encodePng({ width, height, channels: 1, values: new Uint8Array(width * height).fill(120) })
const label = (id: number, name: string, color: string, rest: Partial<Label> = {}): Label => ({
  id,
  name,
  color,
  type: 'any',
  attributes: [],
  sublabels: [],
  ...rest,
})
const points = ['head', 'neck'].map((name, at) => label(11 + at, name, `#00${at}0ff`, { type: 'points' }))
const labels = [label(1, 'car', '#ff6037'), label(2, 'person', '#33ddff')]
const skeleton = label(3, 'pose', '#112233', {
  type: 'skeleton',
  sublabels: points,
  svg: '<circle data-node-id="1" data-label-id="11"></circle><circle data-node-id="2" data-label-id="12"></circle>',
})

const shape = (type: ItemShape['type'], at: number[], rest: Partial<ItemShape> = {}): ItemShape => ({
  type,
  frame: 0,
  label_id: 1,
  group: 0,
  source: 'manual',
  score: 1,
  points: at,
  rotation: 0,
  occluded: false,
  outside: false,
  z_order: 0,
  attributes: [],
  elements: [],
  ...rest,
})
const box = shape('rectangle', [10, 20, 51, 60])
const other = shape('rectangle', [60, 5, 110, 44], { label_id: 2 })
const polygon = shape('polygon', [20, 10, 60.25, 15.5, 70, 60, 23, 75], { label_id: 2 })
const ellipse = shape('ellipse', [90, 60, 105, 50])
const mask = shape('mask', [1, 2, 1, 4, 1, 2, 1, 30, 40, 33, 42])
const pose = shape('skeleton', [], {
  label_id: 3,
  elements: [shape('points', [30, 30], { label_id: 11 }), shape('points', [40.5, 50], { label_id: 12 })],
})
const tag = (frame: number, label_id: number): Tag => ({ frame, label_id, group: 0, source: 'manual', attributes: [] })

type Content = { shapes?: ItemShape[]; tags?: boolean; labels?: Label[]; more?: ItemShape[] }

const createDataset = ({ shapes = [], more = [], tags = false, labels: own = labels }: Content): Dataset => {
  const media = { extension: '.png', read: async () => picture }
  const items = frames.map(({ name, frame }): Item => {
    const onFrame = frame === 0 ? shapes : frame === 1 ? more : []
    return {
      name,
      frame,
      sourceFrame: frame,
      width,
      height,
      subset: '',
      media,
      shapes: onFrame.map((one) => ({ ...one, frame, elements: one.elements.map((element) => ({ ...element, frame })) })),
      tags: tags && frame < own.length ? [tag(frame, frame + 1)] : [],
    }
  })
  return { info: sampleInfo, labels: own, items, tracks: [] }
}

const unpack = async (bytes: Uint8Array, name: string): Promise<string> => {
  const path = join(folder, name.replaceAll(/\W+/g, '_'))
  for (const file of (await openDatasetFiles(openBytes(bytes))).list) {
    mkdirSync(dirname(join(path, file.name)), { recursive: true })
    await Bun.write(join(path, file.name), await file.bytes())
  }
  return path
}

const round = (values: readonly number[]) => values.map((value) => Math.round(value))
const spanOf = ({ type, points: at, elements }: Shape): number[] => {
  if (type === 'mask') {
    const { left, top, width: wide, height: high } = decodeMask(at)
    return [left, top, left + wide, top + high]
  }
  if (type === 'cuboid') return [...at.slice(0, 3), ...at.slice(6, 9)]
  const all = type === 'skeleton' ? elements.flatMap((element) => element.points) : at
  const pick = (odd: number) => all.filter((_, index) => index % 2 === odd)
  return [Math.min(...pick(0)), Math.min(...pick(1)), Math.max(...pick(0)), Math.max(...pick(1))] satisfies Box
}

/** What our own reader finds, in the words of the others. */
const readOurselves = async (format: string, bytes: Uint8Array, own: Label[]) => {
  const importer = findImporter(format) ?? findImporter('CVAT 1.1')!
  const lookup = createFrameLookup({ frames })
  const found = await importAll(importer, bytes, { labels: own, frames: lookup, masksToPolygons: false })
  const nameOf = (id: number) => own.find((one) => one.id === id)!.name
  const stem = (frame: number) => frames[frame]!.name.replace('.png', '')
  return [
    ...found.shapes.map((one) => [stem(one.frame), nameOf(one.label_id), round(spanOf(one))]),
    ...found.tags.map((one) => [stem(one.frame), nameOf(one.label_id), null]),
  ]
    .map((one) => JSON.stringify(one))
    .sort()
}
/** Without names of labels where a library reads none, and by the number of the frame where it knows no more. */
const describe = ({ annotations }: Seen) =>
  annotations
    .filter(([, name]) => name !== 'background')
    .map(([item, name, at]) => [/^\d+$/.test(item) ? `img_${Number(item)}` : item, name ?? 'icdar', at && round(at)])
    .map((one) => JSON.stringify(one))
    .sort()
/** Readers that give the box beside every segmentation. */
const unique = (list: string[]) => [...new Set(list)]

const boxes: Content = { shapes: [box, other], more: [other] }
const regions: Content = { shapes: [polygon, mask, ellipse], more: [polygon] }
const icdar = label(1, 'icdar', '#ff6037', {
  attributes: [{ id: 1, name: 'text', mutable: false, input_type: 'text', default_value: 'word', values: [''] }],
})

/** Format, reader, and what is written. */
const cases: [format: string, reader: string, content: Content][] = [
  ['COCO 1.0', 'datumaro:coco_instances', { shapes: [box, polygon, mask], more: [other] }],
  ['COCO 1.0', 'supervision:coco', boxes],
  ['COCO Keypoints 1.0', 'datumaro:coco_person_keypoints', { shapes: [pose], labels: [skeleton] }],
  ['Datumaro 1.0', 'datumaro:datumaro', { shapes: [box, polygon, mask], more: [other], tags: true }],
  ['CVAT for images 1.1', 'datumaro:cvat', { shapes: [box, polygon], more: [other] }],
  ['PASCAL VOC 1.1', 'datumaro:voc_detection', boxes],
  ['PASCAL VOC 1.1', 'supervision:voc', boxes],
  ['Segmentation mask 1.1', 'datumaro:voc_segmentation', regions],
  ['YOLO 1.1', 'datumaro:yolo', boxes],
  ['Ultralytics YOLO Detection 1.0', 'supervision:yolo', boxes],
  ['Ultralytics YOLO Segmentation 1.0', 'supervision:yolo', { shapes: [polygon], more: [polygon] }],
  ['Ultralytics YOLO Oriented Bounding Boxes 1.0', 'supervision:yolo_obb', boxes],
  ['LabelMe 3.0', 'datumaro:label_me', { shapes: [box, polygon], more: [other] }],
  ['MOT 1.1', 'datumaro:mot_seq', boxes],
  ['ImageNet 1.0', 'datumaro:imagenet', { tags: true }],
  ['CamVid 1.0', 'datumaro:camvid', regions],
  ['KITTI 1.0', 'datumaro:kitti_detection', boxes],
  ['WiderFace 1.0', 'datumaro:wider_face', boxes],
  ['VGGFace2 1.0', 'datumaro:vgg_face2', { shapes: [box] }],
  ['ICDAR Localization 1.0', 'datumaro:icdar_text_localization', { shapes: [box], labels: [icdar] }],
  [
    'ICDAR Recognition 1.0',
    'datumaro:icdar_word_recognition',
    { tags: true, labels: [icdar, { ...icdar, id: 2, name: 'other' }] },
  ],
  ['Open Images V6 1.0', 'datumaro:open_images', { shapes: [box, other], tags: true }],
  ['LFW 1.0', 'datumaro:lfw', { tags: true }],
]

test.each(cases)('%s is read by %s', async (format, reader, content) => {
  const dataset = createDataset(content)
  // Pictures of MOT must be numbered to be read; its table tells enough.
  const bytes = await exportBytes(findExporter(format)!, dataset, !format.startsWith('MOT'))
  const seen = await ask(reader, await unpack(bytes, `${format} ${reader}`))
  const ours = await readOurselves(format, bytes, dataset.labels)
  expect(ours.length).toBeGreaterThan(0)
  const isDoubled = /coco_/.test(reader)
  expect(isDoubled ? unique(describe(seen)) : describe(seen)).toEqual(isDoubled ? unique(ours) : ours)
})

test('areas and boxes of COCO are those that pycocotools computes', async () => {
  const turned = { ...polygon, points: [3.3, 80.1, 55.5, 2.2, 118.9, 44.4, 61.7, 88.8, 20.2, 89.9], label_id: 1 }
  const shapes = [polygon, turned, mask, ellipse, { ...box, group: 4 }, { ...polygon, group: 4, label_id: 1 }]
  const bytes = await exportBytes('COCO 1.0', createDataset({ shapes, more: shapes }))
  const path = join(await unpack(bytes, 'coco areas'), 'annotations/instances_default.json')
  const { areas } = await ask('pycocotools', path)
  expect(areas!.length).toBeGreaterThanOrEqual(8)
  for (const [area, exact, bbox, exactBox] of areas!) {
    expect(area).toBe(exact)
    if (exactBox) expect(bbox).toEqual(exactBox)
  }
})
