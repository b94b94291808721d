// The points of a job's frames: streamed by level of detail within a budget of points and of memory, drawn, picked and handed out.
import { Group, Matrix4, type WebGLRenderer } from 'three'
import type { Cuboid } from '../../../../formats/geometry3d/cuboid'
import type { Ground } from '../../../../formats/geometry3d/ground'
import type { Vector } from '../../../../formats/geometry3d/rotation'
import { type AccumulatedFrame, type CloudAids, type CloudFigures, defaultLook, type PointLook } from '../../look/cloud-aids'
import type { CloudPoints, PointColours, Ray } from '../../workspace'
import type { DrawnView, MakePointLayer, PointLayer, PointLayerPorts } from '../point-layer'
import { type ChosenNode, chooseNodes } from './choose-nodes'
import { createEyeDome, drawsInSoftware } from './eye-dome'
import type { Tiles } from './frame-cloud'
import { findFacts, whenIdle } from './frame-facts'
import { createShownTest, findRange, type LookedAt, listModes, toLookValues } from './frame-look'
import { FrameStore } from './frame-store'
import { createLoadQueue, type Wish } from './load-queue'
import { createNodeMemory } from './node-memory'
import { type LoadedNode, setTint } from './node-object'
import { pickPoint } from './pick-point'
import { createBudget, type PointBudget } from './point-budget'
import { createPointMaterial } from './point-material'
import { createPointReader } from './point-reader'
import { createGrid, planGrid } from './scene-grid'
import { seeFrom } from './seeing-view'
import type { ShownFrame } from './shown-frame'
import { createTints } from './tints'

/** Points of all frames in memory and on the graphics card. */
const memoryBytes = 256 << 20
const parallelLoads = 4
const prefetchedFrames = 2

const subtract = (a: Vector, b: Vector): [number, number, number] => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const add = (a: Vector, b: Vector): [number, number, number] => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]

const budgets = {
  software: { start: 40_000, most: 400_000, mostAtRest: 800_000, leastGap: 1.5 },
  hardware: { start: 1_000_000, most: 3_000_000, mostAtRest: 4_000_000, leastGap: 1 },
}

export class CloudLayer implements PointLayer {
  readonly object = new Group()
  readonly aids: CloudAids
  private current: ShownFrame | null = null
  private wanted = -1
  private readonly clouds = new Group()
  private readonly grid = createGrid()
  private readonly eyeDome = createEyeDome()
  private readonly points = createPointMaterial()
  private readonly memory = createNodeMemory<() => void>(memoryBytes, (forget) => forget())
  private readonly queue = createLoadQueue(parallelLoads, (key) => this.retry(key))
  private readonly tints = createTints()
  private readonly frames: FrameStore
  private readonly reader: ReturnType<typeof createPointReader>
  private readonly listeners = new Set<() => void>()
  private look: PointLook = defaultLook
  private accumulated: readonly AccumulatedFrame[] = []
  private budget: PointBudget = createBudget(budgets.software)
  private leastGap = budgets.software.leastGap
  private isSoftware: boolean | null = null
  private restingPictures = 0
  private restTimer: ReturnType<typeof setTimeout> | undefined
  private loadTimer: ReturnType<typeof setTimeout> | undefined
  private drawn = 0
  private isFull = false
  private isTelling = false
  private isDisposed = false
  private ratio = 1

  constructor(private readonly ports: Pick<PointLayerPorts, 'jobId' | 'invalidate'> & Partial<PointLayerPorts>) {
    this.object.add(this.grid.object, this.clouds)
    this.object.matrixAutoUpdate = this.clouds.matrixAutoUpdate = false
    this.frames = new FrameStore({
      jobId: ports.jobId,
      memory: this.memory,
      material: this.points.material,
      onChange: () => this.begin(),
      onLoaded: () => this.beginSoon(),
      onReady: (shown) => this.judge(shown),
      listNeeded: () => [this.frame, this.wanted, ...this.accumulated.map(({ frame }) => frame)],
    })
    this.reader = createPointReader(this.frames, this.queue)
    const layer = this
    this.aids = {
      setLook: (look) => this.setLook(look),
      setLabelBoxes: (boxes) => {
        this.tints.setBoxes(boxes)
        if (this.look.colour === 'label') this.ports.invalidate()
      },
      setAccumulated: (frames) => {
        this.accumulated = frames
        this.begin()
      },
      get figures() {
        return layer.figures
      },
    }
  }

