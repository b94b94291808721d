// Mouse and touch in a projection: the cursor edits the active cuboid there, the wheel zooms, other drags move the view.
import { readZoom } from '../../editor/ui/pointer'
import { Touches } from '../../editor/ui/touches'
import type { Point } from '../../editor/view/geometry'
import type { SceneScreen } from '../scene-screen'
import type { ProjectionName } from './projection'

const cursors: Readonly<Record<string, string>> = {
  rotate: 'grab',
  left: 'ew-resize',
  right: 'ew-resize',
  top: 'ns-resize',
  bottom: 'ns-resize',
  'top-left': 'nwse-resize',
  'bottom-right': 'nwse-resize',
  'top-right': 'nesw-resize',
  'bottom-left': 'nesw-resize',
}

export const attachProjection = (screen: SceneScreen, name: ProjectionName, focus: HTMLElement): void => {
  const { editor } = screen
  const { element } = screen.views[name]
  const locate = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const describe = (event: MouseEvent) => ({
    at: locate(event),
    shift: event.shiftKey,
    ctrl: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    view: name,
  })
  let panning: { pointer: number; last: Point; from: Point } | null = null
  const fingers = new Touches()
  let pinched = false
  const takes = () => editor.stage.tool.allViews === true

  element.addEventListener('pointerdown', (event) => {
    focus.focus({ preventScroll: true })
    if (editor.state.flyout) editor.store.set({ flyout: null })
    if (editor.state.message) editor.store.set({ message: null })
    element.setPointerCapture(event.pointerId)
    const at = locate(event)
    if (event.pointerType === 'touch') {
      fingers.down(event.pointerId, at)
      if (fingers.count > 1) {
        pinched = true
        panning = null
        editor.stage.send({ type: 'abort' })
        return
      }
    }
    const isOn = screen.gripAt(name, at) !== null || screen.isOnActive(name, at)
    const others = editor.stage.tool.id === 'cursor' && !isOn
    if (event.button === 0 && takes() && !others) editor.stage.send({ type: 'down', button: 'left', ...describe(event) })
    else panning = { pointer: event.pointerId, last: at, from: at }
    if (event.button === 1) event.preventDefault()
  })
  element.addEventListener('pointermove', (event) => {
    const at = locate(event)
    if (event.pointerType === 'touch') {
      const pinch = fingers.move(event.pointerId, at)
      if (pinch) {
        screen.zoomProjection(name, pinch.zoom, pinch.centre)
        screen.panProjection(name, pinch.dx, pinch.dy)
      }
      if (pinched) return
    }
    screen.pointer = { view: name, at }
    if (panning?.pointer === event.pointerId) {
      screen.panProjection(name, at.x - panning.last.x, at.y - panning.last.y)
      panning.last = at
      return
    }
    if (takes()) editor.stage.send({ type: 'move', ...describe(event) })
    if (editor.stage.mode === 'idle') {
      const grip = screen.gripAt(name, at)
      element.style.cursor = grip ? (cursors[grip] ?? 'default') : screen.isOnActive(name, at) ? 'move' : 'default'
      screen.invalidate()
    }
  })
  element.addEventListener('pointerup', (event) => {
    if (event.pointerType === 'touch') {
      fingers.up(event.pointerId)
      if (pinched) {
        if (fingers.count === 0) pinched = false
        return
      }
    }
    const done = panning
    panning = null
    if (done?.pointer !== event.pointerId) {
      if (event.button === 0 && takes()) editor.stage.send({ type: 'up', ...describe(event) })
      return
    }
    const at = locate(event)
    if (event.button !== 0 || Math.hypot(at.x - done.from.x, at.y - done.from.y) > 3 || editor.stage.tool.id !== 'cursor') return
    // A click on another cuboid chooses it.
    const [other] = screen.findAt(name, at).filter((id) => id !== editor.state.activeId)
    if (other !== undefined) editor.activate(other)
  })
  element.addEventListener('pointercancel', (event) => {
    fingers.up(event.pointerId)
    if (fingers.count === 0) pinched = false
    panning = null
    editor.stage.send({ type: 'abort' })
  })
  element.addEventListener('pointerleave', () => {
    if (screen.pointer?.view === name) screen.pointer = null
    screen.invalidate()
  })
  element.addEventListener('dblclick', (event) => {
    if (event.button === 0 && takes()) editor.stage.send({ type: 'double', ...describe(event) })
  })
  element.addEventListener('contextmenu', (event) => event.preventDefault())
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      screen.zoomProjection(name, readZoom(event), locate(event))
    },
    { passive: false },
  )
}
