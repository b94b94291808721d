// One cell of the batch view: a frame with three pictures of the object, in which the cuboid is dragged; a box that chooses it.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import { createCuboidTest } from '../../../formats/geometry3d/cuboid'
import { measureDifference } from '../../../formats/geometry3d/world-track'
import { t, tn } from '../../editor/i18n/message'
import { h, setAttribute, setText } from '../../editor/ui/dom'
import { onSurface } from '../assist/points-index'
import { roundCuboid } from '../assist/track-cuboids'
import type { CloudPoints } from '../workspace'
import type { Cell } from './batch-edits'
import { findCrop, placeCrops } from './cell-layout'
import { drawCell } from './draw-cell'
import type { Fetched } from './frame-points'
import { dragCuboid, findGrip, type Grip } from './views'

export type CellPorts = {
  colour: string
  fetched: () => Fetched
  isLocked: () => boolean
  onFocus: () => void
  onToggle: () => void
  /** After a drag. */
  onPlace: (cuboid: Cuboid, title: string) => void
}

export type CellView = {
  element: HTMLElement
  update: (cell: Cell, state: { focused: boolean; chosen: boolean }) => void
  draw: () => void
}

const titles: Record<Grip['kind'], string> = { move: 'Move cuboid', turn: 'Rotate cuboid', faces: 'Resize cuboid' }

const cursorOf = (grip: Grip | null): string => {
  if (!grip) return 'default'
  if (grip.kind === 'move') return 'move'
  if (grip.kind === 'turn') return 'grab'
  if (grip.x === 0) return 'ns-resize'
  if (grip.y === 0) return 'ew-resize'
  return grip.x === grip.y ? 'nesw-resize' : 'nwse-resize'
}

const countInside = (fetched: Fetched, cuboid: Cuboid): number | null => {
  if (fetched.at !== 'ready') return null
  const { positions, origin } = fetched.points
  const about = cuboid.position.map((value, axis) => value - origin[axis]!) as never
  const isIn = createCuboidTest({ ...cuboid, position: about }, onSurface)
  let count = 0
  for (let i = 0; i < positions.length; i += 3) if (isIn(positions[i]!, positions[i + 1]!, positions[i + 2]!)) count++
  return count
}

export const makeCell = (first: Cell, ports: CellPorts): CellView => {
  let cell = first
  let drawn: { key: string; points: CloudPoints | null; at: Fetched['at'] } | null = null
  /** While it is dragged. */
  let drag: { grip: Grip; index: number; from: [number, number]; cuboid: Cuboid } | null = null
  const box = h('input', {
    type: 'checkbox',
    'data-testid': `batch-choose-${first.frame}`,
    'aria-label': t('Choose frame {frame}', { frame: first.frame }),
    on: { change: () => ports.onToggle() },
  })
  const number = h('span', { class: 'sb-frame', text: String(first.frame) })
  const marks = h('span', { class: 'sb-marks' })
  const count = h('span', { class: 'sb-count' })
  const canvas = h('canvas', {
    class: 'sb-canvas',
    role: 'img',
    'aria-label': t('Frame {frame} from above, from the side and from behind', { frame: first.frame }),
    'data-testid': `batch-canvas-${first.frame}`,
  })
  const notice = h('p', { class: 'sb-notice' })
  const element = h(
    'div',
    { class: 'sb-cell', role: 'listitem', 'data-testid': `batch-cell-${first.frame}`, 'data-frame': first.frame },
    h('div', { class: 'sb-head' }, box, number, marks, count),
    h('div', { class: 'sb-picture' }, canvas, notice),
  )

  const placeOf = (event: PointerEvent): [number, number] => {
    const { left, top } = canvas.getBoundingClientRect()
    return [event.clientX - left, event.clientY - top]
  }
  const draw = () => {
    const fetched = ports.fetched()
    const cuboid = drag?.cuboid ?? cell.cuboid
    const points = fetched.at === 'ready' ? fetched.points : null
    const look = { colour: ports.colour, dimmed: cell.outside, dashed: cell.occluded || !cell.keyframe }
    const size = [canvas.clientWidth, canvas.clientHeight, window.devicePixelRatio]
    const key = JSON.stringify([cell.cuboid, cuboid, look, size])
    // With many cells most are as they were.
    if (drawn?.key === key && drawn.points === points && drawn.at === fetched.at) return
    drawn = { key, points, at: fetched.at }
    drawCell(canvas, { about: cell.cuboid, cuboid, points, look })
    const inside = countInside(fetched, cuboid)
    setText(count, inside === null ? '' : tn(inside, 'One point', '{count} points'))
    setAttribute(element, 'data-state', fetched.at)
    notice.hidden = fetched.at === 'ready'
    setText(notice, fetched.at === 'failed' ? fetched.reason : t('Loading points…'))
  }
  const gripAt = ([x, y]: [number, number]) => {
    const placed = placeCrops(cell.cuboid, canvas.clientWidth, canvas.clientHeight)
    const found = findCrop(placed, x, y)
    const grip = found && findGrip(found.crop, x - found.left, y - found.top)
    return found ? { index: placed.indexOf(found), grip } : null
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    event.preventDefault()
    ports.onFocus()
    if (event.ctrlKey || event.metaKey) {
      ports.onToggle()
      return
    }
    const from = placeOf(event)
    const found = gripAt(from)
    if (!found?.grip || ports.isLocked()) return
    canvas.setPointerCapture(event.pointerId)
    drag = { grip: found.grip, index: found.index, from, cuboid: cell.cuboid }
  })
  canvas.addEventListener('pointermove', (event) => {
    const at = placeOf(event)
    if (!drag) {
      canvas.style.cursor = cursorOf(gripAt(at)?.grip ?? null)
      return
    }
    const { crop, left, top } = placeCrops(cell.cuboid, canvas.clientWidth, canvas.clientHeight)[drag.index]!
    drag.cuboid = dragCuboid(crop, drag.grip, [drag.from[0] - left, drag.from[1] - top], [at[0] - left, at[1] - top])
    draw()
  })
  const end = (keep: boolean) => () => {
    if (!drag) return
    const { cuboid, grip } = drag
    drag = null
    if (keep && measureDifference(cuboid, cell.cuboid) > 0) ports.onPlace(cuboid, titles[grip.kind])
    else draw()
  }
  canvas.addEventListener('pointerup', end(true))
  canvas.addEventListener('pointercancel', end(false))

  const update: CellView['update'] = (next, { focused, chosen }) => {
    cell = next
    box.checked = chosen
    setAttribute(element, 'data-focus', String(focused))
    setAttribute(element, 'data-chosen', String(chosen))
    setAttribute(element, 'data-keyframe', String(next.keyframe))
    setAttribute(element, 'data-outside', String(next.outside))
    setAttribute(element, 'data-occluded', String(next.occluded))
    setAttribute(element, 'data-cuboid', roundCuboid(next.cuboid).slice(0, 9).join(','))
    const said = [next.keyframe ? '◆' : '', next.outside ? t('outside') : '', next.occluded ? t('occluded') : '']
    setText(marks, said.filter(Boolean).join(' '))
    if (next.keyframe) marks.title = t('Key frame')
    draw()
  }
  return { element, update, draw }
}
