// Writes Segmentation mask: two pictures for every frame with regions, lists of frames, and the colours of the labels.

import { listLabelColours, listWithBackground, parseColour, sortByName } from '../colours'
import type { WriteOptions } from '../format'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { dropExtension } from '../match'
import type { Dataset } from '../model'
import { listRegions } from '../regions'
import { listLabels } from '../typed-attributes'
import { formatId } from '../voc/image-sets'
import { formatLabelmap } from '../voc/labelmap'
import { drawObjectPictures } from '../voc/object-pictures'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const colours = new Map(listLabels(dataset.labels).map(({ label }) => [label.id, parseColour(label.color)]))
  const lists = createTextFiles(options.tempDir)
  const subsets = new Set<string>()
  try {
    for await (const item of dataset.items) {
      const subset = item.subset || 'default'
      if (!subsets.has(subset)) lists.append(`ImageSets/Segmentation/${subset}.txt`, '')
      subsets.add(subset)
      const id = dropExtension(item.name)
      const shapes = item.shapes.filter(({ label_id }) => colours.has(label_id))
      const regions = listRegions(shapes, item, true)
      if (regions.length > 0) yield* drawObjectPictures(id, regions, item, ({ leader }) => colours.get(leader.label_id)!)
      const isEmpty = item.shapes.length === 0 && item.tags.length === 0
      if (regions.length > 0 || isEmpty) lists.append(`ImageSets/Segmentation/${subset}.txt`, `${formatId(id)}\n`)
      if (options.saveImages && item.media) {
        yield { name: `JPEGImages/${nameItemFile(item)}`, content: await item.media.read(), store: true }
      }
    }
    if (subsets.size === 0) lists.append('ImageSets/Segmentation/default.txt', '')
    yield* lists.entries()
    yield { name: 'labelmap.txt', content: formatLabelmap(sortByName(listWithBackground(listLabelColours(dataset.labels)))) }
  } finally {
    lists.dispose()
  }
}
