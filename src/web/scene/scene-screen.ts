// The 3D workspace behind its screen: cameras, what they show, and when it is drawn anew.
import { type Cuboid } from '../../formats/geometry3d/cuboid'
import type { Ground } from '../../formats/geometry3d/ground'
import { heightAbove } from '../../formats/geometry3d/ground'
import type { Vector } from '../../formats/geometry3d/rotation'
import type { Command } from '../editor/commands/command'
import { addCommands } from '../editor/commands/registry'
import { type Item } from '../editor/document/scene'
import type { Editor } from '../editor/editor'
import type { MirroredHandle } from '../editor/kit'
import type { Target, Tool } from '../editor/tools/tool'
import type { Point } from '../editor/view/geometry'
import { workspaceFacts } from '../editor/workspaces/workspace'
import { toCuboid } from './cuboid-body'
import { findCuboid, hitCuboid } from './hit-cuboid'
import type { Overlay } from './overlay'
import { paintViews } from './paint-views'
import type { SceneRenderer } from './render/renderer'
import { addVectors, scaleVector, subtractVectors } from './views/matrix'
import {
  axesOf,
  dollyOrbit,
  eyeOf,
  fieldOfView,
  fitOrbit,
  measurePixel,
  type Orbit,
  shiftOrbit,
  startOrbit,
  turnOrbit,
} from './views/orbit'
import {
  axesOfProjection,
  axisOf,
  grips,
  measureInView,
  type ProjectionName,
  placeGrip,
  projectionNames,
} from './views/projection'
import type { SceneView } from './views/scene-view'
import type { CloudSource, Drawing, Panel, Ray, SceneWorkspace, ViewName } from './workspace'

/** CSS pixels. */
const rotateGap = 26
const gripReach = 9
const rayReach = 5
/** How far in front of and behind a cuboid its projections show points, metres. */
const beyond = 2
/** Metres that a projection may show. */
const nearestSpan = 0.2
const farthestSpan = 500
/** After so long without moving the view counts as at rest. */
const restMs = 180

/** Metres above the ground: what still is the ground, and below what something stands on it. */
const flatHeight = 0.25
const coverHeight = 4

/** Metres that the shorter side of the view covers, and where its middle lies beside the cuboid's (metres). */
type Zoom = { span: number; x: number; y: number }

export type ViewHandle = { id: string; view: ProjectionName; grip: string; x: number; y: number; from?: Point }

export class SceneScreen implements SceneWorkspace {
  readonly drawings = new Map<string, Drawing[]>()
  readonly panels: Panel[] = []
  resetLayout: () => void = () => {}
  readonly toolGroups: (readonly Tool[])[] = []
  orbit: Orbit = startOrbit(null, 1)
  /** The object under the pointer. */
  hovered: number | null = null
  /** The pointer over a view, CSS pixels from its corner. */
  pointer: { view: ViewName; at: Point } | null = null
  private readonly zooms = new Map<number, Partial<Record<ProjectionName, Zoom>>>()
  private scheduled = false
  private pointsStale = true
  private cameraKey = ''
  private resting: ReturnType<typeof setTimeout> | null = null
  private isMoving = false
  private looked = false
  private afterDrawn: (() => void)[] = []
  /** Counts changes of the points. */
  private edition = 0
  private grounded: { at: Point; orbit: Orbit; edition: number; place: Vector | null } | null = null
  private readonly painted: (() => void)[] = []

  constructor(
    readonly editor: Editor,
    readonly root: HTMLElement,
    readonly views: Readonly<Record<ViewName, SceneView>>,
    readonly cloud: CloudSource,
    private readonly overlay: Overlay,
    private readonly renderer: SceneRenderer | null,
  ) {}

  // --- the seam for parts

  draw(id: string, drawings: Drawing[] | null): void {
    if (drawings) this.drawings.set(id, drawings)
    else this.drawings.delete(id)
    this.invalidate()
  }

  addPanel(panel: Panel): void {
    this.panels.push(panel)
  }

  addTools(tools: Tool[]): void {
    this.toolGroups.push(tools)
  }

  addCommands(commands: Command[]): void {
    addCommands(commands)
  }

  onPainted(run: () => void): void {
    this.painted.push(run)
  }

  cuboidOf(clientId: number): Cuboid | null {
    return toCuboid(this.editor.stage.shownBody(this.editor.scene.items.get(clientId) ?? null))
  }

  // --- drawing

  invalidate(): void {
    if (this.scheduled) return
    this.scheduled = true
    requestAnimationFrame(() => {
      this.scheduled = false
      this.paint()
    })
  }

  /** The points themselves look different. */
  invalidatePoints(): void {
    this.pointsStale = true
    this.edition += 1
    this.invalidate()
  }

