// Turns a dataset of one format into one of another without a task: names and labels are taken from the files themselves.

import { type Finding, nameFormat } from '../format'
import { FormatError } from '../format-error'
import { inspectDataset } from '../inspect/inspect'
import type { DatasetFiles } from '../io/dataset-files'
import { createRecordSpool } from '../io/record-spool'
import type { ArchiveEntry } from '../io/zip-writer'
import { streamItems } from '../items'
import { createFrameLookup, createLabelLookup } from '../match'
import type { Dataset, DatasetInfo, Shape, Tag, Track } from '../model'
import { type Exporter, type Importer, readDataset } from '../registry'
import { type MadeFrame, materialiseFrames, materialiseLabels } from './materialise'
import { indexPictures, probePicture } from './pictures'

export type ConvertOptions = {
  from: Importer
  to: Exporter
  /** Take the pictures along, as far as the dataset has them. */
  saveImages: boolean
  /** Folder for what does not fit in memory. */
  tempDir: string
  now: Date
  onProgress?: (text: string) => void
}

export type Conversion = {
  labels: number
  frames: number
  /** Frames whose pictures are in the dataset. */
  pictures: number
  annotations: { tags: number; shapes: number; tracks: number }
  /** Kinds of shapes that the target cannot hold. */
  left: string[]
  /** The files of the new dataset; to be walked once. */
  entries: AsyncIterable<ArchiveEntry>
  dispose(): void
}

/**
 * Reads a dataset twice: first for what it names, then for its annotations, which wait on disk sorted by frame. Throws FormatError
 * for what cannot be read, and when the sizes of the frames are needed and nowhere to be found.
 */
export async function convertDataset(files: DatasetFiles, options: ConvertOptions): Promise<Conversion> {
  const { from, to, tempDir } = options
  if (from.dimension !== to.dimension) {
    throw new FormatError(`${nameFormat(from)} is ${from.dimension}, ${nameFormat(to)} is ${to.dimension}`)
  }
  options.onProgress?.(`Looking through ${nameFormat(from)}`)
  const pictures = indexPictures(files)
  const description = (await from.describe?.(files)) ?? { labels: [] }
  const drawnOn = new Set<number>()
  const note = (finding: Finding) => {
    if (finding.kind === 'shape') drawnOn.add(finding.shape.frame)
    else if (finding.kind === 'track') for (const { frame } of finding.track.shapes) drawnOn.add(frame)
  }
  const nothing = { labels: [], frames: createFrameLookup({ frames: [] }) }
  const { report, seen } = await inspectDataset(files, nothing, from, note)
  const [problem] = report.problems
  if (problem || !seen) throw new FormatError(problem?.message ?? 'The dataset could not be read', {}, false)
  const labels = materialiseLabels(description.labels, seen.seenLabels)
  const { frames, lookup, isVideo } = materialiseFrames(seen.seenFrames.values(), description.frameCount)
  const renamed = new Map<MadeFrame, string>()
  const found = new Map<number, NonNullable<ReturnType<typeof pictures.find>>>()
  for (const frame of frames) {
    const picture = pictures.find(frame.name)
    if (!picture) continue
    found.set(frame.frame, picture)
    // A name without extension is completed by that of the picture.
    const extension = /\.[^./]+$/.exec(picture.name)?.[0] ?? ''
    if (from.dimension === '2d' && frame.width === 0) Object.assign(frame, await probePicture(picture))
    if (!isVideo && !/\.[a-z0-9]{2,4}$/i.test(frame.name)) renamed.set(frame, frame.name + extension)
  }
  const sized = frames.find(({ width }) => width > 0)
  if (isVideo && sized) for (const frame of frames) Object.assign(frame, { width: sized.width, height: sized.height })
  const drawnNames = new Set([...seen.seenFrames.values()].filter(({ frame }) => drawnOn.has(frame)).map(({ name }) => name))
  const unknown =
    from.dimension === '2d'
      ? frames.find(({ width, name }) => width === 0 && (isVideo ? drawnOn.size > 0 : drawnNames.has(name)))
      : undefined
  if (unknown) {
    throw new FormatError(
      `the size of the picture is not known: ${nameFormat(from)} does not tell it, and the dataset has no such picture`,
      { item: unknown.name },
    )
  }
  for (const [frame, name] of renamed) frame.name = name
  options.onProgress?.(`Reading ${frames.length} frames`)
  const shapes = createRecordSpool<Shape>(tempDir)
  const tags = createRecordSpool<Tag>(tempDir)
  const tracks: Track[] = []
  const dispose = () => {
    shapes.dispose()
    tags.dispose()
  }
  const kinds = new Set<string>()
  const take = (finding: Finding) => {
    if (finding.kind === 'tag') tags.append(finding.tag.frame, finding.tag)
    else if (finding.kind === 'track') {
      tracks.push(finding.track)
      if (finding.track.shapes[0]) kinds.add(finding.track.shapes[0].type)
    } else {
      shapes.append(finding.shape.frame, finding.shape)
      kinds.add(finding.shape.type)
    }
  }
  try {
    const target = { labels: createLabelLookup(labels), frames: createFrameLookup(lookup) }
    // A target that holds masks gets them as they are, pixel for pixel.
    const masksToPolygons = !to.shapes.includes('mask')
    for await (const finding of readDataset(from, files, { ...target, masksToPolygons })) take(finding)
  } catch (error) {
    dispose()
    throw error
  }
  const items = streamItems({
    frames: frames.map((frame) => {
      const picture = options.saveImages ? found.get(frame.frame) : undefined
      const extension = picture ? (/\.[^./]+$/.exec(picture.name)?.[0] ?? '') : ''
      return {
        ...describeFrame(frame, lookup.startFrame ?? 0),
        ...(picture && { media: { extension, read: () => picture.bytes(2 ** 31) } }),
      }
    }),
    shapes: shapes.listByFrame(),
    tags: tags.listByFrame(),
    tracks,
    endFrame: frames.length - 1,
  })
  const info = describeDataset(frames, isVideo, options.now)
  const dataset: Dataset = { info, labels, items, tracks }
  return {
    labels: labels.length,
    frames: frames.length,
    pictures: found.size,
    annotations: { tags: tags.count, shapes: shapes.count, tracks: tracks.length },
    left: [...kinds].filter((kind) => !(to.shapes as readonly string[]).includes(kind)),
    entries: to.write(dataset, { saveImages: options.saveImages, now: options.now, tempDir }),
    dispose,
  }
}

function describeFrame({ subset, ...frame }: MadeFrame, startFrame: number) {
  return { ...frame, sourceFrame: startFrame + frame.frame, subset }
}

function describeDataset(frames: readonly MadeFrame[], isVideo: boolean, now: Date): DatasetInfo {
  const stopFrame = Math.max(0, frames.length - 1)
  const [first] = frames
  return {
    kind: 'task',
    id: 0,
    name: '',
    mode: isVideo ? 'interpolation' : 'annotation',
    size: frames.length,
    overlap: 0,
    bugtracker: '',
    created: now,
    updated: now,
    subset: '',
    startFrame: 0,
    stopFrame,
    frameFilter: '',
    segments: [{ id: 0, start: 0, stop: stopFrame, url: '' }],
    owner: null,
    assignee: null,
    ...(isVideo && first && { video: { width: first.width, height: first.height, source: '' } }),
  }
}
