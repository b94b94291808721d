// Reads LFW's lists: people as tags, pairs as their attributes, landmarks as points.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape, createFoundTag } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { parseNumber, readLines } from '../io/text-lines'
import { dropExtension, type FrameInfo } from '../match'
import type { Label } from '../model'
import { completeName, pairAttributes } from './pairs'

const pairsPattern = /^(?:.*\/)?annotations\/pairs\.txt$/i

export async function detect(files: DatasetFiles): Promise<boolean> {
  return files.list.some(({ name }) => pairsPattern.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const lists = context.files.list.filter(({ name }) => pairsPattern.test(name))
  if (lists.length === 0) throw new FormatError('Dataset must contain a file: "annotations/pairs.txt"')
  for (const file of lists) yield* readSubset(file, context)
}

type Person = { frame: FrameInfo; label: Label; same: string[]; different: string[] }

async function* readSubset(file: DatasetFile, context: ReadContext): AsyncGenerator<Finding> {
  const sibling = (name: string) => context.files.get(file.name.replace(/pairs\.txt$/i, name))
  const people = await readPeople(sibling('people.txt'))
  const found = new Map<number, Person>()
  const meet = (frame: FrameInfo, label: Label): Person => {
    const known = found.get(frame.frame)
    if (known?.label === label) return known
    const person = { frame, label, same: [], different: [] }
    if (!known) found.set(frame.frame, person)
    return known ?? person
  }
  for await (const { text, line } of readLines(file)) {
    const fields = text.trim().split('\t')
    if (fields[0] === '') continue
    if (fields.length === 1) {
      const { frame, label } = matchName(fields[0]!, people, context)
      if (label) meet(frame, label)
    } else if (fields.length === 3) {
      const [person, first, second] = fields as [string, string, string]
      const label = context.labels.get(person)
      const own = meet(matchPerson(person, first, context), label)
      meet(matchPerson(person, second, context), label)
      own.same.push(`${person}/${completeName(person, second)}`)
    } else if (fields.length === 4) {
      const [person, first, other, second] = fields as [string, string, string, string]
      const own = meet(matchPerson(person, first, context), context.labels.get(person))
      if (other === '-') own.different.push(second)
      else {
        meet(matchPerson(other, second, context), context.labels.get(other))
        own.different.push(`${other}/${completeName(other, second)}`)
      }
    } else throw new FormatError(`1, 3 or 4 fields are needed, not ${fields.length}`, { file: file.name, line })
  }
  for (const { frame, label, same, different } of found.values()) {
    const values = new Map<string, string>()
    if (same.length > 0) values.set(pairAttributes.same, same.join(', '))
    if (different.length > 0) values.set(pairAttributes.different, different.join(', '))
    yield createFoundTag(label, frame, values)
  }
  const landmarks = sibling('landmarks.txt')
  if (landmarks) yield* readLandmarks(landmarks, found, people, context)
}

/** Names, those of whom there are pictures first. */
async function readPeople(file: DatasetFile | undefined): Promise<string[]> {
  const people: { name: string; count: number }[] = []
  if (!file) return []
  for await (const { text } of readLines(file)) {
    const [name = '', count = ''] = text.split('\t')
    if (count !== '') people.push({ name, count: parseNumber(count) ?? 0 })
  }
  return people.sort((a, b) => Number(b.count > 0) - Number(a.count > 0)).map(({ name }) => name)
}

/** `label/id`, or the id alone. */
function matchName(
  name: string,
  people: readonly string[],
  { frames, labels }: ReadContext,
): { frame: FrameInfo; label?: Label } {
  const person = people.filter((one) => name.startsWith(`${one}/`)).sort((a, b) => b.length - a.length)[0]
  if (person === undefined) return { frame: frames.match(name) }
  const own = name.slice(person.length + 1)
  const frame = frames.find(own)
  if (!frame) {
    const whole = frames.find(name)
    if (whole) return { frame: whole }
  }
  return { frame: frame ?? frames.miss(name, undefined, own), label: labels.get(person) }
}

function matchPerson(person: string, short: string, { frames }: ReadContext): FrameInfo {
  const id = completeName(person, short)
  return frames.find(id) ?? frames.find(`${person}/${id}`) ?? frames.match(id)
}

/** The file names no label: it is that of the frame's tag, else the first of the people. */
async function* readLandmarks(
  file: DatasetFile,
  found: ReadonlyMap<number, Person>,
  people: readonly string[],
  context: ReadContext,
): AsyncGenerator<Finding> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const [name = '', ...fields] = text.trim().split('\t')
    const points = fields.map((field) => {
      const number = parseNumber(field)
      if (number === undefined) throw new FormatError(`'${field}' is not a finite number`, { file: file.name, line })
      return roundToHundredths(number)
    })
    if (points.length === 0 || points.length % 2 !== 0) {
      throw new FormatError(`an even number of coordinates is needed, not ${points.length}`, { file: file.name, line })
    }
    const { frame, label } = matchName(dropExtension(name), people, context)
    const own = label ?? found.get(frame.frame)?.label ?? (people[0] === undefined ? undefined : context.labels.get(people[0]))
    if (!own) throw new FormatError('the points have no label', { file: file.name, line })
    yield { kind: 'shape', shape: createFoundShape(own, frame, 'points', points) }
  }
}
