// labelmap.txt: `name:r,g,b:parts:actions` per label, as PASCAL VOC and Segmentation mask keep their colours.

import { getVocColour, type LabelColour, splitColour } from '../colours'
import { FormatError } from '../format-error'
import type { DatasetFile } from '../io/dataset-files'
import { readLines } from '../io/text-lines'

export const labelmapHead = '# label:color_rgb:parts:actions\n'

export function formatLabelmap(colours: readonly LabelColour[]): string {
  return labelmapHead + colours.map(({ name, colour }) => `${name}:${splitColour(colour).join(',')}::\n`).join('')
}

/** Labels without a colour have that of VOC's palette at their place. Throws FormatError. */
export async function readLabelmap(file: DatasetFile): Promise<LabelColour[]> {
  const colours: LabelColour[] = []
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '' || text.startsWith('#')) continue
    const [, name, rgb] = /^(.+?):([\d,\s]*):[^:]*:[^:]*$/.exec(text) ?? []
    const channels = rgb?.trim() ? rgb.split(',').map(Number) : splitColour(getVocColour(colours.length))
    if (name === undefined || channels.length !== 3 || !channels.every((channel) => channel >= 0 && channel <= 255)) {
      throw new FormatError("'name:red,green,blue:parts:actions' is needed", { file: file.name, line })
    }
    colours.push({ name, colour: (channels[0]! << 16) | (channels[1]! << 8) | channels[2]! })
  }
  return colours
}
