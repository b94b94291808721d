// What lies over one picture: the cuboids of the frame as its camera sees them, handles of the active one, and crosses.
import { projectCuboid, projectPoint, toCamera } from '../../../formats/geometry3d/camera'
import { type Cuboid, listCorners } from '../../../formats/geometry3d/cuboid'
import type { Vector } from '../../../formats/geometry3d/rotation'
import type { ContextTile } from '../../editor/ui/context-images'
import { h, setAttribute } from '../../editor/ui/dom'
import type { NamedCamera } from './calibration'
import { bottomOf, clipToPicture, listPictureHandles, type PictureHandle, type PicturePoint, placeHandle, seePlace } from './picture-geometry' // biome-ignore format: one source

/** A cuboid as it is to be drawn. */
export type PictureLook = {
  clientId: number
  cuboid: Cuboid
  colour: string
  width: number
  dashed: boolean
  /** 0 to 1, of the face that is ahead. */
  fill: number
  outline: string | null
}

export type PictureScene = {
  looks: readonly PictureLook[]
  /** The cuboid whose handles can be dragged. */
  editable: number | null
  /** Sizes of handles, CSS pixels. */
  handleSize: number
  /** A place that is pointed at elsewhere. */
  mark: Vector | null
}

/** CSS pixels from the corner of the tile to those of the picture. */
type Fit = { left: number; top: number; scale: number; width: number; height: number }

const faceAhead = [1, 3, 7, 5] as const
const faceSteps = 6
/** CSS pixels. */
const handleGap = 11

export class PictureLayer {
  readonly canvas = h('canvas', { class: 'sf-layer', 'aria-hidden': 'true' })
  private readonly context = this.canvas.getContext('2d')!
  private drawn = ''

  constructor(
    readonly tile: ContextTile,
    readonly camera: NamedCamera,
  ) {
    tile.frame.classList.add('sf-picture')
    tile.frame.append(this.canvas)
    setAttribute(tile.frame, 'data-camera', camera.name)
  }

  /** Where the picture lies in its tile now; nothing while it is not loaded or shown. */
  get fit(): Fit | null {
    const { image, frame } = this.tile
    const { naturalWidth, naturalHeight } = image
    if (!naturalWidth || !naturalHeight) return null
    const outer = frame.getBoundingClientRect()
    const inner = image.getBoundingClientRect()
    if (!inner.width || !inner.height) return null
    // Files of calibration count in pixels of the original; what is shown may be smaller.
    const { width, height } = this.size
    const scale = Math.min(inner.width / width, inner.height / height)
    return {
      left: inner.left - outer.left + (inner.width - width * scale) / 2,
      top: inner.top - outer.top + (inner.height - height * scale) / 2,
      scale,
      width,
      height,
    }
  }

  private get size(): { width: number; height: number } {
    const { image } = this.tile
    return { width: this.camera.width ?? image.naturalWidth, height: this.camera.height ?? image.naturalHeight }
  }

  /** The picture's pixel under a place on the page. */
  toPixel(at: { clientX: number; clientY: number }): PicturePoint | null {
    const { fit } = this
    if (!fit) return null
    const outer = this.tile.frame.getBoundingClientRect()
    return { u: (at.clientX - outer.left - fit.left) / fit.scale, v: (at.clientY - outer.top - fit.top) / fit.scale }
  }

  /** Picture pixels of one CSS pixel. */
  get pixelSize(): number {
    return 1 / (this.fit?.scale ?? 1)
  }

  listHandles({ looks, editable }: PictureScene): PictureHandle[] {
    const look = looks.find(({ clientId }) => clientId === editable)
    if (!look) return []
    const kept: PictureHandle[] = []
    // Of handles that lie upon one another in a small picture the first can be dragged; zooming in shows the others.
    for (const one of listPictureHandles(this.camera, look.cuboid))
      if (kept.every(({ u, v }) => Math.hypot(u - one.u, v - one.v) > handleGap * this.pixelSize)) kept.push(one)
    return kept
  }

