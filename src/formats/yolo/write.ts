// Writes YOLO 1.1: a text file per frame, a list of pictures per subset, and obj.data that ties them together.

import type { WriteOptions } from '../format'
import type { Bounds } from '../geometry/box'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { dropExtension } from '../match'
import type { Dataset, Item, ItemShape } from '../model'
import { roundShape } from '../regions'
import { listLabels } from '../typed-attributes'
import { formatBox } from './lines'
import { createSubsetNamer } from './subsets'

/** Keys of obj.data that are no subsets. */
export const reservedKeys: readonly string[] = ['backup', 'classes', 'names']

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const nameSubset = createSubsetNamer(dataset.info, reservedKeys)
  const numbers = new Map(dataset.labels.map(({ id }, number) => [id, number]))
  const lists = createTextFiles(options.tempDir)
  const subsets = new Set<string>()
  try {
    for await (const item of dataset.items) {
      const subset = nameSubset(item.subset)
      subsets.add(subset)
      const file = nameItemFile(item)
      const folder = `obj_${subset}_data`
      lists.append(`${subset}.txt`, `data/${folder}/${file}\n`)
      yield { name: `${folder}/${dropExtension(file)}.txt`, content: formatItem(item, numbers) }
      if (options.saveImages && item.media) {
        yield { name: `${folder}/${file}`, content: await item.media.read(), store: true }
      }
    }
    if (subsets.size === 0) {
      subsets.add('train')
      lists.append('train.txt', '')
    }
    yield* lists.entries()
    // Sub labels have names here, too, behind the labels that classes count.
    const names = [...dataset.labels, ...listLabels(dataset.labels).flatMap(({ label, parent }) => (parent ? [label] : []))]
    yield { name: 'obj.names', content: names.map(({ name }) => `${name}\n`).join('') }
    const sets = [...subsets].map((subset) => `${subset} = data/${subset}.txt\n`)
    yield { name: 'obj.data', content: `classes = ${names.length}\n${sets.join('')}names = data/obj.names\nbackup = backup/\n` }
  } finally {
    lists.dispose()
  }
}

function formatItem(item: Item, numbers: ReadonlyMap<number, number>): string {
  return item.shapes
    .filter(isPlainBox)
    .map((shape) => {
      const number = numbers.get(shape.label_id)
      return number === undefined ? '' : `${number} ${formatBox(roundShape(shape).points as Bounds, item)}\n`
    })
    .join('')
}

/** A rectangle that is not turned. */
export function isPlainBox({ type, rotation }: ItemShape): boolean {
  return type === 'rectangle' && rotation % 360 === 0
}
