// Intelligent scissors: the line along edges from a seed to the cursor (Mortensen and Barrett, 1995), in a window about the seed.
import { type Cv, clampRect, cropMat, type Mat, type Picture, type Rect, simplifyLine, withMats } from './cv'

/** Half of the window's side in pixels: its map is built at every click, some 0.1 s for a million pixels. */
const reach = 500

export type Scissors = {
  /** Starts at a point of the picture. */
  seed: (x: number, y: number) => void
  /** x y pairs from the seed to the point; a straight line to where the window does not reach. */
  findPath: (x: number, y: number, tolerance: number) => number[]
  close: () => void
}

export const openScissors = (cv: Cv, picture: Picture): Scissors => {
  const tool = new cv.segmentation_IntelligentScissorsMB()
  tool.setEdgeFeatureCannyParameters(32, 100)
  tool.setGradientMagnitudeMaxLimit(200)
  let window: Rect = { x: 0, y: 0, width: 0, height: 0 }
  let start: [number, number] = [0, 0]
  const holds = (x: number, y: number) =>
    x >= window.x && y >= window.y && x < window.x + window.width && y < window.y + window.height
  const toPixel = (value: number, size: number) => Math.min(Math.max(Math.floor(value), 0), size - 1)
  return {
    seed: (x, y) => {
      start = [toPixel(x, picture.width), toPixel(y, picture.height)]
      window = clampRect({ x: start[0] - reach, y: start[1] - reach, width: 2 * reach, height: 2 * reach }, picture)
      withMats((own) => {
        tool.applyImage(own(cropMat(cv, picture, window, 'rgb')))
        tool.buildMap(new cv.Point(start[0] - window.x, start[1] - window.y))
      })
    },
    findPath: (x, y, tolerance) => {
      const [toX, toY] = [toPixel(x, picture.width), toPixel(y, picture.height)]
      if (!holds(toX, toY)) return [...start, toX, toY]
      return withMats((own) => {
        const contour: Mat = own(new cv.Mat())
        tool.getContour(new cv.Point(toX - window.x, toY - window.y), contour, false)
        const points = [...(contour.data32S as Int32Array)].map((value, i) => value + (i % 2 ? window.y : window.x))
        return simplifyLine(cv, points, tolerance, false)
      })
    },
    close: () => tool.delete(),
  }
}
