// What differs between the editor of pictures and that of point clouds, as data: `start` takes one of them.
import type { Command } from './commands/command'
import type { Editor } from './editor'
import type { FrameCache, Picture } from './frames/frame-cache'
import type { Api, DataMeta } from './save/api'
import type { SideTab, State } from './state'
import type { Tool } from './tools/tool'

/** What an object's card has below its attributes. */
export type CardBlock = { element: HTMLElement; update: () => void }
export type CardState = { active: boolean; open: boolean }
export type CardBlocks = {
  /** CSS pixels; 0 = the object has no block. */
  measure: (editor: Editor, clientId: number, card: CardState) => number
  make: (editor: Editor, clientId: number, read: () => CardState) => CardBlock
}

/** A tab of the side bar that a part of the editor adds. */
export type SidePanel = { id: SideTab; title: string; element: HTMLElement }

/** What panels and commands must know of the media. */
export type Traits = {
  dimension: '2d' | '3d'
  /** Pictures can be turned in steps of 90°. */
  turns: boolean
  /** Models of the server work on them. */
  models: boolean
  /** Objects lie above one another. */
  layers: boolean
  card: CardBlocks | null
}

export const flatTraits: Traits = { dimension: '2d', turns: true, models: true, layers: true, card: null }

/** A handle of the active object, in CSS pixels from the corner of the editor's root. */
export type MirroredHandle = { id: string; x: number; y: number }

/** What fills the room between the rail and the side bar. */
export type Area = {
  elements: readonly HTMLElement[]
  /** Has the keys while nothing else has them. */
  focus: HTMLElement
  /** Called once, when everything stands in the page. */
  attach: () => void
  /** Called after every change of the state; tells where the coordinates of tools begin, in pixels from the root's corner. */
  update: (changed: ReadonlySet<keyof State>) => { left: number; top: number; handles: readonly MirroredHandle[] }
  panels?: readonly SidePanel[]
}

export type PicturePorts = {
  api: Api
  root: HTMLElement
  sizeOf: (frame: number) => DataMeta['frames'][number] | undefined
}

export type EditorKit = {
  traits: Traits
  /** Tools in the groups of the rail; the cursor comes first. */
  rail: readonly (readonly Tool[])[]
  /** Tools without a button. */
  tools: readonly Tool[]
  /** The commands of this editor, of those that there are. */
  chooseCommands: (all: readonly Command[]) => readonly Command[]
  openPictures: (editor: Editor, ports: PicturePorts) => FrameCache<Picture & CanvasImageSource>
  /** Makes the area; tools and panels that it adds are there before rail and side bar are made. */
  openArea: (editor: Editor, root: HTMLElement) => Area
}
