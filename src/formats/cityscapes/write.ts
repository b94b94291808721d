// Writes Cityscapes: three pictures for every frame with regions, and the colours.

import type { WriteOptions } from '../format'
import { FormatError } from '../format-error'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { formatLabelColours, listNumberedColours } from '../label-colours-file'
import { drawColours, drawNumbers } from '../label-pictures'
import { dropExtension } from '../match'
import type { Dataset, Label } from '../model'
import { listRegions, type Region, sortRegions } from '../regions'
import { listLabels, typeAttributes } from '../typed-attributes'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = new Map(listLabels(dataset.labels).map(({ label }) => [label.id, label]))
  const colours = listNumberedColours(dataset.labels)
  const lines = new Map(colours.map(({ name }, number) => [name, number]))
  const numberOf = ({ leader }: Region) => lines.get(labels.get(leader.label_id)!.name)!
  for await (const item of dataset.items) {
    const subset = item.subset || 'default'
    const { width, height } = item
    const size = { width, height }
    const shapes = item.shapes.filter(({ label_id }) => labels.has(label_id))
    const regions = listRegions(shapes, item, true)
    if (regions.length > 0) {
      // Instances are numbered in the order of shapes, and painted by z_order.
      const values = new Map(regions.map((region, at) => [region, packInstance(numberOf(region), at + 1, region, labels)]))
      const painted = sortRegions(regions)
      const path = `gtFine/${subset}/${dropExtension(item.name)}_gtFine`
      const coloured = drawColours(painted, size, (region) => colours[numberOf(region)]!.colour)
      yield { name: `${path}_color.png`, content: coloured, store: true }
      yield { name: `${path}_labelIds.png`, content: drawNumbers(painted, size, 8, numberOf), store: true }
      const instances = drawNumbers(painted, size, 16, (region) => values.get(region)!)
      yield { name: `${path}_instanceIds.png`, content: instances, store: true }
    }
    if (options.saveImages && item.media) {
      yield {
        name: `imgsFine/leftImg8bit/${subset}/${namePicture(nameItemFile(item))}`,
        content: await item.media.read(),
        store: true,
      }
    }
  }
  yield { name: 'label_colors.txt', content: formatLabelColours(colours) }
}

/** Label and instance in one number of 16 bits; crowds, and background, have only the label's. */
function packInstance(label: number, instance: number, { leader }: Region, labels: ReadonlyMap<number, Label>): number {
  if (label === 0 || isCrowd(labels.get(leader.label_id)!, leader.attributes)) return label
  const value = label * 1000 + instance
  if (instance > 999 || value > 0xffff) {
    throw new FormatError('Cityscapes holds no more than 64 labels, and 999 regions on a frame')
  }
  return value
}

function isCrowd(label: Label, attributes: Region['leader']['attributes']): boolean {
  return /^(true|1)$/i.test(String(typeAttributes(label, attributes).get('is_crowd')?.value))
}

function namePicture(file: string): string {
  const stem = dropExtension(file)
  return `${stem}_leftImg8bit${file.slice(stem.length)}`
}
