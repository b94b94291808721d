// Writes KITTI's object labels: label_2 and calib for each frame; clouds and pictures when they are asked for.

import { nameCloud } from '../cloud-items'
import type { WriteOptions } from '../format'
import { FormatError } from '../format-error'
import { boundCuboid, type Camera } from '../geometry3d/camera'
import { readCuboid } from '../geometry3d/cuboid'
import type { ArchiveEntry } from '../io/zip-writer'
import type { Dataset, Item, ItemShape, RelatedImage } from '../model'
import { extensionOf, listRelatedImages } from '../related-images'
import { toCameraCuboid } from './camera-cuboid'
import { toTypeName } from './type-name'

type Seen = RelatedImage & { camera: NonNullable<RelatedImage['camera']> }

/** The picture whose camera the labels are of: KITTI's left colour camera, one that looks ahead, else the first. */
function choosePrimary(related: readonly RelatedImage[]): Seen | undefined {
  const seen = related.filter((one): one is Seen => one.camera !== undefined)
  return (
    seen.find(({ camera }) => camera.name === 'image_02') ??
    seen.find(({ camera }) => /front/i.test(camera.name) && !/left|right/i.test(camera.name)) ??
    seen[0]
  )
}

/** Eight decimals, so that nothing of a hundredth of a micrometre gets lost. */
const format = (value: number) => String(Number(value.toFixed(8)) || 0)

function describeShape(name: string, shape: ItemShape, camera: Camera): string {
  const cuboid = readCuboid(shape.points)
  const { dimensions, location, rotationY } = toCameraCuboid(cuboid, camera)
  const box = boundCuboid(camera, cuboid)
  const { width: _, height: __, ...endless } = camera
  const whole = boundCuboid(endless, cuboid)
  const areaOf = ({ left, top, right, bottom }: NonNullable<typeof box>) => (right - left) * (bottom - top)
  const truncated = !box || !whole ? 1 : Math.max(0, 1 - areaOf(box) / areaOf(whole))
  const alpha = rotationY - Math.atan2(location[0], location[2])
  const turn = Math.atan2(Math.sin(alpha), Math.cos(alpha))
  const sides = box ? [box.left, box.top, box.right, box.bottom] : [-1, -1, -1, -1]
  const numbers = [truncated, Number(shape.occluded), turn, ...sides, ...dimensions, ...location, rotationY]
  return [toTypeName(name), ...numbers.map(format), ...(shape.score === 1 ? [] : [format(shape.score)])].join(' ')
}

const isSame = (a: readonly number[], b: readonly number[]) => a.every((value, i) => Math.abs(value - b[i]!) < 1e-9)

/** The numbers of the other cameras that can stand beside the chosen one: rectified with it, so that only their places differ. */
function numberCameras(primary: Seen, related: readonly RelatedImage[]): Map<Seen, number> {
  const numbers = new Map([[primary, 2]])
  for (const one of related) {
    const number = Number(/^image_0([013])$/.exec(one.camera?.name ?? '')?.[1] ?? Number.NaN)
    if (one.camera && !Number.isNaN(number) && isSame(one.camera.rotation, primary.camera.rotation))
      numbers.set(one as Seen, number)
  }
  return numbers
}

/** The chosen camera is where labels count from: its own coordinates are the rectified ones. */
function describeCalibration(cameras: ReadonlyMap<Seen, number>, { camera: primary }: Seen): string {
  const lines = [...cameras].map(([{ camera }, number]) => {
    const { fx, fy, cx, cy } = camera
    const [x, y, z] = camera.translation.map((value, axis) => value - primary.translation[axis]!) as [number, number, number]
    return `P${number}: ${[fx, 0, cx, fx * x + cx * z, 0, fy, cy, fy * y + cy * z, 0, 0, 1, z].join(' ')}`
  })
  const { rotation: r, translation: t } = primary
  const place = [0, 1, 2].flatMap((row) => [...r.slice(row * 3, row * 3 + 3), t[row]!])
  return [...lines.toSorted(), 'R0_rect: 1 0 0 0 1 0 0 0 1', `Tr_velo_to_cam: ${place.join(' ')}`, ''].join('\n')
}

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const names = new Map(dataset.labels.map(({ id, name }) => [id, name]))
  for await (const item of dataset.items) {
    const id = nameCloud(item)
    const related = listRelatedImages(item)
    const primary = choosePrimary(related)
    const cuboids = item.shapes.filter(({ type, label_id }) => type === 'cuboid' && names.has(label_id))
    if (!primary && cuboids.length)
      throw new FormatError('KITTI labels are of a camera: no picture beside this frame has a calibration', { item: item.name })
    const lines = primary ? cuboids.map((shape) => describeShape(names.get(shape.label_id)!, shape, primary.camera)) : []
    yield { name: `training/label_2/${id}.txt`, content: lines.map((line) => `${line}\n`).join('') }
    const cameras = primary ? numberCameras(primary, related) : new Map<Seen, number>()
    if (primary) yield { name: `training/calib/${id}.txt`, content: describeCalibration(cameras, primary) }
    if (options.saveImages) yield* listMedia(item, id, cameras)
  }
}

async function* listMedia(item: Item, id: string, cameras: ReadonlyMap<RelatedImage, number>): AsyncGenerator<ArchiveEntry> {
  if (item.media) yield { name: `training/velodyne/${id}${item.media.extension}`, content: await item.media.read() }
  let next = 4
  for (const one of listRelatedImages(item))
    yield {
      name: `training/image_${cameras.get(one) ?? next++}/${id}${extensionOf(one.name)}`,
      content: await one.read(),
      store: true,
    }
}
