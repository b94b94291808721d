// Every dataset format, one import and one line each, in menu order.

import { camvid } from './camvid'
import { cityscapes } from './cityscapes'
import { coco } from './coco'
import { cocoKeypoints } from './coco-keypoints'
import { cvat, cvatImages, cvatVideo } from './cvat'
import { datumaro, datumaro3d } from './datumaro'
import { explainForeignFiles } from './foreign-files'
import { type Dimension, type Finding, type Format, nameFormat, type ReadContext, type WriteOptions } from './format'
import { FormatError } from './format-error'
import { icdarLocalization, icdarRecognition, icdarSegmentation } from './icdar'
import { imagenet } from './imagenet'
import { applyMapping, type ImportMapping } from './inspect/mapping'
import type { ByteSource } from './io/byte-source'
import { type DatasetFiles, openDatasetFiles } from './io/dataset-files'
import { writeZip } from './io/zip-writer'
import { kitti } from './kitti'
import { kittiObject } from './kitti-object'
import { kittiRaw } from './kitti-raw'
import { labelMe } from './labelme'
import { lfw } from './lfw'
import { market1501 } from './market-1501'
import { createLabelLookup, type FrameLookup } from './match'
import type { Dataset, Label } from './model'
import { mot } from './mot'
import { motsPng } from './mots'
import { nuscenes, nuscenesBoxes } from './nuscenes'
import { openImages } from './open-images'
import { segmentationMask } from './segmentation-mask'
import { sly } from './sly'
import {
  ultralyticsClassification,
  ultralyticsDetection,
  ultralyticsOrientedBoxes,
  ultralyticsPose,
  ultralyticsSegmentation,
  ultralyticsTrack,
} from './ultralytics'
import { vggFace2 } from './vgg-face2'
import { voc } from './voc'
import { widerFace } from './wider-face'
import { yolo } from './yolo'

export const formats: readonly Format[] = [
  cvatVideo, //
  cvatImages,
  cvat,
  coco,
  cocoKeypoints,
  datumaro,
  labelMe,
  segmentationMask,
  mot,
  motsPng,
  voc,
  yolo,
  ultralyticsDetection,
  ultralyticsTrack,
  ultralyticsOrientedBoxes,
  ultralyticsSegmentation,
  ultralyticsPose,
  ultralyticsClassification,
  imagenet,
  camvid,
  widerFace,
  vggFace2,
  market1501,
  icdarRecognition,
  icdarLocalization,
  icdarSegmentation,
  kitti,
  lfw,
  cityscapes,
  openImages,
  datumaro3d,
  kittiRaw,
  sly,
  kittiObject,
  nuscenes,
  nuscenesBoxes,
]

/** One entry of `GET /api/server/annotation/formats`. */
export type FormatListing = { name: string; ext: string; version: string; enabled: true; dimension: Dimension }

/** CVAT's formats only, or those of our own behind them. */
export type Listed = { withOwn: boolean }

const isListed =
  ({ withOwn }: Listed) =>
  ({ own }: Format) =>
    withOwn || !own

export function listExporters(listed: Listed): FormatListing[] {
  return formats
    .filter(({ write }) => write)
    .filter(isListed(listed))
    .map((format) => listFormat(format, format.ext))
}

export function listImporters(listed: Listed): FormatListing[] {
  return formats
    .filter(({ read }) => read)
    .filter(isListed(listed))
    .map((format) => listFormat(format, format.importExt))
}

function listFormat(format: Format, ext: string): FormatListing {
  return { name: nameFormat(format), ext, version: format.version, enabled: true, dimension: format.dimension }
}

/** The exporter with that display name (`COCO 1.0`), or nothing. */
export function findExporter(displayName: string): Exporter | undefined {
  return formats.find((format): format is Exporter => Boolean(format.write) && nameFormat(format) === displayName)
}

/** The importer with that display name (`CVAT 1.1`), or nothing. */
export function findImporter(displayName: string): Importer | undefined {
  return formats.find((format): format is Importer => Boolean(format.read) && nameFormat(format) === displayName)
}

export type Exporter = Format & Required<Pick<Format, 'write'>>
export type Importer = Format & Required<Pick<Format, 'read'>>

/** The importers that recognise the files, in menu order. */
export async function detectFormats(files: DatasetFiles): Promise<Importer[]> {
  const found: Importer[] = []
  for (const format of formats) if (format.read && (await format.detect(files))) found.push(format as Importer)
  return found
}

/** Writes a dataset as the bytes of a zip file, in constant memory. */
export function exportDataset(
  format: Exporter,
  dataset: Dataset,
  options: Partial<WriteOptions> & Pick<WriteOptions, 'tempDir'>,
): AsyncIterable<Uint8Array> {
  const complete: WriteOptions = { saveImages: false, now: new Date(), ...options }
  return writeZip(format.write(dataset, complete), complete.now)
}

export type ImportTarget = { labels: Label[]; frames: FrameLookup; masksToPolygons?: boolean; mapping?: ImportMapping }

/**
 * Reads an uploaded file (zip, or the bare annotation file where the format takes it) and yields what is in it.
 * Throws FormatError; nothing yielded before may then be kept.
 */
export async function* importDataset(format: Importer, source: ByteSource, target: ImportTarget): AsyncIterable<Finding> {
  const files = await openDatasetFiles(source)
  const { frames, labels, keep } = applyMapping(target.frames, createLabelLookup(target.labels), target.mapping)
  for await (const finding of readDataset(format, files, { frames, labels, masksToPolygons: target.masksToPolygons })) {
    const kept = keep(finding)
    if (kept) yield kept
  }
}

export type ReadTarget = Pick<ReadContext, 'labels' | 'frames'> & { masksToPolygons?: boolean }

/** Yields what is in the files. Throws FormatError, which says for files of another format what is looked for. */
export async function* readDataset(
  format: Importer,
  files: DatasetFiles,
  { labels, frames, masksToPolygons = true }: ReadTarget,
): AsyncGenerator<Finding> {
  const bareKinds = format.importExt.split(', ').filter((ext) => ext !== 'ZIP')
  if (files.bare && bareKinds.length === 0) throw new FormatError(`${nameFormat(format)} expects a zip archive`)
  try {
    yield* format.read({ files, labels, frames, masksToPolygons })
  } catch (error) {
    if (!(error instanceof FormatError) || (await format.detect(files))) throw error
    throw explainForeignFiles(format, error, (await detectFormats(files))[0])
  }
}
