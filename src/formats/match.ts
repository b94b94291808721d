// Finds the task's frame and label for what a dataset names.

import { FormatError, type Place } from './format-error'
import type { Attribute, AttributeValue, Label } from './model'

export type FrameInfo = {
  /** Task frame, 0-based. */
  frame: number
  /** File name in the task, with subfolders and extension; `frame_000000` in a video. */
  name: string
  /** Pixels. */
  width: number
  height: number
}

/** Pixels, and the subset that a dataset puts a frame into (`default` is none). */
export type FrameFacts = { width?: number; height?: number; subset?: string }

/** The frames of the task or job that a dataset is imported into. */
export type FrameLookup = {
  /** Frames that may be annotated, in order. */
  frames: readonly FrameInfo[]
  get(frame: number): FrameInfo | undefined
  /** The frame with that number in the source (start + frame · step), as CVAT files count. */
  fromSource(sourceFrame: number): FrameInfo | undefined
  /** The frame for an item's name, its `frame` attribute or the number in its name. */
  find(name: string, frame?: number): FrameInfo | undefined
  /** As `find`, but throws FormatError for an item without frame. */
  match(name: string, frame?: number, place?: Place): FrameInfo
  /**
   * For a name that was looked for in vain: throws FormatError, or gives a stand-in called `own` where the names of a dataset are
   * only collected.
   */
  miss(name: string, place?: Place, own?: string): FrameInfo
  /** Told what a dataset says of a frame; there only in lookups that collect it. */
  learn?(frame: FrameInfo, facts: FrameFacts): void
  /** Learns from all names of a dataset which folder of the task they lie in. */
  learnRoot(names: Iterable<string>): void
}

export type FrameLookupOptions = {
  frames: readonly FrameInfo[]
  /** Number of the task's first frame in the source, and distance between frames. */
  startFrame?: number
  step?: number
}

export function createFrameLookup({ frames, startFrame = 0, step = 1 }: FrameLookupOptions): FrameLookup {
  const byFrame = new Map<number, FrameInfo>()
  const byName = new Map<string, FrameInfo>()
  const byId = new Map<string, FrameInfo>()
  for (const info of frames) {
    byFrame.set(info.frame, info)
    byName.set(info.name, info)
    const id = dropExtension(info.name)
    if (!byId.has(id)) byId.set(id, info)
  }
  let root = ''
  let suffixes: Map<string, FrameInfo | null> | undefined

  const findExact = (name: string) => byName.get(name) ?? byId.get(name) ?? byId.get(dropExtension(name))
  const fromSource = (sourceFrame: number) => byFrame.get((sourceFrame - startFrame) / step)
  const findBelowFolder = (name: string) => {
    if (root !== '') return findExact(root + name)
    suffixes ??= indexSuffixes(frames)
    return suffixes.get(name) ?? suffixes.get(dropExtension(name)) ?? undefined
  }
  const findByNumber = (name: string) => {
    if (/^\d{1,15}$/.test(name)) return byFrame.get(Number(name))
    const digits = /(?:^|\/)frame_(\d{1,15})(?:\.[^./]*)?$/.exec(name)?.[1]
    return digits === undefined ? undefined : fromSource(Number(digits))
  }
  const find = (rawName: string, frame?: number) => {
    const name = rawName.replaceAll('\\', '/').replace(/^(\.?\/)+/, '')
    return (
      findExact(name) ?? findBelowFolder(name) ?? (frame === undefined ? undefined : byFrame.get(frame)) ?? findByNumber(name)
    )
  }
  return {
    frames,
    get: (frame) => byFrame.get(frame),
    fromSource,
    find,
    match: (name, frame, place) => find(name, frame) ?? refuseFrame(name, place),
    miss: refuseFrame,
    learnRoot: (names) => {
      root = findRoot(frames, names)
    },
  }
}

function refuseFrame(name: string, place?: Place): never {
  throw new FormatError(`Could not match item id: '${name}' with any task frame`, place)
}

