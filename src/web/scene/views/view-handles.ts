// The handles of a cuboid in the projections: corners, sides, and one that turns it.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { Point } from '../../editor/view/geometry'
import { grips, type ProjectionName, placeGrip, projectionNames } from './projection'
import type { SceneView } from './scene-view'

/** Of the turning handle from its side, and how near the pointer must come (CSS pixels). */
export const rotateGap = 26
const gripReach = 9

/** CSS pixels from the corner of the view; `from`: where the line to it begins. */
export type ViewHandle = { id: string; view: ProjectionName; grip: string; x: number; y: number; from?: Point }

export const listViewHandles = (views: Readonly<Record<ProjectionName, SceneView>>, cuboid: Cuboid): ViewHandle[] =>
  projectionNames.flatMap((name): ViewHandle[] => {
    const view = views[name]
    if (!view.camera) return []
    const put = (grip: string) => view.project(placeGrip(name, cuboid, grips[grip]!))!
    const sides = Object.keys(grips).map((grip) => ({ id: `${name}-${grip}`, view: name, grip, ...put(grip) }))
    const [low, high] = [put('bottom'), put('top')]
    const length = Math.hypot(high.x - low.x, high.y - low.y) || 1
    const rotate = {
      x: high.x + ((high.x - low.x) / length) * rotateGap,
      y: high.y + ((high.y - low.y) / length) * rotateGap,
    }
    return [...sides, { id: `${name}-rotate`, view: name, grip: 'rotate', ...rotate, from: high }]
  })

/** The nearest handle of a view within reach of a pixel. */
export const findGrip = (handles: readonly ViewHandle[], name: ProjectionName, at: Point): string | null => {
  let best: { grip: string; distance: number } | null = null
  for (const { view, grip, x, y } of handles) {
    const distance = Math.hypot(x - at.x, y - at.y)
    if (view === name && distance <= gripReach && (!best || distance < best.distance)) best = { grip, distance }
  }
  return best?.grip ?? null
}
