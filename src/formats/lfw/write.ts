// Writes LFW: three lists per subset.

import type { WriteOptions } from '../format'
import { roundToHundredths } from '../geometry/rounding'
import { listTags, type NumberedLabels, nameItem, numberLabels } from '../image-tags'
import { formatFloat } from '../io/json-text'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item, Label, Tag } from '../model'
import { typeAttributes } from '../typed-attributes'
import { pairAttributes, shortenName, splitName, splitPairs } from './pairs'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const people = [...labels.values()].map(({ label }) => label.name)
  const counts = new Map<string, Map<string, number>>()
  const files = createTextFiles(options.tempDir)
  const open = (subset: string) => {
    const count = new Map(people.map((name) => [name, 0]))
    counts.set(subset, count)
    files.append(`${subset}/annotations/pairs.txt`, '')
    return count
  }
  try {
    for await (const item of dataset.items) {
      const subset = item.subset || 'default'
      const folder = `${subset}/annotations`
      const count = counts.get(subset) ?? open(subset)
      const [tag] = listTags(item, labels)
      if (tag) count.set(tag.label.name, count.get(tag.label.name)! + 1)
      files.append(`${folder}/pairs.txt`, tag ? listPairs(item, tag, people) : `${nameItem(item)}\n`)
      for (const line of listLandmarks(item, labels)) files.append(`${folder}/landmarks.txt`, line)
      if (options.saveImages && item.media) {
        const path = tag ? `${tag.label.name}/${nameItemFile(item)}` : nameItemFile(item)
        yield { name: `${subset}/images/${path}`, content: await item.media.read(), store: true }
      }
    }
    if (counts.size === 0) open('default')
    for (const [subset, count] of counts) {
      files.append(`${subset}/annotations/people.txt`, [...count].map(([name, number]) => `${name}\t${number}\n`).join(''))
    }
    yield* files.entries()
  } finally {
    files.dispose()
  }
}

/** A line per pair; one with the name alone for a picture in no pair. */
function listPairs(item: Item, { label, tag }: { label: Label; tag: Tag }, people: readonly string[]): string {
  const id = nameItem(item)
  const typed = typeAttributes(label, tag.attributes)
  const list = (attribute: string) => splitPairs(String(typed.get(attribute)?.value ?? ''))
  const self = `${label.name}\t${shortenName(label.name, id)}`
  const same = list(pairAttributes.same).map((name) => {
    const other = name.startsWith(`${label.name}/`) ? name.slice(label.name.length + 1) : name
    return `${self}\t${shortenName(label.name, other)}\n`
  })
  const different = list(pairAttributes.different).map((name) => {
    const other = splitName(name, people)
    return `${self}\t${other ? `${other.person}\t${shortenName(other.person, other.id)}` : `-\t${name}`}\n`
  })
  return [...same, ...different].join('') || `${label.name}/${id}\n`
}

function listLandmarks(item: Item, labels: NumberedLabels): string[] {
  return item.shapes
    .filter(({ type, label_id }) => type === 'points' && labels.has(label_id))
    .map(
      ({ points }) =>
        `${[`${nameItem(item)}.jpg`, ...points.map((value) => formatFloat(roundToHundredths(value)))].join('\t')}\n`,
    )
}