  /** Runs after the next picture with points is drawn. */
  whenDrawn(run: () => void): void {
    this.afterDrawn.push(run)
    this.invalidatePoints()
  }

  /** Draws lines anew, and points where a camera moved or they changed. */
  paint(): void {
    this.aim()
    const all = Object.values(this.views)
    const key = JSON.stringify(all.map((view) => [view.camera, view.box, view.origin]))
    if (key !== this.cameraKey || this.pointsStale) {
      this.cameraKey = key
      this.pointsStale = false
      this.renderer?.draw(all, this.isMoving)
      const waiting = this.afterDrawn
      this.afterDrawn = []
      for (const run of waiting) run()
    }
    paintViews(this, this.overlay)
    for (const view of all) {
      const matrix = view.matrix.join(',')
      if (view.element.dataset.matrix !== matrix) view.element.dataset.matrix = matrix
      view.element.dataset.empty = String(view.camera === null)
    }
    for (const run of this.painted) run()
  }

  /** A camera moves by hand: points are drawn as fast as the machine can until it rests. */
  noteMove(): void {
    this.isMoving = true
    if (this.resting) clearTimeout(this.resting)
    this.resting = setTimeout(() => {
      this.isMoving = false
      this.invalidatePoints()
    }, restMs)
    this.invalidate()
  }

  /** Points the cameras where the state wants them. */
  private aim(): void {
    const { perspective } = this.views
    const { bounds, origin } = this.cloud
    for (const view of Object.values(this.views)) view.origin = origin
    if (!this.looked && bounds && this.cloud.frame >= 0) {
      this.looked = true
      this.orbit = startOrbit(bounds, perspective.box.width / perspective.box.height)
    }
    const eye = eyeOf(this.orbit)
    const reach = bounds ? Math.hypot(...subtractVectors(bounds.max, bounds.min)) : 100
    const middle: Vector = bounds ? scaleVector(addVectors(bounds.min, bounds.max), 0.5) : [0, 0, 0]
    const far = Math.hypot(...subtractVectors(middle, eye)) + reach + 10
    const near = Math.max(this.orbit.distance / 100, 0.05)
    perspective.camera = {
      type: 'perspective',
      eye,
      axes: axesOf(this.orbit),
      fov: fieldOfView,
      near,
      far: Math.max(far, near * 10),
    }
    const anchor = this.anchor
    for (const name of projectionNames) {
      const view = this.views[name]
      if (!anchor) {
        view.camera = null
        continue
      }
      const { clientId, cuboid } = anchor
      const axes = axesOfProjection(name, cuboid)
      const zoom = this.zoomOf(clientId, name, cuboid)
      const depth = measureInView(name, cuboid).depth + beyond
      const place = addVectors(cuboid.position, addVectors(scaleVector(axes.right, zoom.x), scaleVector(axes.up, zoom.y)))
      view.camera = { type: 'orthographic', eye: place, axes, pixel: zoom.span / this.sideOf(name), near: -depth, far: depth }
    }
  }

  /** The active cuboid as it is stored: the projections stay while it is moved. */
  get anchor(): { clientId: number; cuboid: Cuboid } | null {
    const item = this.editor.activeItem
    const cuboid = item && !item.object.hidden ? toCuboid(item.body) : null
    return item && cuboid ? { clientId: item.clientId, cuboid } : null
  }

  private zoomOf(clientId: number, name: ProjectionName, cuboid: Cuboid): Zoom {
    const kept = this.zooms.get(clientId)?.[name]
    if (kept) return kept
    const { x, y } = measureInView(name, cuboid)
    const { width, height } = this.views[name].box
    const room = (side: number) => Math.max(side - 2 * (rotateGap + 18), side / 3, 1)
    const pixel = 1.15 * Math.max((2 * x) / room(width), (2 * y) / room(height), 1 / Math.max(width, 1))
    const zoom = { span: pixel * this.sideOf(name), x: 0, y: 0 }
    // A view that is not laid out yet has no size to remember.
    if (width > 1) this.setZoom(name, zoom)
    return zoom
  }

  /** The shorter side of a view, CSS pixels. */
  private sideOf(name: ProjectionName): number {
    const { width, height } = this.views[name].box
    return Math.max(Math.min(width, height), 1)
  }

  private setZoom(name: ProjectionName, zoom: Zoom): void {
    const id = this.anchor?.clientId
    if (id !== undefined) this.zooms.set(id, { ...this.zooms.get(id), [name]: zoom })
  }

  // --- moving cameras

  setOrbit(orbit: Orbit): void {
    this.looked = true
    this.orbit = orbit
    this.noteMove()
  }

  /** Radians. */
  turn(yaw: number, pitch: number): void {
    this.setOrbit(turnOrbit(this.orbit, yaw, pitch))
  }

