// Draws ruler, rows and cursor of the timeline on a canvas.
import { fade } from '../render/color'
import { listTicks, type Scale, toX } from './scale'
import type { Strip } from './strip'

export type DrawnRow = { top: number; strip: Strip; color: string; isChosen: boolean }

export type TimelineLook = { text: string; line: string; muted: string; chosen: string; accent: string; font: string }

export const rulerPx = 20
export const rowPx = 22
const keyPx = 4.5
/** Key frames nearer than this are drawn as one bar. */
const apartPx = 3

/** Colours as the canvas takes them: a variable may hold anything that a style sheet resolves. */
export const readLook = (element: HTMLElement): TimelineLook => {
  const style = getComputedStyle(element)
  const own = element.style.color
  const read = (name: string) => {
    element.style.color = `var(${name})`
    return style.color
  }
  const look = {
    text: read('--text'),
    line: read('--line'),
    muted: read('--text-muted'),
    chosen: read('--n3'),
    accent: read('--accent'),
    font: `11px ${style.fontFamily}`,
  }
  element.style.color = own
  return look
}

const drawDiamond = (context: CanvasRenderingContext2D, x: number, y: number) => {
  context.moveTo(x, y - keyPx)
  context.lineTo(x + keyPx, y)
  context.lineTo(x, y + keyPx)
  context.lineTo(x - keyPx, y)
  context.closePath()
}

const drawRow = (context: CanvasRenderingContext2D, row: DrawnRow, scale: Scale, look: TimelineLook) => {
  const { top, strip, color, isChosen } = row
  if (isChosen) {
    context.fillStyle = look.chosen
    context.fillRect(0, top, scale.width, rowPx)
  }
  const half = (toX(scale, 1) - toX(scale, 0)) / 2
  context.fillStyle = fade(color, 0.35)
  for (const { from, to } of strip.spans) {
    const [left, right] = [Math.max(toX(scale, from), 0), Math.min(toX(scale, to + 1), scale.width)]
    if (right > left) context.fillRect(left, top + rowPx / 2 - 3, right - left, 6)
  }
  context.fillStyle = color
  context.beginPath()
  let last = Number.NEGATIVE_INFINITY
  for (const key of strip.keys) {
    const x = toX(scale, key) + half
    if (x < -keyPx || x > scale.width + keyPx) continue
    if (x - last < apartPx) context.rect(last, top + rowPx / 2 - 3, x - last, 6)
    else drawDiamond(context, x, top + rowPx / 2)
    last = x
  }
  context.fill()
}

const drawRuler = (context: CanvasRenderingContext2D, scale: Scale, height: number, look: TimelineLook) => {
  context.font = look.font
  context.textBaseline = 'middle'
  for (const frame of listTicks(scale, 64)) {
    const x = Math.round(toX(scale, frame)) + 0.5
    context.fillStyle = look.line
    context.fillRect(x, 0, 1, height)
    context.fillStyle = look.muted
    context.fillText(String(frame), x + 4, rulerPx / 2)
  }
  context.fillStyle = look.line
  context.fillRect(0, rulerPx - 1, scale.width, 1)
}

const drawCursor = (context: CanvasRenderingContext2D, frame: number, scale: Scale, height: number, look: TimelineLook) => {
  const left = toX(scale, frame)
  const right = toX(scale, frame + 1)
  if (right < 0 || left > scale.width) return
  context.fillStyle = look.accent
  context.globalAlpha = 0.18
  context.fillRect(left, 0, Math.max(right - left, 1), height)
  context.globalAlpha = 1
  context.fillRect(Math.round((left + right) / 2) - 0.5, 0, 1.5, height)
}

/** `height` in CSS pixels; the canvas is as large as the device shows it. */
export const drawTimeline = (
  canvas: HTMLCanvasElement,
  { rows, scale, frame, height, look }: { rows: DrawnRow[]; scale: Scale; frame: number; height: number; look: TimelineLook },
): void => {
  const ratio = window.devicePixelRatio
  const [width, tall] = [Math.round(scale.width * ratio), Math.round(height * ratio)]
  if (canvas.width !== width || canvas.height !== tall) Object.assign(canvas, { width, height: tall })
  const context = canvas.getContext('2d')!
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, scale.width, height)
  context.save()
  context.beginPath()
  context.rect(0, rulerPx, scale.width, height - rulerPx)
  context.clip()
  for (const row of rows) drawRow(context, row, scale, look)
  context.restore()
  drawRuler(context, scale, height, look)
  drawCursor(context, frame, scale, height, look)
}

/** The key frame under the pointer, or null. */
export const findKeyAt = (strip: Strip, scale: Scale, x: number): number | null => {
  const half = (toX(scale, 1) - toX(scale, 0)) / 2
  let best: number | null = null
  let nearest = keyPx + 2
  for (const key of strip.keys) {
    const off = Math.abs(toX(scale, key) + half - x)
    if (off < nearest) [best, nearest] = [key, off]
  }
  return best
}
