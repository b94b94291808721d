// The cursor of the 3D workspace: chooses cuboids, and moves, resizes and turns the active one in the projections.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { defineTool, type Mode, type Target, type Tool, type ToolContext } from '../../editor/tools/tool'
import type { Box, Point } from '../../editor/view/geometry'
import { toBody, toCuboid } from '../cuboid-body'
import { subtractVectors } from '../views/matrix'
import { type Grip, grips, moveCuboid, type ProjectionName, pullGrip, turnInView } from '../views/projection'

export type CursorPorts = {
  /** The place in space under a pixel of a projection, in the middle of its depth. */
  reach: (view: ProjectionName, at: Point) => Vector
  project: (view: ProjectionName, at: Vector) => Point | null
  /** The handle of the active object under a pixel: a name of `grips`, or `rotate`. */
  gripAt: (view: ProjectionName, at: Point) => string | null
  /** Whether the active object is under a pixel. */
  isOnActive: (view: ProjectionName, at: Point) => boolean
  active: () => Target | null
  /** Another object under a pixel of a projection. */
  otherAt: (view: ProjectionName, at: Point) => number | null
  fitView: (view: ProjectionName) => void
  /** Shows an object wholly in the perspective view; null shows the whole cloud. */
  fit: (clientId: number | null) => void
}

type Work = { view: ProjectionName; target: Target; start: Cuboid; from: Point; now: Cuboid }

type State =
  | { at: 'idle' }
  | { at: 'boxing'; from: Point; to: Point }
  | { at: 'pressed'; work: Work }
  | { at: 'moving'; work: Work }
  | { at: 'pulling'; work: Work; grip: Grip }
  | { at: 'turning'; work: Work }

const dragDistance = 3
/** Radians between the steps of turning with Shift. */
const turnStep = Math.PI / 12

const boxOf = (a: Point, b: Point): Box => ({
  left: Math.min(a.x, b.x),
  top: Math.min(a.y, b.y),
  right: Math.max(a.x, b.x),
  bottom: Math.max(a.y, b.y),
})

const place = ({ target, now, start }: Work, title: string, context: ToolContext): void => {
  if (now === start) return
  const { points, rotation } = toBody(now)
  context.dispatch({ type: 'place', clientId: target.clientId, position: { points, rotation }, title })
}

const angleFrom = (centre: Point, at: Point): number => Math.atan2(centre.y - at.y, at.x - centre.x)

const degrees = (angle: number): string => `${((angle * 180) / Math.PI).toFixed(1)}°`

const titles = { moving: 'Move cuboid', pulling: 'Reshape cuboid', turning: 'Rotate cuboid' } as const

export const makeCursorTool = (ports: () => CursorPorts): Tool => {
  const press = (view: ProjectionName, at: Point, context: ToolContext): State => {
    const { gripAt, isOnActive, otherAt, active } = ports()
    const target = active()
    const start = target && toCuboid(target.body)
    if (target && start) {
      const grip = gripAt(view, at)
      const work: Work = { view, target, start, from: at, now: start }
      if (grip === 'rotate') return { at: 'turning', work }
      if (grip) return { at: 'pulling', work, grip: grips[grip]! }
      if (isOnActive(view, at)) return { at: 'pressed', work }
    }
    const other = otherAt(view, at)
    if (other !== null) context.activate(other)
    return { at: 'idle' }
  }

  const drag = (state: Extract<State, { work: Work }>, at: Point, isStepped: boolean): Cuboid => {
    const { view, start, from } = state.work
    const { reach, project } = ports()
    if (state.at === 'turning') {
      const centre = project(view, start.position)
      if (!centre) return start
      const angle = angleFrom(centre, at) - angleFrom(centre, from)
      return turnInView(view, start, isStepped ? Math.round(angle / turnStep) * turnStep : angle)
    }
    const [a, b] = [reach(view, from), reach(view, at)]
    return state.at === 'pulling' ? pullGrip(view, start, state.grip, a, b) : moveCuboid(start, subtractVectors(b, a))
  }

  return defineTool<State>({
    id: 'cursor',
    title: 'Cursor',
    icon: 'mouse-pointer-2',
    cursor: 'default',
    turnsView: true,
    allViews: true,
    start: () => ({ at: 'idle' }),
    on(state, event, context) {
      if (event.type === 'cancel') {
        if (state.at === 'idle') context.activate(null)
        return { at: 'idle' }
      }
      if (event.type === 'abort') return { at: 'idle' }
      if (!('at' in event)) return state
      const { view, at } = event
      if (state.at === 'idle') {
        if (event.type === 'double') {
          if (view && view !== 'perspective') ports().fitView(view)
          else ports().fit(context.targetAt(at)?.clientId ?? null)
          return state
        }
        if (event.type !== 'down' || event.button === 'right') return state
        if (view && view !== 'perspective') return press(view, at, context)
        const found = context.targetAt(at)
        if (found && (event.ctrl || event.shift)) context.toggleSelected(found.clientId)
        else if (event.shift) return { at: 'boxing', from: at, to: at }
        else context.activate(found?.clientId ?? null)
        return state
      }
      if (state.at === 'boxing') {
        if (event.type === 'move') return { ...state, to: at }
        if (event.type !== 'up') return state
        context.selectBox(boxOf(state.from, at))
        return { at: 'idle' }
      }
      if (event.type !== 'move' && event.type !== 'up') return state
      if (state.at === 'pressed') {
        if (event.type === 'up') return { at: 'idle' }
        if (Math.hypot(at.x - state.work.from.x, at.y - state.work.from.y) < dragDistance) return state
        const { locked, pinned, fixed } = state.work.target
        if (locked || pinned || fixed) {
          context.explain(
            fixed ? 'Shapes stay as they are in this workspace' : locked ? 'Locked: L unlocks it' : 'Pinned: P lets it move',
          )
          return { at: 'idle' }
        }
        return { at: 'moving', work: { ...state.work, now: drag({ at: 'moving', work: state.work }, at, false) } }
      }
      const work = { ...state.work, now: drag(state, at, event.shift) }
      if (event.type === 'move') return { ...state, work }
      const still = Math.hypot(at.x - work.from.x, at.y - work.from.y) < 1
      if (!still) place(work, titles[state.at], context)
      return { at: 'idle' }
    },
    mode: (state): Mode => {
      const modes = {
        idle: 'idle',
        pressed: 'idle',
        boxing: 'select',
        moving: 'drag',
        pulling: 'resize',
        turning: 'rotate',
      } as const
      return modes[state.at]
    },
    hint: (state) => {
      if (state.at === 'turning') return 'Shift turns in steps of 15°'
      if (state.at === 'moving' || state.at === 'pulling') return 'Release to place, Esc puts it back'
      return 'Drag turns the view, a right drag moves it; a click chooses, N draws again, F1 shows all keys'
    },
    preview: (state) => {
      if (state.at === 'boxing') return { box: boxOf(state.from, state.to) }
      if (state.at === 'idle' || state.at === 'pressed') return null
      const { target, now, start } = state.work
      const size = now.scale.map((length) => length.toFixed(2)).join(' × ')
      const turned = now.rotation.map((angle, i) => Math.abs(angle - start.rotation[i]!) > 1e-9 && angle).find(Boolean)
      const text = state.at === 'turning' ? degrees(turned || now.rotation[2]) : size
      return { clientId: target.clientId, body: toBody(now), text }
    },
  })
}
