// Tracks of cuboids as lists of key frames, and what is done to many of them at once: sizes, headings, the way in the world.
import { bakeBetween, bakeTolerance, findBaked } from '../../../formats/geometry3d/bake-track'
import { type Cuboid, readCuboid, writeCuboid } from '../../../formats/geometry3d/cuboid'
import { estimateMotionYaws } from '../../../formats/geometry3d/motion-yaw'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { findMedianSize, turnHeading } from '../../../formats/geometry3d/turn'
import { carryCuboid, type KeyCuboid, type PoseOf } from '../../../formats/geometry3d/world-track'
import type { Track, TrackedShape } from '../../../formats/model'
import { roundSpatial } from '../../editor/document/round-body'
import { touchSource } from '../../editor/document/tracks'

type Key = KeyCuboid & { outside: boolean }

const noFrames: ReadonlySet<number> = new Set()

/** Key frames in order, those of deleted frames left out. */
export const listKeys = (track: Track, deleted: ReadonlySet<number> = noFrames): Key[] =>
  track.shapes
    .filter(({ frame }) => !deleted.has(frame))
    .toSorted((a, b) => a.frame - b.frame)
    .map(({ frame, points, outside }) => ({ frame, cuboid: readCuboid(points), outside }))

export const roundCuboid = (cuboid: Cuboid): number[] => roundSpatial(writeCuboid(cuboid))

const isSame = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((value, i) => value === b[i])

/** The track with other cuboids on its key frames; the same track when nothing changes. */
export const mapKeys = (track: Track, change: (cuboid: Cuboid, frame: number) => Cuboid | null): Track => {
  let changes = false
  const shapes = track.shapes.map((shape): TrackedShape => {
    const wanted = change(readCuboid(shape.points), shape.frame)
    const points = wanted && roundCuboid(wanted)
    if (!points || isSame(points, shape.points)) return shape
    changes = true
    return { ...shape, points }
  })
  return changes ? { ...track, shapes, source: touchSource(track.source) } : track
}

/** One size on all key frames. The bottom of each cuboid stays where it is, so that all still stand on the ground. */
export const setSizes = (track: Track, scale: Vector): Track =>
  mapKeys(track, (cuboid) => {
    const [rx, ry] = cuboid.rotation
    const lifted = rx === 0 && ry === 0 ? (scale[2] - cuboid.scale[2]) / 2 : 0
    const [x, y, z] = cuboid.position
    return { ...cuboid, position: [x, y, z + lifted], scale }
  })

/** The size in the middle of those of the key frames on which it is seen. */
export const findMiddleSize = (track: Track): Vector => {
  const seen = track.shapes.filter(({ outside }) => !outside)
  return findMedianSize((seen.length ? seen : track.shapes).map(({ points }) => readCuboid(points).scale))
}

export type YawOptions = {
  poses?: PoseOf
  /** First and last frame (inclusive) that are changed; the motion of the whole track counts. */
  range?: readonly [number, number]
  isReversing?: boolean
}

/** Headings along the way of the track, in the world where poses are known. Key frames keep their heading where it never moves. */
export const alignToMotion = (track: Track, { poses, range, isReversing = false }: YawOptions = {}): Track => {
  const keys = listKeys(track).filter(({ outside }) => !outside)
  const all = poses ? keys.map(({ frame }) => poses(frame)) : []
  const inWorld = keys.length > 0 && all.length > 0 && all.every((pose) => pose)
  const places = keys.map(({ cuboid }, i) => {
    if (!inWorld) return cuboid.position
    return carryCuboid(cuboid, all[i]!, standingPose).position
  })
  const yaws = new Map<number, number>()
  for (const [i, yaw] of estimateMotionYaws(places, 0.3, isReversing).entries()) {
    const { frame, cuboid } = keys[i]!
    if (yaw === undefined || (range && (frame < range[0] || frame > range[1]))) continue
    const turned = { ...cuboid, rotation: [0, 0, yaw] as Vector }
    yaws.set(frame, inWorld ? carryCuboid(turned, standingPose, all[i]!).rotation[2] : yaw)
  }
  return mapKeys(track, (cuboid, frame) => {
    const yaw = yaws.get(frame)
    if (yaw === undefined) return null
    const [rx, ry] = cuboid.rotation
    return { ...cuboid, rotation: [rx, ry, yaw] }
  })
}

