// What the editor's screen shows at a moment, beside the document itself.

import type { Logic } from './filters/logic'
import type { Picture } from './frames/frame-cache'
import type { Ghost } from './history/compare-revisions'
import type { Language } from './i18n/message'
import type { Model } from './models/model-api'
import type { SaveState } from './save/saver'
import type { Point, Size } from './view/geometry'
import type { View } from './view/view'
import type { SingleOptions } from './workspaces/single-shape'
import type { Workspace } from './workspaces/workspace'

export type Appearance = {
  colorBy: 'label' | 'instance' | 'group'
  /** Percent. */
  opacity: number
  selectedOpacity: number
  outline: boolean
  outlineColor: string
  /** White objects on black. */
  bitmap: boolean
  /** Lines that show where the edges of cuboids lead. */
  projections: boolean
  /** Arrows along the axes of cuboids in space: red, green, blue. */
  orientation: boolean
  /** Objects of the ground truth and conflicts with it, in review. */
  groundTruth: boolean
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
  /** Pictures as they were uploaded instead of the smaller ones. */
  original: boolean
  resetZoom: boolean
  showAllTracks: boolean
  /** Attributes of every object are open in the list. */
  alwaysDetails: boolean
  /** Drawn points snap to neighbours. */
  bordering: boolean
  /** Deleting a track asks whether it shall only end. */
  askTracks: boolean
  /** The smaller rest of a partly redrawn polygon goes without a question. */
  intelligentCrop: boolean
  theme: 'system' | 'light' | 'dark'
  language: 'system' | Language
  /** What lies around the picture; empty = as the theme has it. */
  background: string
  /** Turning a picture turns those of all frames. */
  rotateAll: boolean
  showDeleted: boolean
  /** Finer steps of the wheel, for touch pads. */
  adaptiveZoom: boolean
  showTags: boolean
  /** Rows of tracks below the picture, for jobs of several frames. */
  timeline: boolean
  /** CSS pixels around an object that is zoomed to. */
  focusPadding: number
  /** 0 (coarse) to 13 (fine). */
  approximation: number
  textAlways: boolean
  textPosition: 'auto' | 'center'
  /** CSS pixels. */
  textSize: number
  textId: boolean
  textLabel: boolean
  textAttributes: boolean
  textSource: boolean
  textDescriptions: boolean
  textDimensions: boolean
  textLayer: boolean
  grid: boolean
  /** Picture pixels. */
  gridSize: number
  gridColor: string
  /** Percent. */
  gridOpacity: number
  brightness: number
  contrast: number
  saturation: number
  /** 1 = as it is. */
  gamma: number
  /** Histogram equalisation. */
  equalize: boolean
  /** Tiles of the 3D workspace, percent: height of the perspective view, widths of the top and side view and of the pictures beside. */
  sceneRows: number
  sceneTop: number
  sceneSide: number
  sceneContext: number
  /** Heights of the pictures beside, as shares. */
  scenePictures: string
  /** How the points of a cloud are shown; CSS pixels. */
  scenePointSize: number
  sceneColour: string
  sceneRamp: string
  /** Lowest and highest value of the colours; empty = automatic. */
  sceneRange: string
  sceneGroundOff: boolean
  /** Metres above the ground. */
  sceneGroundHeight: number
  sceneClip: 'off' | 'object' | 'typed'
  /** Metres. */
  sceneClipMargin: number
  /** Middle, lengths and heading (degrees) of the typed box. */
  sceneClipBox: string
  sceneEyeDome: 'auto' | 'on' | 'off'
  sceneGrid: boolean
  /** Points of a moving view; 0 = as many as keep it moving. */
  sceneBudget: number
  /** So many frames before and after are shown together. */
  sceneFrames: number
}

/** Which interactor follows clicks, what becomes of its masks, and whether it sees only what is on the screen. */
export type ModelChoice = { id: string; as: 'mask' | 'polygon'; onlyVisible: boolean; text: string }

