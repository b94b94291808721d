// The viewing aids as a person has set them, and the look of the points that follows.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { Settings } from '../../editor/state'
import { type ColourMode, colourModes, defaultLook, type PointLook, type RampName, rampNames } from './cloud-aids'

export type LookSettings = Pick<
  Settings,
  | 'scenePointSize'
  | 'sceneColour'
  | 'sceneRamp'
  | 'sceneRange'
  | 'sceneGroundOff'
  | 'sceneGroundHeight'
  | 'sceneClip'
  | 'sceneClipMargin'
  | 'sceneClipBox'
  | 'sceneEyeDome'
  | 'sceneGrid'
  | 'sceneFrames'
  | 'sceneBudget'
>

export const colourTitles: Readonly<Record<ColourMode, string>> = {
  height: 'Height',
  intensity: 'Intensity',
  distance: 'Distance',
  return: 'Return',
  stored: 'Stored colour',
  classification: 'Classification',
  plain: 'One colour',
  label: 'Label',
}
export const rampTitles: Readonly<Record<RampName, string>> = {
  viridis: 'Viridis',
  turbo: 'Turbo',
  plasma: 'Plasma',
  grey: 'Greys',
}
export const sizeLimits = [1, 10] as const
export const mostFrames = 10
/** 0: as many as keep the view moving. */
export const budgets = [0, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 3_000_000] as const

/** Two numbers in order, or nothing. */
export const readRange = (text: string): [number, number] | null => {
  const [low, high, ...rest] = text.split(' ').map(Number)
  if (text.trim() === '' || rest.length > 0 || !Number.isFinite(low) || !Number.isFinite(high) || low! >= high!) return null
  return [low!, high!]
}

/** Middle, lengths, and heading in degrees of the typed box. */
export const readClipBox = (text: string): Cuboid | null => {
  const values = text.split(' ').map(Number)
  if (values.length !== 7 || !values.every(Number.isFinite) || values.slice(3, 6).some((length) => length <= 0)) return null
  const [x, y, z, length, width, height, heading] = values as [number, number, number, number, number, number, number]
  return { position: [x, y, z], rotation: [0, 0, (heading * Math.PI) / 180], scale: [length, width, height] }
}

const round = (value: number) => Math.round(value * 1000) / 1000

export const writeClipBox = ({ position, rotation, scale }: Cuboid): string =>
  [...position, ...scale, (rotation[2] * 180) / Math.PI].map(round).join(' ')

/** A cuboid with so many metres of its surroundings on each side. */
const growCuboid = (cuboid: Cuboid, margin: number): Cuboid => ({
  ...cuboid,
  scale: cuboid.scale.map((length) => length + 2 * margin) as unknown as Cuboid['scale'],
})

const includes = <T extends string>(list: readonly T[], value: string): value is T => (list as readonly string[]).includes(value)

/** @param active the chosen cuboid */
export const toLook = (settings: LookSettings, active: Cuboid | null): PointLook => {
  const clips = {
    off: null,
    object: active && growCuboid(active, Math.max(0, settings.sceneClipMargin)),
    typed: readClipBox(settings.sceneClipBox),
  }
  const eyeDomes = { auto: null, on: true, off: false }
  return {
    size: Math.min(Math.max(settings.scenePointSize, sizeLimits[0]), sizeLimits[1]),
    colour: includes(colourModes, settings.sceneColour) ? settings.sceneColour : defaultLook.colour,
    ramp: includes(rampNames, settings.sceneRamp) ? settings.sceneRamp : defaultLook.ramp,
    range: readRange(settings.sceneRange),
    groundCut: settings.sceneGroundOff ? settings.sceneGroundHeight : null,
    clip: clips[settings.sceneClip] ?? null,
    eyeDome: eyeDomes[settings.sceneEyeDome] ?? null,
    grid: settings.sceneGrid,
    budget: settings.sceneBudget > 0 ? settings.sceneBudget : null,
  }
}
