// The camera of the perspective view: it goes round a place that it looks at, with +z upright.
import type { Vector } from '../../../formats/geometry3d/rotation'
import { type Axes, addVectors, crossVectors, scaleVector, subtractVectors } from './matrix'

export type Orbit = {
  /** What it looks at, coordinates of the file. */
  target: Vector
  /** Metres from there. */
  distance: number
  /** Where it stands: the angle from +x about z, and the one above level; radians. */
  yaw: number
  pitch: number
}

/** Upright angle of view, radians. */
export const fieldOfView = (50 * Math.PI) / 180
const nearest = 0.3
const farthest = 2000
const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)

export const axesOf = ({ yaw, pitch }: Orbit): Axes => {
  const back: Vector = [Math.cos(pitch) * Math.cos(yaw), Math.cos(pitch) * Math.sin(yaw), Math.sin(pitch)]
  const right: Vector = [-Math.sin(yaw), Math.cos(yaw), 0]
  return { right, back, up: crossVectors(back, right) }
}

export const eyeOf = (orbit: Orbit): Vector => addVectors(orbit.target, scaleVector(axesOf(orbit).back, orbit.distance))

export const turnOrbit = (orbit: Orbit, yaw: number, pitch: number): Orbit => ({
  ...orbit,
  yaw: orbit.yaw + yaw,
  pitch: clamp(orbit.pitch + pitch, -Math.PI / 2, Math.PI / 2),
})

/** Metres to the right and up, as the camera sees it. */
export const shiftOrbit = (orbit: Orbit, x: number, y: number): Orbit => {
  const { right, up } = axesOf(orbit)
  return { ...orbit, target: addVectors(orbit.target, addVectors(scaleVector(right, x), scaleVector(up, y))) }
}

/** Nearer with a factor below 1; the place `about` stays where it is on the screen. */
export const dollyOrbit = (orbit: Orbit, factor: number, about: Vector = orbit.target): Orbit => {
  const distance = clamp(orbit.distance * factor, nearest, farthest)
  const by = distance / orbit.distance
  return { ...orbit, distance, target: addVectors(about, scaleVector(subtractVectors(orbit.target, about), by)) }
}

/** Metres that a pixel covers at the distance of the target, in a view so many pixels high. */
export const measurePixel = (orbit: Orbit, height: number): number =>
  (2 * orbit.distance * Math.tan(fieldOfView / 2)) / Math.max(height, 1)

/** Shows a ball wholly. `aspect`: width by height of the view. */
export const fitOrbit = (orbit: Orbit, centre: Vector, radius: number, aspect: number): Orbit => {
  const half = Math.atan(Math.tan(fieldOfView / 2) * Math.min(aspect, 1))
  return { ...orbit, target: centre, distance: clamp(radius / Math.sin(half), nearest * 2, farthest) }
}

/** Farther out there are few points, and what people look for is near the sensor (metres). */
const homeRadius = 14

/** The first look at a cloud: around its sensor when that stands in it, from behind and above. */
export const startOrbit = (bounds: { min: Vector; max: Vector } | null, aspect: number): Orbit => {
  const orbit: Orbit = { target: [0, 0, 0], distance: 30, yaw: Math.PI, pitch: Math.PI / 6 }
  if (!bounds) return orbit
  const { min, max } = bounds
  const holdsSensor = min.every((low, axis) => low <= 0.5 && max[axis]! >= -0.5)
  const middle = min.map((low, axis) => (low + max[axis]!) / 2) as unknown as Vector
  const radius = Math.max(Math.hypot(...subtractVectors(max, min)) / 2, 0.5)
  // A small scene is seen wholly, of a large one what lies around the sensor.
  if (radius <= homeRadius || !holdsSensor) return fitOrbit(orbit, middle, Math.min(radius * 0.9, 60), aspect)
  return fitOrbit(orbit, [0, 0, Math.max(min[2], -2)], homeRadius, aspect)
}
