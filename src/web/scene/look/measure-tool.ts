// Measures between two points of the cloud; nothing of it is stored.
import type { Vector } from '../../../formats/geometry3d/rotation'
import { defineTool, type Tool } from '../../editor/tools/tool'
import type { Point } from '../../editor/view/geometry'

export type Measured = { from: Vector; to: Vector | null; isDone: boolean }

export type MeasurePorts = {
  /** The place of the cloud under a pixel of the perspective view. */
  placeAt: (at: Point) => Vector | null
  show: (measured: Measured | null) => void
}

type State = { at: 'first' } | { at: 'second'; from: Vector }

export const makeMeasureTool = ({ placeAt, show }: MeasurePorts): Tool =>
  defineTool<State>({
    id: 'measure',
    title: 'Measure',
    icon: 'ruler',
    cursor: 'crosshair',
    turnsView: true,
    start: () => ({ at: 'first' }),
    on(state, event, context) {
      switch (event.type) {
        case 'move':
          if (state.at === 'second') show({ from: state.from, to: placeAt(event.at), isDone: false })
          return state
        case 'down': {
          if (event.button !== 'left') return state
          const place = placeAt(event.at)
          if (!place) {
            context.explain('There is no point here')
            return state
          }
          show({
            from: state.at === 'first' ? place : state.from,
            to: state.at === 'first' ? null : place,
            isDone: state.at === 'second',
          })
          return state.at === 'first' ? { at: 'second', from: place } : { at: 'first' }
        }
        case 'cancel':
          if (state.at === 'second') {
            show(null)
            return { at: 'first' }
          }
          context.leave()
          return state
        case 'finish':
          context.leave()
          return state
        default:
          return state
      }
    },
    mode: () => 'draw',
    hint: (state) =>
      state.at === 'first' ? 'Click on a point to measure from; Esc ends' : 'Click on the point to measure to; Esc begins anew',
    preview: () => null,
  })
