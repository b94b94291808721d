// How near each projection shows each cuboid, and where beside its middle: remembered per object until the page is left.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { Point } from '../../editor/view/geometry'
import { addVectors, scaleVector } from './matrix'
import { axesOfProjection, measureInView, type ProjectionName } from './projection'
import type { Box, Camera } from './scene-view'
import { rotateGap } from './view-handles'

/** Metres that the shorter side of the view covers, and where its middle lies beside the cuboid's (metres). */
type Zoom = { span: number; x: number; y: number }

type Room = Pick<Box, 'width' | 'height'>

/** How far in front of and behind a cuboid its projections show points, metres. */
const beyond = 2
/** Metres that a projection may show. */
const nearestSpan = 0.2
const farthestSpan = 500
/** Beside and below the handles, CSS pixels. */
const margin = 18

const shorterSide = ({ width, height }: Room): number => Math.max(Math.min(width, height), 1)

const fitZoom = (name: ProjectionName, cuboid: Cuboid, room: Room): Zoom => {
  const { x, y } = measureInView(name, cuboid)
  const within = (side: number, beside: number) => Math.max(side - 2 * beside, side / 3, 1)
  const [width, height] = [within(room.width, margin), within(room.height, rotateGap + margin)]
  const pixel = Math.max((2 * x) / width, (2 * y) / height, 1 / Math.max(room.width, 1))
  return { span: 1.15 * pixel * shorterSide(room), x: 0, y: 0 }
}

export class ProjectionZooms {
  private readonly kept = new Map<number, Partial<Record<ProjectionName, Zoom>>>()

  constructor(private readonly roomOf: (name: ProjectionName) => Room) {}

  private get(clientId: number, name: ProjectionName, cuboid: Cuboid): Zoom {
    const known = this.kept.get(clientId)?.[name]
    if (known) return known
    const room = this.roomOf(name)
    const zoom = fitZoom(name, cuboid, room)
    // A view that is not laid out yet has no size to remember.
    if (room.width > 1) this.set(clientId, name, zoom)
    return zoom
  }

  private set(clientId: number, name: ProjectionName, zoom: Zoom | undefined): void {
    this.kept.set(clientId, { ...this.kept.get(clientId), [name]: zoom })
  }

  /** The camera that shows a cuboid. */
  aim(clientId: number, name: ProjectionName, cuboid: Cuboid): Camera {
    const zoom = this.get(clientId, name, cuboid)
    const axes = axesOfProjection(name, cuboid)
    const depth = measureInView(name, cuboid).depth + beyond
    const eye = addVectors(cuboid.position, addVectors(scaleVector(axes.right, zoom.x), scaleVector(axes.up, zoom.y)))
    return { type: 'orthographic', eye, axes, pixel: zoom.span / shorterSide(this.roomOf(name)), near: -depth, far: depth }
  }

  /** Nearer with a factor above 1; what is under the pixel stays there. */
  zoom(clientId: number, name: ProjectionName, cuboid: Cuboid, factor: number, at: Point): void {
    const zoom = this.get(clientId, name, cuboid)
    const room = this.roomOf(name)
    const span = Math.min(Math.max(zoom.span / factor, nearestSpan), farthestSpan)
    const shift = (zoom.span - span) / shorterSide(room)
    const [x, y] = [zoom.x + (at.x - room.width / 2) * shift, zoom.y - (at.y - room.height / 2) * shift]
    this.set(clientId, name, { span, x, y })
  }

  /** CSS pixels that the picture moves by. */
  pan(clientId: number, name: ProjectionName, cuboid: Cuboid, dx: number, dy: number): void {
    const zoom = this.get(clientId, name, cuboid)
    const pixel = zoom.span / shorterSide(this.roomOf(name))
    this.set(clientId, name, { ...zoom, x: zoom.x - dx * pixel, y: zoom.y + dy * pixel })
  }

  /** The whole cuboid again. */
  fit(clientId: number, name: ProjectionName): void {
    this.set(clientId, name, undefined)
  }
}
