// What is known of the cloud of one frame: a sample first, its tiles as soon as the server has made them.
import type { Vector } from '../../../../formats/geometry3d/rotation'
import type { Hierarchy } from '../../../../server/media/clouds/tiles/tile-file'
import { call } from '../../../editor/save/api'
import { type CloudTree, readTree } from './cloud-tree'
import { decodeNode, type NodePoints } from './decode-node'

/** A hierarchy with its nodes made ready; `sample` has one node, whose points are some of the cloud. */
export type Tiles = { isSample: boolean; hierarchy: Hierarchy; tree: CloudTree }

export type FrameCloudPorts = {
  jobId: number
  frame: number
  /** More is known: the tiles are there, or cannot be made, or are on their way. */
  onChange: () => void
}

const defaultPauseMs = 1000
/** After the server could not be reached. */
const againMs = 3000

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })

export class FrameCloud {
  readonly frame: number
  sample: Tiles | null = null
  tiles: Tiles | null = null
  /** Of the work on the tiles, 0…1; 1 once they are there. */
  progress = 0
  /** Why there are no tiles, in the server's words. */
  problem: string | null = null
  /** When the hierarchy of the sample or the tiles is there; rejects with the server's sentence. */
  readonly known: Promise<Tiles>
  private readonly abort = new AbortController()
  private readonly jobId: number
  private readonly onChange: () => void
  private reloadedAt = 0

  constructor({ jobId, frame, onChange }: FrameCloudPorts) {
    this.jobId = jobId
    this.frame = frame
    this.onChange = onChange
    this.known = this.ask(true)
    this.known.catch(() => {})
  }

  get address(): string {
    return `/api/jobs/${this.jobId}/cloud`
  }

  /** The tiles, or the sample while there are none. */
  get best(): Tiles | null {
    return this.tiles ?? this.sample
  }

  get origin(): Vector {
    return this.best?.hierarchy.origin ?? [0, 0, 0]
  }

  /** Whether the sample is all there is: the cloud is small. */
  get isSampleWhole(): boolean {
    const hierarchy = this.sample?.hierarchy
    return hierarchy !== undefined && hierarchy.points + hierarchy.dropped >= hierarchy.rows
  }

  private async ask(isFirst: boolean): Promise<Tiles> {
    const { signal } = this.abort
    const answer = await call(`${this.address}?number=${this.frame}`, { signal })
    const { progress, ...hierarchy } = (await answer.json()) as Hierarchy & { progress?: number }
    const isSample = answer.status === 202
    const found: Tiles = { isSample, hierarchy, tree: readTree(hierarchy) }
    if (isSample) {
      this.sample ??= found
      this.progress = progress ?? 0
      if (isFirst) void this.follow(Number(answer.headers.get('retry-after')) * 1000 || defaultPauseMs)
    } else {
      this.tiles = found
      this.progress = 1
    }
    if (!isFirst) this.onChange()
    return found
  }

  /** Asks until the tiles are there. */
  private async follow(pauseMs: number): Promise<void> {
    const { signal } = this.abort
    while (!this.tiles) {
      try {
        await wait(pauseMs, signal)
        await this.ask(false)
      } catch (error) {
        if (signal.aborted) return
        const { reason, message } = error as { reason?: string; message?: string }
        if (reason !== 'unreachable') {
          this.problem = message ?? String(error)
          this.onChange()
          return
        }
        await wait(againMs, signal).catch(() => {})
      }
    }
  }

  /** The server has lost its tiles: they are asked for again. */
  reload(): void {
    if (!this.tiles || performance.now() - this.reloadedAt < againMs) return
    this.reloadedAt = performance.now()
    const { signal } = this.abort
    const again = async () => {
      while ((await call(`${this.address}?number=${this.frame}`, { signal })).status === 202) await wait(defaultPauseMs, signal)
      this.onChange()
    }
    again().catch((error) => {
      if (!signal.aborted) this.problem = (error as Error).message
    })
  }

  /** The points of a node. */
  async loadNode({ isSample, hierarchy }: Tiles, node: number, signal: AbortSignal): Promise<NodePoints> {
    const path = `${this.address}/points?number=${this.frame}&node=${isSample ? 'sample' : node}`
    const answer = await call(path, { signal: AbortSignal.any([signal, this.abort.signal]) })
    return decodeNode(await answer.arrayBuffer(), hierarchy.attributes, hierarchy.nodes[node]!.points)
  }

  /** The points of nodes that lie one after another in the server's file, in one request. */
  async loadNodes({ hierarchy }: Tiles, nodes: readonly number[], signal: AbortSignal): Promise<NodePoints[]> {
    const first = hierarchy.nodes[nodes[0]!]!
    const last = hierarchy.nodes[nodes.at(-1)!]!
    const answer = await call(`${this.address}/points?number=${this.frame}`, {
      headers: { range: `bytes=${first.offset}-${last.offset + last.bytes - 1}` },
      signal: AbortSignal.any([signal, this.abort.signal]),
    })
    const bytes = await answer.arrayBuffer()
    return nodes.map((number) => {
      const { offset, bytes: length, points } = hierarchy.nodes[number]!
      const start = offset - first.offset
      return decodeNode(bytes.slice(start, start + length), hierarchy.attributes, points)
    })
  }

  dispose(): void {
    this.abort.abort()
  }
}
