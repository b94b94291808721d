// Follows an object into the next picture: median flow (Kalal, Mikolajczyk and Matas, 2010), or the MIL tracker (Babenko, Yang and Belongie, 2009).
import { type Cv, clampRect, cropMat, growRect, type Mat, type Picture, type Rect, withMats } from './cv'

/** How the object moved: points are scaled about the middle of the old box, then moved. `confidence` from 0 to 1. */
export type Motion = { dx: number; dy: number; scale: number; confidence: number }

const gridSide = 10
/** Share of the box's side that is looked at around it. */
const lookAround = 0.75
/** Pixels that a point may miss its start by, after going there and back. */
const allowedMiss = 2

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const spreadPoints = ({ x, y, width, height }: Rect): number[] => {
  const places = Array.from({ length: gridSide }, (_, i) => (i + 0.5) / gridSide)
  return places.flatMap((v) => places.flatMap((u) => [x + u * width, y + v * height]))
}

const flow = (cv: Cv, from: Mat, to: Mat, points: readonly number[]): number[] =>
  withMats((own) => {
    const start = own(cv.matFromArray(points.length / 2, 1, cv.CV_32FC2, points))
    const [end, found, miss] = [own(new cv.Mat()), own(new cv.Mat()), own(new cv.Mat())]
    cv.calcOpticalFlowPyrLK(from, to, start, end, found, miss, new cv.Size(21, 21), 3)
    const [numbers, isFound] = [end.data32F as Float32Array, found.data as Uint8Array]
    return Array.from(numbers, (value, i) => (isFound[i >> 1] ? value : Number.NaN))
  })

const distance = (points: readonly number[], a: number, b: number) =>
  Math.hypot(points[2 * a]! - points[2 * b]!, points[2 * a + 1]! - points[2 * b + 1]!)

/** Null when too few points of the box were found again. */
export const followByFlow = (cv: Cv, before: Picture, after: Picture, box: Rect): Motion | null =>
  withMats((own) => {
    const around = clampRect(growRect(box, lookAround * Math.max(box.width, box.height) + 16), before)
    const [from, to] = [own(cropMat(cv, before, around, 'grey')), own(cropMat(cv, after, around, 'grey'))]
    const start = spreadPoints({ ...box, x: box.x - around.x, y: box.y - around.y })
    const end = flow(cv, from, to, start)
    const back = flow(
      cv,
      to,
      from,
      end.map((value) => (Number.isNaN(value) ? 0 : value)),
    )
    const good = Array.from({ length: start.length / 2 }, (_, i) => i).filter(
      (i) =>
        !Number.isNaN(end[2 * i]! + back[2 * i]!) &&
        Math.hypot(back[2 * i]! - start[2 * i]!, back[2 * i + 1]! - start[2 * i + 1]!) < allowedMiss,
    )
    if (good.length < 6) return null
    const ratios: number[] = []
    for (let i = 0; i < good.length; i++)
      for (let j = i + 1; j < good.length; j++) {
        const length = distance(start, good[i]!, good[j]!)
        if (length > 1) ratios.push(distance(end, good[i]!, good[j]!) / length)
      }
    const move = (axis: 0 | 1) => median(good.map((i) => end[2 * i + axis]! - start[2 * i + axis]!))
    return { dx: move(0), dy: move(1), scale: median(ratios), confidence: good.length / (start.length / 2) }
  })

export type MilTracker = { follow: (after: Picture) => Motion | null; close: () => void }

/** Learns the look of the object and searches for it near its last place; holds where flow loses it, and does not scale. */
export const openMilTracker = (cv: Cv, picture: Picture, box: Rect): MilTracker => {
  const tracker = new cv.TrackerMIL()
  const whole = (of: Picture) => cropMat(cv, of, { x: 0, y: 0, width: of.width, height: of.height }, 'rgb')
  let last = clampRect(box, picture)
  withMats((own) => tracker.init(own(whole(picture)), new cv.Rect(last.x, last.y, last.width, last.height)))
  return {
    follow: (after) =>
      withMats((own) => {
        const [isFound, found] = tracker.update(own(whole(after))) as [boolean, Rect]
        if (!isFound) return null
        const motion = { dx: found.x - last.x, dy: found.y - last.y, scale: 1, confidence: 0.5 }
        last = found
        return motion
      }),
    close: () => tracker.delete(),
  }
}
