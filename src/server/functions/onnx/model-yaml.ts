// The small text file beside a model that says what the model file does not.
import { ModelError } from './model-error'
import { activations, boxForms, channelOrders, families, fits, layouts, yoloRows } from './spec'

/** Checks one value and gives it back, or throws ModelError with what it must be. */
type Check<T> = (value: unknown) => T

const must = (what: string): never => {
  throw new ModelError(`must be ${what}`)
}
const asText: Check<string> = (value) => (typeof value === 'string' && value.length <= 2000 ? value : must('a text'))
const asNumber =
  (least: number, most: number): Check<number> =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most ? value : must(`a number from ${least} to ${most}`)
const asWhole =
  (least: number, most: number): Check<number> =>
  (value) =>
    Number.isInteger(value) ? asNumber(least, most)(value) : must(`a whole number from ${least} to ${most}`)
const asSwitch: Check<boolean> = (value) => (typeof value === 'boolean' ? value : must('true or false'))
const asOne =
  <const C extends readonly string[]>(choices: C): Check<C[number]> =>
  (value) =>
    choices.includes(value as string) ? (value as C[number]) : must(`one of ${choices.join(', ')}`)
const asListOf =
  <T>(check: Check<T>, least: number, most: number): Check<T[]> =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most
      ? value.map((item) => check(item))
      : must(least === most ? `a list of ${least}` : `a list of ${least} to ${most}`)
const orNone =
  <T>(check: Check<T>): Check<T | null> =>
  (value) =>
    value === 'none' || value === null ? null : check(value)
const either =
  <A, B>(isFirst: (value: unknown) => boolean, first: Check<A>, second: Check<B>): Check<A | B> =>
  (value) =>
    isFirst(value) ? first(value) : second(value)

const longestName = 64
const mostLabels = 10_000
const asName: Check<string> = (value) => {
  const name = typeof value === 'number' || typeof value === 'boolean' ? String(value) : asText(value)
  return name.trim() && name.length <= longestName ? name : must(`a text of 1 to ${longestName} characters`)
}
/** `[a, b]` or `{0: a, 1: b}`. */
const asNames: Check<string[]> = (value) => {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const list = isMap
    ? Object.entries(value as object).map(([key, name], i) => (Number(key) === i ? name : must('numbered from 0 without gaps')))
    : value
  const names = asListOf(asName, 1, mostLabels)(list)
  return new Set(names).size === names.length ? names : must('names that differ')
}
const asNamed: Check<Record<string, string>> = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return must('names of outputs by their meaning')
  return Object.fromEntries(
    Object.entries(value).map(([key, name]) => [asOne(['boxes', 'scores', 'labels', 'masks'] as const)(key), asText(name)]),
  )
}

const sizes = asWhole(8, 8192)
const perChannel = either((value) => typeof value === 'number', asNumber(-1e6, 1e6), asListOf(asNumber(-1e6, 1e6), 1, 3))

const inputKeys = {
  /** Pixels: one number, or width and height. */
  size: either((value) => Array.isArray(value), asListOf(sizes, 2, 2), sizes),
  fit: asOne(fits),
  pad: orNone(asNumber(0, 255)),
  antialias: asSwitch,
  channels: asOne(channelOrders),
  layout: asOne(layouts),
  scale: asNumber(1e-9, 1e9),
  mean: perChannel,
  std: perChannel,
}
const trackerKeys = { template: asText, search: asText, template_factor: asNumber(1, 16), search_factor: asNumber(1, 16) }

type Read<K extends Record<string, Check<unknown>>> = { [N in keyof K]?: ReturnType<K[N]> }

const readKeys = <K extends Record<string, Check<unknown>>>(value: unknown, keys: K, prefix = ''): Read<K> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ModelError('must be keys with values')
  const read: Record<string, unknown> = {}
  for (const [key, given] of Object.entries(value)) {
    if (!Object.hasOwn(keys, key))
      throw new ModelError(`unknown key "${prefix}${key}"; known are ${Object.keys(keys).join(', ')}`)
    try {
      read[key] = keys[key]!(given)
    } catch (error) {
      const said = (error as Error).message
      throw error instanceof ModelError ? new ModelError(/^must/.test(said) ? `${prefix}${key} ${said}` : said) : error
    }
  }
  return read as Read<K>
}

const keys = {
  name: asText,
  description: asText,
  family: asOne(families),
  labels: asNames,
  input: ((value) => readKeys(value, inputKeys, 'input.')) as Check<Read<typeof inputKeys>>,
  outputs: asNamed,
  rows: asOne(yoloRows),
  threshold: asNumber(0, 1),
  nms: orNone(asNumber(0, 1)),
  max: asWhole(1, 10_000),
  keypoints: asNames,
  keypoint_values: asWhole(2, 3),
  background: orNone(asWhole(0, 10_000)),
  separate: asSwitch,
  activation: asOne(activations),
  box_form: asOne(boxForms),
  relative_boxes: asSwitch,
  tracker: ((value) => readKeys(value, trackerKeys, 'tracker.')) as Check<Read<typeof trackerKeys>>,
}

export type ModelYaml = Read<typeof keys>

const longestFile = 1 << 20

/** Throws ModelError that names the file and the key. */
export const parseModelYaml = (text: string, name: string): ModelYaml => {
  try {
    if (text.length > longestFile) throw new ModelError(`is longer than ${longestFile} characters`)
    let parsed: unknown
    try {
      parsed = Bun.YAML.parse(text)
    } catch (error) {
      throw new ModelError(`is no YAML: ${(error as Error).message}`)
    }
    return readKeys(parsed ?? {}, keys)
  } catch (error) {
    throw error instanceof ModelError ? new ModelError(`${name}: ${error.message}`) : error
  }
}
