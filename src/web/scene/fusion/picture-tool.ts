// The tool that holds a cuboid while it is dragged in a picture: what it shows follows in all views, and Esc puts it back.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import { defineTool, type Mode } from '../../editor/tools/tool'
import { toBody } from '../cuboid-body'

export type PictureAct = 'moving' | 'pulling' | 'turning'
export type PictureState = { at: 'idle' } | { at: PictureAct; clientId: number; now: Cuboid }

export const pictureToolId = 'picture'

const modes: Readonly<Record<PictureState['at'], Mode>> = { idle: 'idle', moving: 'drag', pulling: 'resize', turning: 'rotate' }
export const pictureTitles = { moving: 'Move cuboid', pulling: 'Reshape cuboid', turning: 'Rotate cuboid' } as const

export const pictureTool = defineTool<PictureState>({
  id: pictureToolId,
  title: 'Edit in a picture',
  icon: 'images',
  cursor: 'default',
  turnsView: true,
  start: () => ({ at: 'idle' }),
  on(state, event, context) {
    if (event.type !== 'cancel' && event.type !== 'abort') return state
    context.leave()
    return { at: 'idle' }
  },
  mode: (state) => modes[state.at],
  hint: () => 'Release to place, Esc puts it back',
  preview: (state) => {
    if (state.at === 'idle') return null
    const { scale, rotation } = state.now
    const degrees = ((rotation[2] * 180) / Math.PI).toFixed(1)
    const text = state.at === 'turning' ? `${degrees}°` : scale.map((length) => length.toFixed(2)).join(' × ')
    return { clientId: state.clientId, body: toBody(state.now), text }
  },
})