  draw(scene: PictureScene): void {
    const { fit } = this
    const ratio = window.devicePixelRatio
    const { clientWidth, clientHeight } = this.tile.frame
    const key = JSON.stringify([fit, ratio, clientWidth, clientHeight, scene])
    if (key === this.drawn) return
    this.drawn = key
    const { canvas, context } = this
    canvas.width = Math.max(1, Math.round(clientWidth * ratio))
    canvas.height = Math.max(1, Math.round(clientHeight * ratio))
    if (!fit) return
    const { left, top, scale, width, height } = fit
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top)
    context.save()
    context.beginPath()
    context.rect(0, 0, width, height)
    context.clip()
    const pixel = 1 / scale
    const mirrored: Record<string, number[][]> = {}
    const depthOf = ({ cuboid }: PictureLook) => toCamera(this.camera, cuboid.position)[2]
    for (const look of scene.looks.toSorted((a, b) => depthOf(b) - depthOf(a))) {
      const lines = this.drawCuboid(look, pixel)
      if (lines.length) mirrored[look.clientId] = lines.map((line) => line.flatMap(({ u, v }) => [round(u), round(v)]))
    }
    const handles = this.listHandles(scene)
    const active = scene.looks.find(({ clientId }) => clientId === scene.editable)
    if (active) this.drawHandles(handles, active.colour, scene.handleSize * pixel, pixel)
    const mark = scene.mark && seePlace(this.camera, scene.mark)
    if (mark) this.drawCross(mark, pixel)
    context.restore()
    setAttribute(this.tile.frame, 'data-fit', [left, top, scale].map((value) => value.toFixed(5)).join(','))
    setAttribute(this.tile.frame, 'data-cuboids', JSON.stringify(mirrored))
    setAttribute(this.tile.frame, 'data-handles', handles.map(({ id, u, v }) => `${id}:${round(u)}:${round(v)}`).join(' '))
    setAttribute(this.tile.frame, 'data-mark', mark ? `${round(mark.u)},${round(mark.v)}` : '')
  }

  private stroke(colour: string, width: number, dashes: number[]): void {
    const { context } = this
    context.strokeStyle = colour
    context.lineWidth = width
    context.setLineDash(dashes)
    context.stroke()
    context.setLineDash([])
  }

  private trace(line: readonly PicturePoint[]): void {
    for (const [i, { u, v }] of line.entries()) i === 0 ? this.context.moveTo(u, v) : this.context.lineTo(u, v)
  }

  /** Answers what of its edges lies in the picture. */
  private drawCuboid(look: PictureLook, pixel: number): PicturePoint[][] {
    const { context, camera } = this
    const { width, height } = this.size
    const lines = projectCuboid(camera, look.cuboid).flatMap((line) => clipToPicture(line, width, height))
    if (!lines.length) return []
    if (look.fill > 0) this.fillAhead(look)
    const edges = () => {
      context.beginPath()
      for (const line of lines) this.trace(line)
    }
    if (look.outline) {
      edges()
      this.stroke(look.outline, (look.width + 2) * pixel, [])
    }
    edges()
    this.stroke(look.colour, look.width * pixel, look.dashed ? [5 * pixel, 4 * pixel] : [])
    const [floor, tip] = [bottomOf(look.cuboid), placeHandle(look.cuboid, 'heading')].map((at) => projectPoint(camera, at))
    if (floor && tip) {
      context.beginPath()
      this.trace([floor, tip])
      this.stroke(look.colour, look.width * pixel, [])
    }
    return lines
  }

  /** The face that looks ahead is filled, so that the heading can be told. */
  private fillAhead({ cuboid, colour, fill }: PictureLook): void {
    const corners = listCorners(cuboid)
    const border: PicturePoint[] = []
    for (const [i, corner] of faceAhead.entries()) {
      const [from, to] = [corners[corner]!, corners[faceAhead[(i + 1) % 4]!]!]
      for (let step = 0; step < faceSteps; step++) {
        const share = step / faceSteps
        const pixel = projectPoint(
          this.camera,
          from.map((value, axis) => value + (to[axis]! - value) * share) as unknown as Vector,
        )
        if (!pixel) return
        border.push(pixel)
      }
    }
    const { context } = this
    context.beginPath()
    this.trace(border)
    context.closePath()
    context.globalAlpha = fill
    context.fillStyle = colour
    context.fill()
    context.globalAlpha = 1
  }

  private drawHandles(handles: readonly PictureHandle[], colour: string, size: number, pixel: number): void {
    const { context } = this
    for (const { id, u, v } of handles) {
      context.beginPath()
      if (id === 'heading') context.arc(u, v, size / 2 + pixel, 0, 2 * Math.PI)
      else context.rect(u - size / 2, v - size / 2, size, size)
      context.fillStyle = '#ffffff'
      context.fill()
      this.stroke(colour, 1.5 * pixel, [])
    }
  }

  private drawCross({ u, v }: PicturePoint, pixel: number): void {
    for (const [colour, width] of [
      ['#000000', 3.5],
      ['#ffe066', 1.5],
    ] as const) {
      this.context.beginPath()
      const reach = 9 * pixel
      this.context.moveTo(u - reach, v)
      this.context.lineTo(u + reach, v)
      this.context.moveTo(u, v - reach)
      this.context.lineTo(u, v + reach)
      this.stroke(colour, width * pixel, [])
    }
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