  get frame(): number {
    return this.current?.frame ?? -1
  }
  get count(): number {
    return this.current?.cloud.best?.hierarchy.rows ?? 0
  }
  get origin(): Vector {
    return this.current?.cloud.origin ?? [0, 0, 0]
  }
  get bounds(): PointLayer['bounds'] {
    const { origin } = this
    const bounds = this.current?.cloud.best?.hierarchy.bounds
    return bounds ? { min: add(bounds.min, origin), max: add(bounds.max, origin) } : null
  }
  get ground(): Ground | null {
    const local = this.current?.facts?.ground
    if (!local) return null
    const [x, y, z] = this.origin
    return { ...local, offset: local.offset - (local.normal[0] * x + local.normal[1] * y + local.normal[2] * z) }
  }

  // Frames

  private judge(shown: ShownFrame): void {
    whenIdle(() => {
      const [node] = shown.listNodes()
      if (this.isDisposed || shown.facts || !node) return
      shown.facts = findFacts(node, subtract([0, 0, 0], shown.cloud.origin))
      if (shown === this.current) this.begin()
    })
  }

  async prepare(frame: number, signal: AbortSignal): Promise<void> {
    const shown = this.frames.open(frame)
    await Promise.race([
      shown.recall(),
      new Promise<never>((_, reject) => {
        if (signal.aborted) reject(signal.reason)
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
    ])
  }

  /** Loads the first points of frames that may be shown next. */
  prefetch(frames: readonly number[]): void {
    for (const frame of frames) this.frames.open(frame)
  }

  async show(frame: number): Promise<void> {
    this.wanted = frame
    const shown = this.frames.open(frame)
    await shown.recall()
    if (this.wanted !== frame || this.isDisposed) return
    if (this.current !== shown) {
      this.current = shown
      this.tints.forgetColours()
    }
    this.begin()
    this.tell()
    const { start, stop } = this.ports.frames ?? { start: frame, stop: frame }
    const next = Array.from({ length: prefetchedFrames }, (_, i) => frame + 1 + i).filter(
      (at) => at >= start && at <= stop && (this.ports.frames?.has?.(at) ?? true),
    )
    whenIdle(() => {
      if (!this.isDisposed && this.wanted === frame) this.prefetch(next)
    })
  }

  open(frame: number): Promise<void> {
    return this.show(frame)
  }

  // Drawing

  /** Something is there that was not: drawn with the next picture, and told. */
  private begin(): void {
    if (this.isDisposed) return
    this.isFull = false
    this.ports.invalidate()
    this.tellSoon()
  }

  /** Nodes come in crowds; each picture of a resting view may take a while. */
  private beginSoon(): void {
    this.loadTimer ??= setTimeout(() => {
      this.loadTimer = undefined
      this.begin()
    }, 60)
  }

  private tellSoon(): void {
    if (this.isTelling) return
    this.isTelling = true
    setTimeout(() => {
      this.isTelling = false
      this.tell()
    }, 100)
  }

  private tell(): void {
    if (!this.isDisposed) for (const listener of this.listeners) listener()
  }

  private setLook(look: PointLook): void {
    this.look = look
    this.restingPictures = 0
    this.ports.invalidate()
  }

  /** The frames that are drawn: the shown one, and others where the person wants them together. */
  private listDrawn(): { shown: ShownFrame; placed: Matrix4 | null }[] {
    if (!this.current) return []
    const { current } = this
    const others = this.accumulated.flatMap(({ frame, matrix }) => {
      if (frame === current.frame) return []
      const shown = this.frames.open(frame)
      if (!shown.cloud.best) return []
      // From the other frame's own coordinates to those of the shown one, each less its origin.
      const [from, to] = [shown.cloud.origin, current.cloud.origin]
      const placed = new Matrix4()
        .makeTranslation(-to[0], -to[1], -to[2])
        .multiply(new Matrix4().fromArray([...matrix]))
        .multiply(new Matrix4().makeTranslation(from[0], from[1], from[2]))
      return [{ shown, placed }]
    })
    return [{ shown: current, placed: null }, ...others]
  }

  update(views: readonly DrawnView[], isMoving: boolean): void {
    if (!this.current || views.length === 0) return
    this.ratio = views[0]!.ratio
    clearTimeout(this.restTimer)
    if (isMoving) this.restingPictures = 0
    const limits = {
      budget: isMoving ? this.movingPoints : this.budget.atRest(this.restingPictures),
      leastGap: this.leastGap * this.ratio,
    }
    const all = this.listDrawn()
    const sources = all.flatMap(({ shown, placed }) => {
      const tiles = shown.shown
      return tiles
        ? [{ shown, tiles, tree: tiles.tree, views: views.map((view) => seeFrom(view, placed ?? undefined)), placed }]
        : []
    })
    // Tiles that are to take the place of a sample are wished for as if they were shown.
    const coming = all.flatMap(({ shown, placed }) => {
      const { tiles } = shown.cloud
      if (!tiles || shown.shown === tiles) return []
      const seeing = views.map((view) => seeFrom(view, placed ?? undefined))
      const { nodes: chosen } = chooseNodes([{ tree: tiles.tree, views: seeing }], limits)
      shown.maySwap(chosen)
      if (shown.shown === tiles) this.begin()
      return chosen.filter(({ node }) => !shown.nodes.has(node)).map(({ node }) => shown.wishFor(tiles, node))
    })
    const { nodes: chosen, isCut } = chooseNodes(sources, limits)
    this.drawn = this.place(sources, chosen)
    const missing = chosen.flatMap(({ tree, node }): Wish[] => {
      const { shown, tiles } = sources[tree]!
      return (tiles.isSample ? shown.sampleNode : shown.nodes.has(node)) ? [] : [shown.wishFor(tiles, node)]
    })
    this.wish([...missing, ...coming, ...this.listAhead(views)], sources)
    this.applyLook()
    if (isMoving && this.look.budget === null) this.measure()
    this.rest(isMoving, isCut, missing.length + coming.length)
  }

  /** Shows what is chosen and loaded, nothing else; answers how many points those are. */
  private place(
    sources: readonly { shown: ShownFrame; tiles: Tiles; placed: Matrix4 | null }[],
    chosen: readonly ChosenNode[],
  ): number {
    const inUse = new Set<Group>()
    for (const { shown, placed } of sources) {
      inUse.add(shown.group)
      shown.hideAll()
      shown.group.matrix.copy(placed ?? new Matrix4())
      shown.group.matrixWorldNeedsUpdate = true
      if (shown.group.parent !== this.clouds) this.clouds.add(shown.group)
    }
    for (const child of [...this.clouds.children]) if (!inUse.has(child as Group)) child.removeFromParent()
    let drawn = 0
    for (const { tree, node, share } of chosen) {
      const { shown, tiles } = sources[tree]!
      const touch = (loaded: LoadedNode) => {
        if (shown === this.current) this.paint(loaded)
      }
      drawn += shown.draw(tiles, node, share, touch) ?? 0
    }
    return drawn
  }

  private paint(loaded: LoadedNode): void {
    const mark = this.tints.version * 2 + Number(this.look.colour === 'label')
    if (loaded.tinted === mark) return
    loaded.tinted = mark
    setTint(loaded, this.tints.paint(loaded, this.origin, this.look.colour === 'label'))
  }

  /** First nodes of the frames that come next. */
  private listAhead(views: readonly DrawnView[]): Wish[] {
    const seeing = views.map((view) => seeFrom(view))
    return Array.from({ length: prefetchedFrames }, (_, i) => this.frames.find(this.frame + 1 + i)).flatMap((shown) => {
      const tiles = shown?.shown
      if (!shown || !tiles || tiles.isSample) return []
      return chooseNodes([{ tree: tiles.tree, views: seeing }], { budget: this.movingPoints / 2, leastGap: this.leastGap * 4 })
        .nodes.filter(({ node }) => !shown.nodes.has(node))
        .map(({ node }) => shown.wishFor(tiles, node))
    })
  }

  private wish(wishes: readonly Wish[], sources: readonly { shown: ShownFrame }[]): void {
    const keys = new Set(wishes.map(({ key }) => key))
    this.queue.want(wishes, (key) => keys.has(key))
    const stays = new Set<string>()
    for (const { shown } of sources) {
      if (shown.sampleNode?.object.visible) stays.add(`${shown.frame} sample`)
      for (const [node, { object }] of shown.nodes) if (object.visible) stays.add(`${shown.frame} ${node}`)
    }
    this.memory.trim((key) => stays.has(key))
  }

  private get movingPoints(): number {
    return this.look.budget ?? this.budget.moving
  }

  private measure(): void {
    const [from, points] = [performance.now(), this.drawn]
    requestAnimationFrame(() => this.budget.noteFrame(performance.now() - from, points))
  }

  /** While the view rests, each picture may have more points than the one before, until nothing is missing. */
  private rest(isMoving: boolean, isShort: boolean, missing: number): void {
    const mayGrow = this.budget.atRest(this.restingPictures + 1) > this.budget.atRest(this.restingPictures)
    this.isFull = !isMoving && missing === 0 && !(isShort && mayGrow)
    if (!isMoving) this.tellSoon()
    // What is under way asks for a picture by itself.
    if (!isMoving && !(isShort && mayGrow)) return
    const pause = isMoving ? 200 : 60
    this.restTimer = setTimeout(() => {
      if (!isMoving) this.restingPictures++
      this.ports.invalidate()
    }, pause)
  }

  /** Draws points that cast shadows on each other; without them the screen draws. */
  drawView(renderer: WebGLRenderer, view: DrawnView): boolean {
    if (this.isSoftware === null) {
      this.isSoftware = drawsInSoftware(renderer)
      if (!this.isSoftware) {
        this.budget = createBudget(budgets.hardware)
        this.leastGap = budgets.hardware.leastGap
        this.begin()
      }
    }
    if (!this.object.visible || !(this.look.eyeDome ?? !this.isSoftware)) return false
    this.eyeDome.draw(renderer, view, this.clouds, this.grid.object, 1)
    return true
  }

  private get lookedAt(): LookedAt {
    const { current, origin } = this
    return { hierarchy: current?.cloud.best?.hierarchy ?? null, facts: current?.facts ?? null, origin }
  }

  private applyLook(): void {
    const { look, lookedAt } = this
    const { hierarchy, facts, origin } = lookedAt
    const sensor = subtract([0, 0, 0], origin)
    this.grid.show(look.grid && hierarchy ? planGrid(hierarchy.bounds, sensor, facts?.ground ?? null) : null)
    this.points.apply(toLookValues(look, lookedAt, this.ratio))
  }

  private get figures(): CloudFigures {
    const best = this.current?.cloud.best
    const loaded = this.current?.listNodes().reduce((sum, { count }) => sum + count, 0) ?? 0
    return {
      points: best ? (best.isSample ? best.hierarchy.rows - best.hierarchy.dropped : best.hierarchy.points) : 0,
      dropped: best?.hierarchy.dropped ?? 0,
      ...{ drawn: this.drawn, loaded, budget: this.movingPoints, bytes: this.memory.bytes },
      progress: this.current?.cloud.progress ?? 0,
      problem: this.current?.cloud.problem ?? null,
      modes: listModes(this.lookedAt),
      range: findRange(this.look, this.lookedAt),
      ...{ isFull: this.isFull, isSoftware: this.isSoftware },
    }
  }

  // Points for others

  private retry(key: string): void {
    this.frames.find(Number(key.split(' ')[0]))?.cloud.reload()
    setTimeout(() => this.begin(), 3100)
  }

  private requireCurrent(): ShownFrame {
    if (!this.current) throw new Error('No frame is shown')
    return this.current
  }

  async collect(within: Cuboid): Promise<CloudPoints> {
    return this.reader.collect(this.requireCurrent(), within)
  }

  async collectFrame(frame: number, within: Cuboid, most: number): Promise<CloudPoints> {
    return this.reader.collectCoarsely(this.frames.open(frame), within, most)
  }

  async collectAll(): Promise<CloudPoints> {
    return this.reader.collectAll(this.requireCurrent())
  }

  listLoaded(): CloudPoints[] {
    const { origin } = this
    return (this.current?.listNodes() ?? []).map(({ positions, rows }) => ({ positions, rows, origin }))
  }

  pick(ray: Ray, radians: number): Vector | null {
    const { current, origin } = this
    if (!current) return null
    const isShown = createShownTest(this.look, this.lookedAt)
    const found = pickPoint(current.listNodes(), { ...ray, origin: subtract(ray.origin, origin) }, radians, isShown)
    return found && add(found, origin)
  }

  setColours(part: string, colours: PointColours | null): void {
    this.tints.setColours(part, colours)
    this.ports.invalidate()
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  dispose(): void {
    this.isDisposed = true
    clearTimeout(this.restTimer)
    clearTimeout(this.loadTimer)
    this.queue.stop()
    this.frames.dispose()
    this.points.material.dispose()
    this.eyeDome.dispose()
    this.grid.dispose()
  }
}

export const makeCloudLayer: MakePointLayer = (ports) => new CloudLayer(ports)
