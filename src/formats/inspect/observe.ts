// Lookups that take note of what a reader asks for, and give stand-ins for what is not there instead of failing.

import type { DeclaredLabel, Description } from '../format'
import type { FrameInfo, FrameLookup, LabelLookup, LearningLabel } from '../match'
import type { Label } from '../model'

export type SeenFrame = FrameInfo & { isKnown: boolean; subset?: string }

/** What was seen of the values of an attribute. */
export type SeenAttribute = { name: string; values: Set<string>; count: number }

export type SeenLabel = {
  label: Label
  isKnown: boolean
  /** How often it was asked for. */
  count: number
  /** Attributes that the label does not have, or all of a label that is not there. */
  unknown: Map<string, SeenAttribute>
  sublabels: Map<string, SeenLabel>
}

export type Observer = {
  frames: FrameLookup
  labels: LabelLookup
  seenFrames: ReadonlyMap<string, SeenFrame>
  seenLabels: ReadonlyMap<string, SeenLabel>
}

/** Numbers of stand-ins: far beyond those of any task. */
const firstStandIn = 2 ** 40
/** Different values that are kept of an attribute. */
const maxValues = 50
/** What formats put among the attributes although it is none. */
const ownNames = new Set([
  'occluded',
  'rotation',
  'track_id',
  'keyframe',
  'outside',
  'is_crowd',
  'score',
  'ignored',
  'visibility',
])

/** Watches the lookups of a task; what `description` tells of missing labels shapes their stand-ins. */
export function observe(frames: FrameLookup, labels: readonly Label[], { labels: declared, size }: Description): Observer {
  const seenFrames = new Map<string, SeenFrame>()
  const see = (frame: FrameInfo) => {
    if (!seenFrames.has(frame.name)) seenFrames.set(frame.name, { ...frame, isKnown: true })
    return frame
  }
  const find: FrameLookup['find'] = (name, frame) => {
    const found = frames.find(name, frame)
    return found ? see(found) : seenFrames.get(name)
  }
  const miss: FrameLookup['miss'] = (name, _, own = name) => {
    const known = seenFrames.get(own)
    if (known) return known
    const { width, height } = size ?? { width: 0, height: 0 }
    const standIn = { frame: firstStandIn + seenFrames.size, name: own, width, height, isKnown: false }
    seenFrames.set(own, standIn)
    return standIn
  }
  const { seenLabels, lookup } = observeLabels(labels, declared)
  const fromSource: FrameLookup['fromSource'] = (number) => {
    const found = frames.fromSource(number)
    return found && see(found)
  }
  return {
    seenFrames,
    seenLabels,
    labels: lookup,
    frames: {
      frames: frames.frames,
      get: frames.get,
      fromSource,
      find,
      miss,
      match: (name, frame, place) => find(name, frame) ?? miss(name, place),
      learnRoot: frames.learnRoot,
      learn: (frame, { width, height, subset }) => {
        const seen = seenFrames.get(frame.name)
        if (!seen) return
        if (!seen.isKnown && width && height) Object.assign(seen, { width, height })
        if (subset && subset !== 'default') seen.subset ??= subset
      },
    },
  }
}

function observeLabels(labels: readonly Label[], declared: readonly DeclaredLabel[]) {
  const seenLabels = new Map<string, SeenLabel>()
  const byId = new Map<number, SeenLabel>()
  let nextId = -1
  const watch = (label: Label, isKnown: boolean, home: Map<string, SeenLabel>): SeenLabel => {
    const seen: SeenLabel = { label, isKnown, count: 0, unknown: new Map(), sublabels: new Map() }
    const known = new Set(label.attributes.map(({ name }) => name))
    const learn: LearningLabel['learn'] = (values) => {
      for (const [name, value] of values) if (!known.has(name) && !ownNames.has(name)) note(seen.unknown, name, value)
    }
    seen.label = { ...label, learn } as LearningLabel
    home.set(label.name, seen)
    byId.set(label.id, seen)
    seen.label.sublabels = label.sublabels.map((sublabel) => watch(sublabel, isKnown, seen.sublabels).label)
    return seen
  }
  const create = ({ name, color = '', type, attributes = [], sublabels = [], svg }: DeclaredLabel): Label => ({
    id: nextId--,
    name,
    color,
    type: type ?? (sublabels.length > 0 ? 'skeleton' : 'any'),
    attributes: attributes.map((attribute) => ({ ...attribute, id: nextId-- })),
    sublabels: sublabels.map(create),
    ...(svg && { svg }),
  })
  const known: SeenLabel[] = labels.map((label) => watch(label, true, seenLabels))
  const byDeclaration = new Map(declared.map((label) => [label.name, label]))
  const lookup: LabelLookup = {
    labels: known.map(({ label }) => label),
    get: (name) => {
      const seen = seenLabels.get(name) ?? watch(create(byDeclaration.get(name) ?? { name }), false, seenLabels)
      seen.count++
      return seen.label
    },
    getSublabel: (parent, name) => {
      const home = byId.get(parent.id)!
      let seen = home.sublabels.get(name)
      if (!seen) {
        seen = watch(create({ name, type: 'points' }), false, home.sublabels)
        home.label.sublabels.push(seen.label)
        if (!home.isKnown) home.label.type = 'skeleton'
      }
      seen.count++
      return seen.label
    },
  }
  return { seenLabels, lookup }
}

function note(attributes: Map<string, SeenAttribute>, name: string, value: string): void {
  let seen = attributes.get(name)
  if (!seen) attributes.set(name, (seen = { name, values: new Set(), count: 0 }))
  seen.count++
  if (seen.values.size <= maxValues) seen.values.add(value)
}
