// Turns a dataset with pictures into tasks that are ready to be written: one for each subset, with what is drawn on its frames.
import type { Finding } from '../../formats/format'
import type { DatasetFiles } from '../../formats/io/dataset-files'
import type { Label } from '../../formats/model'
import type { JobAnnotations, PreparedTask } from '../backups/service'
import type { LabelTree } from '../labels/service'
import { mediaPath, probeImage } from '../media/media'
import { storage } from '../storage/storage'
import type { FrameCollector, ProjectSubset } from './project-frames'
import { listRelated } from './project-pictures'

/** Annotations of one task, with the ids of the labels that the dataset was read with. */
type Drawn = JobAnnotations
type Json = Record<string, unknown>

type Moved = { frame: number; outside?: boolean; elements?: Moved[]; shapes?: Moved[] }

/** Hands every finding to the subset of its frames; a track stays in that of its first one. */
export const sortFindings = async (
  findings: AsyncIterable<Finding>,
  frames: FrameCollector,
): Promise<Map<ProjectSubset, Drawn>> => {
  const drawn = new Map<ProjectSubset, Drawn>()
  const placeIn = <T extends Moved>(row: T, home: ProjectSubset): T | undefined => {
    const { subset, frame } = frames.locate(row.frame)
    if (subset !== home) return undefined
    // Some files end a track behind the last frame.
    const inside = (rows: Moved[] | undefined) =>
      rows?.flatMap((one) => (one.outside && !frames.has(one.frame) ? [] : (placeIn(one, home) ?? [])))
    const moved = { ...row, frame, elements: inside(row.elements) ?? [] }
    return (row.shapes ? { ...moved, shapes: inside(row.shapes) } : moved) as T
  }
  for await (const finding of findings) {
    const [list, row] =
      finding.kind === 'shape'
        ? (['shapes', finding.shape] as const)
        : finding.kind === 'tag'
          ? (['tags', finding.tag] as const)
          : (['tracks', finding.track] as const)
    const { subset } = frames.locate(row.frame)
    if (!drawn.has(subset)) drawn.set(subset, { tags: [], shapes: [], tracks: [] })
    drawn.get(subset)![list].push(placeIn(row as Moved, subset) as unknown as Json)
  }
  return drawn
}

type Attributed = Json & { label_id: number; attributes?: { spec_id: number }[]; elements?: Attributed[]; shapes?: Attributed[] }

/** Gives annotations the ids of the labels that were made of those they were read with, which have the same names. */
const renumber = (drawn: Drawn, from: readonly Label[], to: readonly LabelTree[]): Drawn => {
  const labelIds = new Map<number, number>()
  const specIds = new Map<number, number>()
  const learn = (olds: readonly Label[], news: readonly Label[]) => {
    const byName = new Map(news.map((label) => [label.name, label]))
    for (const old of olds) {
      const label = byName.get(old.name)
      if (!label) continue
      labelIds.set(old.id, label.id)
      for (const { id, name } of old.attributes) specIds.set(id, label.attributes.find((spec) => spec.name === name)?.id ?? id)
      learn(old.sublabels, label.sublabels)
    }
  }
  learn(from, to)
  const change = <T extends Attributed>(row: T): T => ({
    ...row,
    ...('label_id' in row && { label_id: labelIds.get(row.label_id) ?? row.label_id }),
    ...(row.attributes && {
      attributes: row.attributes.map((value) => ({ ...value, spec_id: specIds.get(value.spec_id) ?? value.spec_id })),
    }),
    ...(row.elements && { elements: row.elements.map(change) }),
    ...(row.shapes && { shapes: row.shapes.map(change) }),
  })
  const all = (rows: Json[]) => rows.map((row) => change(row as Attributed))
  return { tags: all(drawn.tags), shapes: all(drawn.shapes), tracks: all(drawn.tracks) }
}

/** Moves the pictures of a subset into its folder, with those that are shown beside them. */
const stageFrames = async (subset: ProjectSubset, files: DatasetFiles, folder: string, dimension: '2d' | '3d') => {
  const relatedOf = dimension === '3d' ? listRelated(files) : () => []
  const frames: { name: string; width: number; height: number; related: string[]; realFrame: null }[] = []
  for (const { name, picture } of subset.frames) {
    await storage().move(picture.file, `${folder}/${name}`)
    const related: string[] = []
    for (const file of relatedOf(picture)) {
      const target = `related_images/${name.replace(/^.*\//, '').replaceAll('.', '_')}/${file.name.replace(/^.*\//, '')}`
      await storage().put(`${folder}/${target}`, file.stream() as unknown as ReadableStream<Uint8Array>)
      await probeImage(await mediaPath(`${folder}/${target}`), file.name)
      related.push(target)
    }
    frames.push({ name, width: picture.width, height: picture.height, related, realFrame: null })
  }
  return frames
}

export type Staging = {
  files: DatasetFiles
  /** Storage name of a folder for the files of the task. */
  folder: string
  dimension: '2d' | '3d'
  /** What the annotations were read with. */
  labels: readonly Label[]
  /** Name that errors give to the annotations. */
  source: string
}

export const prepareSubset = async (subset: ProjectSubset, drawn: Drawn | undefined, staging: Staging): Promise<PreparedTask> => {
  const { files, folder, dimension, labels, source } = staging
  const frames = await stageFrames(subset, files, folder, dimension)
  const size = frames.length
  const body = drawn ?? { tags: [], shapes: [], tracks: [] }
  return {
    plan: {
      name: subset.name,
      bugTracker: '',
      status: 'annotation',
      subset: subset.name,
      replicas: 0,
      labels: [],
      data: {
        chunkSize: undefined,
        imageQuality: 70,
        storageMethod: 'cache',
        isInBucket: false,
        bucket: undefined,
        sortingMethod: 'lexicographical',
        chunkType: 'imageset',
        deletedFrames: [],
        hasOwnSegments: false,
        use: { startFrame: 0, stopFrame: size - 1, frameFilter: '', step: 1 },
        shownUse: undefined,
        pool: undefined,
      },
      jobs: [],
    },
    media: { kind: 'pictures', dimension, pictures: frames },
    laid: {
      size,
      frames,
      startFrame: 0,
      stopFrame: size - 1,
      frameFilter: '',
      jobs: [{ type: 'annotation', startFrame: 0, stopFrame: size - 1, frames: null, status: 'annotation' }],
      segmentSize: size,
      overlap: 0,
      layout: undefined,
    },
    annotations: {
      file: source,
      read: async function* (created) {
        yield renumber(body, labels, created)
      },
    },
    guide: undefined,
    folder,
    cloudStorageId: null,
  }
}
