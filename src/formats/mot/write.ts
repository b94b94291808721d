// Writes the MOT table in one pass over the frames.

import type { WriteOptions } from '../format'
import type { Bounds } from '../geometry/box'
import { formatFloat } from '../io/json-text'
import { createSpool } from '../io/spool'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { dropExtension } from '../match'
import type { Dataset, ItemShape, Label } from '../model'
import { roundShape } from '../regions'
import { listLabels, type TypedValue, typeAttributes } from '../typed-attributes'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = listLabels(dataset.labels).map(({ label }) => label)
  const numbered = new Map(labels.map((label, at) => [label.id, { label, number: at + 1 }]))
  const trackNumbers = new Map<number, number>()
  const spool = createSpool(options.tempDir)
  let position = 0
  try {
    for await (const item of dataset.items) {
      position++
      const id = dropExtension(item.name)
      const frame = /^\d{1,15}$/.test(id) ? Number(id) : position
      for (const shape of item.shapes) {
        const entry = numbered.get(shape.label_id)
        if (shape.type !== 'rectangle' || !entry) continue
        spool.append(`${frame},${numberTrack(shape, trackNumbers)},${formatRow(shape, entry.label, entry.number)}\r\n`)
      }
      if (options.saveImages && item.media) {
        yield { name: `img1/${nameItemFile(item)}`, content: await item.media.read(), store: true }
      }
    }
    yield { name: 'gt/gt.txt', content: spool.read() }
    yield { name: 'gt/labels.txt', content: labels.map(({ name }) => name).join('\n') }
  } finally {
    spool.dispose()
  }
}

/** Tracks count from 1 in the order in which they are first seen; plain boxes have -1. */
function numberTrack({ track_id }: ItemShape, numbers: Map<number, number>): number {
  if (track_id === undefined) return -1
  const number = numbers.get(track_id) ?? numbers.size + 1
  numbers.set(track_id, number)
  return number
}

function formatRow(shape: ItemShape, label: Label, classNumber: number): string {
  const [left, top, right, bottom] = roundShape(shape).points as Bounds
  const attributes = typeAttributes(label, shape.attributes)
  const confidence = isTrue(attributes.get('ignored')) ? 0 : 1
  const visibility = Number(attributes.get('visibility')?.value ?? (shape.occluded ? 0 : 1))
  const box = [left, top, right - left, bottom - top].map(formatFloat).join(',')
  return `${box},${confidence},${classNumber},${formatFloat(Number.isFinite(visibility) ? visibility : 1)}`
}

function isTrue(value: TypedValue | undefined): boolean {
  return value !== undefined && /^(true|1)$/i.test(String(value.value))
}
