// What the parts of the 3D workspace (fusion, segments, quick fitting, viewing aids …) get from it: one seam in plain numbers, so that
// only render/ knows the drawing library.
import type { Cuboid } from '../../formats/geometry3d/cuboid'
import type { Ground } from '../../formats/geometry3d/ground'
import type { Vector } from '../../formats/geometry3d/rotation'
import type { Command } from '../editor/commands/command'
import type { Editor } from '../editor/editor'
import type { Tool } from '../editor/tools/tool'
import type { CloudAids } from './look/cloud-aids'

export type ViewName = 'perspective' | 'top' | 'side' | 'front'

/** In the coordinates of the cloud's file, as annotations are; `direction` has length 1. */
export type Ray = { origin: Vector; direction: Vector }

export type View = {
  name: ViewName
  element: HTMLElement
  /** World to clip space, 16 numbers, columns first. */
  readonly matrix: number[]
  /** Where a place in space appears: CSS pixels from the corner of `element`; null behind the camera. */
  project: (at: Vector) => { x: number; y: number } | null
  castRay: (x: number, y: number) => Ray
}

/** Points with the rows that they have in the cloud's file. */
export type CloudPoints = {
  /** x y z of each point, less `origin`. */
  positions: Float32Array
  rows: Uint32Array
  origin: Vector
}

/** Red, green, blue, opacity of points, 0 to 255, by their row in the file; an opacity of 0 leaves the usual colour. */
export type PointColours = Uint8Array

/** The point cloud of the shown frame. */
export type CloudSource = {
  readonly frame: number
  /** Points in the file; 0 while nothing is known of it. */
  readonly count: number
  readonly origin: Vector
  readonly bounds: { min: Vector; max: Vector } | null
  readonly ground: Ground | null
  /** Every point in a cuboid, at full resolution: what is not loaded yet is fetched. */
  collect: (within: Cuboid) => Promise<CloudPoints>
  /** Points of another frame in a cuboid, at full resolution where there are no more than `most` of them, else a coarser level. */
  collectFrame?: (frame: number, within: Cuboid, most: number) => Promise<CloudPoints>
  /** The same for every point of the frame. */
  collectAll: () => Promise<CloudPoints>
  /** What is loaded now, the shown level of detail at least. */
  listLoaded: () => CloudPoints[]
  /** The loaded point that a ray means: the first one within `radians` of it. */
  pick: (ray: Ray, radians: number) => Vector | null
  /** Colours of a part (segments, pictures) above the usual ones; null takes them away. */
  setColours: (part: string, colours: PointColours | null) => void
  /** Told when another frame is shown, or more of it is loaded. */
  subscribe: (listener: () => void) => () => void
  /** Ways of looking at the points; absent where they cannot be drawn. */
  readonly aids?: CloudAids
}

/** Drawn in all views (or in those named), in coordinates of the file. */
export type Drawing = {
  /** Pairs of places, x y z each. */
  lines?: number[]
  /** Places of dots, x y z each; `dotSize` in CSS pixels. */
  dots?: number[]
  dotSize?: number
  colour: string
  opacity?: number
  dashed?: boolean
  views?: readonly ViewName[]
}

/** A box of controls that a part adds: to the tabs of the side bar, or over the perspective view. */
export type Panel = { id: string; title: string; icon: string; element: HTMLElement; place: 'side' | 'over' }

export type SceneWorkspace = {
  editor: Editor
  root: HTMLElement
  views: Readonly<Record<ViewName, View>>
  cloud: CloudSource
  /** The shown cuboid of an object on this frame, its preview while it is being moved. */
  cuboidOf: (clientId: number) => Cuboid | null
  /** The object under the pointer, which all views and pictures light up. */
  hovered: number | null
  /** The pointer over a view, CSS pixels from its corner. */
  readonly pointer: { view: ViewName; at: { x: number; y: number } } | null
  /** Runs after the lines of the views were painted, as they are whenever something in them changes. */
  onPainted: (run: () => void) => void
  /** Draws something under an id in the place of what had the id before; null takes it away. */
  draw: (id: string, drawings: Drawing[] | null) => void
  /** Something that is drawn has changed: the views are drawn with the next picture of the browser. */
  invalidate: () => void
  addPanel: (panel: Panel) => void
  /** Tools in a group of their own on the rail; `at` of their events counts CSS pixels from the corner of the perspective view. */
  addTools: (tools: Tool[]) => void
  /** Commands with keys of their own, which win over the usual ones; those of the same id are replaced. */
  addCommands: (commands: Command[]) => void
}

/** One line in parts.ts each. Panels, tools and commands are added at once, not later. */
export type ScenePart = (workspace: SceneWorkspace) => void
