// How points may be looked at, in plain numbers: what the panel of viewing aids sets and the layer of points draws by.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'

export const colourModes = ['height', 'intensity', 'distance', 'return', 'stored', 'classification', 'plain', 'label'] as const
export type ColourMode = (typeof colourModes)[number]

export const rampNames = ['viridis', 'turbo', 'plasma', 'grey'] as const
export type RampName = (typeof rampNames)[number]

export type PointLook = {
  /** CSS pixels. */
  size: number
  colour: ColourMode
  ramp: RampName
  /** Lowest and highest value of the ramp; null: the middle 96 percent of the frame. */
  range: readonly [number, number] | null
  /** Points lower than this above the estimated ground (metres) are not shown; null: all are. */
  groundCut: number | null
  /** Points outside of it are not shown. */
  clip: Cuboid | null
  /** Null: where the graphics card can do it easily. */
  eyeDome: boolean | null
  grid: boolean
  /** Points of a moving view; null: as many as keep it moving. */
  budget: number | null
}

export const defaultLook: PointLook = {
  size: 2,
  colour: 'height',
  ramp: 'viridis',
  range: null,
  groundCut: null,
  clip: null,
  eyeDome: null,
  grid: true,
  budget: null,
}

/** Another frame, and where its points come in the coordinates of the shown one: 16 numbers, columns first. */
export type AccumulatedFrame = { frame: number; matrix: readonly number[] }

/** Red, green and blue, 0…255. */
export type LabelBox = { cuboid: Cuboid; colour: readonly [number, number, number] }

export type CloudFigures = {
  /** Points in the file that have a place, and those that have none. */
  points: number
  dropped: number
  /** Points that are drawn, and that are in memory. */
  drawn: number
  loaded: number
  /** Points that the moving view may have. */
  budget: number
  /** Bytes of points in memory and on the graphics card. */
  bytes: number
  /** Of the work on the tiles, 0…1. */
  progress: number
  /** Why the cloud cannot be shown in full. */
  problem: string | null
  /** Colours that the points have. */
  modes: readonly ColourMode[]
  /** What the automatic range is for the colour in use. */
  range: readonly [number, number] | null
  /** Everything that the resting view wants is drawn. */
  isFull: boolean
  /** Whether the browser draws without a graphics card; null while unknown. */
  isSoftware: boolean | null
}

/** What a layer of points offers beside its points. */
export type CloudAids = {
  setLook: (look: PointLook) => void
  setLabelBoxes: (boxes: readonly LabelBox[]) => void
  setAccumulated: (frames: readonly AccumulatedFrame[]) => void
  readonly figures: CloudFigures
}
