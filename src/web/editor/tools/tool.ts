// A tool: a pure state machine over pointer and key events; what it wants done leaves through its context.
import type { ShapeType } from '../../../formats/model'
import type { Intent } from '../document/intent'
import type { Content } from '../document/object'
import type { Body } from '../shapes/shape-kind'
import type { Box, Point, Size } from '../view/geometry'

/** The modes that `data-mode` shows. */
export type Mode = 'idle' | 'draw' | 'paste' | 'drag' | 'resize' | 'rotate' | 'edit' | 'select' | 'zoom-region' | 'pan'

type Pointer = { at: Point; shift: boolean; ctrl: boolean; alt: boolean }

export type ToolEvent =
  | ({ type: 'down'; button: 'left' | 'right' } & Pointer)
  | ({ type: 'move' } & Pointer)
  | ({ type: 'up' } & Pointer)
  | ({ type: 'double' } & Pointer)
  | { type: 'finish' }
  | { type: 'cancel' }
  | { type: 'step-back' }

/** An object under the pointer, as tools see it. */
export type Target = { clientId: number; type: ShapeType; body: Body; locked: boolean; pinned: boolean }

/** What is drawn next. */
/** `count`: number of points at which a line finishes by itself, 0 = none. `redraws`: the object that gets the new position. */
export type Template = { as: 'shape' | 'track'; labelId: number; count: number; paste: Content[]; redraws: number | null }

export type ToolContext = {
  /** CSS pixels per picture pixel. */
  scale: number
  size: Size
  template: Template
  dispatch: (intent: Intent) => void
  targetAt: (at: Point) => Target | null
  handleAt: (at: Point) => { target: Target; handle: string } | null
  /** Chosen object gets active; null drops the selection. */
  activate: (clientId: number | null) => void
  toggleSelected: (clientId: number) => void
  selectBox: (box: Box) => void
  panBy: (dx: number, dy: number) => void
  zoomTo: (box: Box | null) => void
  /** Says why nothing happened. */
  explain: (sentence: string) => void
  /** Gives the canvas back to the cursor. */
  leave: () => void
}

/** What a tool shows of its state. */
export type Preview = {
  /** Drawn instead of this object's stored position. */
  clientId?: number
  body?: Body
  /** More of the same, where several are placed at once. */
  more?: Body[]
  /** Vertices placed so far. */
  vertices?: number[]
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
  /** Kind that it draws, if any. */
  draws?: ShapeType
  start: () => S
  on: (state: S, event: ToolEvent, context: ToolContext) => S
  mode: (state: S) => Mode
  hint: (state: S) => string
  preview: (state: S, context: ToolContext) => Preview | null
  /** Whether N and the button finish what is being drawn. */
  canFinish?: (state: S) => boolean
}

/** Types a tool by its own states; the registry forgets them again. */
export const defineTool = <S extends { at: string }>(tool: Tool<S>): Tool => tool as unknown as Tool
