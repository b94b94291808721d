// Colours of labels and instances in mask pictures, as numbers 0xrrggbb: the labels' own, and the VOC palette.

import type { Label } from './model'
import { listLabels } from './typed-attributes'

/** The n-th colour of PASCAL VOC: three bits of the index at a time fill red, green and blue from the top bit down. */
export function getVocColour(index: number): number {
  let [red, green, blue] = [0, 0, 0]
  for (let rest = index, bit = 7; rest > 0 && bit >= 0; rest >>= 3, bit--) {
    red |= (rest & 1) << bit
    green |= ((rest >> 1) & 1) << bit
    blue |= ((rest >> 2) & 1) << bit
  }
  return (red << 16) | (green << 8) | blue
}

/** The place of a colour in the palette of VOC. */
export function getVocIndex(colour: number): number {
  const [red, green, blue] = splitColour(colour)
  let index = 0
  for (let bit = 0; bit < 8; bit++) {
    const bits = ((red >> bit) & 1) | (((green >> bit) & 1) << 1) | (((blue >> bit) & 1) << 2)
    index += bits * 8 ** (7 - bit)
  }
  return index
}

/** `#rrggbb` as a number; black for anything else. */
export function parseColour(text: string): number {
  return /^#[0-9a-f]{6}$/i.test(text) ? Number.parseInt(text.slice(1), 16) : 0
}

/** Red, green, blue; 0…255 each. */
export function splitColour(colour: number): [red: number, green: number, blue: number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255]
}

export const background = 'background'

export type LabelColour = { name: string; colour: number }

/** The labels and sub labels in their order with colours of their own, sorted by name when wanted. */
export function listLabelColours(labels: readonly Label[]): LabelColour[] {
  return listLabels(labels).map(({ label }) => ({ name: label.name, colour: parseColour(label.color) }))
}

/** As `listLabelColours`, with a black `background` in front when no label has that name. */
export function listWithBackground(colours: readonly LabelColour[]): LabelColour[] {
  return colours.some(({ name }) => name === background) ? [...colours] : [{ name: background, colour: 0 }, ...colours]
}

/** By name, in the order of code points. */
export function sortByName<T extends { name: string }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
