// Opens the quick tools of a point cloud: worker, one-click tool, panel, locks of sizes, tracks in the world.
import type { Vector } from '../../../formats/geometry3d/rotation'
import { t } from '../../editor/i18n/message'
import type { Point } from '../../editor/view/geometry'
import type { Drawing, ScenePart, SceneWorkspace } from '../workspace'
import { makeAssistPanel } from './assist-panel'
import { AssistTools, noteTools } from './assist-tools'
import { Assistant, noteAssistant } from './assistant'
import { updateCountLines } from './card-count'
import { listCuboidLines } from './cuboid-lines'
import { readPoses } from './ego-poses'
import { makeOneClickTool } from './one-click-tool'
import { PointCounts } from './point-counts'
import { openPoints } from './points'
import type { Region } from './protocol'
import { SizeLocks } from './size-lock'
import { WorldTracks } from './world-tracks'

/** CSS pixels around the pointer in which points are meant. */
const pickPixels = 8

const placeAt = ({ views, cloud }: SceneWorkspace, at: Point): Vector | null => {
  const ray = views.perspective.castRay(at.x, at.y)
  const { direction } = views.perspective.castRay(at.x + pickPixels, at.y)
  const cosine = ray.direction.reduce((sum, value, axis) => sum + value * direction[axis]!, 0)
  return cloud.pick(ray, Math.acos(Math.min(1, cosine)))
}

const regionColour = '#4ade80'

const showRegion = ({ cuboid, sample }: Region): Drawing[] => [
  { dots: sample, dotSize: 2, colour: regionColour, opacity: 0.8 },
  { lines: listCuboidLines(cuboid), colour: regionColour, dashed: true },
]

export const assistPart: ScenePart = (scene) => {
  const { editor } = scene
  const assistant = new Assistant(scene, openPoints(scene.root.dataset.points ?? ''))
  const tools = new AssistTools(assistant, new PointCounts(assistant), new SizeLocks(editor), new WorldTracks(assistant))
  noteAssistant(assistant)
  noteTools(tools)
  // Baked key frames follow what the locks make of an edit.
  editor.revisers.push(tools.sizes.revise, tools.world.revise)

  /** Heading of the object that was placed or chosen last: others rather look there too. */
  let facing = 0
  editor.store.subscribe(['activeId', 'edition'], ({ activeId }) => {
    const cuboid = activeId === null ? null : scene.cuboidOf(activeId)
    if (cuboid) facing = cuboid.rotation[2]
  })
  const fail = (reason: string) => editor.explain(t('The points could not be read: {reason}', { reason }), 'error')
  scene.addTools([
    makeOneClickTool({
      placeAt: (at) => placeAt(scene, at),
      pick: (at) => assistant.pick(at, facing),
      frame: () => editor.state.frame,
      show: (found) => {
        // How large it is: what drives the page waits for it.
        if (found) scene.root.dataset.picked = String(found.count)
        else delete scene.root.dataset.picked
        scene.draw('one-click', found && showRegion(found))
      },
      fail,
    }),
  ])
  scene.addPanel({ id: 'assist', title: t('Quick'), icon: 'sparkles', element: makeAssistPanel(editor, tools), place: 'side' })

  // Another tool was taken up.
  editor.store.subscribe(['toolId', 'frame'], () => scene.draw('one-click', null))

  const showWorld = () => tools.world.show()
  editor.store.subscribe(['activeId', 'edition', 'frame'], showWorld)
  scene.cloud.subscribe(() => tools.onChange())
  tools.counts.onChange(() => updateCountLines(scene.root))
  readPoses(editor.job.info.id).then(
    (poses) => {
      assistant.poses = poses
      showWorld()
      tools.onChange()
    },
    (error: unknown) =>
      editor.explain(t('The calibration could not be read: {reason}', { reason: (error as Error).message }), 'error'),
  )
}
