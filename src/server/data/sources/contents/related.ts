// Which pictures of an upload are shown beside a frame instead of being frames themselves. Layouts as CVAT knows them.
import { kindOfName } from '../../../media/media-kinds'

type Named = { name: string }
export type Related<F extends Named> = {
  /** What becomes a frame, in the given order. */
  frames: F[]
  /** By the name of the frame; sorted by name. */
  related: Map<string, F[]>
}

const cutPath = (name: string): { folder: string; base: string; stem: string; extension: string } => {
  const slash = name.lastIndexOf('/')
  const base = name.slice(slash + 1)
  const dot = base.lastIndexOf('.')
  const [stem, extension] = dot < 0 ? [base, ''] : [base.slice(0, dot), base.slice(dot + 1)]
  return { folder: slash < 0 ? '' : name.slice(0, slash), base, stem, extension }
}
const join = (...parts: string[]) => parts.filter(Boolean).join('/')
const parent = (folder: string) => folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
const isPicture = ({ name }: Named) => ['picture', 'pages'].includes(kindOfName(name) ?? '')

/** Folder of the pictures that belong to a frame: `00001.png` has `related_images/00001_png`. */
const relatedFolder = (folder: string, { stem, extension }: { stem: string; extension: string }) =>
  join(folder, 'related_images', `${stem}_${extension}`)

const groupBy = <F>(files: F[], keyOf: (file: F) => string) => {
  const groups = new Map<string, F[]>()
  for (const file of files) {
    const key = keyOf(file)
    const group = groups.get(key)
    if (group) group.push(file)
    else groups.set(key, [file])
  }
  return groups
}

const hasRelatedFolder = ({ name }: Named) => /(^|\/)related_images\//.test(name)

/** Pictures: `related_images/<name>_<extension>/*` beside the frame. */
const relatePictures = <F extends Named>(files: F[]): Related<F> => {
  const frames = files.filter((file) => !hasRelatedFolder(file))
  const byFolder = groupBy(files.filter(hasRelatedFolder).filter(isPicture), ({ name }) => cutPath(name).folder)
  const related = new Map<string, F[]>()
  if (byFolder.size)
    for (const { name } of frames) {
      const own = byFolder.get(relatedFolder(cutPath(name).folder, cutPath(name)))
      if (own) related.set(name, own)
    }
  return { frames, related }
}

/** Names that a scan may have had before it became a PCD. */
const scanExtensions = ['pcd', 'bin', 'ply', 'las', 'laz', 'e57']

/**
 * Point clouds, four layouts: `pointcloud/1.pcd` with `related_images/1_pcd/*`; KITTI's `velodyne_points/data/1.pcd` with
 * `image_00/data/1.png`; a picture of the same name in the same folder; and every picture in a folder that is named like the cloud.
 * Beside those of CVAT, two of exports with calibration: KITTI's objects, `velodyne/1.pcd` with `image_2/1.png`, and nuScenes'
 * `samples/LIDAR_TOP/1.pcd` with `samples/CAM_FRONT/1__CAM_FRONT.png`.
 */
const relateClouds = <F extends Named>(files: F[]): Related<F> => {
  const frames = files.filter(({ name }) => kindOfName(name) === 'cloud')
  const pictures = files.filter(isPicture)
  const byFolder = groupBy(pictures, ({ name }) => cutPath(name).folder)
  const byStem = groupBy(pictures, ({ name }) => join(cutPath(name).folder, cutPath(name).stem))
  // `<root>/image_00/data` by root, for KITTI.
  const cameras = groupBy(
    [...byFolder.keys()].filter((folder) => /(^|\/)image_\d[^/]*\/data$/i.test(folder)),
    (folder) => parent(parent(folder)),
  )
  // Siblings of the folder of clouds by the folder above them.
  const siblings = groupBy([...byFolder.keys()], parent)
  const related = new Map<string, F[]>()
  for (const { name } of frames) {
    const path = cutPath(name)
    const isNamedLikeFolder = cutPath(path.folder).base === path.stem
    const found = new Set(isNamedLikeFolder ? byFolder.get(path.folder) : byStem.get(join(path.folder, path.stem)))
    for (const extension of scanExtensions)
      for (const file of byFolder.get(relatedFolder(parent(path.folder), { stem: path.stem, extension })) ?? []) found.add(file)
    if (/(^|\/)velodyne_points\/data$/.test(path.folder))
      for (const folder of cameras.get(parent(parent(path.folder))) ?? [])
        for (const file of byStem.get(join(folder, path.stem)) ?? []) found.add(file)
    if (/(^|\/)velodyne$/.test(path.folder))
      for (const folder of siblings.get(parent(path.folder)) ?? [])
        if (/^image_\d+$/.test(cutPath(folder).base))
          for (const file of byStem.get(join(folder, path.stem)) ?? []) found.add(file)
    if (/(^|\/)samples\/LIDAR[^/]*$/.test(path.folder))
      for (const folder of siblings.get(parent(path.folder)) ?? [])
        for (const file of byStem.get(join(folder, `${path.stem}__${cutPath(folder).base}`)) ?? []) found.add(file)
    if (found.size) related.set(name, [...found])
  }
  return { frames, related }
}

/** Tells frames from what belongs to them, by their names alone. With point clouds in the upload no picture is a frame. */
export const splitRelated = <F extends Named>(files: F[]): Related<F> => {
  const isCloud = files.some(({ name }) => kindOfName(name) === 'cloud')
  const result = isCloud && files.every(({ name }) => kindOfName(name) !== 'video') ? relateClouds(files) : relatePictures(files)
  for (const [name, list] of result.related)
    result.related.set(
      name,
      list.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    )
  return result
}
