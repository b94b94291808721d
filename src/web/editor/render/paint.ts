// Paints one passive object onto a 2D canvas whose transform maps picture pixels to device pixels.
import { bodyOf, type Item } from '../document/scene'
import { readMask } from '../shapes/mask'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import type { Box } from '../view/geometry'
import { fade } from './color'

export type PaintStyle = {
  color: string
  /** 0 to 1. */
  fill: number
  /** Colour of the wider line below the outline; null = none. */
  outline: string | null
  /** Lines along the edges of cuboids, far beyond them. */
  projections?: boolean
  /** Written beside the object. */
  text?: { words: string; sizePx: number; centred: boolean; angle: number }
  /** Lines of one device pixel. */
  thin?: boolean
  /** Device pixels per picture pixel. */
  scale: number
  ratio: number
}

const masks = new WeakMap<readonly number[], Map<string, OffscreenCanvas>>()

/** The covered pixels of a mask in one colour; kept as long as its list of runs lives. */
export const paintMask = (
  points: readonly number[],
  color: string,
): { canvas: OffscreenCanvas; left: number; top: number } | null => {
  const { box, bits } = readMask(points)
  const width = box.right - box.left
  const height = box.bottom - box.top
  if (width <= 0 || height <= 0) return null
  const known = masks.get(points)?.get(color)
  if (known) return { canvas: known, left: box.left, top: box.top }
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  const image = context.createImageData(width, height)
  const value = Number.parseInt(color.slice(1, 7), 16)
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] === 0) continue
    image.data[4 * i] = value >> 16
    image.data[4 * i + 1] = (value >> 8) & 255
    image.data[4 * i + 2] = value & 255
    image.data[4 * i + 3] = 255
  }
  context.putImageData(image, 0, 0)
  masks.set(points, (masks.get(points) ?? new Map()).set(color, canvas))
  return { canvas, left: box.left, top: box.top }
}

type Surface = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

const trace = (context: Surface, body: Body): void => {
  context.beginPath()
  for (const line of shapeKinds[body.type].outline(body)) {
    const { points } = line
    if (points.length < 2) continue
    context.moveTo(points[0]!, points[1]!)
    for (let i = 2; i < points.length; i += 2) context.lineTo(points[i]!, points[i + 1]!)
    if (line.closed) context.closePath()
  }
}

const paintDots = (context: Surface, dots: readonly number[], radius: number): void => {
  context.beginPath()
  for (let i = 0; i < dots.length; i += 2) {
    context.moveTo(dots[i]! + radius, dots[i + 1]!)
    context.arc(dots[i]!, dots[i + 1]!, radius, 0, 2 * Math.PI)
  }
  context.fill()
}

/** A track is marked at the top left of its box: a full diamond on key frames, a hollow one between them. */
const markTrack = (context: Surface, item: Item, style: PaintStyle): void => {
  const box = item.box!
  const size = (4 * style.ratio) / style.scale
  context.beginPath()
  context.moveTo(box.left, box.top - size)
  context.lineTo(box.left + size, box.top)
  context.lineTo(box.left, box.top + size)
  context.lineTo(box.left - size, box.top)
  context.closePath()
  context.fillStyle = item.keyframe ? style.color : '#ffffff'
  context.fill()
  context.stroke()
}

const projectionReach = 20

/** Every edge goes on at both ends, so that one sees where edges meet. */
const paintProjections = (context: Surface, body: Body, style: PaintStyle): void => {
  const unit = style.ratio / style.scale
  context.beginPath()
  for (const { points, closed } of shapeKinds[body.type].outline(body)) {
    const count = points.length / 2
    for (let i = 0; i < (closed ? count : count - 1); i++) {
      const [x, y] = [points[2 * i]!, points[2 * i + 1]!]
      const next = (i + 1) % count
      const [dx, dy] = [points[2 * next]! - x, points[2 * next + 1]! - y]
      context.moveTo(x - projectionReach * dx, y - projectionReach * dy)
      context.lineTo(x + (projectionReach + 1) * dx, y + (projectionReach + 1) * dy)
    }
  }
  context.setLineDash([4 * unit, 6 * unit])
  context.lineWidth = unit
  context.strokeStyle = fade(style.color, 0.5)
  context.stroke()
  context.setLineDash([])
}

const paintShape = (context: Surface, item: Item, style: PaintStyle): void => {
  const body = bodyOf(item)
  if (!body) return
  const kind = shapeKinds[body.type]
  const unit = style.ratio / style.scale
  if (body.type === 'mask') {
    const mask = paintMask(body.points, style.color)
    if (!mask) return
    context.globalAlpha = Math.max(style.fill, 0.35)
    context.imageSmoothingEnabled = false
    context.drawImage(mask.canvas, mask.left, mask.top)
    context.globalAlpha = 1
    return
  }
  trace(context, body)
  if (kind.filled && style.fill > 0) {
    context.fillStyle = fade(style.color, style.fill)
    context.fill()
  }
  const dash = item.object.locked ? [2 * unit, 3 * unit] : item.body?.occluded ? [6 * unit, 4 * unit] : []
  if (dash.length > 0) context.setLineDash(dash)
  if (style.outline) {
    context.lineWidth = 3.5 * unit
    context.strokeStyle = style.outline
    context.stroke()
  }
  context.lineWidth = style.thin ? 1 / style.scale : 1.5 * unit
  context.strokeStyle = style.color
  context.stroke()
  if (dash.length > 0) context.setLineDash([])
  if (style.projections && body.type === 'cuboid') paintProjections(context, body, style)
  context.fillStyle = style.color
  paintDots(context, kind.dots(body), 3 * unit)
  if (item.object.kind === 'track') markTrack(context, item, style)
}

/** Small dark plates with the words, as tall on every zoom. */
const paintText = (context: Surface, box: Box, style: PaintStyle): void => {
  const { words, sizePx, centred, angle } = style.text!
  const unit = style.ratio / style.scale
  const lines = words.split('\n')
  context.save()
  const at = centred
    ? { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }
    : { x: box.right + 6 * unit, y: box.top - 2 * unit }
  context.translate(at.x, at.y)
  context.scale(unit, unit)
  context.rotate((-angle * Math.PI) / 180)
  context.font = `${sizePx}px "Inter Variable", system-ui, sans-serif`
  context.textBaseline = 'top'
  const width = Math.max(...lines.map((line) => context.measureText(line).width)) + 10
  const height = lines.length * sizePx * 1.35 + 4
  if (centred) context.translate(-width / 2, -height / 2)
  context.fillStyle = 'rgba(15,18,22,0.72)'
  context.fillRect(0, 0, width, height)
  context.fillStyle = style.color
  context.fillRect(0, 0, 3, height)
  context.fillStyle = '#ffffff'
  for (const [i, line] of lines.entries()) context.fillText(line, 7, 3 + i * sizePx * 1.35)
  context.restore()
}

export const paintItem = (context: Surface, item: Item, style: PaintStyle): void => {
  paintShape(context, item, style)
  if (style.text?.words && item.box) paintText(context, item.box, style)
}
