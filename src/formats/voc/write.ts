// Writes PASCAL VOC: an XML file per frame, lists per subset, and pictures of masks.

import { background, getVocColour } from '../colours'
import type { WriteOptions } from '../format'
import { createTextFiles, type TextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { dropExtension } from '../match'
import type { Dataset, Item, Label } from '../model'
import { listRegions } from '../regions'
import { listLabels, sortLabelAttributes } from '../typed-attributes'
import { formatId } from './image-sets'
import { formatLabelmap } from './labelmap'
import { drawObjectPictures } from './object-pictures'
import { formatItem } from './xml'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = new Map(listLabels(sortLabelAttributes(dataset.labels)).map(({ label }) => [label.id, label]))
  const names = listNames([...labels.values()])
  const numbers = new Map(names.map((name, number) => [name, number]))
  const lists = createTextFiles(options.tempDir)
  const subsets = new Set<string>()
  try {
    for await (const item of dataset.items) {
      const subset = item.subset || 'default'
      subsets.add(subset)
      const file = nameItemFile(item)
      const id = dropExtension(item.name)
      const drawn = item.shapes.filter(({ type, label_id }) => (type === 'mask' || type === 'ellipse') && labels.has(label_id))
      const regions = listRegions(drawn, item, false)
      yield { name: `Annotations/${id}.xml`, content: formatItem(item, id, file, labels, regions.length > 0) }
      if (regions.length > 0) {
        yield* drawObjectPictures(id, regions, item, ({ leader }) => {
          return getVocColour(numbers.get(labels.get(leader.label_id)!.name)!)
        })
      }
      listItem(lists, item, formatId(id), subset, names, labels, regions.length > 0)
      if (options.saveImages && item.media) yield { name: `JPEGImages/${file}`, content: await item.media.read(), store: true }
    }
    if (subsets.size === 0) lists.append('ImageSets/Main/default.txt', '')
    yield* lists.entries()
    yield { name: 'labelmap.txt', content: formatLabelmap(names.map((name, number) => ({ name, colour: getVocColour(number) }))) }
  } finally {
    lists.dispose()
  }
}

/** `background` first; the place of a label is its colour. */
function listNames(labels: readonly Label[]): string[] {
  return [background, ...labels.map(({ name }) => name).filter((name) => name !== background)]
}

function listItem(
  lists: TextFiles,
  item: Item,
  id: string,
  subset: string,
  names: readonly string[],
  labels: ReadonlyMap<number, Label>,
  hasMasks: boolean,
): void {
  const isEmpty = item.shapes.length === 0 && item.tags.length === 0
  lists.append(`ImageSets/Main/${subset}.txt`, `${id}\n`)
  if (hasMasks || isEmpty) lists.append(`ImageSets/Segmentation/${subset}.txt`, `${id}\n`)
  if (isEmpty) for (const kind of ['Action', 'Layout']) lists.append(`ImageSets/${kind}/${subset}.txt`, `${id}\n`)
  const tagged = new Set(item.tags.flatMap(({ label_id }) => labels.get(label_id)?.name ?? []))
  if (tagged.size === 0) return
  for (const name of names) lists.append(`ImageSets/Main/${name}_${subset}.txt`, `${id} ${tagged.has(name) ? ' 1' : '-1'}\n`)
}
