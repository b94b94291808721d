// Functions as Nuclio describes them: the metadata of a dashboard, or a function.yaml with the address where it is served.
import { type LabelType, labelTypes, type ShapeType, shapeTypes } from '../../../formats/model'
import { type FunctionInfo, type FunctionKind, type FunctionLabel, functionKinds } from '../contract'

/** A description that is not one; the message says what is wrong. */
export class MetadataError extends Error {}

/** Also of names of files, so that nothing needs escaping. */
export const idPattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const asObject = (value: unknown): Json => (isObject(value) ? value : {})
const asText = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
const isTrue = (value: unknown) => !['', 'false', '0', 'no'].includes(asText(value).toLowerCase())

const readNumber = (value: unknown, name: string, initial: number): number => {
  if (value === undefined || value === null || value === '') return initial
  const number = Number(value)
  if (!Number.isInteger(number)) throw new MetadataError(`${name} is "${value}", not a whole number`)
  return number
}

const requireUnique = (names: unknown[], what: string) => {
  if (names.some((name) => typeof name !== 'string' || !name)) throw new MetadataError(`${what} without a name`)
  if (new Set(names).size !== names.length) throw new MetadataError(`${what} with the same name`)
}

/** `[{ name, type?, attributes?, sublabels?, svg? }]`; `what` is used in errors. */
export const readLabels = (given: unknown, what = 'labels'): FunctionLabel[] => {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given) || !given.every(isObject)) throw new MetadataError(`${what} is no list of labels`)
  requireUnique(
    given.map(({ name }) => name),
    what,
  )
  return given.map((label): FunctionLabel => {
    const attributes = (label.attributes ?? []) as Json[]
    if (!Array.isArray(attributes) || !attributes.every(isObject)) throw new MetadataError(`attributes of "${label.name}"`)
    requireUnique(
      attributes.map(({ name }) => name),
      `attributes of "${label.name}"`,
    )
    const type = asText(label.type ?? 'any') as LabelType
    // CVAT's own functions say `unknown` where they mean any.
    const known = (type as string) === 'unknown' ? 'any' : type
    if (!labelTypes.includes(known)) throw new MetadataError(`the type of label "${label.name}" is "${type}"`)
    return {
      name: label.name as string,
      type: known,
      attributes: attributes.map(({ name, input_type, values }) => ({
        name: name as string,
        input_type: input_type as FunctionLabel['attributes'][number]['input_type'],
        values: Array.isArray(values) ? values.map(String) : asText(values).split('\n').filter(Boolean),
      })),
      ...(known === 'skeleton' && { sublabels: readLabels(label.sublabels, `sublabels of "${label.name}"`) }),
      ...(typeof label.svg === 'string' && { svg: label.svg }),
    }
  })
}

export const readKind = (value: unknown): FunctionKind => {
  if (!functionKinds.includes(value as FunctionKind)) throw new MetadataError(`the type is "${asText(value)}"`)
  return value as FunctionKind
}

const readSpec = (text: unknown): unknown => {
  if (typeof text !== 'string') return text
  try {
    return text.trim() === '' ? [] : JSON.parse(text)
  } catch {
    throw new MetadataError('annotations.spec is not JSON')
  }
}

const readShapeTypes = (value: unknown): ShapeType[] => {
  const types = asText(value)
    .split(',')
    .flatMap((part) => part.trim() || [])
  const odd = types.find((type) => !shapeTypes.includes(type as ShapeType))
  if (odd !== undefined || !types.length) throw new MetadataError(`supported_shape_types has "${odd ?? ''}"`)
  return types as ShapeType[]
}

export type Described = {
  info: FunctionInfo
  /** Trackers of the old kind take bare points. */
  barePoints: boolean
  /** The port at which Nuclio serves it. */
  port?: number
  /** Where a function.yaml says that it is served. */
  url?: string
}

/** Throws MetadataError. */
export const readMetadata = (given: unknown): Described => {
  const { metadata, spec, status, url } = asObject(given)
  const { name: id, annotations: notes } = asObject(metadata)
  const annotations = asObject(notes)
  if (typeof id !== 'string' || !idPattern.test(id)) throw new MetadataError(`metadata.name is "${asText(id)}"`)
  const kind = readKind(annotations.type)
  const names = annotations.supported_shape_types
  const info: FunctionInfo = {
    id,
    provider: 'http',
    name: asText(annotations.name) || id,
    description: asText(asObject(spec).description),
    kind,
    labels: readLabels(readSpec(annotations.spec), 'annotations.spec'),
    version: readNumber(annotations.version, 'version', 1),
    runs: 'server',
    ...(kind === 'interactor' && {
      interaction: {
        minPositivePoints: readNumber(annotations.min_pos_points, 'min_pos_points', 1),
        minNegativePoints: readNumber(annotations.min_neg_points, 'min_neg_points', -1),
        startsWithBox: isTrue(annotations.startswith_box),
        boxIsOptional: isTrue(annotations.startswith_box_optional),
        help: asText(annotations.help_message),
        animation: asText(annotations.animated_gif),
      },
    }),
    ...(kind === 'tracker' && { shapeTypes: names === undefined ? ['rectangle'] : readShapeTypes(names) }),
  }
  const port = asObject(status).httpPort
  return {
    info,
    barePoints: kind === 'tracker' && names === undefined,
    ...(typeof port === 'number' && { port }),
    ...(typeof url === 'string' && { url }),
  }
}
