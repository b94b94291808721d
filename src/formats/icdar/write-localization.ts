// Writes ICDAR Localization: a file of boxes and polygons per picture.

import type { WriteOptions } from '../format'
import { roundToHundredths } from '../geometry/rounding'
import { type NumberedLabels, nameItem, numberLabels } from '../image-tags'
import { formatFloat } from '../io/json-text'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item, ItemShape } from '../model'
import { findText } from './words'

export async function* writeLocalization(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  for await (const item of dataset.items) {
    const subset = item.subset || 'default'
    const lines = item.shapes.flatMap((shape) => formatShape(shape, labels)).map((line) => `${line}\n`)
    yield { name: nameFile(item, subset), content: lines.join('') }
    if (options.saveImages && item.media) {
      yield { name: `${subset}/images/${nameItemFile(item)}`, content: await item.media.read(), store: true }
    }
  }
}

/** `<folder>/gt_<name>.txt` */
function nameFile(item: Item, subset: string): string {
  const id = nameItem(item)
  const slash = id.lastIndexOf('/') + 1
  return `${subset}/${id.slice(0, slash)}gt_${id.slice(slash)}.txt`
}

const separators: Partial<Record<ItemShape['type'], string>> = { rectangle: ' ', polygon: ',' }

/** Boxes with spaces, polygons with commas; both before turning. */
function formatShape({ type, points, label_id, attributes }: ItemShape, labels: NumberedLabels): string[] {
  const separator = separators[type]
  const known = labels.get(label_id)
  if (separator === undefined || !known) return []
  const text = findText(known.label, attributes)
  const fields = points.map((value) => formatFloat(roundToHundredths(value)))
  return [[...fields, ...(text === undefined ? [] : [`"${text}"`])].join(separator)]
}
