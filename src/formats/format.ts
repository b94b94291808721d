// What a dataset format is: its name, what it can hold, and how it is recognised, read and written.

import type { DatasetFiles } from './io/dataset-files'
import type { ArchiveEntry } from './io/zip-writer'
import type { FrameLookup, LabelLookup } from './match'
import type { Attribute, Dataset, Label, Shape, ShapeType, Tag, Track } from './model'

export type Dimension = '2d' | '3d'

/** What a reader yields: annotations in the API's layout, with label ids, attribute ids and task frames resolved, source `file`. */
export type Finding = { kind: 'shape'; shape: Shape } | { kind: 'tag'; tag: Tag } | { kind: 'track'; track: Track }

/** What a reader gets: the uploaded files and what they are matched against. */
export type ReadContext = {
  files: DatasetFiles
  labels: LabelLookup
  frames: FrameLookup
  /** Turn masks into polygons where the format says so (query parameter `conv_mask_to_poly`). */
  masksToPolygons: boolean
}

/** A label as files declare it: whatever they leave out is not known. */
export type DeclaredLabel = Partial<Pick<Label, 'color' | 'type' | 'svg'>> & {
  name: string
  attributes?: Omit<Attribute, 'id'>[]
  sublabels?: DeclaredLabel[]
}

/** What files say of a dataset as a whole. */
export type Description = {
  labels: DeclaredLabel[]
  /** Pixels of every frame, of a video. */
  size?: { width: number; height: number }
  /** Frames of a video. */
  frameCount?: number
}

export type WriteOptions = {
  /** Put the pictures into the archive. */
  saveImages: boolean
  /** When the export was made; also the time stamp of the archive's entries. */
  now: Date
  /** Folder for text that does not fit in memory while the archive is written. */
  tempDir: string
}

export type Format = {
  /** Without the version: `COCO`. */
  name: string
  version: string
  dimension: Dimension
  /** File types as the API lists them, for exports (`ZIP`) and imports (`JSON, ZIP`). */
  ext: string
  importExt: string
  /** Shape kinds that can be held; others are left out of an export. */
  shapes: readonly ShapeType[]
  tags: boolean
  tracks: boolean
  /** The frames of all subsets lie in one folder, so that their names must differ. */
  flat?: boolean
  /** Not one of CVAT's: its clients are not told of it, as their lists must hold what they know. */
  own?: true
  /** Whether uploaded files look like this format. Never throws for foreign input. */
  detect: (files: DatasetFiles) => Promise<boolean>
  /** What the files declare of their labels. Throws FormatError. */
  describe?: (files: DatasetFiles) => Promise<Description>
  /** Yields every annotation in the files. Throws FormatError. */
  read?: (context: ReadContext) => AsyncIterable<Finding>
  /** Yields the entries of the archive, walking `dataset.items` once. */
  write?: (dataset: Dataset, options: WriteOptions) => AsyncIterable<ArchiveEntry>
}

type FormatDefinition = Omit<Format, 'ext' | 'importExt' | 'tags' | 'tracks'> &
  Partial<Pick<Format, 'ext' | 'importExt' | 'tags' | 'tracks'>>

/** Fills in what most formats share: zip files, no tags, no tracks. */
export function defineFormat(definition: FormatDefinition): Format {
  return { ext: 'ZIP', importExt: 'ZIP', tags: false, tracks: false, ...definition }
}

/** `COCO 1.0`: the name that the API and its `format` parameter use. */
export function nameFormat(format: Pick<Format, 'name' | 'version'>): string {
  return `${format.name} ${format.version}`
}
