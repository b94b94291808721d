// Which place of the cloud a pixel of the perspective view means, and what ground lies below it.
import { type Ground, heightAbove } from '../../formats/geometry3d/ground'
import type { Vector } from '../../formats/geometry3d/rotation'
import type { Point } from '../editor/view/geometry'
import { addVectors, scaleVector } from './views/matrix'
import { fieldOfView } from './views/orbit'
import type { SceneView } from './views/scene-view'
import type { CloudSource, Ray } from './workspace'

/** Metres above the ground: what still is the ground, and below what something stands on it. */
const flatHeight = 0.25
const coverHeight = 4
/** How far beside a point the pointer still means it, CSS pixels. */
const reach = 6
/** Ground further away is not meant, metres. */
const farthest = 5000

/** Where a ray meets the ground before it; without a known ground, the level of the coordinates' origin. */
const hitGround = ({ origin, direction }: Ray, ground: Ground | null): Vector | null => {
  const plane = ground ?? { normal: [0, 0, 1] as Vector, offset: 0 }
  const fall = plane.normal[0] * direction[0] + plane.normal[1] * direction[1] + plane.normal[2] * direction[2]
  const along = -heightAbove(plane, ...origin) / fall
  if (!Number.isFinite(along) || along <= 0 || along > farthest) return null
  return addVectors(origin, scaleVector(direction, along))
}

export type PlacePorts = { view: SceneView; cloud: Pick<CloudSource, 'pick' | 'ground'> }

const pick = ({ view, cloud }: PlacePorts, ray: Ray): Vector | null => cloud.pick(ray, (reach * fieldOfView) / view.box.height)

/** The place of the cloud under a pixel, or of the ground. */
export const findPlace = (ports: PlacePorts, at: Point): Vector | null => {
  const ray = ports.view.castRay(at.x, at.y)
  return pick(ports, ray) ?? hitGround(ray, ports.cloud.ground)
}

/** The ground below what is under a pixel. */
export const findGround = (ports: PlacePorts, at: Point): Vector | null => {
  const ray = ports.view.castRay(at.x, at.y)
  const { ground } = ports.cloud
  const level = hitGround(ray, ground)
  const found = pick(ports, ray)
  if (!found || !ground) return found ?? level
  const height = heightAbove(ground, ...found)
  // Among points of the ground the pointer means the place itself, not the next point.
  if (level && Math.abs(height) < flatHeight) return level
  // Points of a roof or a tree stand for what is below them, a bridge for itself.
  return Math.abs(height) < coverHeight ? [found[0], found[1], found[2] - height / ground.normal[2]] : found
}
