// What the person's look means for one frame: colours that its points have, ends of the ramp, what is left out.
import { type Cuboid, createCuboidTest } from '../../../../formats/geometry3d/cuboid'
import { heightAbove } from '../../../../formats/geometry3d/ground'
import type { Vector } from '../../../../formats/geometry3d/rotation'
import type { Hierarchy } from '../../../../server/media/clouds/tiles/tile-file'
import type { ColourMode, PointLook } from '../../look/cloud-aids'
import type { FrameFacts } from './frame-facts'
import type { PointLookValues } from './point-material'

export type LookedAt = { hierarchy: Hierarchy | null; facts: FrameFacts | null; origin: Vector }

const subtract = (a: Vector, b: Vector): [number, number, number] => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]

export const listModes = ({ hierarchy }: LookedAt): ColourMode[] => {
  const names = new Set(hierarchy?.attributes.map(({ name }) => name))
  return [
    ...(['height'] as const),
    ...(names.has('intensity') ? (['intensity'] as const) : []),
    ...(['distance'] as const),
    ...(names.has('classes') ? (['return', 'classification'] as const) : []),
    ...(names.has('colour') ? (['stored'] as const) : []),
    ...(['plain', 'label'] as const),
  ]
}

/** The wished colour, or that of height where the points have no such value. */
const pickMode = (look: PointLook, frame: LookedAt): ColourMode =>
  listModes(frame).includes(look.colour) ? look.colour : 'height'

/** Values at the ends of the ramp, in the coordinates of the file; null for colours that are on none. */
export const findRange = (look: PointLook, frame: LookedAt): readonly [number, number] | null => {
  const mode = pickMode(look, frame)
  if (mode !== 'height' && mode !== 'distance' && mode !== 'intensity') return null
  if (look.range) return look.range
  const { hierarchy, facts, origin } = frame
  const bounds = hierarchy?.bounds
  const found = {
    height: facts?.height ?? [bounds?.min[2] ?? 0, bounds?.max[2] ?? 1],
    distance: facts?.distance ?? [0, 50],
    intensity: facts?.intensity ?? hierarchy?.intensity ?? [0, 1],
  }
  const [low, high] = found[mode] as [number, number]
  const up = mode === 'height' ? origin[2] : 0
  return [low + up, high + up]
}

const toLocal = (cuboid: Cuboid, origin: Vector): Cuboid => ({ ...cuboid, position: subtract(cuboid.position, origin) })

/** In the coordinates of the points. @param ratio device pixels of one CSS pixel */
export const toLookValues = (look: PointLook, frame: LookedAt, ratio: number): PointLookValues => {
  const { origin, facts } = frame
  const colour = pickMode(look, frame)
  const [low, high] = findRange(look, frame) ?? [0, 1]
  const up = colour === 'height' ? origin[2] : 0
  return {
    ...{ size: look.size * ratio, colour, ramp: look.ramp, range: [low - up, high - up] },
    sensor: subtract([0, 0, 0], origin),
    ground: facts?.ground && look.groundCut !== null ? { ...facts.ground, cut: look.groundCut } : null,
    clip: look.clip && toLocal(look.clip, origin),
  }
}

/** Whether a place, in the coordinates of the points, is shown. */
export const createShownTest = (look: PointLook, { facts, origin }: LookedAt): ((x: number, y: number, z: number) => boolean) => {
  const isInClip = look.clip && createCuboidTest(toLocal(look.clip, origin))
  const ground = look.groundCut === null ? null : facts?.ground
  return (x, y, z) => (!isInClip || isInClip(x, y, z)) && (!ground || heightAbove(ground, x, y, z) >= look.groundCut!)
}
