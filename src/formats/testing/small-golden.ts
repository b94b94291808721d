// Loads the small golden tasks, made for one format each: labels, annotations and frames.

import { streamItems } from '../items'
import { createFrameLookup, type FrameInfo } from '../match'
import type { Annotations, Attribute, Label } from '../model'
import type { Golden } from './golden'
import { sampleInfo } from './sample'

const folder = new URL('../../../tests/fixtures/golden/', import.meta.url)

const attribute = (id: number, name: string, input_type: Attribute['input_type'], default_value = ''): Attribute => {
  return { id, name, mutable: false, input_type, default_value, values: [default_value] }
}
const label = (id: number, name: string, color: string, attributes: Attribute[] = []): Label => {
  return { id, name, color, type: 'any', attributes, sublabels: [] }
}
const pictures = (count: number) => Array.from({ length: count }, (_, frame) => `img_0${frame}.jpg`)

const tasks = {
  task_7_icdar: { number: 7, names: pictures(2), labels: [label(59, 'icdar', '#6a5d2c', [attribute(34, 'text', 'text')])] },
  task_8_market: {
    number: 8,
    names: pictures(2),
    labels: [
      label(60, 'market-1501', '#2080c0', [
        attribute(35, 'query', 'select', 'true'),
        attribute(36, 'camera_id', 'number', '1'),
        attribute(37, 'person_id', 'number', '1'),
      ]),
      label(61, 'person1', '#c06060', [attribute(38, 'positive_pairs', 'text'), attribute(39, 'negative_pairs', 'text')]),
    ],
  },
  task_10_cloud: { number: 10, names: ['cloud.pcd'], labels: [label(76, 'car', '#2080c0'), label(77, 'ped', '#c52f69')] },
  task_12_vggface2: { number: 12, names: pictures(2), labels: [label(82, 'face', '#e4d2a8')] },
  task_13_icdar_seg: {
    number: 13,
    names: pictures(1),
    labels: [
      label(83, 'icdar', '#6a5d2c', [
        attribute(48, 'index', 'number', '0'),
        attribute(49, 'text', 'text'),
        attribute(50, 'color', 'text'),
        attribute(51, 'center', 'text'),
      ]),
    ],
  },
}
export type SmallGoldenTask = keyof typeof tasks

/** A golden task, with pictures of 320 × 240 pixels. */
export async function loadSmallGolden(task: SmallGoldenTask): Promise<Golden> {
  const { number, names, labels } = tasks[task]
  const annotations: Annotations = await Bun.file(new URL(`api/task_${number}_annotations.json`, folder)).json()
  const frames: FrameInfo[] = names.map((name, frame) => ({ frame, name, width: 320, height: 240 }))
  const items = streamItems({
    frames: frames.map((frame) => ({ ...frame, sourceFrame: frame.frame, subset: '' })),
    shapes: annotations.shapes,
    tags: annotations.tags,
    tracks: [],
    endFrame: names.length - 1,
  })
  const times = { created: new Date('2026-11-22T06:52:03.786Z'), updated: new Date('2026-11-22T06:52:04.714Z') }
  const info = { ...sampleInfo, ...times, owner: { username: 'admin', email: 'admin@example.com' } }
  return { labels, annotations, frames, lookup: createFrameLookup({ frames }), dataset: { info, labels, items, tracks: [] } }
}
