// The lines over the points: cuboids, handles, and what parts draw, on one flat canvas over all views.
import { type Cuboid, cuboidEdges } from '../../formats/geometry3d/cuboid'
import type { Vector } from '../../formats/geometry3d/rotation'
import { cornersOf } from './cuboid-body'
import { addVectors, clipLine, clipPolygon, type Matrix4, scaleVector, subtractVectors, transformPoint } from './views/matrix'
import { axisOf } from './views/projection'
import type { SceneView } from './views/scene-view'
import type { Drawing } from './workspace'

export type CuboidLook = {
  cuboid: Cuboid
  colour: string
  /** 0 to 1. */
  fill: number
  /** CSS pixels. */
  width: number
  dashed: boolean
  opacity: number
  /** Red, green and blue along its axes. */
  arrows: boolean
  outline: string | null
  text?: string
  /** CSS pixels. */
  textSize?: number
}

export type HandleLook = { x: number; y: number; round: boolean; hot: boolean; from?: { x: number; y: number } }

/** Corners of each face, going round it as seen from outside. */
const faces = [
  [0, 2, 3, 1],
  [4, 5, 7, 6],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 4, 6, 2],
  [1, 3, 7, 5],
] as const

const axisColours = ['#ff5a52', '#3ecf6e', '#4c8dff'] as const

export class Overlay {
  readonly canvas = document.createElement('canvas')
  private readonly context = this.canvas.getContext('2d')!
  private ratio = 1

  resize(width: number, height: number): void {
    this.ratio = window.devicePixelRatio
    this.canvas.width = Math.max(Math.round(width * this.ratio), 1)
    this.canvas.height = Math.max(Math.round(height * this.ratio), 1)
    this.canvas.style.width = `${width}px`
    this.canvas.style.height = `${height}px`
  }

