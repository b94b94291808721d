// Writes SemanticKITTI's layout: clouds as .bin, a number with class and instance for each point, and the map of the classes.
import { nameByNumber } from '../cloud-shapes/match-frame'
import type { CloudDataset, CloudFrame } from '../cloud-shapes/model'
import { parseColour, splitColour } from '../colours'
import type { ArchiveEntry } from '../io/zip-writer'
import { numberLabels } from './classes'

export const sequenceFolder = 'sequences/00/'
export const classesFile = 'semantic-kitti.yaml'

/** Names as JSON, which YAML understands. */
const quote = (text: string) => JSON.stringify(text)

const writeClasses = (dataset: CloudDataset, numbers: ReadonlyMap<string, number>): string => {
  const all = [...numbers].sort(([, a], [, b]) => a - b)
  const colours = new Map(dataset.labels.map(({ name, color }) => [name, splitColour(parseColour(color)).toReversed()]))
  return [
    'labels:',
    '  0: "unlabeled"',
    ...all.map(([name, number]) => `  ${number}: ${quote(name)}`),
    'color_map: # blue, green, red',
    '  0: [0, 0, 0]',
    ...all.map(([name, number]) => `  ${number}: [${colours.get(name)!.join(', ')}]`),
    '',
  ].join('\n')
}

/** A little-endian number for each point: the class in the lower 16 bits, the instance in the upper ones. */
export const packLabels = ({ count, segments }: CloudFrame, numbers: ReadonlyMap<string, number>): Uint8Array => {
  const values = new Uint32Array(count)
  for (const { label, instance, rows } of segments)
    for (let at = 0; at + 1 < rows.length; at += 2)
      values.fill(((instance << 16) | numbers.get(label)!) >>> 0, rows[at]!, rows[at + 1]!)
  return new Uint8Array(values.buffer)
}

async function* toBytes(blocks: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) yield new Uint8Array(block.buffer, block.byteOffset, block.byteLength)
}

export async function* writeSemanticKitti(dataset: CloudDataset): AsyncGenerator<ArchiveEntry> {
  const numbers = numberLabels(dataset.labels)
  yield { name: classesFile, content: writeClasses(dataset, numbers) }
  for await (const frame of dataset.frames) {
    const name = nameByNumber(frame)
    if (frame.readPoints) yield { name: `${sequenceFolder}velodyne/${name}.bin`, content: toBytes(frame.readPoints()) }
    yield { name: `${sequenceFolder}labels/${name}.label`, content: packLabels(frame, numbers) }
  }
}
