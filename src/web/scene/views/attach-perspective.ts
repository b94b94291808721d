// Mouse and touch in the perspective view: they turn, move and zoom it, and become events of the tool in hand.
import { openObjectMenu } from '../../editor/ui/object-menu'
import { readZoom } from '../../editor/ui/pointer'
import { Touches } from '../../editor/ui/touches'
import type { Point } from '../../editor/view/geometry'
import type { SceneScreen } from '../scene-screen'

/** Radians a pixel. */
const turnSpeed = 0.006
const dragDistance = 4

type Gesture = { kind: 'turn' | 'pan'; pointer: number; last: Point; from: Point; moved: boolean; button: number }

export const attachPerspective = (screen: SceneScreen, focus: HTMLElement): void => {
  const { editor } = screen
  const { element } = screen.views.perspective
  const locate = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const describe = (event: MouseEvent) => ({
    at: locate(event),
    shift: event.shiftKey,
    ctrl: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    view: 'perspective' as const,
    ...(event instanceof PointerEvent && event.pointerType === 'pen' && { force: event.pressure }),
  })
  let gesture: Gesture | null = null
  const fingers = new Touches()
  let pinched = false

  const click = (event: PointerEvent, button: number) => {
    const pointer = describe(event)
    if (button === 2 && editor.stage.tool.id === 'cursor') {
      const [found] = screen.findAt('perspective', pointer.at)
      if (found !== undefined) openObjectMenu(editor, found, focus, { x: event.clientX, y: event.clientY })
      return
    }
    editor.stage.send({ type: 'down', button: button === 2 ? 'right' : 'left', ...pointer })
    editor.stage.send({ type: 'up', ...pointer })
  }
  const hover = (at: Point | null) => {
    const picks = editor.stage.tool.id === 'cursor' || editor.stage.tool.picks === true
    const found = at && picks ? (screen.findAt('perspective', at)[0] ?? null) : null
    if (found === screen.hovered) return
    screen.hovered = found
    element.dataset.hovered = String(found ?? '')
    screen.invalidate()
  }

  element.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Element && event.target.closest('button, input, select, .sc-over')) return
    focus.focus({ preventScroll: true })
    if (editor.state.flyout) editor.store.set({ flyout: null })
    if (editor.state.message) editor.store.set({ message: null })
    element.setPointerCapture(event.pointerId)
    const { tool } = editor.stage
    const at = locate(event)
    if (event.pointerType === 'touch') {
      fingers.down(event.pointerId, at)
      if (fingers.count > 1) {
        pinched = true
        gesture = null
        editor.stage.send({ type: 'abort' })
        return
      }
    }
    const turns = event.button === 0 && (event.altKey || (tool.turnsView === true && !event.shiftKey))
    const kind = turns ? 'turn' : event.button > 0 ? 'pan' : null
    if (event.button === 1) event.preventDefault()
    if (kind) gesture = { kind, pointer: event.pointerId, last: at, from: at, moved: false, button: event.button }
    else editor.stage.send({ type: 'down', button: 'left', ...describe(event) })
  })
  element.addEventListener('pointermove', (event) => {
    const at = locate(event)
    if (event.pointerType === 'touch') {
      const pinch = fingers.move(event.pointerId, at)
      if (pinch) {
        if (fingers.count === 2) screen.zoom(pinch.zoom)
        screen.pan(pinch.dx, pinch.dy)
      }
      if (pinched) return
    }
    screen.pointer = { view: 'perspective', at }
    if (gesture?.pointer === event.pointerId) {
      if (!gesture.moved && Math.hypot(at.x - gesture.from.x, at.y - gesture.from.y) < dragDistance) return
      gesture.moved = true
      const [dx, dy] = [at.x - gesture.last.x, at.y - gesture.last.y]
      gesture.last = at
      if (gesture.kind === 'turn') screen.turn(-dx * turnSpeed, dy * turnSpeed)
      else screen.pan(dx, dy)
      element.dataset.grabbed = 'true'
      return
    }
    editor.store.set({ cursor: at })
    editor.stage.send({ type: 'move', ...describe(event) })
    hover(at)
  })
  const end = (event: PointerEvent) => {
    element.dataset.grabbed = 'false'
    if (event.pointerType === 'touch') {
      fingers.up(event.pointerId)
      if (pinched) {
        if (fingers.count === 0) pinched = false
        return
      }
    }
    const done = gesture
    gesture = null
    if (done?.pointer === event.pointerId) {
      if (!done.moved && done.button !== 1) click(event, done.button)
    } else if (event.button === 0) editor.stage.send({ type: 'up', ...describe(event) })
  }
  element.addEventListener('pointerup', end)
  element.addEventListener('pointercancel', (event) => {
    fingers.up(event.pointerId)
    if (fingers.count === 0) pinched = false
    gesture = null
    if (editor.stage.mode !== 'draw') editor.stage.send({ type: 'abort' })
  })
  element.addEventListener('pointerleave', () => {
    if (screen.pointer?.view === 'perspective') screen.pointer = null
    editor.store.set({ cursor: null })
    hover(null)
  })
  element.addEventListener('dblclick', (event) => {
    if (event.target instanceof Element && event.target.closest('button, input, select, .sc-over')) return
    if (event.button === 0) editor.stage.send({ type: 'double', ...describe(event) })
  })
  element.addEventListener('contextmenu', (event) => event.preventDefault())
  element.addEventListener(
    'wheel',
    (event) => {
      if (event.target instanceof Element && event.target.closest('.sc-over')) return
      event.preventDefault()
      screen.zoom(readZoom(event), locate(event))
    },
    { passive: false },
  )
}
