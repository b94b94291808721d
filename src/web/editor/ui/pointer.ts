// Turns pointer and wheel events of the picture area into tool events; zooming and middle-button panning work under every tool.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { openPointMenu } from '../tools/panels/point-menu'
import type { Point, Size } from '../view/geometry'
import { toImage } from '../view/view'
import { openMenu } from './menu'
import { makeIssueEntries, openObjectMenu } from './object-menu'
import { toTurned } from './surface'
import { Touches } from './touches'

const zoomPerPixel = 0.0016
/** CSS pixels to each side of a place that an issue is opened about. */
const issueReach = 8
/** How far a resting finger trembles (CSS pixels). */
const fingerSlack = 5

/** Wheels report lines or pixels, and notches far larger than a touch pad's steps. */
export const readZoom = (event: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number => {
  const pixels = event.deltaMode === 1 ? event.deltaY * 33 : event.deltaMode === 2 ? event.deltaY * 400 : event.deltaY
  const limited = Math.min(Math.max(pixels, -300), 300)
  return Math.exp(-limited * (event.ctrlKey ? 6 : 1) * zoomPerPixel)
}

/** Coarser steps of the wheel, as a mouse without fine ones makes them. */
const coarse = (factor: number): number => (factor > 1 ? 1.25 : factor < 1 ? 0.8 : 1)

/** `size` tells the room of the picture area. */
export const attachPointer = (editor: Editor, area: HTMLElement, size: () => Size): void => {
  const locate = (event: MouseEvent): Point => {
    const box = area.getBoundingClientRect()
    return toTurned({ x: event.clientX - box.left, y: event.clientY - box.top }, size(), editor.state.angle)
  }
  const touches = new Touches()
  /** Fingers left over from two on the picture mean nothing until all are gone. */
  let pinched = false
  /** The first finger, while it rests: a second one would make it a pinch instead of a click. */
  let resting: { event: PointerEvent; at: Point } | null = null
  const describe = (event: MouseEvent) => ({
    at: toImage(editor.state.view, locate(event)),
    shift: event.shiftKey,
    ctrl: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    ...(event instanceof PointerEvent && event.pointerType === 'pen' && { force: event.pressure }),
  })
  let panning: { pointer: number; last: Point } | null = null

  const press = (event: PointerEvent) => editor.stage.send({ type: 'down', button: 'left', ...describe(event) })
  const pressResting = () => {
    const first = resting
    resting = null
    if (first) press(first.event)
  }
  const startFinger = (event: PointerEvent) => {
    touches.down(event.pointerId, locate(event))
    if (touches.count === 1) {
      resting = { event, at: locate(event) }
      return
    }
    pinched = true
    if (!resting) editor.stage.send({ type: 'abort' })
    resting = null
  }

  area.addEventListener('pointerdown', (event) => {
    area.focus({ preventScroll: true })
    if (editor.state.flyout) editor.store.set({ flyout: null })
    if (editor.state.message) editor.store.set({ message: null })
    const isPan = event.button === 1 || (event.button === 0 && event.altKey && editor.stage.tool.draws !== undefined)
    if (event.button !== 2 || event.altKey) area.setPointerCapture(event.pointerId)
    if (isPan) {
      panning = { pointer: event.pointerId, last: locate(event) }
      event.preventDefault()
      return
    }
    if (event.pointerType === 'touch') startFinger(event)
    else if (event.button === 0) press(event)
    else if (event.button === 2) editor.stage.send({ type: 'down', button: 'right', ...describe(event) })
  })
  area.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') {
      const pinch = touches.move(event.pointerId, locate(event))
      if (pinch) {
        editor.viewport.pan(pinch.dx, pinch.dy)
        editor.viewport.zoomBy(pinch.zoom, pinch.centre)
      }
      if (pinched) return
      const at = locate(event)
      if (resting && Math.hypot(at.x - resting.at.x, at.y - resting.at.y) < fingerSlack) return
      pressResting()
    }
    if (panning?.pointer === event.pointerId) {
      const at = locate(event)
      editor.viewport.pan(at.x - panning.last.x, at.y - panning.last.y)
      panning.last = at
      return
    }
    // A stroke follows every place the pen went through, not only the last of each screen frame.
    const all = editor.state.toolState.at === 'painting' ? event.getCoalescedEvents() : []
    for (const one of all.slice(0, -1)) editor.stage.send({ type: 'move', ...describe(one) })
    const pointer = describe(event)
    editor.store.set({ cursor: pointer.at })
    editor.stage.send({ type: 'move', ...pointer })
  })
  const lift = (event: PointerEvent): boolean => {
    if (event.pointerType !== 'touch') return false
    touches.up(event.pointerId)
    const was = pinched
    if (touches.count === 0) pinched = false
    return was
  }
  const end = (event: PointerEvent) => {
    if (lift(event)) return
    pressResting()
    if (panning?.pointer === event.pointerId) panning = null
    else if (event.button === 0 || event.button === 2) editor.stage.send({ type: 'up', ...describe(event) })
  }
  area.addEventListener('pointerup', end)
  area.addEventListener('pointercancel', (event) => {
    panning = null
    resting = null
    lift(event)
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
    const place = { x: event.clientX, y: event.clientY }
    if (openPointMenu(editor, describe(event).at, area, place)) return
    if (target) openObjectMenu(editor, target.clientId, area, place)
    else if (editor.state.workspace === 'review') {
      const { at } = describe(event)
      const reach = issueReach / editor.state.view.scale
      const position = [at.x - reach, at.y - reach, at.x + reach, at.y + reach]
      openMenu(editor.screen.root, area, t('Picture'), makeIssueEntries(editor, position), place)
    }
  })
  area.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const factor = readZoom(event)
      editor.viewport.zoomBy(editor.state.settings.adaptiveZoom ? factor : coarse(factor), locate(event))
      editor.store.set({ cursor: describe(event).at })
    },
    { passive: false },
  )
}
