// Cuts a point cloud into tiles: one file of nodes, in memory that does not grow with the cloud.
import { open, rename, rm } from 'node:fs/promises'
import { MediaError } from '../../task-media'
import { readCloud } from '../stream/read-cloud'
import { createBounds, cubeAround } from './bounds'
import { buildOctree } from './octree'
import { layOut, packRecords, type RecordLayout } from './records'
import { openSpool, type Spool } from './spool'
import { finishTileFile, type Hierarchy, type TileNode } from './tile-file'

export type TileOptions = {
  /** Of the file, as people know it; its extension decides how it is read. */
  name?: string
  cells?: number
  leafPoints?: number
  /** Most points that are held in memory. */
  memoryPoints?: number
  signal?: AbortSignal
  /** 0…1 */
  onProgress?: (progress: number) => void
}

/** Of the work: the first part reads the file, the other sorts. */
const readingShare = 0.4

/**
 * Writes the tiles of `path` to `target` and answers their hierarchy. Points wait in files beside the target, which are removed.
 * Throws MediaError naming the file, or the reason of the signal.
 */
export const writeCloudTiles = async (
  path: string,
  target: string,
  { name, cells = 64, leafPoints = 20_000, memoryPoints = 2_000_000, signal, onProgress }: TileOptions = {},
): Promise<Hierarchy> => {
  const cloud = await readCloud(path, { name })
  const scratch = `${target}.work`
  const bounds = createBounds()
  let layout: RecordLayout | undefined
  let source: Spool | undefined
  const file = await open(scratch, 'wx')
  try {
    for await (const block of cloud) {
      signal?.throwIfAborted()
      layout ??= layOut(block)
      source ??= openSpool(`${scratch}-0.points`, layout)
      bounds.add(block)
      await source.addAll(packRecords(block, layout))
      onProgress?.((readingShare * source.count) / cloud.declared)
    }
    if (!layout || !source) throw new MediaError(`${name ?? path.split('/').at(-1)}: no point has a finite place`)
    const points = source.count
    const cube = cubeAround(bounds.min, bounds.max)
    const nodes: TileNode[] = []
    let offset = 0
    let sorted = 0
    const place = { parent: -1, octant: 0, level: 0, cube }
    await buildOctree(
      {
        ...{ layout, cells, leafPoints, memoryPoints, scratch },
        emit: async ({ parent, octant, level }, count, bytes) => {
          for (let done = 0; done < bytes.length; )
            done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
          nodes.push({ parent, octant, level, points: count, offset, bytes: bytes.length })
          offset += bytes.length
          return nodes.length - 1
        },
        onPoints: (count) => {
          signal?.throwIfAborted()
          sorted += count
          onProgress?.(readingShare + ((1 - readingShare) * sorted) / points)
        },
      },
      place,
      source,
    )
    const hierarchy: Hierarchy = {
      version: 2,
      points,
      rows: cloud.declared,
      dropped: cloud.dropped,
      origin: [...cloud.origin],
      bounds: { min: bounds.min, max: bounds.max },
      cube: { min: [...cube.min], side: cube.side },
      cells,
      leafPoints,
      spacing: cube.side / cells,
      attributes: layout.attributes,
      ...(bounds.intensity[0] <= bounds.intensity[1] && { intensity: bounds.intensity }),
      nodes,
    }
    await finishTileFile(file, offset, hierarchy)
    await file.close()
    await rename(scratch, target)
    return hierarchy
  } finally {
    await file.close().catch(() => {})
    await source?.remove()
    await rm(scratch, { force: true })
  }
}