export type OwnTab = 'objects' | 'labels' | 'issues' | 'layers' | 'history'
/** Parts of the editor add tabs of their own. */
export type SideTab = OwnTab | `part-${string}`
/** What previous and next mean. */
export type PlayerMode = 'regular' | 'filter' | 'empty' | 'chapter'
export type Angle = 0 | 90 | 180 | 270

/** How masks are painted. `size` in picture pixels across. */
export type BrushOptions = {
  act: 'brush' | 'eraser' | 'polygon-plus' | 'polygon-minus'
  size: number
  form: 'circle' | 'square'
  removeUnderlying: boolean
  /** The mask under work is not shown. */
  hidden: boolean
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
  brush: BrushOptions
  /** The part of the active skeleton that is meant. */
  activePart: number | null
  appearance: Appearance
  settings: Settings
  save: SaveState
  pending: number
  revision: number
  /** Writes of the journal that are not on disk yet. */
  unwritten: number
  /** Writes of steps of undo that are not on disk yet. */
  unwrittenSteps: number
  /** Counts changes of objects. */
  edition: number
  playing: boolean
  working: number
  sideOpen: boolean
  sideTab: SideTab
  workspace: Workspace
  /** Place of the attribute in focus, in the attribute workspace. */
  attributeAt: number
  tagLabelId: number
  tagAutoNext: boolean
  single: SingleOptions
  /** Objects that do not pass are not shown. */
  filter: Logic | null
  playerMode: PlayerMode
  /** Clockwise turn of the picture. */
  angle: Angle
  /** Objects above this layer are not shown; null = all are. */
  topLayer: number | null
  deletedFrames: ReadonlySet<number>
  /** Counts changes of the issues. */
  issuesEdition: number
  /** Objects of a saved version that is looked at. */
  ghosts: readonly Ghost[]
  /** Objects that somebody else saved while they were changed here. */
  conflicted: readonly number[]
  /** Others who have this job open. */
  people: readonly string[]
  flyout: string | null
  /** Models of the server; null until somebody asks for them. */
  models: readonly Model[] | null
  modelChoice: ModelChoice
  message: { text: string; tone: 'info' | 'error' } | null
  jobState: string
}

export const startAppearance: Appearance = {
  colorBy: 'label',
  opacity: 3,
  selectedOpacity: 30,
  outline: false,
  outlineColor: '#000000',
  bitmap: false,
  projections: false,
  orientation: false,
  groundTruth: true,
}

export const startBrush: BrushOptions = { act: 'brush', size: 10, form: 'circle', removeUnderlying: false, hidden: false }

export const startSettings: Settings = {
  step: 10,
  speed: 25,
  autosave: true,
  autosaveMinutes: 1,
  controlPoints: 8,
  original: false,
  smooth: true,
  resetZoom: false,
  showAllTracks: false,
  alwaysDetails: false,
  bordering: false,
  askTracks: true,
  intelligentCrop: true,
  theme: 'system',
  language: 'system',
  background: '',
  rotateAll: false,
  showDeleted: false,
  adaptiveZoom: true,
  showTags: true,
  timeline: false,
  focusPadding: 50,
  approximation: 9,
  textAlways: false,
  textPosition: 'auto',
  textSize: 12,
  textId: true,
  textLabel: true,
  textAttributes: false,
  textSource: false,
  textDescriptions: false,
  textDimensions: false,
  textLayer: false,
  grid: false,
  gridSize: 100,
  gridColor: '#ffffff',
  gridOpacity: 100,
  brightness: 100,
  contrast: 100,
  saturation: 100,
  gamma: 1,
  equalize: false,
  sceneRows: 62,
  sceneTop: 33.3,
  sceneSide: 33.3,
  sceneContext: 26,
  scenePictures: '1,1,1',
  scenePointSize: 2,
  sceneColour: 'height',
  sceneRamp: 'viridis',
  sceneRange: '',
  sceneGroundOff: false,
  sceneGroundHeight: 0.2,
  sceneClip: 'off',
  sceneClipMargin: 2,
  sceneClipBox: '',
  sceneEyeDome: 'auto',
  sceneGrid: true,
  sceneBudget: 0,
  sceneFrames: 0,
}
