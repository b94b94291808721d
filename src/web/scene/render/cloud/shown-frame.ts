// The points of one frame that are in memory, and what of them is drawn.
import { Group, type Material } from 'three'
import type { ChosenNode } from './choose-nodes'
import type { NodePoints } from './decode-node'
import type { FrameCloud, Tiles } from './frame-cloud'
import type { FrameFacts } from './frame-facts'
import type { Wish } from './load-queue'
import type { NodeMemory } from './node-memory'
import { bytesOf, createNodeObject, type LoadedNode, showShare } from './node-object'

/** Of a sample's points, so many of the tiles must be there until they take its place: nobody sees less for a moment. */
const swapShare = 0.7

export class ShownFrame {
  readonly group = new Group()
  /** By their number; of the sample one node. */
  readonly nodes = new Map<number, LoadedNode>()
  sampleNode: LoadedNode | null = null
  facts: FrameFacts | null = null
  /** Resolves when the first points are there; rejects with the server's sentence. */
  readonly ready: Promise<void>
  /** Whether the tiles have taken the sample's place. */
  private hasSwapped = false

  constructor(
    readonly cloud: FrameCloud,
    private readonly memory: NodeMemory<() => void>,
    private readonly material: Material,
    private readonly onLoaded: () => void,
  ) {
    this.group.matrixAutoUpdate = false
    this.ready = this.begin()
    this.ready.catch(() => {})
  }

  get frame(): number {
    return this.cloud.frame
  }

  keyOf(tiles: Tiles, node: number): string {
    return `${this.frame} ${tiles.isSample ? 'sample' : node}`
  }

  private async begin(): Promise<void> {
    const tiles = await this.cloud.known
    if (!tiles.isSample) this.hasSwapped = true
    await this.load(tiles, 0, new AbortController().signal)
  }

  /** Loads the first points again when the memory was needed for others meanwhile. */
  async recall(): Promise<void> {
    await this.ready
    const tiles = this.shown
    if (tiles && this.listNodes().length === 0) await this.load(tiles, 0, new AbortController().signal)
  }

  private keep(tiles: Tiles, node: number, points: NodePoints): LoadedNode {
    const there = tiles.isSample ? this.sampleNode : this.nodes.get(node)
    if (there) return there
    const made = createNodeObject(points, this.material)
    this.group.add(made.object)
    if (tiles.isSample) this.sampleNode = made
    else this.nodes.set(node, made)
    const forget = () => {
      this.group.remove(made.object)
      made.object.geometry.dispose()
      if (tiles.isSample) this.sampleNode = null
      else this.nodes.delete(node)
    }
    this.memory.set(this.keyOf(tiles, node), forget, bytesOf(points))
    return made
  }

  async load(tiles: Tiles, node: number, signal: AbortSignal): Promise<void> {
    if (tiles.isSample ? this.sampleNode : this.nodes.has(node)) return
    this.keep(tiles, node, await this.cloud.loadNode(tiles, node, signal))
    this.onLoaded()
  }

  wishFor(tiles: Tiles, node: number): Wish {
    return { key: this.keyOf(tiles, node), load: (signal) => this.load(tiles, node, signal) }
  }

  /** What is chosen from: the tiles as soon as enough of them is there, till then the sample. */
  get shown(): Tiles | null {
    const { tiles, sample } = this.cloud
    return this.hasSwapped ? tiles : (sample ?? tiles)
  }

  /** Lets the tiles take the sample's place when what is chosen of them is mostly there. */
  maySwap(chosen: readonly ChosenNode[]): void {
    const { tiles } = this.cloud
    if (this.hasSwapped || !tiles) return
    let [wanted, there] = [0, 0]
    for (const { node, share } of chosen) {
      const { points } = tiles.tree.nodes[node]!
      wanted += points * share
      if (this.nodes.has(node)) there += points * share
    }
    if (there < swapShare * Math.min(wanted, this.sampleNode?.count ?? 0)) return
    this.hasSwapped = true
    // Its memory is given back.
    if (this.sampleNode) this.memory.forget(`${this.frame} sample`)
  }

  hideAll(): void {
    if (this.sampleNode) this.sampleNode.object.visible = false
    for (const { object } of this.nodes.values()) object.visible = false
  }

  /** Draws a share of a node when it is loaded; answers how many points those are, and null when it is missing. */
  draw(tiles: Tiles, node: number, share: number, touch: (loaded: LoadedNode) => void): number | null {
    const loaded = tiles.isSample ? this.sampleNode : this.nodes.get(node)
    if (!loaded) return null
    this.memory.get(this.keyOf(tiles, node))
    touch(loaded)
    return showShare(loaded, share)
  }

  /** Everything that is in memory: of the tiles, or of the sample as long as it is shown. */
  listNodes(): LoadedNode[] {
    if (this.hasSwapped || !this.sampleNode) return [...this.nodes.values()]
    return [this.sampleNode]
  }

  dispose(): void {
    this.cloud.dispose()
    this.memory.forget(`${this.frame} `)
    this.group.removeFromParent()
  }
}
