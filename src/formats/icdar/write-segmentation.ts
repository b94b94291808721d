// Writes ICDAR Segmentation: a picture of coloured characters and a list of them per frame.

import { encodeBmp } from '../bmp'
import { getVocColour, splitColour } from '../colours'
import type { WriteOptions } from '../format'
import { FormatError } from '../format-error'
import { type NumberedLabels, nameItem, numberLabels } from '../image-tags'
import { formatFloat } from '../io/json-text'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item } from '../model'
import { listRegions, type Region } from '../regions'
import { typeAttributes } from '../typed-attributes'

const white = 0xffffff

export async function* writeSegmentation(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  for await (const item of dataset.items) {
    const subset = item.subset || 'default'
    const characters = listCharacters(item, labels)
    const name = `${subset}/${nameItem(item)}_GT`
    yield { name: `${name}.txt`, content: formatCharacters(characters) }
    if (characters.length > 0) yield { name: `${name}.bmp`, content: encodeBmp(drawCharacters(characters, item)) }
    if (options.saveImages && item.media) {
      yield { name: `${subset}/images/${nameItemFile(item)}`, content: await item.media.read(), store: true }
    }
  }
}

type Character = Region & { index: number; colour: number; center: string; text: string }

/** The regions of a frame by their attribute `index`, each with a colour of its own. */
function listCharacters(item: Item, labels: NumberedLabels): Character[] {
  const found = listRegions(item.shapes, item, true).flatMap((region, at) => {
    const known = labels.get(region.leader.label_id)
    if (!known) return []
    const typed = typeAttributes(known.label, region.leader.attributes)
    const text = (name: string) => String(typed.get(name)?.value ?? '').replace(/[\r\n]+/g, ' ')
    const index = Number(typed.get('index')?.value ?? at)
    return [
      { ...region, index: Number.isFinite(index) ? index : at, color: text('color'), center: text('center'), text: text('text') },
    ]
  })
  const used = new Set([white])
  let next = 1
  return found
    .sort((a, b) => a.index - b.index)
    .map(({ color, ...character }) => {
      let colour = color.trim() === '' ? undefined : parseTriple(color, item)
      while (colour === undefined) {
        const free = getVocColour(next++)
        if (!used.has(free)) colour = free
      }
      used.add(colour)
      return { ...character, colour }
    })
}

/** `r g b` */
function parseTriple(text: string, item: Item): number {
  const parts = text.trim().split(/\s+/)
  if (parts.length !== 3 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
    throw new FormatError(`the attribute 'color' must be three numbers from 0 to 255, not '${text}'`, { item: item.name })
  }
  return parts.reduce((colour, part) => colour * 256 + Number(part), 0)
}

/** Groups stand in blocks of their own. */
function formatCharacters(characters: readonly Character[]): string {
  const first = characters[0]?.leader.group ?? 0
  let group = first
  let content = ''
  for (const { leader, mask, colour, center, text } of characters) {
    if (leader.group !== group || (leader.group === 0 && first !== 0)) content += '\n'
    group = leader.group
    const box = [mask.left, mask.top, mask.left + mask.width, mask.top + mask.height].map(formatFloat)
    const fields = [...splitColour(colour), center.trim() || '- -', ...box, `"${text}"`].join(' ')
    content += `${text === ' ' ? '#' : ''}${fields}\n`
  }
  return content
}

function drawCharacters(characters: readonly Character[], { width, height }: Item) {
  const colours = new Uint32Array(width * height).fill(white)
  for (const { mask, colour } of characters.toSorted((a, b) => a.leader.z_order - b.leader.z_order)) {
    for (let row = 0; row < mask.height; row++) {
      const to = (mask.top + row) * width + mask.left
      for (let column = 0; column < mask.width; column++) if (mask.data[row * mask.width + column]) colours[to + column] = colour
    }
  }
  return { width, height, colours }
}
