// Writes CVAT for video: one <track> per track with all its frames, and one per plain shape.

import type { WriteOptions } from '../format'
import { createSpool } from '../io/spool'
import { createXmlWriter, type XmlWriter, xmlDeclaration } from '../io/xml-writer'
import type { ArchiveEntry } from '../io/zip-writer'
import { listTrackShapes } from '../items'
import type { Dataset, DatasetInfo, DatasetTrack, Item, ItemShape, Shape } from '../model'
import { writeMeta } from './meta'
import { collectNames, elementNames, formatGeometry, type Names, writeAttributes } from './shape-xml'
import { createMediaEntry, formatGroup } from './write-images'

/** Tracks stand before plain shapes in the file, but reach to the last frame, which is known only after all frames were seen. */
export async function* writeVideo(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const plain = createSpool(options.tempDir)
  const { info, tracks = [] } = dataset
  try {
    const names = collectNames(dataset.labels)
    const xml = createXmlWriter(1)
    const step = readStep(info.frameFilter)
    const sourceFrames = new Map<number, number>()
    let id = tracks.length
    let stop = info.stopFrame
    for await (const item of dataset.items) {
      if (sourceFrames.size === 0 && info.kind === 'job') {
        stop = item.sourceFrame - (item.frame - info.startFrame) * step + (info.stopFrame - info.startFrame) * step
      }
      sourceFrames.set(item.frame, item.sourceFrame)
      for (const shape of item.shapes) {
        if (shape.track_id !== undefined || !names.labels.has(shape.label_id)) continue
        writePlainShape(xml, shape, id++, item, { info, names, step, stop })
      }
      plain.append(xml.take())
      if (options.saveImages && item.media) yield createMediaEntry(item, info, await item.media.read())
    }
    yield { name: 'annotations.xml', content: joinFile(dataset, options.now, names, sourceFrames, plain.read()) }
  } finally {
    plain.dispose()
  }
}

async function* joinFile(
  dataset: Dataset,
  now: Date,
  names: Names,
  sourceFrames: ReadonlyMap<number, number>,
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  const { info, tracks = [] } = dataset
  const xml = createXmlWriter()
  xml.open('annotations')
  writeMeta(xml, dataset, now)
  yield xmlDeclaration + xml.take()
  const endFrame = [...sourceFrames.keys()].reduce((a, b) => Math.max(a, b), -1)
  for (const [id, track] of tracks.entries()) {
    if (!names.labels.has(track.label_id)) continue
    openTrack(xml, id, track, info, names)
    for (const shape of listTrackShapes(track, id, endFrame)) {
      const frame = sourceFrames.get(shape.frame)
      if (frame !== undefined) writeFrame(xml, shape, frame, Boolean(shape.keyframe), names)
    }
    xml.close()
    yield xml.take()
  }
  yield* plain
  xml.close()
  yield xml.take()
}

type TrackHead = Pick<DatasetTrack, 'label_id' | 'source' | 'group' | 'task_id' | 'subset'>

function openTrack(xml: XmlWriter, id: number, track: TrackHead, info: DatasetInfo, names: Names): void {
  const inProject = info.kind === 'project' && { task_id: track.task_id ?? '', subset: track.subset || 'default' }
  const label = names.labels.get(track.label_id)!
  xml.open('track', { id, label, source: track.source, ...inProject, ...formatGroup(track.group) })
}

type PlainContext = { info: DatasetInfo; names: Names; step: number; stop: number }

/** A plain shape is a track of one frame, closed on the next frame unless that would be the last one. */
function writePlainShape(xml: XmlWriter, shape: ItemShape, id: number, item: Item, context: PlainContext): void {
  const { info, names, step, stop } = context
  openTrack(xml, id, { ...shape, task_id: item.task_id, subset: item.subset }, info, names)
  const keyed = { ...shape, elements: shape.elements.map((element) => ({ ...element, keyframe: true })) }
  writeFrame(xml, keyed, item.sourceFrame, true, names)
  if (item.sourceFrame + step < stop) {
    const elements = keyed.elements.map((element) => ({ ...element, outside: true }))
    writeFrame(xml, { ...keyed, outside: true, elements }, item.sourceFrame + step, true, names)
  }
  xml.close()
}

/** Interpolated frames are left out while outside. */
function writeFrame(xml: XmlWriter, shape: ItemShape, frame: number, keyframe: boolean, names: Names): void {
  if (shape.type === 'skeleton') {
    const elements = shape.elements.filter((element) => isKeyframe(element) || !element.outside)
    if (elements.length === 0) return
    xml.open('skeleton', { frame, keyframe: Number(keyframe), z_order: shape.z_order })
    for (const element of elements) writeElement(xml, element, names)
  } else {
    if (shape.outside && !keyframe) return
    xml.open(elementNames[shape.type], {
      frame,
      keyframe: Number(keyframe),
      outside: Number(shape.outside),
      occluded: Number(shape.occluded),
      ...formatGeometry(shape),
      z_order: shape.z_order,
    })
  }
  writeAttributes(xml, shape.attributes, names)
  xml.close()
}

function writeElement(xml: XmlWriter, element: ItemShape, names: Names): void {
  xml.open('points', {
    label: names.labels.get(element.label_id) ?? '',
    keyframe: Number(isKeyframe(element)),
    outside: Number(element.outside),
    occluded: Number(element.occluded),
    ...formatGeometry(element),
  })
  writeAttributes(xml, element.attributes, names)
  xml.close()
}

function isKeyframe(shape: Shape): boolean {
  return Boolean((shape as ItemShape).keyframe)
}

/** The distance of frames from a filter such as `step=5`. */
function readStep(frameFilter: string): number {
  return Math.max(1, Number(/step\s*=\s*(\d+)/.exec(frameFilter)?.[1] ?? 1))
}
