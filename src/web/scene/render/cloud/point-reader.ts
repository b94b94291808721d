// Hands out points at full resolution; what is not loaded yet is fetched.
import type { Cuboid } from '../../../../formats/geometry3d/cuboid'
import type { Vector } from '../../../../formats/geometry3d/rotation'
import type { CloudPoints } from '../../workspace'
import { createMeeting, filterPoints, groupNodes, listMeeting } from './collect-points'
import type { NodePoints } from './decode-node'
import type { Tiles } from './frame-cloud'
import type { FrameStore } from './frame-store'
import type { LoadQueue } from './load-queue'
import type { ShownFrame } from './shown-frame'

/** A request for all points asks for so many bytes at once. */
const bulkBytes = 16 << 20
const attempts = 4
const lookAgainMs = 100

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const toLocal = (cuboid: Cuboid, origin: Vector): Cuboid => ({
  ...cuboid,
  position: cuboid.position.map((value, axis) => value - origin[axis]!) as unknown as Vector,
})

export const createPointReader = (store: FrameStore, queue: LoadQueue) => {
  /** The tiles of a frame, waited for; the sample when it has every point. */
  const wholeOf = async (shown: ShownFrame): Promise<Tiles> => {
    await shown.ready
    const { cloud } = shown
    for (;;) {
      if (cloud.tiles) return cloud.tiles
      if (cloud.isSampleWhole && shown.sampleNode) return cloud.sample!
      if (cloud.problem) throw new Error(cloud.problem)
      if (!store.has(shown)) throw new Error('The frame is shown no more')
      await wait(lookAgainMs)
    }
  }

  const demand = async (shown: ShownFrame, tiles: Tiles, node: number): Promise<NodePoints> => {
    for (let attempt = 1; ; attempt++) {
      const there = tiles.isSample ? shown.sampleNode : shown.nodes.get(node)
      if (there) return there
      try {
        await queue.demand(shown.wishFor(tiles, node))
      } catch (error) {
        if (attempt === attempts || !store.has(shown)) throw error
        // Gone from the server's cache, perhaps.
        shown.cloud.reload()
        await wait(500 * attempt)
      }
    }
  }

  const collect = async (shown: ShownFrame, within: Cuboid): Promise<CloudPoints> => {
    const tiles = await wholeOf(shown)
    const { origin } = tiles.hierarchy
    const local = toLocal(within, origin)
    const points = await Promise.all(listMeeting(tiles.tree, local).map((node) => demand(shown, tiles, node)))
    return filterPoints(points, local, origin)
  }

  /** Of the levels of detail so many that there are `most` points, or all. */
  const collectCoarsely = async (shown: ShownFrame, within: Cuboid, most: number): Promise<CloudPoints> => {
    const tiles = await wholeOf(shown)
    const { origin } = tiles.hierarchy
    const { nodes } = tiles.tree
    const local = toLocal(within, origin)
    const meets = createMeeting(local)
    const loaded: NodePoints[] = []
    let found = filterPoints(loaded, local, origin)
    for (let level = nodes.length > 0 ? [0] : []; level.length > 0 && found.rows.length < most; ) {
      loaded.push(...(await Promise.all(level.map((node) => demand(shown, tiles, node)))))
      found = filterPoints(loaded, local, origin)
      level = level.flatMap((node) => nodes[node]!.children).filter((node) => meets(nodes[node]!.box))
    }
    return found
  }

  const collectAll = async (shown: ShownFrame): Promise<CloudPoints> => {
    const tiles = await wholeOf(shown)
    const { points: total, origin, nodes } = tiles.hierarchy
    const out = { positions: new Float32Array(total * 3), rows: new Uint32Array(total), origin }
    let to = 0
    const take = ({ positions, rows, count }: NodePoints) => {
      out.positions.set(positions, to * 3)
      out.rows.set(rows, to)
      to += count
    }
    if (tiles.isSample) take(await demand(shown, tiles, 0))
    // One after another, and not kept: a whole cloud is larger than what may stay in memory.
    else
      for (const group of groupNodes(nodes, bulkBytes))
        for (const points of await shown.cloud.loadNodes(tiles, group, new AbortController().signal)) take(points)
    return out
  }

  /** The frame stays as long as it takes. */
  const whileHeld = async (shown: ShownFrame, read: () => Promise<CloudPoints>): Promise<CloudPoints> => {
    const release = store.hold(shown.frame)
    try {
      return await read()
    } finally {
      release()
    }
  }

  return {
    collect: (shown: ShownFrame, within: Cuboid) => whileHeld(shown, () => collect(shown, within)),
    collectCoarsely: (shown: ShownFrame, within: Cuboid, most: number) =>
      whileHeld(shown, () => collectCoarsely(shown, within, most)),
    collectAll: (shown: ShownFrame) => whileHeld(shown, () => collectAll(shown)),
  }
}
