// Turns pointer and wheel events of the picture area into tool events; zooming and middle-button panning work under every tool.
import type { Editor } from '../editor'
import type { Point } from '../view/geometry'
import { toImage } from '../view/view'
import { openObjectMenu } from './object-menu'

const zoomPerPixel = 0.0016

/** Wheels report lines or pixels, and notches far larger than a touch pad's steps. */
export const readZoom = (event: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number => {
  const pixels = event.deltaMode === 1 ? event.deltaY * 33 : event.deltaMode === 2 ? event.deltaY * 400 : event.deltaY
  const limited = Math.min(Math.max(pixels, -300), 300)
  return Math.exp(-limited * (event.ctrlKey ? 6 : 1) * zoomPerPixel)
}

export const attachPointer = (editor: Editor, area: HTMLElement): void => {
  const locate = (event: MouseEvent): Point => {
    const box = area.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const describe = (event: MouseEvent) => ({
    at: toImage(editor.state.view, locate(event)),
    shift: event.shiftKey,
    ctrl: event.ctrlKey || event.metaKey,
    alt: event.altKey,
  })
  let panning: { pointer: number; last: Point } | null = null

  area.addEventListener('pointerdown', (event) => {
    area.focus({ preventScroll: true })
    if (editor.state.flyout) editor.store.set({ flyout: null })
    if (editor.state.message) editor.store.set({ message: null })
    const isPan = event.button === 1 || (event.button === 0 && event.altKey && editor.stage.tool.draws !== undefined)
    if (event.button !== 2) area.setPointerCapture(event.pointerId)
    if (isPan) {
      panning = { pointer: event.pointerId, last: locate(event) }
      event.preventDefault()
      return
    }
    if (event.button === 0) editor.stage.send({ type: 'down', button: 'left', ...describe(event) })
    else if (event.button === 2) editor.stage.send({ type: 'down', button: 'right', ...describe(event) })
  })
  area.addEventListener('pointermove', (event) => {
    if (panning?.pointer === event.pointerId) {
      const at = locate(event)
      editor.viewport.pan(at.x - panning.last.x, at.y - panning.last.y)
      panning.last = at
      return
    }
    const pointer = describe(event)
    editor.store.set({ cursor: pointer.at })
    editor.stage.send({ type: 'move', ...pointer })
  })
  const end = (event: PointerEvent) => {
    if (panning?.pointer === event.pointerId) panning = null
    else if (event.button === 0) editor.stage.send({ type: 'up', ...describe(event) })
  }
  area.addEventListener('pointerup', end)
  area.addEventListener('pointercancel', (event) => {
    panning = null
    if (event.isPrimary && editor.stage.mode !== 'draw') editor.stage.send({ type: 'cancel' })
  })
  area.addEventListener('pointerleave', () => editor.store.set({ cursor: null }))
  area.addEventListener('dblclick', (event) => {
    if (event.button === 0) editor.stage.send({ type: 'double', ...describe(event) })
  })
  area.addEventListener('contextmenu', (event) => {
    event.preventDefault()
    if (editor.stage.tool.id !== 'cursor') return
    const target = editor.stage.context.targetAt(describe(event).at)
    if (target) openObjectMenu(editor, target.clientId, area, { x: event.clientX, y: event.clientY })
  })
  area.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      editor.viewport.zoomBy(readZoom(event), locate(event))
      editor.store.set({ cursor: describe(event).at })
    },
    { passive: false },
  )
}
