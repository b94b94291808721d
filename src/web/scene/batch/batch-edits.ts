// What the batch view does to a track: cells are frames; every action changes some of them and is one edit.
import { standing } from '../../../formats/calibration/pose'
import { type Cuboid, readCuboid } from '../../../formats/geometry3d/cuboid'
import { estimateMotionYaws } from '../../../formats/geometry3d/motion-yaw'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { carryCuboid, type PoseOf } from '../../../formats/geometry3d/world-track'
import type { Track } from '../../../formats/model'
import { placeTrack } from '../../editor/document/place'
import { setKeyFrame } from '../../editor/document/tracks'
import { roundCuboid } from '../assist/track-cuboids'

export type Cell = { frame: number; cuboid: Cuboid; keyframe: boolean; outside: boolean; occluded: boolean }

/** The track on frames; on those before its first key frame it has no cell. */
export const listCells = (track: Track, frames: readonly number[], deleted: ReadonlySet<number>): Cell[] =>
  frames.flatMap((frame) => {
    const placed = placeTrack(track, frame, deleted)
    if (!placed) return []
    const { points, outside, occluded } = placed.body
    return [{ frame, cuboid: readCuboid(points), keyframe: placed.keyframe, outside, occluded }]
  })

/** Up to `count` frames around one, every `step`-th, all of the list; ascending. */
export const chooseFrames = (frames: readonly number[], around: number, count: number, step: number): number[] => {
  const at = Math.max(
    0,
    frames.findLastIndex((frame) => frame <= around),
  )
  const rest = at % step
  const thinned = frames.filter((_, i) => i % step === rest)
  const middle = thinned.indexOf(frames[at]!)
  const first = Math.max(0, Math.min(middle - Math.floor((count - 1) / 2), thinned.length - count))
  return thinned.slice(first, first + count)
}

/** The track with other cuboids on some frames, as key frames. */
export const setCuboids = (track: Track, cuboids: ReadonlyMap<number, Cuboid>, deleted: ReadonlySet<number>): Track =>
  [...cuboids].reduce((one, [frame, cuboid]) => setKeyFrame(one, frame, { points: roundCuboid(cuboid) }, deleted), track)

/** Marks frames as outside or occluded. What comes after the last of them stays as it was: key frames hold it. */
export const markFrames = (
  track: Track,
  frames: readonly number[],
  mark: { outside?: boolean; occluded?: boolean },
  after: (frame: number) => number | null,
  deleted: ReadonlySet<number>,
): Track => {
  const held = frames.flatMap((frame) => {
    const next = after(frame)
    return next === null || frames.includes(next) ? [] : [next]
  })
  const holding = held.reduce((one, frame) => setKeyFrame(one, frame, {}, deleted), track)
  return frames.reduce((one, frame) => setKeyFrame(one, frame, mark, deleted), holding)
}

export type CopyPart = 'size' | 'yaw' | 'place'

/** Headings and places are carried over in the world where both frames have poses, else as they are. */
export const copyPart = (from: Cell, to: Cell, part: CopyPart, poses: PoseOf): Cuboid => {
  if (part === 'size') {
    const { position, rotation, scale } = to.cuboid
    const isUpright = rotation[0] === 0 && rotation[1] === 0
    const lifted = isUpright ? (from.cuboid.scale[2] - scale[2]) / 2 : 0
    return { rotation, scale: from.cuboid.scale, position: [position[0], position[1], position[2] + lifted] }
  }
  const [a, b] = [poses(from.frame), poses(to.frame)]
  const carried = a && b ? carryCuboid(from.cuboid, a, b) : from.cuboid
  return part === 'yaw' ? { ...to.cuboid, rotation: carried.rotation } : { ...to.cuboid, position: carried.position }
}

/** Key frames on the chosen frames, and none between them: there the track goes straight from one to the next. */
export const straighten = (track: Track, chosen: readonly number[], deleted: ReadonlySet<number>): Track => {
  const anchors = chosen.toSorted((a, b) => a - b)
  const [first, last] = [anchors[0], anchors.at(-1)]
  if (first === undefined || last === undefined || anchors.length < 2) return track
  const held = anchors.reduce((one, frame) => setKeyFrame(one, frame, {}, deleted), track)
  const kept = new Set(anchors)
  return { ...held, shapes: held.shapes.filter(({ frame }) => frame <= first || frame >= last || kept.has(frame)) }
}

/** Headings along the way of cells that are seen, by frame; in the world where all have poses. Cells that never move have none. */
export const findHeadings = (cells: readonly Cell[], poses: PoseOf): Map<number, Cuboid> => {
  const seen = cells.filter(({ outside }) => !outside)
  const all = seen.map(({ frame }) => poses(frame))
  const inWorld = all.length > 0 && all.every((pose) => pose)
  const places = seen.map(({ cuboid }, i) => (inWorld ? carryCuboid(cuboid, all[i]!, standing).position : cuboid.position))
  const yaws = estimateMotionYaws(places)
  return new Map(
    seen.flatMap(({ frame, cuboid }, i) => {
      const yaw = yaws[i]
      if (yaw === undefined) return []
      const turned: Cuboid = { ...cuboid, rotation: [0, 0, yaw] }
      const own = inWorld ? carryCuboid(turned, standing, all[i]!).rotation[2] : yaw
      return [[frame, { ...cuboid, rotation: [cuboid.rotation[0], cuboid.rotation[1], own] }]]
    }),
  )
}

/** Grown on every side, for asking for points. */
export const growCuboid = (cuboid: Cuboid, by: number): Cuboid => ({
  ...cuboid,
  scale: cuboid.scale.map((length) => length + 2 * by) as unknown as Vector,
})