/** The frames of a video of `count` frames, named as CVAT names them. */
export function listVideoFrames(
  count: number,
  size: { width: number; height: number },
  { startFrame = 0, step = 1 }: { startFrame?: number; step?: number } = {},
): FrameInfo[] {
  return Array.from({ length: count }, (_, frame) => ({
    frame,
    name: nameVideoFrame(startFrame + frame * step),
    width: size.width,
    height: size.height,
  }))
}

/** `frame_000042`. */
export function nameVideoFrame(sourceFrame: number): string {
  return `frame_${String(sourceFrame).padStart(6, '0')}`
}

/** The name without its last extension: the item id of a frame. */
export function dropExtension(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > name.lastIndexOf('/') + 1 ? name.slice(0, dot) : name
}

/** Every tail of every path (`c.png`, `b/c.png` of `a/b/c.png`), with and without extension; ambiguous ones are null. */
function indexSuffixes(frames: readonly FrameInfo[]): Map<string, FrameInfo | null> {
  const suffixes = new Map<string, FrameInfo | null>()
  const add = (tail: string, info: FrameInfo) => {
    const known = suffixes.get(tail)
    suffixes.set(tail, known === undefined || known === info ? info : null)
  }
  for (const info of frames) {
    for (let slash = info.name.indexOf('/'); slash >= 0; slash = info.name.indexOf('/', slash + 1)) {
      const tail = info.name.slice(slash + 1)
      add(tail, info)
      add(dropExtension(tail), info)
    }
  }
  return suffixes
}

/** The folder of the task (with `/` at its end) below which the longest path of a dataset is found. */
function findRoot(frames: readonly FrameInfo[], names: Iterable<string>): string {
  let longest = ''
  let depth = -1
  for (const name of names) {
    const parts = name.split('/').length
    if (parts > depth) [longest, depth] = [name, parts]
  }
  const id = dropExtension(longest)
  if (frames.some((info) => info.name === longest || dropExtension(info.name) === id)) return ''
  const below = frames.find((info) => info.name.endsWith(`/${longest}`) || dropExtension(info.name).endsWith(`/${id}`))
  if (!below) return ''
  const belowId = below.name.endsWith(`/${longest}`) ? below.name : dropExtension(below.name)
  const tail = belowId === below.name ? longest : id
  return belowId.slice(0, belowId.length - tail.length)
}

export type LabelLookup = {
  labels: readonly Label[]
  /** A top label by its exact name. Throws FormatError. */
  get(name: string, place?: Place): Label
  /** A sub label of a skeleton by its exact name. Throws FormatError. */
  getSublabel(parent: Label, name: string, place?: Place): Label
}

/** A label that takes note of the attributes that a dataset gives its annotations. */
export type LearningLabel = Label & { learn?: (values: ReadonlyMap<string, string>) => void }

export function createLabelLookup(labels: readonly Label[]): LabelLookup {
  const byName = new Map(labels.map((label) => [label.name, label]))
  const pick = (label: Label | undefined, name: string, place?: Place) => {
    if (!label) throw new FormatError(`Label '${name}' is not registered for this task`, place)
    return label
  }
  return {
    labels,
    get: (name, place) => pick(byName.get(name), name, place),
    getSublabel: (parent, name, place) =>
      pick(
        parent.sublabels.find((sublabel) => sublabel.name === name),
        name,
        place,
      ),
  }
}

/**
 * The attributes of an annotation as the API stores them: those that the label knows, missing ones with their default.
 * Throws FormatError for a checkbox that is neither true nor false.
 */
export function resolveAttributes(label: LearningLabel, values: ReadonlyMap<string, string>): AttributeValue[] {
  label.learn?.(values)
  return label.attributes.map((attribute) => {
    const value = values.get(attribute.name)
    return { spec_id: attribute.id, value: value === undefined ? attribute.default_value : checkValue(attribute, value) }
  })
}

function checkValue(attribute: Attribute, value: string): string {
  if (attribute.input_type !== 'checkbox') return value
  const lower = value.trim().toLowerCase()
  if (lower !== 'true' && lower !== 'false') {
    throw new FormatError(`Attribute '${attribute.name}' must be true or false, not '${value}'`)
  }
  return lower
}
