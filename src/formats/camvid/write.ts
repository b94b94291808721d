// Writes CamVid: class pictures, a list of frames per subset, and the colours.

import { listLabelColours, parseColour, sortByName } from '../colours'
import type { WriteOptions } from '../format'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { formatLabelColours } from '../label-colours-file'
import { drawColours } from '../label-pictures'
import { dropExtension } from '../match'
import type { Dataset } from '../model'
import { listRegions, sortRegions } from '../regions'
import { listLabels } from '../typed-attributes'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const colours = new Map(listLabels(dataset.labels).map(({ label }) => [label.id, parseColour(label.color)]))
  const lists = createTextFiles(options.tempDir)
  const subsets = new Set<string>()
  try {
    for await (const item of dataset.items) {
      const subset = item.subset || 'default'
      subsets.add(subset)
      const file = nameItemFile(item)
      const shapes = item.shapes.filter(({ label_id }) => colours.has(label_id))
      const regions = sortRegions(listRegions(shapes, item, true))
      const mask = regions.length > 0 ? `${subset}annot/${dropExtension(file)}.png` : ''
      if (mask !== '') {
        const { width, height } = item
        const content = drawColours(regions, { width, height }, ({ leader }) => colours.get(leader.label_id)!)
        yield { name: mask, content, store: true }
      }
      lists.append(`${subset}.txt`, `${quotePath(`/${subset}/${file}`)} ${quotePath(mask)}\n`)
      if (options.saveImages && item.media) yield { name: `${subset}/${file}`, content: await item.media.read(), store: true }
    }
    if (subsets.size === 0) lists.append('default.txt', '')
    yield* lists.entries()
    yield { name: 'label_colors.txt', content: formatLabelColours(sortByName(listLabelColours(dataset.labels))) }
  } finally {
    lists.dispose()
  }
}

function quotePath(path: string): string {
  return path.includes(' ') ? `"${path}"` : path
}
