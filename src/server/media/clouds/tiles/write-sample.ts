// Some points of a cloud as a tile file of one node, for those who look at it before its tiles are there.
import { open, rm } from 'node:fs/promises'
import { MediaError } from '../../task-media'
import { readCloud } from '../stream/read-cloud'
import { createBounds, cubeAround } from './bounds'
import { encodeNode, layOut, packRecords, type RecordLayout, type Records } from './records'
import { finishTileFile, type Hierarchy } from './tile-file'

/** Writes about `wanted` points from all over the file. Throws MediaError naming the file. */
export const writeCloudSample = async (path: string, name: string, target: string, wanted: number): Promise<Hierarchy> => {
  const { declared } = await readCloud(path, { name })
  const cloud = await readCloud(path, { name, every: Math.max(1, Math.ceil(declared / wanted)) })
  const bounds = createBounds()
  const parts: Records[] = []
  let layout: RecordLayout | undefined
  for await (const block of cloud) {
    layout ??= layOut(block)
    bounds.add(block)
    parts.push(packRecords(block, layout))
  }
  if (!layout) throw new MediaError(`${name}: no point has a finite place`)
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  const words = new Uint32Array(count * layout.words)
  let to = 0
  for (const part of parts) {
    words.set(part.words, to)
    to += part.words.length
  }
  const records = { words, floats: new Float32Array(words.buffer), count }
  const bytes = encodeNode(
    records,
    layout,
    Uint32Array.from({ length: count }, (_, row) => row),
  )
  const cube = cubeAround(bounds.min, bounds.max)
  const hierarchy: Hierarchy = {
    version: 2,
    points: count,
    rows: cloud.declared,
    dropped: cloud.dropped,
    origin: [...cloud.origin],
    bounds: { min: bounds.min, max: bounds.max },
    cube: { min: [...cube.min], side: cube.side },
    cells: 1,
    leafPoints: count,
    spacing: cube.side,
    attributes: layout.attributes,
    ...(bounds.intensity[0] <= bounds.intensity[1] && { intensity: bounds.intensity }),
    nodes: [{ parent: -1, octant: 0, level: 0, points: count, offset: 0, bytes: bytes.length }],
  }
  const file = await open(target, 'wx')
  try {
    for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten
    await finishTileFile(file, bytes.length, hierarchy)
  } catch (error) {
    await rm(target, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return hierarchy
}
