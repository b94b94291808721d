// Puts together what model files, their notes and the YAML beside them say: how the model is fed, and what it finds.
import { isPromptInput } from '../../../formats/geometry/prompted-masks'
import type { FunctionLabel } from '../contract'
import { describeInput } from './describe-input'
import { ModelError } from './model-error'
import type { ModelFile, ValueInfo } from './model-file'
import type { ModelYaml } from './model-yaml'
import { type Notes, readNotes } from './notes'
import type { Family, ModelSpec } from './spec'
import { showShape, showValue } from './tensor'

/** One file, or an encoder and its decoder. */
export type ModelParts = { main: ModelFile } | { encoder: ModelFile; decoder: ModelFile }
export type Described = { spec: ModelSpec; about: string }

/** The 17 points of COCO, which pose models without names of their own have. */
const cocoPoints =
  'nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder left_elbow right_elbow left_wrist right_wrist left_hip right_hip left_knee right_knee left_ankle right_ankle'.split(
    ' ',
  )

const labelTypes: Partial<Record<Family, FunctionLabel['type']>> = {
  'yolo-detect': 'rectangle',
  'yolo-obb': 'rectangle',
  boxes: 'rectangle',
  'yolo-segment': 'mask',
  segment: 'mask',
  'yolo-pose': 'skeleton',
  classify: 'tag',
}

/** What the shapes of the outputs tell when nothing names the family. */
const guessFamily = ({ outputs }: ModelFile, notes: Notes): Family => {
  if (notes.family) return notes.family
  const ranks = outputs.map(({ shape }) => shape.length)
  if (notes.labels && ranks.includes(3)) return ranks.includes(4) ? 'yolo-segment' : 'yolo-detect'
  if (notes.labels && ranks[0] === 2 && outputs.length === 1) return 'classify'
  throw new ModelError('does not say what it finds; put a YAML file of the same name beside it with family and labels')
}

const describeLabels = (family: Family, file: ModelFile, yaml: ModelYaml, notes: Notes): FunctionLabel[] => {
  if (family === 'sam' || family === 'tracker') return []
  const names = yaml.labels ?? notes.labels
  if (!names) throw new ModelError('does not name its labels; put a YAML file of the same name beside it with labels')
  const type = labelTypes[family]!
  const points = family === 'yolo-pose' ? describePoints(file, yaml, notes).names : []
  const sublabels = points.map((name): FunctionLabel => ({ name, type: 'points', attributes: [] }))
  return names.map((name) => ({ name, type, attributes: [], ...(sublabels.length && { sublabels }) }))
}

const describePoints = (_file: ModelFile, yaml: ModelYaml, notes: Notes) => {
  const count = yaml.keypoints?.length ?? notes.keypoints?.[0]
  if (!count)
    throw new ModelError('does not say how many points a skeleton has; name them as keypoints in the YAML file beside it')
  const values = yaml.keypoint_values ?? notes.keypoints?.[1] ?? 3
  const numbered = Array.from({ length: count }, (_, i) => String(i + 1))
  const own = yaml.keypoints ?? notes.keypointNames ?? (count === 17 ? cocoPoints : numbered)
  return { names: own.length === count ? own : numbered, shape: [count, values] as [number, number] }
}

/** Which output of the encoder each embedding of the decoder is: by name, else the only one that is left. */
const matchEmbeddings = (encoder: ModelFile, decoder: ModelFile): Record<string, string> => {
  const wanted = decoder.inputs.filter(({ name }) => !isPromptInput(name))
  const free = new Set(encoder.outputs.map(({ name }) => name))
  const matched: Record<string, string> = {}
  for (const { name } of wanted) if (free.delete(name)) matched[name] = name
  const left = wanted.filter(({ name }) => !(name in matched))
  const fitting = (input: ValueInfo) =>
    encoder.outputs.filter(({ name, shape }) => free.has(name) && showShape(shape.slice(1)) === showShape(input.shape.slice(1)))
  for (const input of left) {
    const found = left.length === 1 && free.size === 1 ? [{ name: [...free][0]! }] : fitting(input)
    if (found.length !== 1)
      throw new ModelError(`has a decoder that takes ${showValue(input)}, which is no output of the encoder`)
    matched[input.name] = found[0]!.name
    free.delete(found[0]!.name)
  }
  if (!wanted.length) throw new ModelError('has a decoder that takes no embedding')
  return matched
}

