// Writes KITTI: plain boxes into text files, every other region into three pictures.

import type { WriteOptions } from '../format'
import { FormatError } from '../format-error'
import { formatFloat } from '../io/json-text'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { formatLabelColours, listNumberedColours } from '../label-colours-file'
import { drawColours, drawNumbers } from '../label-pictures'
import { dropExtension } from '../match'
import type { Dataset, Item, ItemShape, Label } from '../model'
import { listRegions, type Region, roundShape, sortRegions } from '../regions'
import { listLabels, typeAttributes } from '../typed-attributes'
import { isPlainBox } from '../yolo/write'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = new Map(listLabels(dataset.labels).map(({ label }) => [label.id, label]))
  const colours = listNumberedColours(dataset.labels)
  const numbers = new Map(colours.map(({ name }, number) => [name, number]))
  const numberOf = ({ leader }: Region) => numbers.get(labels.get(leader.label_id)!.name)!
  for await (const item of dataset.items) {
    const folder = item.subset || 'default'
    const id = dropExtension(item.name)
    const shapes = item.shapes.filter(({ label_id }) => labels.has(label_id))
    const text = formatBoxes(shapes.filter(isPlainBox), labels)
    if (text !== '') yield { name: `${folder}/label_2/${id}.txt`, content: text }
    const turned = shapes.filter((shape) => !isPlainBox(shape))
    const regions = sortRegions(listRegions(turned, item, true))
    if (regions.length > 0) {
      if (regions.some((region) => numberOf(region) > 255)) throw new FormatError('KITTI holds no more than 255 labels')
      yield* drawPictures(folder, id, item, regions, numberOf, (region) => colours[numberOf(region)]!.colour)
    }
    if (options.saveImages && item.media) {
      yield { name: `${folder}/image_2/${nameItemFile(item)}`, content: await item.media.read(), store: true }
    }
  }
  yield { name: 'label_colors.txt', content: formatLabelColours(colours) }
}

function* drawPictures(
  folder: string,
  id: string,
  item: Item,
  regions: readonly Region[],
  numberOf: (region: Region) => number,
  colourOf: (region: Region) => number,
): Generator<ArchiveEntry> {
  const { width, height } = item
  const size = { width, height }
  yield { name: `${folder}/semantic_rgb/${id}.png`, content: drawColours(regions, size, colourOf), store: true }
  yield { name: `${folder}/semantic/${id}.png`, content: drawNumbers(regions, size, 16, numberOf), store: true }
  const content = drawNumbers(regions, size, 16, (region) => numberOf(region) * 256)
  yield { name: `${folder}/instance/${id}.png`, content, store: true }
}

/** Name, truncation, occlusion, angle, box, then 3D values that are not known, and the score. */
function formatBoxes(boxes: readonly ItemShape[], labels: ReadonlyMap<number, Label>): string {
  const lines = boxes.map((shape) => {
    const label = labels.get(shape.label_id)!
    const attributes = typeAttributes(label, shape.attributes)
    const truncated = readNumber(attributes.get('truncated')?.value, 0)
    const score = readNumber(attributes.get('score')?.value, 1)
    const box = roundShape(shape).points.map(formatFloat).join(' ')
    const unknown = '-1 -1 -1 -1 -1 -1 -1'
    return `${label.name} ${formatFloat(truncated)} ${shape.occluded ? 1 : 0} -1 ${box} ${unknown} ${formatFloat(score)}\n`
  })
  return lines.join('')
}

function readNumber(value: number | boolean | string | undefined, missing: number): number {
  if (value === undefined || value === '') return missing
  const number = typeof value === 'string' && /^(true|false)$/i.test(value) ? Number(/^true$/i.test(value)) : Number(value)
  return Number.isFinite(number) ? number : missing
}
