// Labels that formats declare as lines of a text file: names alone, or names with colours.

import type { LabelColour } from './colours'
import { background } from './colours'
import type { DeclaredLabel, Description } from './format'
import type { DatasetFile, DatasetFiles } from './io/dataset-files'
import { readLines } from './io/text-lines'
import { findLabelColours, readLabelColours } from './label-colours-file'

/** One name a line, in the first file whose path fits. */
export function describeNames(pattern: RegExp): (files: DatasetFiles) => Promise<Description> {
  return async ({ list }) => {
    const file = list.find(({ name }) => pattern.test(name))
    const labels: DeclaredLabel[] = []
    if (file) for await (const { text } of readLines(file)) if (text.trim() !== '') labels.push({ name: text.trim() })
    return { labels }
  }
}

/** Names with colours; the black background is no label of its own. */
export function describeColours(
  find: (files: DatasetFiles) => DatasetFile | undefined,
  read: (file: DatasetFile) => Promise<LabelColour[]>,
): (files: DatasetFiles) => Promise<Description> {
  return async (files) => {
    const file = find(files)
    const colours = file ? await read(file) : []
    return { labels: colours.filter(({ name }) => name !== background).map(declareColour) }
  }
}

/** The names and colours of `label_colors.txt`. */
export const describeLabelColours = async (files: DatasetFiles): Promise<Description> => {
  const colours = findLabelColours(files) ? ((await readLabelColours(files)) ?? []) : []
  return { labels: colours.filter(({ name }) => name !== background).map(declareColour) }
}

const declareColour = ({ name, colour }: LabelColour): DeclaredLabel => ({
  name,
  color: `#${colour.toString(16).padStart(6, '0')}`,
})
