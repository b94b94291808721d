// What the editor's screen shows at a moment, beside the document itself.
import type { Picture } from './frames/frame-cache'
import type { SaveState } from './save/saver'
import type { Point, Size } from './view/geometry'
import type { View } from './view/view'

export type Appearance = {
  colorBy: 'label' | 'instance' | 'group'
  /** Percent. */
  opacity: number
  selectedOpacity: number
  outline: boolean
}

export type Settings = {
  /** Frames that V and C skip. */
  step: number
  /** Frames a second. */
  speed: number
  autosave: boolean
  autosaveMinutes: number
  /** CSS pixels. */
  controlPoints: number
  smooth: boolean
  resetZoom: boolean
  showAllTracks: boolean
  /** Attributes of every object are open in the list. */
  alwaysDetails: boolean
  theme: 'system' | 'light' | 'dark'
}

export type PictureState =
  | { at: 'empty' }
  | { at: 'shown'; source: Picture & CanvasImageSource }
  | { at: 'failed'; reason: string }

export type State = {
  /** Frame whose picture is shown. */
  frame: number
  /** Frame on its way, equal to `frame` when at rest. */
  wantedFrame: number
  picture: PictureState
  size: Size
  area: Size
  view: View
  toolId: string
  toolState: { at: string }
  activeId: number | null
  /** Whether the active object stays active when the pointer leaves it. */
  activeStays: boolean
  selection: readonly number[]
  cursor: Point | null
  drawLabelId: number
  drawAs: 'shape' | 'track'
  /** Number of points at which a line finishes by itself; 0 = none. */
  drawCount: number
  /** The object that is being drawn anew. */
  redraws: number | null
  appearance: Appearance
  settings: Settings
  save: SaveState
  pending: number
  revision: number
  /** Writes of the journal that are not on disk yet. */
  unwritten: number
  /** Counts changes of objects. */
  edition: number
  playing: boolean
  working: number
  sideOpen: boolean
  sideTab: 'objects' | 'labels'
  flyout: string | null
  message: { text: string; tone: 'info' | 'error' } | null
  jobState: string
}

export const startAppearance: Appearance = {
  colorBy: 'label',
  opacity: 3,
  selectedOpacity: 30,
  outline: false,
}

export const startSettings: Settings = {
  step: 10,
  speed: 25,
  autosave: true,
  autosaveMinutes: 1,
  controlPoints: 8,
  smooth: true,
  resetZoom: false,
  showAllTracks: false,
  alwaysDetails: false,
  theme: 'system',
}
