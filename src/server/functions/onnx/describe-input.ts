// How a model's picture input is fed: its size, layout and numbers, from the file, its notes and the YAML beside it.
import { ModelError } from './model-error'
import type { ValueInfo } from './model-file'
import type { ModelYaml } from './model-yaml'
import type { Notes } from './notes'
import type { Family, InputSpec } from './spec'
import { showValue } from './tensor'

/** How families are fed unless something says otherwise. */
const feeding: Record<
  Family,
  Pick<InputSpec, 'fit' | 'pad' | 'antialias' | 'scale'> & { mean: number; deviation: number; size: number }
> = {
  'yolo-detect': { fit: 'letterbox', pad: 114, antialias: false, scale: 1 / 255, mean: 0, deviation: 1, size: 640 },
  'yolo-segment': { fit: 'letterbox', pad: 114, antialias: false, scale: 1 / 255, mean: 0, deviation: 1, size: 640 },
  'yolo-pose': { fit: 'letterbox', pad: 114, antialias: false, scale: 1 / 255, mean: 0, deviation: 1, size: 640 },
  'yolo-obb': { fit: 'letterbox', pad: 114, antialias: false, scale: 1 / 255, mean: 0, deviation: 1, size: 1024 },
  boxes: { fit: 'stretch', pad: null, antialias: false, scale: 1 / 255, mean: 0, deviation: 1, size: 640 },
  classify: { fit: 'crop', pad: null, antialias: true, scale: 1 / 255, mean: 0, deviation: 1, size: 224 },
  segment: { fit: 'stretch', pad: null, antialias: false, scale: 1 / 255, mean: 0, deviation: 1, size: 512 },
  sam: { fit: 'corner', pad: null, antialias: true, scale: 1 / 255, mean: 0, deviation: 1, size: 1024 },
  tracker: { fit: 'stretch', pad: null, antialias: false, scale: 1 / 255, mean: 0, deviation: 1, size: 256 },
}

/** Of ImageNet, in shares of 255; what Segment Anything was trained with. */
const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }

const fixed = (size: number | string | undefined) => (typeof size === 'number' && size > 0 ? size : undefined)

const findLayout = ({ shape }: ValueInfo): InputSpec['layout'] => {
  const isDepth = (size: number | string | undefined) => size === 3 || size === 1
  const [depth, last] = [shape.at(-3), shape.at(-1)]
  const isLast = isDepth(last) && !isDepth(depth)
  return shape.length === 3 ? (isLast ? 'hwc' : 'chw') : isLast ? 'nhwc' : 'nchw'
}

const perChannel = (value: number | number[] | undefined, initial: number[], depth: number, key: string): number[] => {
  const list = value === undefined ? initial : [value].flat()
  if (list.length === depth) return list
  if (list.length === 1) return Array<number>(depth).fill(list[0]!)
  if (value === undefined) return list.slice(0, depth)
  throw new ModelError(`input.${key} has ${list.length} numbers; the input has ${depth} channels`)
}

/** `isRaw`: rows of pixels, which the model makes normal itself. Throws ModelError for inputs that are no picture. */
export const describeInput = (info: ValueInfo, family: Family, yaml: ModelYaml, notes: Notes, isRaw = false): InputSpec => {
  const given = yaml.input ?? {}
  const usual = feeding[family]
  if (info.shape.length !== 3 && info.shape.length !== 4)
    throw new ModelError(`has the input ${showValue(info)}; a picture has 3 or 4 sizes`)
  const layout = given.layout ?? findLayout(info)
  if (layout.length !== info.shape.length) throw new ModelError(`has the input ${showValue(info)}, which is not ${layout}`)
  const sizes = layout.endsWith('chw') ? info.shape.slice(-3) : [info.shape.at(-1), info.shape.at(-3), info.shape.at(-2)]
  const depth = fixed(sizes[0])
  if (depth !== undefined && depth !== 1 && depth !== 3)
    throw new ModelError(`has the input ${showValue(info)}; pictures have 1 or 3 channels`)
  if (layout.length === 4 && (fixed(info.shape[0]) ?? 1) !== 1)
    throw new ModelError(`takes ${info.shape[0]} pictures at once; export it for one`)
  const channels = given.channels ?? (depth === 1 ? 'grey' : 'rgb')
  if (depth !== undefined && (channels === 'grey') !== (depth === 1))
    throw new ModelError(`input.channels ${channels} does not fit its ${depth} channels`)
  const [ownWidth, ownHeight] = given.size === undefined ? [] : Array.isArray(given.size) ? given.size : [given.size, given.size]
  const width = fixed(sizes[2]) ?? ownWidth ?? notes.size?.width ?? usual.size
  const height = fixed(sizes[1]) ?? ownHeight ?? notes.size?.height ?? usual.size
  if ((ownWidth ?? width) !== width || (ownHeight ?? height) !== height)
    throw new ModelError(`input.size is ${ownWidth} × ${ownHeight}, the model takes ${width} × ${height}`)
  // Means above 1 are in pixel values.
  const isInPixels = [given.mean ?? 0].flat().some((value) => Math.abs(value) > 1)
  const isBytes = info.type === 'uint8' || isRaw
  const count = channels === 'grey' ? 1 : 3
  const initial = family === 'sam' && !isBytes ? imageNet : { mean: [usual.mean], deviation: [usual.deviation] }
  return {
    name: info.name,
    type: info.type,
    width,
    height,
    layout,
    channels,
    fit: given.fit ?? usual.fit,
    pad: given.pad === undefined ? usual.pad : given.pad,
    antialias: given.antialias ?? usual.antialias,
    scale: given.scale ?? (isInPixels || isBytes ? 1 : usual.scale),
    mean: perChannel(given.mean, initial.mean, count, 'mean'),
    deviation: perChannel(given.std, initial.deviation, count, 'std').map((value) => {
      if (value === 0) throw new ModelError('input.std must not be 0')
      return value
    }),
  }
}
