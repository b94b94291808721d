// Writes everything that is drawn on clouds in a layout after Datumaro's: items with annotations, categories, clouds beside them.
import type { ArchiveEntry } from '../io/zip-writer'
import type { CloudDataset, CloudFrame } from './model'
import { toRowRuns } from './row-runs'

export const annotationsFile = 'annotations/default.json'
export const cloudFolder = 'point_clouds/default/'
/** Kinds of annotations of our own, after those that Datumaro has for pictures. */
export const kindsInSpace = { polyline: 'polyline_3d', polygon: 'polygon_3d', points: 'points_3d' } as const

const stemOf = (name: string) => name.replace(/\.[^./]*$/, '')

const describeFrame = ({ name, frame, count, segments, shapes }: CloudFrame, numbers: ReadonlyMap<string, number>) => {
  let id = 0
  return {
    id: stemOf(name),
    attr: { frame },
    annotations: [
      ...segments.map(({ label, instance, rows }) => ({
        id: id++,
        type: 'point_labels',
        label_id: numbers.get(label)!,
        group: 0,
        attributes: { instance },
        // Points that are skipped and taken, in turn.
        rle: { counts: toRowRuns(rows), size: count },
      })),
      ...shapes.map(({ uid, type, label, points, attributes }) => ({
        id: id++,
        type: kindsInSpace[type],
        label_id: numbers.get(label)!,
        group: 0,
        attributes: { ...Object.fromEntries(attributes.map(({ name, value }) => [name, value])), uid },
        points,
      })),
    ],
    point_cloud: { path: `${stemOf(name)}.bin`, points: count },
  }
}

async function* writeItems(dataset: CloudDataset, seen: CloudFrame[]): AsyncGenerator<string> {
  const numbers = new Map(dataset.labels.map(({ name }, at) => [name, at]))
  const labels = dataset.labels.map((label) => ({
    name: label.name,
    parent: '',
    attributes: label.attributes.map(({ name }) => name),
  }))
  const info = { name: dataset.name, dm_format_version: '1.0', media_type: 3 }
  yield `{"info":${JSON.stringify(info)},"categories":${JSON.stringify({ label: { labels, attributes: [] } })},"items":[`
  let separator = ''
  for await (const frame of dataset.frames) {
    seen.push({ ...frame, segments: [], shapes: [] })
    yield separator + JSON.stringify(describeFrame(frame, numbers))
    separator = ','
  }
  yield ']}'
}

async function* toBytes(blocks: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) yield new Uint8Array(block.buffer, block.byteOffset, block.byteLength)
}

export async function* writeCloudShapes(dataset: CloudDataset): AsyncGenerator<ArchiveEntry> {
  const seen: CloudFrame[] = []
  yield { name: annotationsFile, content: writeItems(dataset, seen) }
  for (const { name, readPoints } of seen)
    if (readPoints) yield { name: `${cloudFolder}${stemOf(name)}.bin`, content: toBytes(readPoints()) }
}
