// Points of KITTI's .bin files: four little-endian floats a point, x y z and intensity, nothing else.
import { MediaError } from '../task-media'
import { maxPoints } from './pcd'
import type { CloudPoints } from './write-pcd'

const pointBytes = 16
const blockPoints = 1 << 16

/** A copy of bytes as floats; the machines that we run on are little-endian. */
const toFloats = (bytes: Uint8Array) => new Float32Array(bytes.slice().buffer)

export const readKitti = async (path: string): Promise<CloudPoints> => {
  const file = Bun.file(path)
  const count = file.size / pointBytes
  if (!Number.isInteger(count) || count === 0)
    throw new MediaError(`${file.size} bytes are no KITTI point cloud, which has 16 for each point`)
  if (count > maxPoints) throw new MediaError(`${count} points are more than ${maxPoints}`)
  const first = toFloats(await file.slice(0, Math.min(file.size, 1000 * pointBytes)).bytes())
  if (
    !first.some((value) => Number.isFinite(value) && value !== 0) ||
    first.some((value) => Number.isFinite(value) && Math.abs(value) > 1e9)
  )
    throw new MediaError('the values are no coordinates, so this is no KITTI point cloud')
  const blocks = async function* () {
    for (let at = 0; at < count; at += blockPoints)
      yield toFloats(await file.slice(at * pointBytes, Math.min(count, at + blockPoints) * pointBytes).bytes())
  }
  return { fields: ['x', 'y', 'z', 'intensity'], count, blocks: blocks() }
}
