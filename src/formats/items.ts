// Joins frames with stored annotations into the stream of items that writers consume.

import type { FrameShape } from './geometry/interpolation'
import { walkSkeleton, walkTrack } from './geometry/interpolation'
import type { Item, ItemShape, Shape, Tag, Track } from './model'

export type ItemSource = {
  /** The frames to export, ascending: everything of an item but its annotations. */
  frames: AsyncIterable<ItemFrame> | Iterable<ItemFrame>
  /** Shapes and tags, ascending by frame. */
  shapes: AsyncIterable<Shape> | Iterable<Shape>
  tags: AsyncIterable<Tag> | Iterable<Tag>
  tracks: readonly Track[]
  /** Last frame of the task; tracks reach up to it. */
  endFrame: number
}

export type ItemFrame = Omit<Item, 'shapes' | 'tags'>

/**
 * Yields one item per frame, holding one frame's annotations at a time. Shapes are ordered by z_order, then plain shapes before
 * tracked ones. Frames on which a track is outside do not show it.
 */
export async function* streamItems({ frames, shapes, tags, tracks, endFrame }: ItemSource): AsyncGenerator<Item> {
  const shapeQueue = queueFrames(shapes)
  const tagQueue = queueFrames(tags)
  const trackQueues = tracks
    .map((track, track_id) => ({ track, track_id, start: findStart(track) }))
    .sort((a, b) => a.start - b.start || a.track_id - b.track_id)
  let active: { track_id: number; walk: Iterator<ItemShape>; next: ItemShape | undefined }[] = []
  let started = 0
  for await (const frame of frames) {
    for (; started < trackQueues.length && trackQueues[started]!.start <= frame.frame; started++) {
      const { track, track_id } = trackQueues[started]!
      const walk = listTrackShapes(track, track_id, endFrame)
      active.push({ track_id, walk, next: walk.next().value })
      active.sort((a, b) => a.track_id - b.track_id)
    }
    const onFrame: ItemShape[] = await shapeQueue.take(frame.frame)
    for (const entry of active) {
      while (entry.next && entry.next.frame < frame.frame) entry.next = entry.walk.next().value
      if (entry.next?.frame === frame.frame && !entry.next.outside) onFrame.push(entry.next)
    }
    active = active.filter(({ next }) => next)
    onFrame.sort((a, b) => a.z_order - b.z_order)
    yield { ...frame, shapes: onFrame, tags: await tagQueue.take(frame.frame) }
  }
}

/** A track as the shapes that a format sees, frame by frame, also where it is outside. */
export function* listTrackShapes(track: Track, track_id: number, endFrame: number): Generator<ItemShape, undefined> {
  const { label_id, group, source } = track
  const common = { group, source, score: 1, track_id }
  if (track.elements.length > 0) {
    const attributesByLabel = new Map(track.elements.map((element) => [element.label_id, element.attributes]))
    for (const skeleton of walkSkeleton(track, endFrame)) {
      const elements = skeleton.elements.map((element) => {
        const attributes = [...element.attributes, ...(attributesByLabel.get(element.label_id) ?? [])]
        return { ...element, ...common, attributes, elements: [] }
      })
      yield { ...skeleton, ...common, label_id, attributes: [...skeleton.attributes, ...track.attributes], elements }
    }
    return undefined
  }
  for (const shape of walkTrack(track.shapes, endFrame)) {
    yield { ...(shape as FrameShape), ...common, label_id, attributes: [...shape.attributes, ...track.attributes], elements: [] }
  }
  return undefined
}

function findStart(track: Track): number {
  const frames = [track, ...track.elements].flatMap(({ shapes }) => shapes.map(({ frame }) => frame))
  return frames.reduce((a, b) => Math.min(a, b), Infinity)
}

/** Hands out what belongs to a frame, in ascending order; what lies on frames that are never asked for is dropped. */
function queueFrames<T extends { frame: number }>(source: AsyncIterable<T> | Iterable<T>) {
  const walk = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  let next: T | undefined
  let isDone = false
  const advance = async () => {
    const result = await walk.next()
    isDone = Boolean(result.done)
    next = result.done ? undefined : result.value
  }
  const take = async (frame: number) => {
    const taken: T[] = []
    if (!next && !isDone) await advance()
    while (next && next.frame <= frame) {
      if (next.frame === frame) taken.push(next)
      await advance()
    }
    return taken
  }
  return { take }
}
