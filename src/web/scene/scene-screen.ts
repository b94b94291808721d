// The 3D workspace behind its screen: cameras, what they show, and when it is drawn anew.
import { type Cuboid } from '../../formats/geometry3d/cuboid'
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
import { findGround, findPlace } from './find-place'
import { findCuboid, hitCuboid } from './hit-cuboid'
import type { Overlay } from './overlay'
import { paintViews } from './paint-views'
import type { SceneRenderer } from './render/renderer'
import { saveView } from './save-view'
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
import { axisOf, type ProjectionName, projectionNames } from './views/projection'
import { ProjectionZooms } from './views/projection-zooms'
import type { SceneView } from './views/scene-view'
import { findGrip, listViewHandles, type ViewHandle } from './views/view-handles'
import type { CloudSource, Drawing, Panel, SceneWorkspace, ViewName } from './workspace'

/** How far beside a cuboid the pointer still means it, CSS pixels. */
const rayReach = 5
/** After so long without moving the view counts as at rest. */
const restMs = 180

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
  private readonly zooms: ProjectionZooms
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
  ) {
    this.zooms = new ProjectionZooms((name) => views[name].box)
  }

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
    const { anchor } = this
    for (const name of projectionNames) this.views[name].camera = anchor && this.zooms.aim(anchor.clientId, name, anchor.cuboid)
  }

  /** The active cuboid as it is stored: the projections stay while it is moved. */
  get anchor(): { clientId: number; cuboid: Cuboid } | null {
    const item = this.editor.activeItem
    const cuboid = item && !item.object.hidden ? toCuboid(item.body) : null
    return item && cuboid ? { clientId: item.clientId, cuboid } : null
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
    const layers = [this.renderer?.canvas, this.overlay.canvas].filter((layer) => layer !== undefined)
    await saveView(layers, view.box, `job-${editor.job.info.id}-frame-${editor.state.frame}-${view.name}.png`)
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
    this.zooms.zoom(anchor.clientId, name, anchor.cuboid, factor, at)
    this.noteMove()
  }

  panProjection(name: ProjectionName, dx: number, dy: number): void {
    const { anchor } = this
    if (!anchor) return
    this.zooms.pan(anchor.clientId, name, anchor.cuboid, dx, dy)
    this.noteMove()
  }

  fitProjection(name: ProjectionName): void {
    const { anchor } = this
    if (!anchor) return
    this.zooms.fit(anchor.clientId, name)
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
    return findPlace({ view: this.views.perspective, cloud: this.cloud }, at)
  }

  /** The ground below what is under a pixel of the perspective view; asked several times for each move of a ghost. */
  groundAt(at: Point): Vector | null {
    const { grounded, orbit, edition } = this
    if (grounded?.orbit === orbit && grounded.edition === edition && grounded.at.x === at.x && grounded.at.y === at.y)
      return grounded.place
    const place = findGround({ view: this.views.perspective, cloud: this.cloud }, at)
    this.grounded = { at, orbit, edition, place }
    return place
  }

  /** Handles of the active cuboid in the projections, CSS pixels from the corners of the views. */
  listHandles(): ViewHandle[] {
    const { editor } = this
    const target = this.target()
    if (!target || target.locked || target.fixed || editor.state.toolId !== 'cursor' || editor.state.selection.length > 1)
      return []
    const cuboid = this.cuboidOf(target.clientId)
    return cuboid ? listViewHandles(this.views, cuboid) : []
  }

  gripAt(name: ProjectionName, at: Point): string | null {
    return findGrip(this.listHandles(), name, at)
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