  /** CSS pixels that the picture moves by. */
  pan(dx: number, dy: number): void {
    const pixel = measurePixel(this.orbit, this.views.perspective.box.height)
    this.setOrbit(shiftOrbit(this.orbit, -dx * pixel, dy * pixel))
  }

  /** Nearer with a factor above 1, to the place under a pixel. */
  zoom(factor: number, at?: Point): void {
    const about = at ? (this.placeAt(at) ?? this.orbit.target) : this.orbit.target
    this.setOrbit(dollyOrbit(this.orbit, 1 / factor, about))
  }

  fit(): void {
    const { width, height } = this.views.perspective.box
    this.setOrbit(startOrbit(this.cloud.bounds, width / height))
  }

  lookFrom(part: Partial<Pick<Orbit, 'yaw' | 'pitch'>>): void {
    this.setOrbit({ ...this.orbit, ...part })
  }

  /** From behind the active cuboid, the way that it faces. */
  lookAlong(): void {
    const { anchor } = this
    if (!anchor) return
    const [x, y] = axisOf(anchor.cuboid, 0)
    this.orbit = { ...this.orbit, yaw: Math.atan2(-y, -x), pitch: Math.PI / 9 }
    this.fitItem(this.editor.activeItem)
  }

  /** Saves what the views show as a PNG file: the perspective view, or the one under the pointer. */
  async savePicture(editor: Editor): Promise<void> {
    // A picture can be taken of a canvas only right after it was drawn.
    this.pointsStale = true
    this.paint()
    const view = this.views[this.pointer?.view ?? 'perspective']
    const { left, top, width, height } = view.box
    const picture = document.createElement('canvas')
    picture.width = Math.round(width * devicePixelRatio)
    picture.height = Math.round(height * devicePixelRatio)
    const context = picture.getContext('2d')!
    for (const layer of [this.renderer?.canvas, this.overlay.canvas]) {
      if (!layer) continue
      const across = layer.width / (layer.clientWidth || 1)
      const down = layer.height / (layer.clientHeight || 1)
      context.drawImage(layer, left * across, top * down, width * across, height * down, 0, 0, picture.width, picture.height)
    }
    const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/png'))
    if (!blob) return
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = `job-${editor.job.info.id}-frame-${editor.state.frame}-${view.name}.png`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  fitItem(item: Item | null): void {
    const cuboid = toCuboid(item?.body)
    if (!cuboid) {
      this.fit()
      return
    }
    const { width, height } = this.views.perspective.box
    this.setOrbit(fitOrbit(this.orbit, cuboid.position, Math.max(Math.hypot(...cuboid.scale) * 0.9, 0.6), width / height))
  }

  zoomProjection(name: ProjectionName, factor: number, at: Point): void {
    const { anchor } = this
    if (!anchor) return
    const zoom = this.zoomOf(anchor.clientId, name, anchor.cuboid)
    const { width, height } = this.views[name].box
    const side = this.sideOf(name)
    const span = Math.min(Math.max(zoom.span / factor, nearestSpan), farthestSpan)
    const shift = (zoom.span - span) / side
    this.setZoom(name, { span, x: zoom.x + (at.x - width / 2) * shift, y: zoom.y - (at.y - height / 2) * shift })
    this.noteMove()
  }

  panProjection(name: ProjectionName, dx: number, dy: number): void {
    const { anchor } = this
    if (!anchor) return
    const zoom = this.zoomOf(anchor.clientId, name, anchor.cuboid)
    const pixel = zoom.span / this.sideOf(name)
    this.setZoom(name, { ...zoom, x: zoom.x - dx * pixel, y: zoom.y + dy * pixel })
    this.noteMove()
  }

  fitProjection(name: ProjectionName): void {
    const id = this.anchor?.clientId
    if (id === undefined) return
    this.zooms.set(id, { ...this.zooms.get(id), [name]: undefined })
    this.invalidate()
  }

  // --- finding things

  /** Visible cuboids as they are shown now. */
  listCuboids(): { clientId: number; cuboid: Cuboid; item: Item }[] {
    return [...this.editor.scene.items.values()].flatMap((item) => {
      if (item.object.hidden || item.body?.outside || this.editor.stage.isHidden(item.clientId)) return []
      const cuboid = toCuboid(item.body)
      return cuboid ? [{ clientId: item.clientId, cuboid, item }] : []
    })
  }

  /** Objects under a pixel of a view, the one that is meant first. */
  findAt(name: ViewName, at: Point): number[] {
    const view = this.views[name]
    if (!view.camera) return []
    return findCuboid(view.castRay(at.x, at.y), this.listCuboids(), (place) => view.measurePixel(place) * rayReach)
  }

  isOnActive(name: ProjectionName, at: Point): boolean {
    const view = this.views[name]
    const { anchor } = this
    if (!anchor || !view.camera) return false
    return hitCuboid(view.castRay(at.x, at.y), anchor.cuboid, view.measurePixel(anchor.cuboid.position) * 3) !== null
  }

  target(): Target | null {
    const { anchor, editor } = this
    const item = editor.activeItem
    if (!anchor || !item?.body) return null
    const { locked, pinned } = item.object
    const fixed = !workspaceFacts[editor.state.workspace].edits
    return { clientId: item.clientId, type: 'cuboid', body: item.body, locked, pinned, fixed }
  }

  /** The place of the cloud under a pixel of the perspective view, or of the ground. */
  placeAt(at: Point): Vector | null {
    const ray = this.views.perspective.castRay(at.x, at.y)
    return this.cloud.pick(ray, this.pickAngle) ?? hitGround(ray, this.cloud.ground)
  }

  /** The ground below what is under a pixel of the perspective view; asked several times for each move of a ghost. */
  groundAt(at: Point): Vector | null {
    const { grounded, orbit, edition } = this
    if (grounded?.orbit === orbit && grounded.edition === edition && grounded.at.x === at.x && grounded.at.y === at.y)
      return grounded.place
    const place = this.findGround(at)
    this.grounded = { at, orbit, edition, place }
    return place
  }

  private findGround(at: Point): Vector | null {
    const ray = this.views.perspective.castRay(at.x, at.y)
    const { ground } = this.cloud
    const level = hitGround(ray, ground)
    const found = this.cloud.pick(ray, this.pickAngle)
    if (!found || !ground) return found ?? level
    const height = heightAbove(ground, ...found)
    // Among points of the ground the pointer means the place itself, not the next point.
    if (level && Math.abs(height) < flatHeight) return level
    // Points of a roof or a tree stand for what is below them, a bridge for itself.
    return Math.abs(height) < coverHeight ? [found[0], found[1], found[2] - height / ground.normal[2]] : found
  }

  private get pickAngle(): number {
    return (6 * fieldOfView) / this.views.perspective.box.height
  }

  /** Handles of the active cuboid in the projections, CSS pixels from the corners of the views. */
  listHandles(): ViewHandle[] {
    const { editor } = this
    const target = this.target()
    if (!target || target.locked || target.fixed || editor.state.toolId !== 'cursor' || editor.state.selection.length > 1)
      return []
    const cuboid = this.cuboidOf(target.clientId)
    if (!cuboid) return []
    return projectionNames.flatMap((name): ViewHandle[] => {
      const view = this.views[name]
      if (!view.camera) return []
      const put = (grip: keyof typeof grips) => view.project(placeGrip(name, cuboid, grips[grip]!))!
      const sides = Object.keys(grips).map((grip) => ({ id: `${name}-${grip}`, view: name, grip, ...put(grip) }))
      const [low, high] = [put('bottom'), put('top')]
      const length = Math.hypot(high.x - low.x, high.y - low.y) || 1
      const way = { x: (high.x - low.x) / length, y: (high.y - low.y) / length }
      const rotate = { x: high.x + way.x * rotateGap, y: high.y + way.y * rotateGap }
      return [...sides, { id: `${name}-rotate`, view: name, grip: 'rotate', ...rotate, from: high }]
    })
  }

  gripAt(name: ProjectionName, at: Point): string | null {
    let best: { grip: string; distance: number } | null = null
    for (const { view, grip, x, y } of this.listHandles()) {
      const distance = Math.hypot(x - at.x, y - at.y)
      if (view === name && distance <= gripReach && (!best || distance < best.distance)) best = { grip, distance }
    }
    return best?.grip ?? null
  }

  /** Handles as the mirror lists them; `corner`: of the area in the editor's root. */
  mirrorHandles(corner: { left: number; top: number }): MirroredHandle[] {
    this.aim()
    return this.listHandles().map(({ id, view, x, y }) => {
      const { left, top } = this.views[view].box
      return { id, x: corner.left + left + x, y: corner.top + top + y }
    })
  }
}

/** Where a ray meets the ground before it; without a known ground, the level of the coordinates' origin. */
const hitGround = ({ origin, direction }: Ray, ground: Ground | null): Vector | null => {
  const plane = ground ?? { normal: [0, 0, 1] as Vector, offset: 0 }
  const fall = plane.normal[0] * direction[0] + plane.normal[1] * direction[1] + plane.normal[2] * direction[2]
  const along = -heightAbove(plane, ...origin) / fall
  if (!Number.isFinite(along) || along <= 0 || along > 5000) return null
  return addVectors(origin, scaleVector(direction, along))
}
