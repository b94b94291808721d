// A tool: a pure state machine over pointer and key events; what it wants done leaves through its context.
import type { Label, ShapeType } from '../../../formats/model'
import type { AssistAnswer, AssistAsk } from '../assist/assist'
import type { Intent } from '../document/intent'
import type { Content, EditorObject } from '../document/object'
import type { Found } from '../models/model-api'
import type { Prompts } from '../models/prompter'
import type { Body } from '../shapes/shape-kind'
import type { BrushOptions } from '../state'
import type { Box, Point, Size } from '../view/geometry'
import type { Sheet } from './mask-sheet'

/** The modes that `data-mode` shows. */
export type Mode =
  | 'idle'
  | 'draw'
  | 'paste'
  | 'drag'
  | 'resize'
  | 'rotate'
  | 'edit'
  | 'select'
  | 'merge'
  | 'split'
  | 'group'
  | 'join'
  | 'slice'
  | 'zoom-region'
  | 'pan'
  | 'issue'

/** `force`: pressure of a pen, 0 to 1; absent for a mouse and fingers. */
/** `view`: the view of a point cloud in whose pixels `at` counts; absent: the picture, or the perspective view. */
type Pointer = {
  at: Point
  shift: boolean
  ctrl: boolean
  alt: boolean
  force?: number
  view?: 'perspective' | 'top' | 'side' | 'front'
}

export type ToolEvent =
  | ({ type: 'down'; button: 'left' | 'right' } & Pointer)
  | ({ type: 'move' } & Pointer)
  | ({ type: 'up' } & Pointer)
  | ({ type: 'double' } & Pointer)
  | { type: 'finish'; how?: 'part' | 'continue' }
  | { type: 'cancel' }
  | { type: 'step-back' }
  | { type: 'step-forward' }
  /** What the pressed pointer has begun is given up: a second finger came down. */
  | { type: 'abort' }
  /** The vision tools answered; later than it was asked, so the state may have gone on. */
  | { type: 'assist'; answer: AssistAnswer }
  /** A model answered what it was prompted with; null: it found nothing. */
  | { type: 'prompted'; found: Found | null }

/** An object under the pointer, as tools see it. `fixed`: the workspace leaves no shape to be moved. */
export type Target = { clientId: number; type: ShapeType; body: Body; locked: boolean; pinned: boolean; fixed?: boolean }

/** What is drawn next. */
/** `count`: number of points at which a line finishes by itself, 0 = none. `redraws`: the object that gets the new position. */
export type Template = {
  as: 'shape' | 'track'
  labelId: number
  count: number
  paste: Content[]
  redraws: number | null
  label?: Label | undefined
}

export type ToolContext = {
  /** CSS pixels per picture pixel. */
  scale: number
  size: Size
  frame: number
  /** Last frame of the job. */
  stopFrame: number
  template: Template
  labels: ReadonlyMap<number, Label>
  brush: BrushOptions
  setBrush: (part: Partial<BrushOptions>) => void
  /** Whether drawn points snap to the outlines of neighbours. */
  bordering: boolean
  /** Whether a redrawn part of a polygon drops the smaller rest without asking. */
  intelligentCrop: boolean
  /** 0 (coarse) to 13 (fine). */
  approximation: number
  /** Asks the vision tools; the answer comes as an event. */
  assist: (ask: AssistAsk) => void
  /** What the chosen interactor takes, and what becomes of masks; null: none is chosen. */
  model: { minPoints: number; takesNegative: boolean; takesBox: boolean; as: 'mask' | 'polygon' } | null
  /** Asks the chosen interactor; the answer comes as an event. */
  prompt: (prompts: Prompts) => void
  forgetPrompt: () => void
  dispatch: (...intents: Intent[]) => void
  targetAt: (at: Point) => Target | null
  handleAt: (at: Point) => { target: Target; handle: string } | null
  /** Visible objects of the frame that touch a box, lowest first. */
  listTargets: (box?: Box) => Target[]
  object: (clientId: number) => EditorObject | null
  /** A group number that nobody has. */
  nextGroup: () => number
  /** All chosen objects when there are several. */
  selected: () => Target[]
  /** Chosen object gets active; null drops the selection. */
  activate: (clientId: number | null) => void
  toggleSelected: (clientId: number) => void
  select: (clientIds: number[]) => void
  selectBox: (box: Box) => void
  panBy: (dx: number, dy: number) => void
  zoomTo: (box: Box | null) => void
  /** Says why nothing happened. */
  explain: (sentence: string) => void
  /** Asks for the words of an issue about a place (x y pairs). */
  report: (position: number[]) => void
  /** Gives the canvas back to the cursor. */
  leave: () => void
  /** Starts drawing the same again. */
  again: () => void
  /** Paints on a stored mask. */
  editMask: (clientId: number) => void
  /** Gives the canvas to another tool in a given state. */
  hand: (toolId: string, state?: { at: string }) => void
}

/** What a tool shows of its state. */
export type Preview = {
  /** Drawn instead of this object's stored position. */
  clientId?: number
  body?: Body
  /** More of the same, where several are placed at once. */
  more?: Body[]
  /** Other objects that are shown elsewhere than stored. */
  others?: { clientId: number; body: Body }[]
  /** Objects that are gathered. */
  marks?: readonly number[]
  /** Objects that are not shown while the tool works. */
  without?: readonly number[]
  /** A mask that is being drawn, and how opaque it is. */
  sheet?: { sheet: Sheet; hidden: boolean }
  /** The brush: its form at the pointer (picture pixels across). */
  brush?: { at: Point; size: number; form: 'circle' | 'square'; erases: boolean }
  /** Points that can be snapped to, and the one that would be. */
  targets?: readonly number[]
  snap?: Point
  /** Vertices placed so far. */
  vertices?: number[]
  /** A line that cuts or leads, not part of any object. */
  line?: number[]
  /** A frame that selects or zooms. */
  box?: Box
  text?: string
  crosshair?: boolean
}

export type Tool<S extends { at: string } = { at: string }> = {
  id: string
  title: string
  icon: string
  cursor: string
  /** Button of the rail that it belongs to, when that is not its own. */
  rail?: string
  /** Kind that it draws, if any. */
  draws?: ShapeType | 'tag'
  /** Whether the object under the pointer lights up. */
  picks?: boolean
  start: (context?: ToolContext) => S
  on: (state: S, event: ToolEvent, context: ToolContext) => S
  mode: (state: S) => Mode
  hint: (state: S) => string
  preview: (state: S, context: ToolContext) => Preview | null
  /** Whether N and the button finish what is being drawn. */
  canFinish?: (state: S) => boolean
  /** Steps that can be taken back and repeated while it works. */
  steps?: (state: S) => { back: boolean; forward: boolean }
  /** In a point cloud dragging with the left button turns the view; the tool gets clicks, and with Shift the drag. */
  turnsView?: boolean
  /** In a point cloud it gets events of the projections too. */
  allViews?: boolean
  /** Keeps working while frames change. */
  roams?: boolean
}

/** Types a tool by its own states; the registry forgets them again. */
export const defineTool = <S extends { at: string }>(tool: Tool<S>): Tool => tool as unknown as Tool
