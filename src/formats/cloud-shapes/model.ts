// What formats of segmented point clouds carry: labels of points by rows, and lines, areas and key points in space.
import type { RunSet } from '../geometry/run-sets'
import type { DatasetFiles } from '../io/dataset-files'
import type { ArchiveEntry } from '../io/zip-writer'
import type { Label } from '../model'

export const cloudShapeTypes = ['polyline', 'polygon', 'points'] as const
export type CloudShapeType = (typeof cloudShapeTypes)[number]

/** Rows of the cloud's file with one label and instance (0 to 65535, 0: not told apart). */
export type NamedSegment = { label: string; instance: number; rows: RunSet }
export type NamedShape = {
  uid: string
  type: CloudShapeType
  label: string
  /** x, y, z of each vertex in the coordinates of the file. */
  points: number[]
  attributes: { name: string; value: string }[]
}

export type CloudContent = { frame: number; segments: NamedSegment[]; shapes: NamedShape[] }

export type CloudFrame = CloudContent & {
  /** Name in the task, with folders and extension. */
  name: string
  /** Points of the cloud. */
  count: number
  /** x, y, z, intensity of every point in the order of the file, NaN for those without a place; there when clouds are wanted. */
  readPoints?: () => AsyncIterable<Float32Array>
}

export type CloudDataset = { name: string; labels: readonly Label[]; frames: AsyncIterable<CloudFrame> }

/** What is read is matched against these. */
export type CloudTarget = { labels: readonly Label[]; frames: readonly { frame: number; name: string; count: number }[] }

export type CloudFormat = {
  /** With its version, as people choose it. */
  name: string
  /** What of the shapes it holds. */
  shapes: readonly CloudShapeType[]
  write: (dataset: CloudDataset) => AsyncIterable<ArchiveEntry>
  /** One frame of the target at a time. Throws FormatError naming the file. */
  read: (files: DatasetFiles, target: CloudTarget) => AsyncIterable<CloudContent>
}
