// A grid over the picture, every so many of its pixels.
import type { Editor } from '../editor'
import { toArea } from '../view/view'
import { h } from './dom'

/** Closer lines than this (CSS pixels) would only grey the picture. */
const leastGap = 4

export const makeGridLayer = (editor: Editor): { element: HTMLCanvasElement; resize: () => void } => {
  const element = h('canvas', { class: 'ed-layer', 'data-testid': 'grid', hidden: '' })
  const draw = () => {
    const { settings, view, size, area } = editor.state
    if (!settings.grid && element.hidden) return
    const context = element.getContext('2d')!
    const ratio = window.devicePixelRatio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, area.width, area.height)
    element.hidden = !settings.grid
    const gap = settings.gridSize * view.scale
    if (!settings.grid || gap < leastGap) return
    const start = toArea(view, { x: 0, y: 0 })
    const end = toArea(view, { x: size.width, y: size.height })
    const [left, right] = [Math.max(start.x, 0), Math.min(end.x, area.width)]
    const [top, bottom] = [Math.max(start.y, 0), Math.min(end.y, area.height)]
    context.globalAlpha = settings.gridOpacity / 100
    context.strokeStyle = settings.gridColor
    context.lineWidth = 1
    context.beginPath()
    for (let x = start.x + Math.ceil((left - start.x) / gap) * gap; x <= right; x += gap) {
      context.moveTo(Math.round(x) + 0.5, top)
      context.lineTo(Math.round(x) + 0.5, bottom)
    }
    for (let y = start.y + Math.ceil((top - start.y) / gap) * gap; y <= bottom; y += gap) {
      context.moveTo(left, Math.round(y) + 0.5)
      context.lineTo(right, Math.round(y) + 0.5)
    }
    context.stroke()
  }
  const resize = () => {
    const { area } = editor.state
    element.width = Math.ceil(area.width * window.devicePixelRatio)
    element.height = Math.ceil(area.height * window.devicePixelRatio)
    element.style.width = `${area.width}px`
    element.style.height = `${area.height}px`
    draw()
  }
  editor.store.subscribe(['area'], resize)
  editor.store.subscribe(['view', 'size', 'settings'], draw)
  return { element, resize }
}
