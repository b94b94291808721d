// Writes MOTS pictures: 16 bits a pixel, a thousand times the label's number plus the track's.

import type { WriteOptions } from '../format'
import { FormatError } from '../format-error'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { drawNumbers } from '../label-pictures'
import { dropExtension } from '../match'
import type { Dataset } from '../model'
import { listRegions, sortRegions } from '../regions'
import { listLabels } from '../typed-attributes'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = listLabels(dataset.labels).map(({ label }) => label)
  const numbers = new Map(labels.map(({ id }, at) => [id, at + 1]))
  const subsets = new Set<string>()
  for await (const item of dataset.items) {
    const subset = item.subset || 'default'
    subsets.add(subset)
    const tracked = item.shapes.filter(({ track_id, label_id }) => track_id !== undefined && numbers.has(label_id))
    const regions = sortRegions(listRegions(tracked, item, true))
    if (regions.length > 0) {
      const content = drawNumbers(regions, item, 16, ({ leader }) => packValue(numbers.get(leader.label_id)!, leader.track_id!))
      yield { name: `${subset}/instances/${dropExtension(item.name)}.png`, content, store: true }
    }
    if (options.saveImages && item.media) {
      yield { name: `${subset}/images/${nameItemFile(item)}`, content: await item.media.read(), store: true }
    }
  }
  const content = labels.map(({ name }) => name).join('\n')
  for (const subset of subsets.size > 0 ? subsets : ['default']) yield { name: `${subset}/instances/labels.txt`, content }
}

/** Throws FormatError when label or track have no place in 16 bits. */
function packValue(label: number, track: number): number {
  const value = label * 1000 + track
  if (track > 999 || value > 0xffff) {
    throw new FormatError('MOTS PNG holds no more than 64 labels and 1000 tracks')
  }
  return value
}
