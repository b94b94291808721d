// Writes Open Images: rows of tables, and a picture per mask, in one pass over the frames.

import type { WriteOptions } from '../format'
import type { Bounds } from '../geometry/box'
import { copyBox } from '../geometry/mask'
import { roundToHundredths } from '../geometry/rounding'
import { listTags, type NumberedLabels, nameItem, numberLabels } from '../image-tags'
import { formatCsvLine } from '../io/csv'
import { formatFloat } from '../io/json-text'
import { createTextFiles, type TextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item, ItemShape, Label } from '../model'
import { encodePng } from '../png-mask'
import { listRegions } from '../regions'
import { type TypedValue, typeAttributes } from '../typed-attributes'
import { boxColumns, flagColumns, imageColumns, maskColumns, tagColumns } from './columns'
import { createMaskNamer, type NameMask } from './mask-names'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const files = createTextFiles(options.tempDir)
  const nameMask = createMaskNamer()
  try {
    yield { name: 'annotations/class-descriptions.csv', content: listClasses(labels) }
    yield { name: 'annotations/bbox_labels_600_hierarchy.json', content: formatHierarchy(dataset.labels) }
    files.append('annotations/images.meta', '', '# <image name> <height> <width>\n\n')
    let isEmpty = true
    for await (const item of dataset.items) {
      isEmpty = false
      const subset = item.subset || 'default'
      const table = (name: string, columns: readonly string[], cells: readonly (string | number)[]) => {
        files.append(`annotations/${subset}-${name}.csv`, formatCsvLine(cells), formatCsvLine(columns))
      }
      table('images-with-rotation', imageColumns, [nameItem(item), subset, ...imageColumns.slice(2).map(() => '')])
      appendTags(item, labels, table)
      const boxes = appendBoxes(item, labels, table)
      const masks = listMasks(item, labels, boxes, nameMask, table)
      if (boxes.count + masks.length > 0) appendSize(files, item)
      for (const { name, content } of masks) yield { name: `masks/${subset}/${name}`, content: content(), store: true }
      if (options.saveImages && item.media) {
        yield { name: `images/${subset}/${nameItemFile(item)}`, content: await item.media.read(), store: true }
      }
    }
    if (isEmpty) files.append('annotations/default-images-with-rotation.csv', '', formatCsvLine(imageColumns))
    yield* files.entries()
  } finally {
    files.dispose()
  }
}

type Table = (name: string, columns: readonly string[], cells: readonly (string | number)[]) => void

function listClasses(labels: NumberedLabels): string {
  return [...labels.values()].map(({ label }) => formatCsvLine([label.name, label.name])).join('')
}

/** Only skeletons have labels below them. */
function formatHierarchy(labels: readonly Label[]): string {
  const skeletons = labels.filter(({ sublabels }) => sublabels.length > 0)
  const nodes = skeletons.map(({ name, sublabels }) => {
    return { LabelName: name, Subcategory: sublabels.map((sublabel) => ({ LabelName: sublabel.name })) }
  })
  return JSON.stringify({ LabelName: '/m/0', Subcategory: nodes }, null, 4)
}

function appendSize(files: TextFiles, item: Item): void {
  const id = nameItem(item)
  files.append('annotations/images.meta', `${/\s/.test(id) ? `"${id}"` : id} ${item.height} ${item.width}\n`)
}

/** The attribute `score`, or 1. */
function formatScore(typed: ReadonlyMap<string, TypedValue>): string {
  const score = typed.get('score')
  if (!score || score.kind === 'bool' || score.value === '') return '1'
  return Number.isFinite(Number(score.value)) ? formatFloat(Number(score.value)) : '1'
}

function appendTags(item: Item, labels: NumberedLabels, table: Table): void {
  for (const { label, tag } of listTags(item, labels)) {
    const score = formatScore(typeAttributes(label, tag.attributes))
    table('annotations-human-imagelabels', tagColumns, [nameItem(item), '', label.name, score])
  }
}

/** Unturned rectangles; turned ones are regions. */
const isBox = ({ type, rotation }: ItemShape) => type === 'rectangle' && rotation % 360 === 0

/** Rows of the boxes; gives their number and the sides of those in groups. */
function appendBoxes(item: Item, labels: NumberedLabels, table: Table): { count: number; byGroup: Map<number, string[]> } {
  const byGroup = new Map<number, string[]>()
  let count = 0
  for (const shape of item.shapes) {
    const label = labels.get(shape.label_id)?.label
    if (!label || !isBox(shape)) continue
    count++
    const typed = typeAttributes(label, shape.attributes)
    const sides = formatSides(shape, item)
    if (shape.group !== 0) byGroup.set(shape.group, sides)
    const flags = flagColumns.map(([, name]) => formatFlag(typed.get(name), name === 'occluded' ? shape.occluded : undefined))
    table('annotations-bbox', boxColumns, [nameItem(item), '', label.name, formatScore(typed), ...sides, ...flags])
  }
  return { count, byGroup }
}

/** XMin XMax YMin YMax */
function formatSides({ points }: ItemShape, { width, height }: Item): string[] {
  const [x0, y0, x1, y1] = points.map(roundToHundredths) as Bounds
  return [x0 / width, x1 / width, y0 / height, y1 / height].map(formatFloat)
}

/** 1, 0, or -1 for unknown. */
function formatFlag(typed: TypedValue | undefined, usual: boolean | undefined): number {
  if (typed) return /^(true|1)$/i.test(String(typed.value)) ? 1 : 0
  return usual === undefined ? -1 : Number(usual)
}

type MaskFile = { name: string; content: () => Uint8Array }

/** Rows of the masks, and their pictures, which are drawn when they are written. */
function listMasks(
  item: Item,
  labels: NumberedLabels,
  { byGroup }: { byGroup: Map<number, string[]> },
  nameMask: NameMask,
  table: Table,
): MaskFile[] {
  const regions = listRegions(
    item.shapes.filter((shape) => !isBox(shape)),
    item,
    true,
  )
  const known = regions.flatMap((region) => {
    const label = labels.get(region.leader.label_id)?.label
    return label ? [{ ...region, label }] : []
  })
  return known.map(({ leader, label, mask }, at) => {
    const own = String(typeAttributes(label, leader.attributes).get('box_id')?.value ?? '')
    const boxId = /^[\w-]+$/.test(own) ? own : at.toString(16).padStart(8, '0')
    const name = nameMask(nameItem(item), label.name, boxId)
    const sides = (leader.group !== 0 && byGroup.get(leader.group)) || ['', '', '', '']
    table('annotations-object-segmentation', maskColumns, [name, nameItem(item), label.name, boxId, ...sides, '', ''])
    const content = () => {
      const { data: values } = copyBox(mask, 0, 0, item.width, item.height)
      return encodePng({ width: item.width, height: item.height, channels: 1, values })
    }
    return { name, content }
  })
}
