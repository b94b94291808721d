// Which label of a function becomes which label of a task: proposed by name, and checked when somebody else says it.
import type { Attribute, Label, LabelType } from '../../formats/model'
import { invalid } from '../http/errors'
import type { FunctionInfo, FunctionLabel } from './contract'

export type SublabelMapping = { name: string; attributes?: Record<string, string> }
export type LabelMapping = SublabelMapping & { sublabels?: Record<string, SublabelMapping> }
/** By the names of the function's labels. */
export type Mapping = Record<string, LabelMapping>

/** Where what is found goes: the task's label, its attributes by the function's names, and the points of its skeleton. */
export type Target = { label: Label; attributes: Map<string, Attribute>; sublabels: Map<string, Target> }
export type Plan = Map<string, Target>

/** Words whose plural is none of `-s`. */
const irregular: Record<string, string> = {
  people: 'person',
  persons: 'person',
  pedestrians: 'pedestrian',
  men: 'man',
  women: 'woman',
  children: 'child',
  mice: 'mouse',
  feet: 'foot',
  teeth: 'tooth',
  geese: 'goose',
  knives: 'knife',
  leaves: 'leaf',
  shelves: 'shelf',
  wolves: 'wolf',
  loaves: 'loaf',
  calves: 'calf',
  buses: 'bus',
  gases: 'gas',
  lenses: 'lens',
}

const toSingular = (word: string): string => {
  if (irregular[word]) return irregular[word]
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2)
  if (/[^suis]s$/.test(word) && word.length > 3) return word.slice(0, -1)
  return word
}

/** A name as people mean it: `Traffic_Lights`, `trafficLight` and `traffic-light` are the same. */
export const normaliseName = (name: string): string =>
  name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map(toSingular)
    .join(' ')

/** Whether shapes of one label can be shapes of the other, as CVAT sees it. */
export const areCompatible = (from: LabelType, to: LabelType): boolean =>
  from === to ||
  (to === 'any' && from !== 'skeleton') ||
  (from === 'any' && to !== 'skeleton') ||
  ([from, to].includes('mask') && [from, to].includes('polygon'))

type Named = { name: string }
type Same = (one: string, other: string) => boolean
const isEqual: Same = (one, other) => one === other
const isAlike: Same = (one, other) => normaliseName(one) !== '' && normaliseName(one) === normaliseName(other)

/** Pairs things up, round after round: what fits first has its turn before what fits worse; nothing is taken twice. */
const pairUp = <A, B>(from: readonly A[], to: readonly B[], rounds: ((one: A, other: B) => boolean)[]): [A, B][] => {
  const [left, free] = [new Set(from), new Set(to)]
  const pairs: [A, B][] = []
  for (const fits of rounds)
    for (const one of left) {
      const other = [...free].find((candidate) => fits(one, candidate))
      if (!other) continue
      pairs.push([one, other])
      left.delete(one)
      free.delete(other)
    }
  return pairs
}

const mapAttributes = (from: readonly Named[], to: readonly Named[], rounds: Same[]): Record<string, string> => {
  const fits = rounds.map((isSame) => (one: Named, other: Named) => isSame(one.name, other.name))
  return Object.fromEntries(pairUp(from, to, fits).map(([one, other]) => [one.name, other.name]))
}

/** A name is never lost to a label that cannot take the shapes. */
const pairLabels = (from: readonly FunctionLabel[], to: readonly Label[], rounds: Same[]) =>
  pairUp(
    from,
    to,
    rounds.map(
      (isSame) => (one: FunctionLabel, other: Label) => isSame(one.name, other.name) && areCompatible(one.type, other.type),
    ),
  )

const mapLabels = (from: readonly FunctionLabel[], to: readonly Label[], rounds: Same[]): Mapping =>
  Object.fromEntries(
    pairLabels(from, to, rounds).map(([one, other]): [string, LabelMapping] => [
      one.name,
      {
        name: other.name,
        attributes: mapAttributes(one.attributes, other.attributes, rounds),
        ...(one.type === 'skeleton' &&
          other.type === 'skeleton' && { sublabels: mapLabels(one.sublabels ?? [], other.sublabels, rounds) }),
      },
    ]),
  )

/** What is meant when a request has no mapping: labels of the same name, as CVAT does it. */
export const matchByName = (from: readonly FunctionLabel[], to: readonly Label[]): Mapping => mapLabels(from, to, [isEqual])

/** What a person is offered: labels of the same name, then those whose names mean the same. */
export const proposeMapping = (from: readonly FunctionLabel[], to: readonly Label[]): Mapping =>
  mapLabels(from, to, [isEqual, isAlike])

const wrong = (text: string) => invalid({ mapping: `Invalid mapping. ${text}` })

const planAttributes = (given: Record<string, string>, from: FunctionLabel, to: Label) =>
  new Map(
    Object.entries(given).map(([one, other]): [string, Attribute] => {
      if (!from.attributes.some(({ name }) => name === one)) throw wrong(`Unknown model attribute "${one}"`)
      const attribute = to.attributes.find(({ name }) => name === other)
      if (!attribute) throw wrong(`Unknown db attribute "${other}"`)
      return [one, attribute]
    }),
  )

const planLabels = (mapping: Mapping, from: readonly FunctionLabel[], to: readonly Label[]): Plan =>
  new Map(
    Object.entries(mapping).map(([one, given]): [string, Target] => {
      const source = from.find(({ name }) => name === one)
      if (!source) throw wrong(`Unknown model label "${one}"`)
      const label = to.find(({ name }) => name === given.name)
      if (!label) throw wrong(`Unknown db label "${given.name}"`)
      if (!areCompatible(source.type, label.type))
        throw wrong(`Model label "${one}" and database label "${given.name}" are not compatible`)
      const isSkeleton = source.type === 'skeleton' && label.type === 'skeleton'
      if (isSkeleton && !given.sublabels) throw wrong(`Mapping for elements was not specified in skeleton "${one}"`)
      return [
        one,
        {
          label,
          attributes: planAttributes(given.attributes ?? {}, source, label),
          sublabels: isSkeleton ? planLabels(given.sublabels!, source.sublabels ?? [], label.sublabels) : new Map(),
        },
      ]
    }),
  )

/** Labels that a function without a list of its own may answer: those of the task, under their own names. */
const borrowed = (labels: readonly Label[]): FunctionLabel[] =>
  labels.map(({ name, type, attributes, sublabels }) => ({ name, type, attributes, sublabels: borrowed(sublabels) }))

/**
 * Where the finds of a function go in a task with these labels. Without a mapping, labels of the same name are meant. Throws 400
 * about `mapping` when it names what is not there or what does not fit.
 */
export const planLabelsOf = ({ labels }: Pick<FunctionInfo, 'labels'>, taskLabels: readonly Label[], mapping?: Mapping): Plan => {
  const from = labels.length ? labels : borrowed(taskLabels)
  const given = mapping && Object.keys(mapping).length ? mapping : matchByName(from, taskLabels)
  return planLabels(given, from, taskLabels)
}
