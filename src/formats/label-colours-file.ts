// label_colors.txt: one line `r g b name` per label, as CamVid, Cityscapes and KITTI keep their colours.

import { background, type LabelColour, listLabelColours, listWithBackground, sortByName, splitColour } from './colours'
import { FormatError } from './format-error'
import type { DatasetFile, DatasetFiles } from './io/dataset-files'
import { readLines } from './io/text-lines'
import type { LabelLookup } from './match'
import type { Label } from './model'

/** The labels of a task by name, `background` in front whether or not the task has it. */
export function listNumberedColours(labels: readonly Label[]): LabelColour[] {
  const sorted = sortByName(listWithBackground(listLabelColours(labels)))
  const isBackground = ({ name }: LabelColour) => name === background
  return [...sorted.filter(isBackground), ...sorted.filter((entry) => !isBackground(entry))]
}

export function formatLabelColours(colours: readonly LabelColour[]): string {
  return colours.map(({ name, colour }) => `${splitColour(colour).join(' ')} ${name}\n`).join('')
}

export function findLabelColours({ list }: DatasetFiles): DatasetFile | undefined {
  return list.find(({ name }) => /(^|\/)label_colors\.txt$/.test(name))
}

/** The names and colours of the file, or nothing when there is none. Throws FormatError. */
export async function readLabelColours(files: DatasetFiles): Promise<LabelColour[] | undefined> {
  const file = findLabelColours(files)
  if (!file) return undefined
  const colours: LabelColour[] = []
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '' || text.startsWith('#')) continue
    const [, red, green, blue, name] = /^\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+(.*\S)\s*$/.exec(text) ?? []
    const channels = [red, green, blue].map(Number)
    if (name === undefined || channels.some((channel) => !(channel <= 255))) {
      throw new FormatError("'red green blue name' is needed", { file: file.name, line })
    }
    colours.push({ name, colour: (channels[0]! << 16) | (channels[1]! << 8) | channels[2]! })
  }
  return colours
}

/** The label of a name; nothing for a `background` that the task does not have. Throws FormatError for other unknown names. */
export function findRegionLabel(labels: LabelLookup, name: string): Label | undefined {
  if (name === background && !labels.labels.some((label) => label.name === background)) return undefined
  return labels.get(name)
}
