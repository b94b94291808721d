// Writes Market-1501: pictures under their names, and a list of them per subset.

import type { WriteOptions } from '../format'
import { listTags, nameItem, nameItemExtension, numberLabels } from '../image-tags'
import { formatFloat } from '../io/json-text'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import type { Dataset, Item } from '../model'
import { type TypedValue, typeAttributes } from '../typed-attributes'
import { formatPersonName, marketLabel, parsePersonName } from './file-name'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const namePicture = createNamer()
  const files = createTextFiles(options.tempDir)
  let isEmpty = true
  try {
    for await (const item of dataset.items) {
      isEmpty = false
      const subset = item.subset || 'default'
      const tag = listTags(item, labels).find(({ label }) => label.name === marketLabel)
      const values = tag ? typeAttributes(tag.label, tag.tag.attributes) : new Map<string, TypedValue>()
      const path = namePicture(item, isTrue(values.get('query')) ? 'query' : `bounding_box_${subset}`, values)
      files.append(`images_${subset}.txt`, `${path}\n`)
      if (options.saveImages && item.media) yield { name: path, content: await item.media.read(), store: true }
    }
    if (isEmpty) files.append('images_default.txt', '')
    yield* files.entries()
  } finally {
    files.dispose()
  }
}

function isTrue(value: TypedValue | undefined): boolean {
  return value !== undefined && /^(true|1|yes|y|t|on)$/i.test(String(value.value))
}

type NamePicture = (item: Item, folder: string, values: ReadonlyMap<string, TypedValue>) => string

/** Names frames after the person; frames without a number of their own are counted per person, camera and track. */
function createNamer(): NamePicture {
  const lastFrames = new Map<string, number>()
  const used = new Set<string>()
  return (item, folder, values) => {
    const id = nameItem(item)
    const slash = id.lastIndexOf('/') + 1
    const person_id = formatText(values.get('person_id'))
    const extension = nameItemExtension(item)
    if (person_id === '' || parsePersonName(id.slice(slash))) return `${folder}/${id}${extension}`
    const integer = (name: string, usual: number) => {
      const number = Math.trunc(Number(values.get(name)?.value || usual))
      return Number.isFinite(number) ? number : usual
    }
    const who = { person_id, camera_id: integer('camera_id', 0), track_id: integer('track_id', 1) }
    const key = JSON.stringify(who)
    const frame_id = integer('frame_id', (lastFrames.get(key) ?? -1) + 1)
    lastFrames.set(key, Math.max(frame_id, lastFrames.get(key) ?? 0))
    for (let bbox_id = integer('bbox_id', 0); ; bbox_id++) {
      const path = `${folder}/${id.slice(0, slash)}${formatPersonName({ ...who, frame_id, bbox_id })}${extension}`
      if (used.has(path)) continue
      used.add(path)
      return path
    }
  }
}

function formatText(value: TypedValue | undefined): string {
  return value === undefined ? '' : value.kind === 'float' ? formatFloat(value.value) : String(value.value)
}