const describePair = (encoder: ModelFile, decoder: ModelFile, yaml: ModelYaml): ModelSpec => {
  if (yaml.family && yaml.family !== 'sam')
    throw new ModelError(`has an encoder and a decoder, which family ${yaml.family} has not`)
  const [first, ...others] = encoder.inputs
  if (!first || others.length) throw new ModelError(`has an encoder with ${encoder.inputs.length} inputs; one is expected`)
  if (!decoder.inputs.some(({ name }) => /label/i.test(name)))
    throw new ModelError('has a decoder that takes no points with labels')
  const embeddings = matchEmbeddings(encoder, decoder)
  // Encoders that take rows of pixels make them normal themselves.
  const input = describeInput(first, 'sam', yaml, readNotes({}), first.shape.length === 3)
  // The second version gives features of several sizes, and was trained on stretched pictures.
  const isSecond = Object.keys(embeddings).some((name) => /high_res/i.test(name))
  const isEfficient = decoder.inputs.some(({ name }) => name.startsWith('batched_'))
  if ((isSecond || isEfficient) && !yaml.input?.fit) input.fit = 'stretch'
  // EfficientSAM makes its input normal itself, too.
  if (isEfficient && !yaml.input?.mean) Object.assign(input, { mean: [0, 0, 0], deviation: [1, 1, 1] })
  const isFree = first.shape.length === 3 && first.shape.filter((size) => typeof size === 'number').length < 3
  if (isFree && input.fit === 'corner') input.isExact = true
  return {
    family: 'sam',
    labels: [],
    input,
    outputs: decoder.outputs,
    named: {},
    threshold: 0,
    overlap: null,
    most: 1,
    decoder: { inputs: decoder.inputs, outputs: decoder.outputs, embeddings },
  }
}

const describeTracker = (file: ModelFile, yaml: ModelYaml): ModelSpec => {
  const findInput = (name: string) => {
    const wanted = yaml.tracker?.[name as 'template' | 'search'] ?? name
    const info = file.inputs.find((input) => input.name === wanted)
    if (!info) throw new ModelError(`has no input "${wanted}"; there are ${file.inputs.map((input) => input.name).join(', ')}`)
    return describeInput(info, 'tracker', yaml, readNotes({}))
  }
  const [template, search] = [findInput('template'), findInput('search')]
  return {
    family: 'tracker',
    labels: [],
    input: search,
    outputs: file.outputs,
    named: yaml.outputs ?? {},
    threshold: yaml.threshold ?? 0.3,
    overlap: null,
    most: 1,
    tracker: {
      template,
      search,
      templateFactor: yaml.tracker?.template_factor ?? 2,
      searchFactor: yaml.tracker?.search_factor ?? 4,
    },
  }
}

const describeSingle = (file: ModelFile, yaml: ModelYaml): ModelSpec => {
  const notes = readNotes(file.notes)
  const family = yaml.family ?? guessFamily(file, notes)
  if (family === 'sam') throw new ModelError('is one file; the family sam needs an encoder and a decoder')
  if (family === 'tracker') return describeTracker(file, yaml)
  const pictures = file.inputs.filter(({ shape }) => shape.length === 3 || shape.length === 4)
  if (pictures.length !== 1 || file.inputs.length !== 1)
    throw new ModelError(`takes ${file.inputs.map(showValue).join(', ')}; one picture is expected`)
  const input = describeInput(pictures[0]!, family, yaml, notes)
  if (family === 'yolo-obb' && input.fit === 'stretch')
    throw new ModelError('cannot turn boxes in stretched pictures; use letterbox')
  for (const name of Object.values(yaml.outputs ?? {}))
    if (!file.outputs.some((output) => output.name === name))
      throw new ModelError(`has no output "${name}"; there are ${file.outputs.map(({ name }) => name).join(', ')}`)
  const isYolo = family.startsWith('yolo')
  const isV5 = isYolo && !notes.family && !yaml.rows
  const labels = describeLabels(family, file, yaml, notes)
  const isSingle = file.outputs[0]!.shape.length === 4 && file.outputs[0]!.shape[1] === 1
  const background =
    yaml.background === undefined ? (isSingle || !/^_*background_*$/i.test(labels[0]?.name ?? '') ? null : 0) : yaml.background
  const rows = yaml.rows ?? (notes.isEndToEnd && isYolo ? 'end-to-end' : undefined)
  return {
    family,
    labels: family === 'segment' && background !== null && yaml.background === undefined ? labels.slice(1) : labels,
    input,
    outputs: file.outputs,
    named: yaml.outputs ?? {},
    threshold: yaml.threshold ?? (isYolo ? 0.25 : family === 'segment' && !isSingle ? 0.3 : 0.5),
    overlap: yaml.nms !== undefined ? yaml.nms : rows === 'end-to-end' || family === 'boxes' ? null : isV5 ? 0.45 : 0.7,
    most: yaml.max ?? (family === 'classify' ? 5 : 300),
    ...(rows && { rows }),
    ...(family === 'yolo-pose' && { keypoints: describePoints(file, yaml, notes).shape }),
    ...(family === 'segment' && background !== null && { background }),
    ...(yaml.separate !== undefined && { separate: yaml.separate }),
    ...(yaml.activation && { activation: yaml.activation }),
    ...(yaml.box_form && { boxForm: yaml.box_form }),
    ...(yaml.relative_boxes !== undefined && { relative: yaml.relative_boxes }),
  }
}

/** Throws ModelError with what is missing or does not fit; the caller names the model. */
export const describeModel = (parts: ModelParts, yaml: ModelYaml): Described => {
  if ('main' in parts)
    return { spec: describeSingle(parts.main, yaml), about: yaml.description ?? readNotes(parts.main.notes).about ?? '' }
  return { spec: describePair(parts.encoder, parts.decoder, yaml), about: yaml.description ?? parts.encoder.about }
}
