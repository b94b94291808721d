// Draws a cell: its points from three sides, those inside in the colour of the object, and the outline of the cuboid.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { CloudPoints } from '../workspace'
import { placeCrops } from './cell-layout'
import { findOutline, projectPoints } from './views'

export type CellLook = { colour: string; dimmed: boolean; dashed: boolean }

const backdrop = '#0d1117'
const aroundColour = '#77818f'
const lineColour = '#2a313b'

/** `about`: what the pictures are centred on, which stays where it is while the cuboid is dragged. */
export const drawCell = (
  canvas: HTMLCanvasElement,
  { about, cuboid, points, look }: { about: Cuboid; cuboid: Cuboid; points: CloudPoints | null; look: CellLook },
): void => {
  const { clientWidth: width, clientHeight: height } = canvas
  if (width === 0 || height === 0) return
  const ratio = window.devicePixelRatio
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high })
  const context = canvas.getContext('2d')!
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.fillStyle = lineColour
  context.fillRect(0, 0, width, height)
  for (const { crop, left, top } of placeCrops(about, width, height)) {
    context.save()
    context.translate(left, top)
    context.beginPath()
    context.rect(0, 0, crop.width, crop.height)
    context.clip()
    context.fillStyle = backdrop
    context.fillRect(0, 0, crop.width, crop.height)
    context.globalAlpha = look.dimmed ? 0.35 : 1
    if (points) {
      const { inside, around } = projectPoints(crop, points.positions, points.origin, cuboid)
      for (const [pixels, colour, size] of [
        [around, aroundColour, 1],
        [inside, look.colour, 1.6],
      ] as const) {
        // biome-ignore format: pairs
        context.fillStyle = colour
        for (let i = 0; i < pixels.length; i += 2) context.fillRect(pixels[i]! - size / 2, pixels[i + 1]! - size / 2, size, size)
      }
    }
    const { corners, handle } = findOutline(crop, cuboid)
    const trace = (list: readonly (readonly [number, number])[], closed: boolean) => {
      context.beginPath()
      for (const [i, [x, y]] of list.entries()) i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)
      if (closed) context.closePath()
      context.stroke()
    }
    context.strokeStyle = look.colour
    context.lineWidth = 1.5
    context.setLineDash(look.dashed ? [5, 4] : [])
    trace(corners, true)
    context.setLineDash([])
    if (handle) {
      const [, second, third] = corners as [never, [number, number], [number, number]]
      trace([[(second[0] + third[0]) / 2, (second[1] + third[1]) / 2], handle], false)
      context.beginPath()
      context.arc(handle[0], handle[1], 4, 0, 2 * Math.PI)
      context.fillStyle = '#ffffff'
      context.fill()
      context.stroke()
    }
    context.restore()
  }
}
