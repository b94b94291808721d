// What is said about files that are not of the format that they were announced as.

import { type Format, nameFormat } from './format'
import { FormatError } from './format-error'

/** Formats of which CVAT's clients expect to be told that no dataset was found. */
const searched = new Set(['COCO', 'COCO Keypoints', 'PASCAL VOC'])
/** Formats whose layouts have no single file that must be there. */
const loose = new Set(['MOTS PNG', 'Market-1501', 'Sly Point Cloud Format', 'KITTI'])

/** `COCO 1.0` → the section of the guide that shows its layout. */
export function linkFormatGuide(format: Pick<Format, 'name' | 'version'>): string {
  const anchor = nameFormat(format)
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-')
  return `[format docs](docs/formats.md#${anchor})`
}

/** The reader's own words, where the layout is described, and the format that the files seem to be of. */
export function explainForeignFiles(format: Format, { message, place }: FormatError, likely: Format | undefined): FormatError {
  const name = nameFormat(format)
  const lead = searched.has(format.name) ? `Failed to find dataset of ${name}. ` : ''
  const unsure = loose.has(format.name) ? 'specific requirement information unavailable. ' : ''
  const hint = likely && likely !== format ? ` The files look like ${nameFormat(likely)}.` : ''
  return new FormatError(`${lead}Check ${linkFormatGuide(format)}. ${unsure}${endSentence(message)}${hint}`, place, false)
}

const endSentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
