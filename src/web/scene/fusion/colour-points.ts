// Points coloured from pictures: each by the camera that is nearest to it among those that see it.
import type { Camera } from '../../../formats/geometry3d/camera'
import { projectInCamera } from '../../../formats/geometry3d/camera'
import type { CloudPoints } from '../workspace'

/** Red, green, blue and opacity of every pixel. */
export type Pixels = { width: number; height: number; data: Uint8ClampedArray }
export type ColouringPicture = { camera: Camera; pixels: Pixels }

/** Points that share so many pixels of a picture hide one another. */
const cellPixels = 3
/** A point this much farther than the nearest one of its cell is hidden behind it: metres, and a share of the distance. */
const hidingMetres = 1.2
const hidingShare = 0.1

const pointsAtOnce = 40_000

type Seen = { u: number; v: number; depth: number }

/** Projects without garbage for the usual camera; the same as `projectPoint`. */
const createProjector = ({ camera }: ColouringPicture, origin: readonly [number, number, number]) => {
  const { rotation: m, fx, fy, cx, cy, distortion } = camera
  const [tx, ty, tz] = camera.translation
  const isPlain = camera.model === 'pinhole' && distortion.every((value) => value === 0)
  const seen: Seen = { u: 0, v: 0, depth: 0 }
  const { width, height } = camera as { width: number; height: number }
  return (x: number, y: number, z: number): Seen | null => {
    const [px, py, pz] = [x + origin[0], y + origin[1], z + origin[2]]
    const a = m[0] * px + m[1] * py + m[2] * pz + tx
    const b = m[3] * px + m[4] * py + m[5] * pz + ty
    const depth = m[6] * px + m[7] * py + m[8] * pz + tz
    if (isPlain) {
      if (depth <= 0.05) return null
      seen.u = (fx * a) / depth + cx
      seen.v = (fy * b) / depth + cy
    } else {
      const pixel = projectInCamera(camera, [a, b, depth])
      if (!pixel) return null
      seen.u = pixel.u
      seen.v = pixel.v
    }
    if (!(seen.u >= 0 && seen.v >= 0 && seen.u < width && seen.v < height)) return null
    seen.depth = Math.hypot(a, b, depth)
    return seen
  }
}

/** Waits for the browser to do what is more urgent. */
export type Pause = () => Promise<void>

/**
 * Colours by row of the file, opacity 0 where no camera sees a point. Nothing when `signal` ends it.
 * @param count rows of the file
 */
export const colourPoints = async (
  batches: readonly CloudPoints[],
  count: number,
  pictures: readonly ColouringPicture[],
  pause: Pause,
  signal?: AbortSignal,
): Promise<Uint8Array | null> => {
  const colours = new Uint8Array(count * 4)
  /** Distance of the camera whose colour a row has. */
  const nearest = new Float32Array(count).fill(Number.POSITIVE_INFINITY)
  for (const picture of pictures) {
    const { width, height, data } = picture.pixels
    // Files may say another size than the pixels that came; the ratio is the same.
    const camera = { ...picture.camera, width: picture.camera.width ?? width, height: picture.camera.height ?? height }
    const [sx, sy] = [width / camera.width, height / camera.height]
    const across = Math.ceil(camera.width / cellPixels)
    const depths = new Float32Array(across * Math.ceil(camera.height / cellPixels)).fill(Number.POSITIVE_INFINITY)
    const cellOf = ({ u, v }: Seen) => Math.floor(v / cellPixels) * across + Math.floor(u / cellPixels)
    const walk = async (visit: (seen: Seen, row: number) => void): Promise<boolean> => {
      for (const { positions, rows, origin } of batches) {
        const project = createProjector({ ...picture, camera }, origin as [number, number, number])
        for (let from = 0; from < rows.length; from += pointsAtOnce) {
          if (signal?.aborted) return false
          const to = Math.min(from + pointsAtOnce, rows.length)
          for (let i = from; i < to; i++) {
            const seen = project(positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!)
            if (seen) visit(seen, rows[i]!)
          }
          await pause()
        }
      }
      return true
    }
    const isDone =
      (await walk((seen) => {
        const cell = cellOf(seen)
        if (seen.depth < depths[cell]!) depths[cell] = seen.depth
      })) &&
      (await walk((seen, row) => {
        if (row >= count || seen.depth >= nearest[row]!) return
        const limit = depths[cellOf(seen)]!
        if (seen.depth > limit + Math.max(hidingMetres, limit * hidingShare)) return
        nearest[row] = seen.depth
        const at = (Math.min(height - 1, Math.floor(seen.v * sy)) * width + Math.min(width - 1, Math.floor(seen.u * sx))) * 4
        colours[row * 4] = data[at]!
        colours[row * 4 + 1] = data[at + 1]!
        colours[row * 4 + 2] = data[at + 2]!
        colours[row * 4 + 3] = 255
      }))
    if (!isDone) return null
  }
  return colours
}
