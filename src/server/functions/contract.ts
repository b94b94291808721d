// What a function (a model that annotates) is, what it is asked and what it answers, and what a provider of functions must do.
import type { AttributeInput, LabelType, ShapeType } from '../../formats/model'

export const providerNames = ['built-in', 'onnx', 'http', 'agent'] as const
export type ProviderName = (typeof providerNames)[number]

/** Classifiers answer tags and run like detectors; attribute fillers say the attributes of shapes that are there. */
export const functionKinds = ['detector', 'interactor', 'tracker', 'reid', 'classifier', 'attributes'] as const
export type FunctionKind = (typeof functionKinds)[number]

export type FunctionAttribute = { name: string; input_type: AttributeInput; values: string[] }
export type FunctionLabel = {
  name: string
  /** What shapes of the label are; `any` when the function does not say. */
  type: LabelType
  attributes: FunctionAttribute[]
  /** Points of a skeleton, in its order. */
  sublabels?: FunctionLabel[]
  /** SVG of a skeleton, as labels have it. */
  svg?: string
}

/** Whom a function is for. Without it everybody who is signed in may call it. */
export type FunctionAccess = { ownerId: number | null; organizationId: number | null; visibility: 'public' | 'private' }

export type FunctionInfo = {
  /** Unique over all providers, and what requests name: `^[a-zA-Z0-9][a-zA-Z0-9_.-]*$`. */
  id: string
  provider: ProviderName
  name: string
  description: string
  kind: FunctionKind
  labels: FunctionLabel[]
  /** Counts from 1; grows when another model answers under the same id. Results name it. */
  version: number
  /** All versions that are kept, newest first; absent where there is one only. */
  versions?: { version: number; created: Date; note: string }[]
  /** `browser`: the server cannot be asked, the editor runs it; `agent`: somebody's own machine runs it. */
  runs: 'server' | 'browser' | 'agent'
  /** False when nobody would answer now, as when no agent is running. */
  isReady?: boolean
  access?: FunctionAccess
  /** Of interactors. */
  interaction?: {
    minPositivePoints: number
    /** -1: negative points are not understood. */
    minNegativePoints: number
    startsWithBox: boolean
    boxIsOptional: boolean
    /** Takes a `text` prompt. */
    text?: boolean
    /** Can be asked to `embed`, so that a decoder in the browser answers clicks: what to fetch it by. */
    decoder?: { url: string; family: string; inputs?: Record<string, unknown> }
    help?: string
    animation?: string
  }
  /** Of trackers: the kinds of shapes that they can follow. */
  shapeTypes?: ShapeType[]
  /** Threshold that is used when none is given, 0…1. */
  threshold?: number
}

/** A picture that a function looks at. Regions of interest are cut out before, and answers are moved back after. */
export type FrameImage = {
  /** The same picture has the same key: for caches of embeddings. Changes when the frame's pixels do. */
  key: string
  /** Pixels. */
  width: number
  height: number
  /** An encoded picture (JPEG, PNG, WebP …) with its orientation applied; kept for the time of the call. */
  read: () => Promise<Uint8Array>
  /** Where it comes from and who asks, for providers that read frames themselves; absent for pictures that are in no task. */
  place?: { taskId: number; frame: number; roi: Box | null; userId: number }
}

export type Point = [x: number, y: number]
/** left, top, right, bottom in pixels. */
export type Box = [number, number, number, number]
/** A shape as a question: points in the layout of the API (see ShapeBody). */
export type GivenShape = { type: ShapeType; points: number[]; rotation?: number; label?: string }

/** What a function can be asked, by `do`. */
export type Call =
  | { do: 'detect'; image: FrameImage; threshold: number | null; text?: string }
  | { do: 'interact'; image: FrameImage; positive: Point[]; negative: Point[]; box: Box | null; text?: string }
  | { do: 'embed'; image: FrameImage }
  | { do: 'start-tracking'; image: FrameImage; shapes: GivenShape[] }
  /** `states` are those of the last answer, in its order. */
  | { do: 'track'; image: FrameImage; states: unknown[] }
  | {
      do: 'match'
      images: [FrameImage, FrameImage]
      boxes: [GivenShape[], GivenShape[]]
      threshold: number | null
      /** Pixels that an object may move between the two frames. */
      maxDistance: number | null
    }
  | { do: 'fill'; image: FrameImage; shapes: GivenShape[] }
export type CallName = Call['do']
export type CallOf<D extends CallName> = Extract<Call, { do: D }>

/** Something that was found. Masks have the API's layout: runs, then left, top, right, bottom (inclusive). */
export type Found = {
  label: string
  type: ShapeType | 'tag'
  points: number[]
  /** Confidence 0…1. */
  score?: number
  rotation?: number
  outside?: boolean
  occluded?: boolean
  group?: number
  attributes?: FoundAttribute[]
  /** Of skeletons, one for each sublabel that was found; their type is `points`. */
  elements?: Found[]
}
export type FoundAttribute = { name: string; value: string; score?: number }
/** An answer of an interactor: shapes without a label. */
export type Drawn = Omit<Found, 'label'>
/** A tensor of an embedding; `data` is little-endian, row-major. */
export type Tensor = { type: 'float32' | 'float16' | 'int64' | 'int32' | 'uint8'; dims: number[]; data: Uint8Array }

export type Answers = {
  detect: Found[]
  interact: Drawn[]
  embed: { tensors: Record<string, Tensor> /** What the decoder must know, such as the scale. */; facts: Record<string, unknown> }
  /** One state for each shape; anything that JSON can say. */
  'start-tracking': { states: unknown[] }
  /** null where the object cannot be seen. */
  track: { states: unknown[]; shapes: (GivenShape | null)[] }
  /** For each box of the first frame the place of its match in the second, or -1. */
  match: number[]
  /** For each shape, in their order. */
  fill: FoundAttribute[][]
}

/** Why a function gave no answer. */
export type FunctionFault =
  /** It is not asked as it wants: 400. */
  | 'input'
  /** It cannot be reached or did not load: 503. */
  | 'unavailable'
  /** It took too long: 504. */
  | 'timeout'
  /** It broke down, or answered what cannot be understood: 502. */
  | 'answer'

/** A function that failed; the message is shown to users, and names the function. */
export class FunctionError extends Error {
  constructor(
    readonly fault: FunctionFault,
    message: string,
  ) {
    super(message)
  }
}

export type Provider = {
  name: ProviderName
  /** All functions of the provider, usable or not; called often, so it must be cheap (remember what was read). */
  list(): Promise<FunctionInfo[]>
  /**
   * Asks a function of this provider's list. May be called from the server's thread and from threads of chores, several times at
   * once; must not block the thread it is called from (inference belongs in a worker) and must end soon after `signal` is aborted.
   * Answers are checked by the caller: labels, numbers, sizes, kinds. Throws FunctionError.
   */
  call<D extends CallName>(info: FunctionInfo, call: CallOf<D>, signal: AbortSignal): Promise<Answers[D]>
}
