// Feeds damaged datasets to the readers: whatever comes, a reader ends in time, with annotations or with a FormatError.

import { nameFormat } from '../format'
import { FormatError } from '../format-error'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { createFrameLookup, createLabelLookup, type FrameInfo } from '../match'
import type { Label } from '../model'
import { type Exporter, findExporter, formats, type Importer, importDataset, readDataset } from '../registry'
import { createFormatSample } from './format-sample'
import { type GoldenTask, loadGolden, openGoldenExport } from './golden'
import { createRandom, type LooseFile, mutate, mutateBytes, openLoose } from './mutate'
import { exportBytes, sampleFrames } from './sample'
import { loadSmallGolden, type SmallGoldenTask } from './small-golden'

export type Seed = { archive: Uint8Array; files: LooseFile[]; labels: Label[]; frames: FrameInfo[] }
export type Finding = { format: string; round: number; seconds: number; error: unknown }

/** Longest time that a reader may take for one small dataset. */
export const guardSeconds = 10

const goldenArchives: Record<string, [task: GoldenTask | SmallGoldenTask, file: string]> = {
  'ICDAR Recognition': ['task_7_icdar', 'ICDAR_Recognition_1.0'],
  'ICDAR Localization': ['task_7_icdar', 'ICDAR_Localization_1.0'],
  'ICDAR Segmentation': ['task_13_icdar_seg', 'ICDAR_Segmentation_1.0'],
  'Market-1501': ['task_8_market', 'Market_1501_1.0'],
  VGGFace2: ['task_12_vggface2', 'VGGFace2_1.0'],
  'Kitti Raw Format': ['task_10_cloud', 'Kitti_Raw_Format_1.0'],
  'Sly Point Cloud Format': ['task_10_cloud', 'Sly_Point_Cloud_Format_1.0'],
  'Datumaro 3D': ['task_10_cloud', 'Datumaro_3D_1.0'],
  MOT: ['task_2_video_tracks', 'MOT_1.1'],
  CVAT: ['task_1_images_all_kinds', 'CVAT_for_images_1.1'],
  'CVAT for video': ['task_6_boxes_only', 'CVAT_for_video_1.1'],
}

const isSmall = (task: string): task is SmallGoldenTask => /_(7|8|10|12|13)_/.test(task)

/** Datasets to damage: an archive of the original where there is one, and a small one of ours with every kind of content. */
export const loadSeeds = async (format: Importer): Promise<Seed[]> => {
  const seeds: Seed[] = []
  const [task, file] = goldenArchives[format.name] ?? ['task_1_images_all_kinds', nameFormat(format).replaceAll(' ', '_')]
  const source = openGoldenExport(task, file)
  if (source.size > 0) {
    const { labels, frames } = isSmall(task) ? await loadSmallGolden(task) : await loadGolden(task as GoldenTask)
    seeds.push(await openSeed(await source.read(0, source.size), labels, frames))
  }
  const exporter = findExporter(nameFormat(format)) ?? (findExporter('CVAT for images 1.1') as Exporter)
  const sample = createFormatSample(exporter)
  seeds.push(await openSeed(await exportBytes(exporter, sample), sample.labels, sampleFrames))
  return seeds
}

const openSeed = async (archive: Uint8Array, labels: Label[], frames: FrameInfo[]): Promise<Seed> => {
  const { list } = await openDatasetFiles(openBytes(archive))
  const files = await Promise.all(list.map(async (file) => ({ name: file.name, content: await file.bytes() })))
  return { archive, files, labels, frames }
}

/** Formats of pictures, whose archives of the original take a hundred times as long as small ones: they come more rarely. */
const drawn = new Set([
  'LabelMe',
  'Segmentation mask',
  'PASCAL VOC',
  'CamVid',
  'Cityscapes',
  'KITTI',
  'MOTS PNG',
  'ICDAR Segmentation',
  'Open Images V6',
])

/** One round: damage and read. Answers what went wrong, if anything did. */
export const fuzzOnce = async (format: Importer, seeds: readonly Seed[], round: number): Promise<Finding | undefined> => {
  const random = createRandom(round * 7919 + format.name.length)
  const every = drawn.has(format.name) ? 25 : 2
  const { archive, files, labels, frames } = seeds[round % every === 0 ? 0 : seeds.length - 1]!
  const lookup = createFrameLookup({ frames })
  const started = performance.now()
  let error: unknown
  try {
    const findings =
      random() < 0.15
        ? importDataset(format, openBytes(mutateBytes(archive, random)), { labels, frames: lookup })
        : readDataset(format, openLoose(mutate(files, random)), { labels: createLabelLookup(labels), frames: lookup })
    for await (const finding of findings) {
      if (finding.kind === 'shape' && !finding.shape.points.every(Number.isFinite)) throw new Error('a coordinate is not finite')
    }
  } catch (caught) {
    if (!(caught instanceof FormatError)) error = caught
  }
  const seconds = (performance.now() - started) / 1000
  if (seconds > guardSeconds) error ??= new Error(`took ${seconds.toFixed(1)} s`)
  return error === undefined ? undefined : { format: nameFormat(format), round, seconds, error }
}

export const importers = formats.filter((format): format is Importer => Boolean(format.read))
