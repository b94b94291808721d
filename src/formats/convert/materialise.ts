// Turns what was seen in a dataset into the frames and labels of a task that fits it.

import type { DeclaredLabel } from '../format'
import { guessLabel } from '../inspect/guess-label'
import type { SeenFrame, SeenLabel } from '../inspect/observe'
import { type FrameInfo, type FrameLookupOptions, nameVideoFrame } from '../match'
import type { Label } from '../model'

/** Declared labels in their order, then those that were only used; ids count from 1. */
export function materialiseLabels(declared: readonly DeclaredLabel[], seen: ReadonlyMap<string, SeenLabel>): Label[] {
  const names = new Set([
    ...declared.map(({ name }) => name),
    ...[...seen.values()].filter(({ count }) => count > 0).map(({ label }) => label.name),
  ])
  const byName = new Map(declared.map((label) => [label.name, label]))
  let lastId = 0
  let lastAttributeId = 0
  const create = ({ name, type, color, attributes = [], sublabels = [], svg = '' }: DeclaredLabel): Label => {
    const id = ++lastId
    const own = sublabels.map(create)
    const ids = new Map(own.map((sublabel) => [sublabel.name, sublabel.id]))
    return {
      id,
      name,
      color: color || pickColour(id),
      type: type ?? (own.length > 0 ? 'skeleton' : 'any'),
      attributes: attributes.map((attribute) => ({ ...attribute, id: ++lastAttributeId })),
      sublabels: own,
      ...(svg && { svg: tieDrawing(svg, ids) }),
    }
  }
  return [...names].map((name) => {
    const used = seen.get(name)
    return create(used ? guessLabel(used) : byName.get(name)!)
  })
}

/** Files name the points of a drawing, the API numbers them. */
function tieDrawing(svg: string, ids: ReadonlyMap<string, number>): string {
  return svg.replace(/data-label-name="([^"]*)"/g, (whole, name: string) => {
    const plain = name.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
    return ids.has(plain) ? `data-label-id="${ids.get(plain)}"` : whole
  })
}

/** Colours that lie far apart, by the golden angle. */
function pickColour(number: number): string {
  const hue = (number * 137.508) % 360
  const channel = (shift: number) => {
    const k = (shift + hue / 30) % 12
    return Math.round(255 * (0.5 - 0.4 * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return `#${[0, 8, 4].map((shift) => channel(shift).toString(16).padStart(2, '0')).join('')}`
}

export type MadeFrame = FrameInfo & { subset: string }
export type MadeFrames = { frames: MadeFrame[]; lookup: FrameLookupOptions; isVideo: boolean }

/** How many frames without a trace a video may have for every one that is named. */
const maxGapShare = 1000

/** Frames in the order in which the dataset names them; those of a video, which are known by numbers, without gaps. */
export function materialiseFrames(seen: Iterable<SeenFrame>, frameCount = 0): MadeFrames {
  const named = [...seen]
  const numbers = named.map(({ name }) => Number(/^(?:frame_)?(\d{1,9})$/.exec(name)?.[1] ?? Number.NaN))
  const [first, last] = [Math.min(...numbers, frameCount > 0 ? 0 : Infinity), Math.max(...numbers, frameCount - 1)]
  const isVideo = named.length > 0 && numbers.every(Number.isInteger) && last - first < named.length * maxGapShare + 1000
  if (isVideo) {
    const size = named.find(({ width }) => width > 0) ?? { width: 0, height: 0 }
    const subset = named[0]?.subset ?? ''
    const names = new Map(numbers.map((number, at) => [number, named[at]!.name]))
    const frames = Array.from({ length: last - first + 1 }, (_, frame): MadeFrame => {
      const name = names.get(first + frame)
      const isPlain = name !== undefined && /^\d/.test(name) && name.length > 1
      return { frame, name: isPlain ? name : nameVideoFrame(first + frame), width: size.width, height: size.height, subset }
    })
    return { frames, lookup: { frames, startFrame: first }, isVideo }
  }
  const frames = named.map(({ name, width, height, subset = '' }, frame) => ({ frame, name, width, height, subset }))
  return { frames, lookup: { frames }, isVideo: false }
}
