// Writes WiderFace: a list of frames with their boxes per subset.

import type { WriteOptions } from '../format'
import { roundToHundredths } from '../geometry/rounding'
import { listTags, type NumberedLabels, noLabel, numberLabels } from '../image-tags'
import { formatFloat } from '../io/json-text'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item, ItemShape } from '../model'
import { type TypedValue, typeAttributes } from '../typed-attributes'
import { faceAttributes, faceLabel } from './fields'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const files = createTextFiles(options.tempDir)
  try {
    yield { name: 'labels.txt', content: [...labels.values()].map(({ label }) => label.name).join('\n') }
    for await (const item of dataset.items) {
      const subset = item.subset || 'default'
      const path = `${nameFolder(item, labels)}/${nameItemFile(item)}`
      files.append(listName(subset), `${path}\n${formatBoxes(item, labels)}`)
      if (options.saveImages && item.media) {
        yield { name: `WIDER_${subset}/images/${path}`, content: await item.media.read(), store: true }
      }
    }
    yield* files.entries()
  } finally {
    files.dispose()
  }
}

const listName = (subset: string) => `wider_face_split/wider_face_${subset}_bbx_gt.txt`

/** `<number>--<label>` of the first tag. */
function nameFolder(item: Item, labels: NumberedLabels): string {
  const [tag] = listTags(item, labels)
  return tag ? `${tag.number}--${tag.label.name}` : noLabel
}

/** Their number and a line each; nothing for a frame without boxes. */
function formatBoxes(item: Item, labels: NumberedLabels): string {
  const lines = item.shapes.flatMap((shape) => (shape.type === 'rectangle' ? formatBox(shape, labels) : []))
  return lines.length > 0 ? [lines.length, ...lines, ''].join('\n') : ''
}

function formatBox(shape: ItemShape, labels: NumberedLabels): string[] {
  const label = labels.get(shape.label_id)?.label
  if (!label) return []
  const [x0, y0, x1, y1] = shape.points.map(roundToHundredths) as [number, number, number, number]
  const typed = typeAttributes(label, shape.attributes)
  const attributes = faceAttributes.map((name) => {
    const own = typed.get(name)
    return own ? formatValue(own) : name === 'occluded' ? formatValue({ kind: 'bool', value: shape.occluded }) : '-'
  })
  const name = label.name === faceLabel ? '' : label.name
  return [[...[x0, y0, x1 - x0, y1 - y0].map(formatFloat), ...attributes, name].join(' ')]
}

function formatValue({ kind, value }: TypedValue): string {
  if (kind === 'bool') return value ? 'True' : 'False'
  return kind === 'float' ? formatFloat(value) : String(value).replace(/\s+/g, '_') || '-'
}
