// A person's say on which names of a dataset mean which frames and labels of the task; what is mapped to nothing is left out.

import type { Finding } from '../format'
import { FormatError } from '../format-error'
import { asObject } from '../json-values'
import type { FrameInfo, FrameLookup, LabelLookup } from '../match'
import type { Track } from '../model'

/**
 * Names of a dataset by the names in the task. `null` leaves out what lies on the file or has the label; `*: null` leaves out all
 * that the task does not have.
 */
export type ImportMapping = { files: ReadonlyMap<string, string | null>; labels: ReadonlyMap<string, string | null> }

/** Reads `{"files": {name: frame}, "labels": {name: label}}`. Throws FormatError that names the wrong member. */
export function readMapping(value: unknown): ImportMapping {
  const whole = asObject(value)
  if (!whole) throw new FormatError("an object with 'files' and 'labels' is needed", { field: 'mapping' })
  const other = Object.keys(whole).find((key) => key !== 'files' && key !== 'labels')
  if (other !== undefined) throw new FormatError("only 'files' and 'labels' are known", { field: `mapping.${other}` })
  return { files: readNames(whole.files, 'mapping.files'), labels: readNames(whole.labels, 'mapping.labels') }
}

function readNames(value: unknown, field: string): Map<string, string | null> {
  if (value === undefined || value === null) return new Map()
  const names = asObject(value)
  if (!names) throw new FormatError('an object of names is needed', { field })
  const wrong = Object.entries(names).find(([, to]) => typeof to !== 'string' && to !== null)
  if (wrong) throw new FormatError('a name or null is needed', { field: `${field}.${wrong[0]}` })
  return new Map(Object.entries(names) as [string, string | null][])
}

/** Frames that are left out have numbers from here on; no task is that long. */
const firstDropped = 2 ** 41
const droppedLabelId = -(2 ** 31)

export type MappedTarget = {
  frames: FrameLookup
  labels: LabelLookup
  /** What is left of a finding when frames and labels that are mapped to nothing are taken away. */
  keep(finding: Finding): Finding | undefined
}

/** Puts a mapping before the lookups. Throws FormatError for a name that the task does not have. */
export function applyMapping(frames: FrameLookup, labels: LabelLookup, mapping: ImportMapping | undefined): MappedTarget {
  if (!mapping) return { frames, labels, keep: (finding) => finding }
  return { frames: mapFrames(frames, mapping.files), labels: mapLabels(labels, mapping.labels), keep }
}

function mapFrames(frames: FrameLookup, files: ImportMapping['files']): FrameLookup {
  if (files.size === 0) return frames
  const known = new Set(frames.frames.map(({ name }) => name))
  const dropped = new Map<string, FrameInfo>()
  const targets = new Map<string, string>()
  const dropsRest = leavesRestOut(files, 'files')
  const drop = (name: string) => {
    const known = dropped.get(name)
    if (known) return known
    const frame = { frame: firstDropped + dropped.size, name, width: 0, height: 0 }
    dropped.set(name, frame)
    return frame
  }
  for (const [name, to] of files) {
    if (name === '*') continue
    if (to === null) drop(name)
    else if (!known.has(to)) throw new FormatError(`the task has no frame '${to}'`, { field: `mapping.files.${name}` })
    else targets.set(name, to)
  }
  const find: FrameLookup['find'] = (name, frame) => {
    const to = targets.get(name)
    return dropped.get(name) ?? (to === undefined ? frames.find(name, frame) : frames.find(to))
  }
  const miss: FrameLookup['miss'] = (name, place, own = name) =>
    find(own) ?? (dropsRest ? drop(own) : frames.miss(name, place, own))
  return {
    ...frames,
    find,
    fromSource: (number) => {
      const name = String(number)
      return files.has(name) ? find(name) : frames.fromSource(number)
    },
    match: (name, frame, place) => find(name, frame) ?? miss(name, place),
    miss,
  }
}

function leavesRestOut(names: ReadonlyMap<string, string | null>, list: 'files' | 'labels'): boolean {
  const rest = names.get('*')
  if (typeof rest === 'string') throw new FormatError("'*' can only be null", { field: `mapping.${list}.*` })
  return rest === null
}

function mapLabels(labels: LabelLookup, names: ImportMapping['labels']): LabelLookup {
  if (names.size === 0) return labels
  const known = new Set(labels.labels.map(({ name }) => name))
  const dropsRest = leavesRestOut(names, 'labels')
  for (const [name, to] of names) {
    const isPoint = name.includes('/')
    if (to !== null && !isPoint && !known.has(to)) {
      throw new FormatError(`the task has no label '${to}'`, { field: `mapping.labels.${name}` })
    }
  }
  const drop = (name: string) => ({ id: droppedLabelId, name, color: '', type: 'any' as const, attributes: [], sublabels: [] })
  return {
    labels: labels.labels,
    get: (name, place) => {
      const to = names.get(name)
      const isDropped = to === null || (to === undefined && dropsRest && !known.has(name))
      return isDropped ? drop(name) : labels.get(to ?? name, place)
    },
    // Points of a skeleton are mapped as `skeleton/point`.
    getSublabel: (parent, name, place) => {
      if (parent.id === droppedLabelId) return drop(name)
      return labels.getSublabel(parent, names.get(`${parent.name}/${name}`) ?? name, place)
    },
  }
}

const isDropped = ({ frame, label_id }: { frame: number; label_id: number }) =>
  frame >= firstDropped || label_id === droppedLabelId

function keep(finding: Finding): Finding | undefined {
  if (finding.kind === 'shape') return isDropped(finding.shape) ? undefined : finding
  if (finding.kind === 'tag') return isDropped(finding.tag) ? undefined : finding
  const track = keepTrack(finding.track)
  return track && { kind: 'track', track }
}

function keepTrack(track: Track): Track | undefined {
  if (track.label_id === droppedLabelId) return undefined
  const shapes = track.shapes.filter(({ frame }) => frame < firstDropped)
  if (shapes.length === track.shapes.length) return track
  if (shapes.length === 0) return undefined
  return { ...track, frame: shapes[0]!.frame, shapes, elements: track.elements.flatMap((element) => keepTrack(element) ?? []) }
}
