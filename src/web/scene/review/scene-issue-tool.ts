// Marks the place of a new issue in a point cloud: a click on a cuboid means the object, one elsewhere the place.
import type { Vector } from '../../../formats/geometry3d/rotation'
import { defineTool, type Tool } from '../../editor/tools/tool'
import type { Point } from '../../editor/view/geometry'
import { writeIssuePlace } from './issue-place'

export type IssuePorts = {
  /** Numbers of the cuboid under a pixel of the perspective view. */
  cuboidAt: (at: Point) => number[] | null
  /** The place of the cloud or of the ground under it. */
  placeAt: (at: Point) => Vector | null
}

type State = { at: 'waiting' }

export const makeSceneIssueTool = (ports: () => IssuePorts): Tool =>
  defineTool<State>({
    id: 'issue',
    title: 'Open an issue',
    icon: 'message-square',
    cursor: 'crosshair',
    turnsView: true,
    picks: true,
    start: () => ({ at: 'waiting' }),
    on(state, event, context) {
      if (event.type === 'cancel') context.leave()
      if (event.type !== 'down' || event.button !== 'left') return state
      const cuboid = ports().cuboidAt(event.at)
      const place = cuboid ? null : ports().placeAt(event.at)
      if (!cuboid && !place) {
        context.explain('There is nothing here that an issue could be about')
        return state
      }
      context.report(cuboid ?? writeIssuePlace(place!))
      context.leave()
      return state
    },
    mode: () => 'issue',
    hint: () => 'Click on an object or a place that is wrong, Esc cancels',
    preview: () => null,
  })
