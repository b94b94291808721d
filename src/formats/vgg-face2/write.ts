// Writes VGGFace2: tables of boxes and of landmarks per subset.

import type { WriteOptions } from '../format'
import { FormatError } from '../format-error'
import { roundToHundredths } from '../geometry/rounding'
import { listTags, type NumberedLabels, nameItem, noLabel, numberLabels } from '../image-tags'
import { formatCsvLine } from '../io/csv'
import { formatFloat } from '../io/json-text'
import { createTextFiles, type TextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item, ShapeType } from '../model'
import { boxColumns, landmarkColumns } from './columns'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const files = createTextFiles(options.tempDir)
  let isEmpty = true
  try {
    files.append('labels.txt', [...labels.values()].map(({ label }) => `${label.name}\n`).join(''))
    for await (const item of dataset.items) {
      isEmpty = false
      const subset = item.subset || 'default'
      const folders = appendRows(files, item, subset, labels)
      if (!options.saveImages || !item.media) continue
      for (const folder of folders) {
        yield { name: `${subset}/${folder}/${nameItemFile(item)}`, content: await item.media.read(), store: true }
      }
    }
    if (isEmpty) appendLandmarks(files, 'default', [])
    yield* files.entries()
  } finally {
    files.dispose()
  }
}

function appendLandmarks(files: TextFiles, subset: string, rows: readonly string[][]): void {
  const text = rows.map((row) => formatCsvLine([...row, ...Array(landmarkColumns.length - row.length).fill('')])).join('')
  files.append(`bb_landmark/loose_landmark_${subset}.csv`, text, formatCsvLine(landmarkColumns))
}

/** Appends what is on a frame and gives the folders, one per label, in which its picture lies. */
function appendRows(files: TextFiles, item: Item, subset: string, labels: NumberedLabels): string[] {
  const id = nameItem(item)
  const [box, points] = [pickShape(item, 'rectangle', labels), pickShape(item, 'points', labels)]
  const tags = listTags(item, labels).map(({ label }) => label.name)
  const rows: string[][] = []
  if (points) rows.push([`${points.label}/${id}`, ...(points.values.length === 10 ? points.values.map(formatFloat) : [])])
  if (box) {
    const [x0, y0, x1, y1] = box.values as [number, number, number, number]
    const cells = [x0, y0, x1 - x0, y1 - y0].map(formatFloat)
    const name = `bb_landmark/loose_bb_${subset}.csv`
    files.append(name, formatCsvLine([`${box.label}/${id}`, ...cells]), formatCsvLine(boxColumns))
  }
  for (const label of tags) rows.push([`${label}/${id}`])
  if (rows.length === 0 && !box) rows.push([`${noLabel}/${id}`])
  appendLandmarks(files, subset, rows)
  const folders = new Set([...(points ? [points.label] : []), ...(box ? [box.label] : []), ...tags])
  return folders.size > 0 ? [...folders] : [noLabel]
}

/** The only shape of that kind on a frame. Throws FormatError when there are more. */
function pickShape(item: Item, type: ShapeType, labels: NumberedLabels): { label: string; values: number[] } | undefined {
  const shapes = item.shapes.filter((shape) => shape.type === type && labels.has(shape.label_id))
  if (shapes.length > 1) {
    throw new FormatError(`VGGFace2 holds one ${type === 'points' ? 'set of points' : 'box'} per image, not ${shapes.length}`, {
      item: item.name,
    })
  }
  const [shape] = shapes
  return shape && { label: labels.get(shape.label_id)!.label.name, values: shape.points.map(roundToHundredths) }
}
