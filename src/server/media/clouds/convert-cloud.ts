// Turns laser scans of other formats into PCD, which is what viewers of point clouds read.
import { extensionOf } from '../media-kinds'
import { MediaError } from '../task-media'
import { readE57 } from './read-e57'
import { readKitti } from './read-kitti'
import { readLas } from './read-las'
import { readPly } from './read-ply'
import { type CloudPoints, writePcd } from './write-pcd'

const readers: Record<string, (path: string) => Promise<CloudPoints>> = {
  bin: readKitti,
  ply: readPly,
  las: readLas,
  laz: readLas,
  e57: readE57,
}

/** Writes the points of `path` to `target`. `name` decides how they are read. Throws MediaError without the name. */
export const convertCloud = async (path: string, name: string, target: string): Promise<void> => {
  if (Bun.file(path).size === 0) throw new MediaError('the file is empty')
  const read = readers[extensionOf(name)]
  if (!read) throw new MediaError('not a point cloud of a known kind')
  await writePcd(target, await read(path))
}