const standingPose = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], translation: [0, 0, 0] } as const

/** Every key frame's heading turned by quarters; what it covers stays. */
export const turnKeys = (track: Track, quarters: 1 | 2 | 3): Track => mapKeys(track, (cuboid) => turnHeading(cuboid, quarters))

/** Key frames of other attributes, marks or looks are never taken for baked ones. */
const isPlain = (shape: TrackedShape, before: TrackedShape) =>
  shape.occluded === before.occluded &&
  shape.outside === before.outside &&
  shape.z_order === before.z_order &&
  JSON.stringify(shape.attributes) === JSON.stringify(before.attributes)

/** Frames of key frames that only repeat what lies between the others in the world. */
export const listBaked = (track: Track, poses: PoseOf): ReadonlySet<number> => {
  const sorted = track.shapes.toSorted((a, b) => a.frame - b.frame)
  const baked = new Set(findBaked(listKeys(track), poses))
  sorted.forEach((shape, i) => {
    const [before, after] = [sorted[i - 1], sorted[i + 1]]
    if (!before || !after || !isPlain(shape, before) || after.outside) baked.delete(shape.frame)
  })
  return baked
}

/**
 * The track with as many key frames as let everybody see it move in the world. Earlier made ones are made anew, all others stay.
 * @param frames frames of the job, ascending
 * @param stale frames of key frames that were made for another state of the track
 */
export const bakeTrack = (
  track: Track,
  frames: readonly number[],
  poses: PoseOf,
  stale: ReadonlySet<number> = listBaked(track, poses),
  tolerance = bakeTolerance,
): Track => {
  const own = track.shapes.filter(({ frame }) => !stale.has(frame)).toSorted((a, b) => a.frame - b.frame)
  const made = own.flatMap((left, i): TrackedShape[] => {
    const right = own[i + 1]
    // Where it is away nothing is seen to move.
    if (!right || left.outside) return []
    const key = (shape: TrackedShape): KeyCuboid => ({ frame: shape.frame, cuboid: readCuboid(shape.points) })
    return bakeBetween(key(left), key(right), frames, poses, tolerance).map(({ frame, cuboid }) => {
      const { id: _, ...rest } = left
      const before = track.shapes.find((shape) => shape.frame === frame)
      return { ...rest, ...(before?.id !== undefined && { id: before.id }), frame, points: roundCuboid(cuboid) }
    })
  })
  const shapes = [...own, ...made].sort((a, b) => a.frame - b.frame)
  const isUnchanged =
    shapes.length === track.shapes.length &&
    shapes.every((shape) => track.shapes.some((old) => old.frame === shape.frame && isSame(old.points, shape.points)))
  return isUnchanged ? track : { ...track, shapes, source: touchSource(track.source) }
}

/** What of an edit was made by hand: frames on which a key frame is new or another one. */
export const listChangedKeys = (before: Track, after: Track): number[] =>
  after.shapes
    .filter((shape) => {
      const old = before.shapes.find(({ frame }) => frame === shape.frame)
      return !old || !isSame(old.points, shape.points) || !isPlain(shape, old)
    })
    .map(({ frame }) => frame)

/** After an edit: key frames that were baked for the state before are made anew for that after it. */
export const rebakeTrack = (before: Track, after: Track, frames: readonly number[], poses: PoseOf): Track => {
  const stale = new Set(listBaked(before, poses))
  for (const frame of listChangedKeys(before, after)) stale.delete(frame)
  return bakeTrack(after, frames, poses, stale)
}

/** The sizes of two versions of a track where they differ on one key frame or more: the new one; null where none changed. */
export const findNewSize = (before: Track, after: Track): Vector | null => {
  for (const frame of listChangedKeys(before, after)) {
    const old = before.shapes.find((shape) => shape.frame === frame)
    const [was, is] = [
      old && readCuboid(old.points).scale,
      readCuboid(after.shapes.find((one) => one.frame === frame)!.points).scale,
    ]
    if (was && !isSame(was, is)) return is
  }
  // A key frame that is new has the size that the track had there unless it was changed.
  const sizes = new Set(before.shapes.map(({ points }) => JSON.stringify(readCuboid(points).scale)))
  const fresh = after.shapes.find(({ points }) => !sizes.has(JSON.stringify(readCuboid(points).scale)))
  return fresh && sizes.size === 1 ? readCuboid(fresh.points).scale : null
}
