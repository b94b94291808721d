// Reads ICDAR Segmentation.

import { decodeBmp } from '../bmp'
import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import type { Mask } from '../geometry/mask'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { parseNumber, readLines } from '../io/text-lines'
import type { FrameInfo, FrameLookup } from '../match'
import { createMaskShapes, splitByValue, yieldShapes } from '../picture-masks'
import { icdarLabel, subsetFolder, unquote } from './words'

const listPattern = /^(?:[^/]+\/)?(.+)_GT\.txt$/

export async function detectSegmentation(files: DatasetFiles): Promise<boolean> {
  return files.list.some(({ name }) => listPattern.test(name))
}

export async function* readSegmentation(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames, labels, masksToPolygons } = context
  const lists = files.list.filter(({ name }) => listPattern.test(name))
  if (lists.length === 0) throw new FormatError('Dataset must contain a file: "<subset>/<image>_GT.txt"')
  const names = lists.map(({ name }) => name.replace(listPattern, '$1'))
  frames.learnRoot(names)
  for (const [at, file] of lists.entries()) {
    const frame = frames.match(names[at]!, undefined, { file: file.name })
    frames.learn?.(frame, { subset: subsetFolder(file.name) })
    const characters = await readCharacters(file)
    if (characters.length === 0) continue
    const picture = files.get(file.name.replace(/txt$/i, 'bmp'))
    if (!picture) throw new FormatError(`Dataset must contain a file: "${file.name.replace(/txt$/i, 'bmp')}"`)
    const masks = await readMasks(picture, frame, frames)
    const shapes = characters.flatMap(({ colour, group, values }) => {
      const mask = masks.get(colour)
      masks.delete(colour)
      const label = labels.get(icdarLabel)
      return mask ? createMaskShapes(mask, { frame: frame.frame, label, masksToPolygons, group, values }) : []
    })
    yield* yieldShapes(shapes)
  }
}

type Character = { colour: number; group: number; values: Map<string, string> }

/** Blocks between empty lines are groups; with a single block everything stands alone. */
async function readCharacters(file: DatasetFile): Promise<Character[]> {
  const found: (Character & { block: number })[] = []
  let block = 0
  let isInside = false
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') {
      if (isInside) block++
      isInside = false
      continue
    }
    isInside = true
    const { colour, values } = parseCharacter(text, (reason) => new FormatError(reason, { file: file.name, line }))
    found.push({ colour, block, group: 0, values: values.set('index', String(found.length)) })
  }
  const isGrouped = found.some((character) => character.block > 0)
  // Numbers of lines serve as groups of the parts of one mask, those of blocks lie beyond.
  return found.map((character, at) => ({ ...character, group: isGrouped ? found.length + 1 + character.block : at + 1 }))
}

/** `r g b cx cy x0 y0 x1 y1 "text"`; a leading `#` marks a space. */
function parseCharacter(text: string, fail: (reason: string) => FormatError): { colour: number; values: Map<string, string> } {
  const match = /^\s*#?\s*((?:\S+\s+){9})(.*?)\s*$/.exec(text)
  if (!match) throw fail('10 fields are needed: r g b cx cy x0 y0 x1 y1 "text"')
  const fields = match[1]!.trim().split(/\s+/)
  const colour = fields.slice(0, 3).reduce((sum, field) => {
    if (!/^\d{1,3}$/.test(field) || Number(field) > 255) throw fail(`'${field}' is not a colour value from 0 to 255`)
    return sum * 256 + Number(field)
  }, 0)
  for (const field of fields.slice(3)) {
    if (field !== '-' && parseNumber(field) === undefined) throw fail(`'${field}' is not a finite number`)
  }
  const values = new Map([
    ['color', fields.slice(0, 3).join(' ')],
    ['text', unquote(match[2]!)],
  ])
  const center = fields.slice(3, 5).join(' ')
  if (center !== '- -') values.set('center', center)
  return { colour, values }
}

/** The pixels of each colour but white. */
async function readMasks(file: DatasetFile, frame: FrameInfo, frames: FrameLookup): Promise<Map<number, Mask>> {
  const { width, colours } = decodeBmp(await file.bytes(), file.name, frame)
  frames.learn?.(frame, { width, height: colours.length / width })
  // Black counts as a colour here, white as nothing.
  const numbers = colours.map((colour) => (colour === 0xffffff ? 0 : colour + 1))
  return new Map([...splitByValue(numbers, width, file.name)].map(({ value, mask }) => [value - 1, mask]))
}
