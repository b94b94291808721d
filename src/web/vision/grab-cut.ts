// Cuts an object out by a box and clicks: GrabCut (Rother, Kolmogorov and Blake, 2004) on a reduced copy of the box's surroundings.
import { type Cv, clampRect, cropMat, growRect, type Mat, type Picture, type Rect, simplifyLine, withMats } from './cv'

export type GrabCutWish = {
  /** The object lies inside. */
  box: Rect
  /** x y pairs that belong to the object, and that do not. */
  inside: readonly number[]
  outside: readonly number[]
  /** Of the outline, in pixels. */
  tolerance: number
}

export type CutOut = {
  /** One byte per pixel of `rect`, 1 = object. */
  mask: Uint8Array
  rect: Rect
  /** Outline of the largest piece, x y pairs in pixels of the picture; empty when nothing was found. */
  polygon: number[]
}

/** Longest side of the copy that is worked on: larger ones take seconds. */
const workedSide = 512
const rounds = 3
const clickRadius = 3

const markClicks = (cv: Cv, labels: Mat, points: readonly number[], rect: Rect, scale: number, value: number) => {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const at = new cv.Point(Math.round((points[i]! - rect.x) * scale), Math.round((points[i + 1]! - rect.y) * scale))
    cv.circle(labels, at, clickRadius, new cv.Scalar(value), -1)
  }
}

const traceLargest = (cv: Cv, mask: Mat, { x, y }: Rect, tolerance: number): number[] =>
  withMats((own) => {
    const contours = own(new cv.MatVector())
    cv.findContours(mask, contours, own(new cv.Mat()), cv.RETR_EXTERNAL, cv.CHAIN_APPROX_NONE)
    let [largest, area] = [[] as number[], 0]
    for (let i = 0; i < contours.size(); i++) {
      const contour = own(contours.get(i))
      const own_area = cv.contourArea(contour)
      if (own_area > area) [largest, area] = [[...(contour.data32S as Int32Array)], own_area]
    }
    return simplifyLine(cv, largest, tolerance, true).map((value, i) => value + (i % 2 ? y : x))
  })

export const grabCut = (cv: Cv, picture: Picture, { box, inside, outside, tolerance }: GrabCutWish): CutOut =>
  withMats((own) => {
    const margin = Math.max(8, 0.25 * Math.max(box.width, box.height))
    const rect = clampRect(growRect(box, margin), picture)
    const scale = Math.min(1, workedSide / Math.max(rect.width, rect.height))
    const size = new cv.Size(Math.max(1, Math.round(rect.width * scale)), Math.max(1, Math.round(rect.height * scale)))
    const small = own(new cv.Mat())
    cv.resize(own(cropMat(cv, picture, rect, 'rgb')), small, size, 0, 0, cv.INTER_AREA)
    const labels = own(new cv.Mat(size.height, size.width, cv.CV_8UC1, new cv.Scalar(cv.GC_BGD)))
    const inner = clampRect(
      { x: (box.x - rect.x) * scale, y: (box.y - rect.y) * scale, width: box.width * scale, height: box.height * scale },
      size,
    )
    const [from, to] = [new cv.Point(inner.x, inner.y), new cv.Point(inner.x + inner.width - 1, inner.y + inner.height - 1)]
    cv.rectangle(labels, from, to, new cv.Scalar(cv.GC_PR_FGD), -1)
    markClicks(cv, labels, inside, rect, scale, cv.GC_FGD)
    markClicks(cv, labels, outside, rect, scale, cv.GC_BGD)
    const models: [Mat, Mat] = [own(new cv.Mat()), own(new cv.Mat())]
    cv.grabCut(small, labels, new cv.Rect(0, 0, 1, 1), ...models, rounds, cv.GC_INIT_WITH_MASK)
    // Sure and probable foreground are the odd values.
    const found = own(new cv.Mat(size.height, size.width, cv.CV_8UC1))
    const bytes = labels.data as Uint8Array
    const target = found.data as Uint8Array
    for (let i = 0; i < bytes.length; i++) target[i] = (bytes[i]! & 1) * 255
    const whole = own(new cv.Mat())
    cv.resize(found, whole, new cv.Size(rect.width, rect.height), 0, 0, cv.INTER_LINEAR)
    cv.threshold(whole, whole, 127, 1, cv.THRESH_BINARY)
    const mask = new Uint8Array(whole.data as Uint8Array)
    return { mask, rect, polygon: traceLargest(cv, whole, rect, tolerance) }
  })
