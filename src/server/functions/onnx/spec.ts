// How a model is fed and how its answer is read: plain data that crosses processes.
import type { FunctionKind, FunctionLabel } from '../contract'
import type { ValueInfo } from './model-file'

export const families = [
  'yolo-detect',
  'yolo-segment',
  'yolo-pose',
  'yolo-obb',
  'boxes',
  'classify',
  'segment',
  'sam',
  'tracker',
] as const
export type Family = (typeof families)[number]

export const kindOfFamily: Record<Family, FunctionKind> = {
  'yolo-detect': 'detector',
  'yolo-segment': 'detector',
  'yolo-pose': 'detector',
  'yolo-obb': 'detector',
  boxes: 'detector',
  classify: 'classifier',
  segment: 'detector',
  sam: 'interactor',
  tracker: 'tracker',
}

/**
 * How a picture comes to the model's size. `letterbox`: its shape is kept, borders on both sides; `corner`: borders to the right and
 * below; `stretch`: its shape is lost; `crop`: the middle, after the shorter side got the model's size.
 */
export const fits = ['letterbox', 'corner', 'stretch', 'crop'] as const
export type FitMode = (typeof fits)[number]
export const channelOrders = ['rgb', 'bgr', 'grey'] as const
export const layouts = ['nchw', 'nhwc', 'chw', 'hwc'] as const
export const activations = ['softmax', 'sigmoid', 'none'] as const
/** Rows of YOLO answers: v5 has objectness; v8 (also v9, v11, v12) has none and lies on its side; end-to-end (v10, 26) needs no suppression. */
export const yoloRows = ['v5', 'v8', 'end-to-end'] as const
export const boxForms = ['xyxy', 'cxcywh', 'xywh'] as const

export type InputSpec = {
  name: string
  type: string
  width: number
  height: number
  layout: (typeof layouts)[number]
  channels: (typeof channelOrders)[number]
  fit: FitMode
  /** Pixel value of borders; null: 0 after the values were made normal. */
  pad: number | null
  /** Whether shrinking takes all pixels into account, as Pillow does; else four neighbours, as OpenCV does. */
  antialias: boolean
  /** The model takes pictures of any size, and makes the borders itself. */
  isExact?: boolean
  /** value = (pixel · scale − mean) ÷ deviation, by channel in the model's order. */
  scale: number
  mean: number[]
  deviation: number[]
}

export type ModelSpec = {
  family: Family
  labels: FunctionLabel[]
  input: InputSpec
  /** Outputs of the model in its order. */
  outputs: ValueInfo[]
  /** Name of an output by what it means, where the model file says so. */
  named: Record<string, string>
  /** Least score, 0…1. */
  threshold: number
  /** Boxes of one label that overlap more than this (intersection over union) are one; null: the model sees to it. */
  overlap: number | null
  /** Most objects of a picture. */
  most: number
  rows?: (typeof yoloRows)[number]
  /** Points of a skeleton and numbers for each: x, y or x, y, confidence. */
  keypoints?: [count: number, values: number]
  /** Class of a segmentation that is no label. */
  background?: number
  /** Whether separate regions of a class are objects of their own. */
  separate?: boolean
  activation?: (typeof activations)[number]
  boxForm?: (typeof boxForms)[number]
  /** Whether boxes are shares of the input's size. */
  relative?: boolean
  /** Of decoders: its inputs, and which output of the encoder each embedding is. */
  decoder?: { inputs: ValueInfo[]; outputs: ValueInfo[]; embeddings: Record<string, string> }
  /** Of trackers: sizes of template and search picture, and how much larger than the object they look. */
  tracker?: { template: InputSpec; search: InputSpec; templateFactor: number; searchFactor: number }
}
