// What the page asks the vision worker, and what it answers.
import type { Superpixels, SuperpixelWish } from '../../formats/geometry/superpixels'
import type { Rect } from './cv'
import type { CutOut, GrabCutWish } from './grab-cut'
import type { Motion } from './tracking'

export type TrackMethod = 'flow' | 'mil'

/** Operation → what is sent and what comes back. All speak of the picture that was shown last. */
export type Operations = {
  show: { ask: { picture: ImageBitmap }; answer: null }
  seed: { ask: { x: number; y: number }; answer: null }
  path: { ask: { x: number; y: number; tolerance: number }; answer: number[] }
  cut: { ask: GrabCutWish; answer: CutOut }
  /** Cuts the picture into superpixels; needs no OpenCV. */
  regions: { ask: SuperpixelWish; answer: Superpixels }
  /** Begins to follow what lies in the box of the shown picture. */
  follow: { ask: { box: Rect; method: TrackMethod }; answer: null }
  /** Shows the next picture and tells how the object moved; null when it was lost. */
  next: { ask: { picture: ImageBitmap }; answer: Motion | null }
}
export type Operation = keyof Operations

export type Ask = { [O in Operation]: { id: number; operation: O; values: Operations[O]['ask'] } }[Operation]
export type Answer = { id: number; value: Operations[Operation]['answer'] } | { id: number; problem: string }