  clear(): void {
    this.context.setTransform(1, 0, 0, 1, 0, 0)
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height)
  }

  /** Runs with the canvas cut to a view and its corner as the origin. */
  within(view: SceneView, run: () => void): void {
    const { context, ratio } = this
    const { left, top, width, height } = view.box
    context.setTransform(ratio, 0, 0, ratio, left * ratio, top * ratio)
    context.save()
    context.beginPath()
    context.rect(0, 0, width, height)
    context.clip()
    run()
    context.restore()
  }

  private path(view: SceneView, local: Matrix4, from: Vector, to: Vector): void {
    const a = transformPoint(local, subtractVectors(from, view.origin))
    const b = transformPoint(local, subtractVectors(to, view.origin))
    const line = clipLine(a, b)
    if (!line) return
    const [p, q] = line.map((end) => view.toPixels(end)) as [{ x: number; y: number }, { x: number; y: number }]
    this.context.moveTo(p.x, p.y)
    this.context.lineTo(q.x, q.y)
  }

  private stroke(colour: string, width: number, opacity: number, dashed: boolean): void {
    const { context } = this
    context.strokeStyle = colour
    context.lineWidth = width
    context.globalAlpha = opacity
    context.setLineDash(dashed ? [5, 4] : [])
    context.stroke()
    context.globalAlpha = 1
    context.setLineDash([])
  }

  cuboid(view: SceneView, local: Matrix4, look: CuboidLook): void {
    const { context } = this
    const { cuboid, colour, width, opacity, dashed } = look
    const corners = cornersOf(cuboid)
    const clipped = corners.map((corner) => transformPoint(local, subtractVectors(corner, view.origin)))
    if (isOutside(clipped)) return
    if (look.fill > 0) {
      context.fillStyle = colour
      context.globalAlpha = look.fill
      for (const face of faces) {
        const shape = clipPolygon(face.map((i) => clipped[i]!)).map((corner) => view.toPixels(corner))
        if (shape.length < 3 || !isFacing(shape)) continue
        context.beginPath()
        for (const [i, { x, y }] of shape.entries()) i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)
        context.fill()
      }
      context.globalAlpha = 1
    }
    const edges = () => {
      context.beginPath()
      for (const [a, b] of cuboidEdges) this.path(view, local, corners[a]!, corners[b]!)
    }
    if (look.outline) {
      edges()
      this.stroke(look.outline, width + 2, opacity * 0.8, false)
    }
    edges()
    this.stroke(colour, width, opacity, dashed)
    // A line on the floor leads out of its front.
    const [length, , height] = cuboid.scale
    const ahead = axisOf(cuboid, 0)
    const floor = addVectors(cuboid.position, scaleVector(axisOf(cuboid, 2), -height / 2))
    context.beginPath()
    this.path(view, local, floor, addVectors(floor, scaleVector(ahead, length / 2 + Math.min(length / 4, 0.8))))
    this.stroke(colour, width, opacity, false)
    if (look.arrows)
      for (const axis of [0, 1, 2] as const) {
        context.beginPath()
        const reach = cuboid.scale[axis] / 2 + 0.6
        this.path(view, local, cuboid.position, addVectors(cuboid.position, scaleVector(axisOf(cuboid, axis), reach)))
        this.stroke(axisColours[axis], 2.5, 1, false)
      }
    if (look.text)
      this.text(view, local, addVectors(cuboid.position, scaleVector(axisOf(cuboid, 2), height / 2)), look.text, look.textSize)
  }

  private text(view: SceneView, local: Matrix4, at: Vector, words: string, size = 12): void {
    const clip = transformPoint(local, subtractVectors(at, view.origin))
    if (clip[3] <= 0) return
    const { x, y } = view.toPixels(clip)
    const { context } = this
    context.font = `500 ${size}px "Inter Variable", system-ui, sans-serif`
    context.textAlign = 'center'
    const lines = words.split('\n')
    for (const [i, line] of lines.entries()) {
      const height = y - 8 - (lines.length - 1 - i) * size * 1.25
      context.lineWidth = 3
      context.strokeStyle = 'rgb(0 0 0 / 0.7)'
      context.strokeText(line, x, height)
      context.fillStyle = '#ffffff'
      context.fillText(line, x, height)
    }
  }

  drawing(
    view: SceneView,
    local: Matrix4,
    { lines = [], dots = [], dotSize = 6, colour, opacity = 1, dashed = false }: Drawing,
  ): void {
    const { context } = this
    if (lines.length > 0) {
      context.beginPath()
      for (let i = 0; i + 5 < lines.length; i += 6)
        this.path(view, local, [lines[i]!, lines[i + 1]!, lines[i + 2]!], [lines[i + 3]!, lines[i + 4]!, lines[i + 5]!])
      this.stroke(colour, 1.5, opacity, dashed)
    }
    context.fillStyle = colour
    context.globalAlpha = opacity
    for (let i = 0; i + 2 < dots.length; i += 3) {
      const clip = transformPoint(local, subtractVectors([dots[i]!, dots[i + 1]!, dots[i + 2]!], view.origin))
      if (clip[3] <= 0) continue
      const { x, y } = view.toPixels(clip)
      context.beginPath()
      context.arc(x, y, dotSize / 2, 0, 2 * Math.PI)
      context.fill()
    }
    context.globalAlpha = 1
  }

  /** `size`: CSS pixels. */
  handles(all: readonly HandleLook[], colour: string, size: number): void {
    const { context } = this
    for (const { from, x, y } of all) {
      if (!from) continue
      context.beginPath()
      context.moveTo(from.x, from.y)
      context.lineTo(x, y)
      this.stroke(colour, 1, 1, false)
    }
    for (const { x, y, round, hot } of all) {
      const half = (hot ? size + 3 : size) / 2
      context.beginPath()
      if (round) context.arc(x, y, half + 1, 0, 2 * Math.PI)
      else context.rect(x - half, y - half, 2 * half, 2 * half)
      context.fillStyle = hot ? colour : '#ffffff'
      context.fill()
      this.stroke(hot ? '#ffffff' : colour, 1.5, 1, false)
    }
  }

  /** A box that selects, CSS pixels of the view. */
  box(a: { x: number; y: number }, b: { x: number; y: number }): void {
    this.context.beginPath()
    this.context.rect(Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y))
    this.context.fillStyle = 'rgb(130 152 255 / 0.15)'
    this.context.fill()
    this.stroke('#8298ff', 1, 1, true)
  }
}

/** Whether corners go round counter-clockwise as seen by the viewer, with y downwards on the screen. */
const isFacing = (shape: readonly { x: number; y: number }[]): boolean => {
  let sum = 0
  for (const [i, a] of shape.entries()) {
    const b = shape[(i + 1) % shape.length]!
    sum += a.x * b.y - b.x * a.y
  }
  return sum < 0
}

/** Whether all corners lie beyond one side of what is seen. The lines that lead out of a cuboid may be cut off. */
const isOutside = (clipped: readonly (readonly number[])[]): boolean =>
  clipped.every((corner) => corner[3]! <= 0) ||
  clipped.every((corner) => corner[0]! > corner[3]!) ||
  clipped.every((corner) => corner[0]! < -corner[3]!) ||
  clipped.every((corner) => corner[1]! > corner[3]!) ||
  clipped.every((corner) => corner[1]! < -corner[3]!)
