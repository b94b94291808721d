// Opens the viewing aids: panel, commands, measure tool, colours of labels, several frames together.

import type { Vector } from '../../../formats/geometry3d/rotation'
import type { PoseOf } from '../../../formats/geometry3d/world-track'
import { t } from '../../editor/i18n/message'
import { colorOf } from '../../editor/render/color'
import type { Point } from '../../editor/view/geometry'
import { readPoses } from '../assist/ego-poses'
import { toCuboid } from '../cuboid-body'
import type { ScenePart, SceneWorkspace } from '../workspace'
import { listAccumulated } from './accumulate'
import type { LabelBox } from './cloud-aids'
import { makeLookCommands } from './look-commands'
import { makeLookPanel } from './look-panel'
import { toLook, writeClipBox } from './look-settings'
import { drawMeasured, makeMeasureCard } from './measure-card'
import { type Measured, makeMeasureTool } from './measure-tool'

/** CSS pixels around the pointer in which points are meant. */
const pickPixels = 6

const placeAt = ({ views, cloud }: SceneWorkspace, at: Point): Vector | null => {
  const ray = views.perspective.castRay(at.x, at.y)
  const { direction } = views.perspective.castRay(at.x + pickPixels, at.y)
  const cosine = ray.direction.reduce((sum, value, axis) => sum + value * direction[axis]!, 0)
  return cloud.pick(ray, Math.acos(Math.min(1, cosine)))
}

const readHex = (hex: string): [number, number, number] =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) || 0) as [number, number, number]

/** Cuboids that are shown on the frame, in the colours that they have. */
const listBoxes = (scene: SceneWorkspace): LabelBox[] => {
  const { editor } = scene
  return [...editor.scene.items.values()].flatMap((item) => {
    const cuboid = item.object.hidden || item.body?.outside ? null : scene.cuboidOf(item.clientId)
    return cuboid ? [{ cuboid, colour: readHex(colorOf(item.object, editor.job.labels, editor.state.appearance.colorBy)) }] : []
  })
}

export const lookPart: ScenePart = (scene) => {
  const { editor, cloud } = scene
  const { aids } = cloud
  if (!aids) return
  let poseOf: PoseOf | null = null
  const { start_frame: start, stop_frame: stop } = editor.job.info
  const showsFrames = () => poseOf && poseOf(editor.state.frame) !== null && poseOf(editor.state.frame) !== undefined
  const activeCuboid = () => {
    const { activeItem } = editor
    return activeItem && toCuboid(activeItem.body)
  }
  const takeCuboid = () => {
    const cuboid = activeCuboid()
    return cuboid && writeClipBox(cuboid)
  }
  const panel = makeLookPanel(editor, { figures: () => aids.figures, showsFrames, takeCuboid })
  scene.addPanel({ id: 'look', title: t('View'), icon: 'eye', element: panel.element, place: 'side' })
  scene.addCommands(makeLookCommands({ showsFrames: () => showsFrames() === true }))

  // Look

  const showLook = () => aids.setLook(toLook(editor.state.settings, activeCuboid()))
  const showLabels = () => aids.setLabelBoxes(editor.state.settings.sceneColour === 'label' ? listBoxes(scene) : [])
  const showFrames = () => {
    const reach = editor.state.settings.sceneFrames
    const { frame } = cloud
    aids.setAccumulated(reach > 0 && poseOf && frame >= 0 ? (listAccumulated(frame, reach, { start, stop }, poseOf) ?? []) : [])
  }
  editor.store.subscribe(['settings', 'activeId', 'edition', 'frame'], showLook)
  editor.store.subscribe(['settings', 'appearance', 'edition', 'frame', 'filter', 'picture'], showLabels)
  editor.store.subscribe(['settings'], showFrames)
  let shownFrame = -1
  let measured: Measured | null = null
  cloud.subscribe(() => {
    panel.update()
    // The ground may be known by now.
    card.show(measured, cloud.ground)
    if (cloud.frame === shownFrame) return
    shownFrame = cloud.frame
    showLabels()
    showFrames()
    measure.show(null)
  })
  readPoses(editor.job.info.id).then(
    (poses) => {
      poseOf = poses
      showFrames()
      panel.update()
    },
    // Told by the quick tools already; without poses frames are shown one by one.
    () => {
      poseOf = () => null
      panel.update()
    },
  )

  // Measuring

  const measure = {
    show: (next: Measured | null) => {
      measured = next
      card.show(measured, cloud.ground)
      scene.draw('measure', measured && drawMeasured(measured))
    },
  }
  const card = makeMeasureCard(() => {
    measure.show(null)
    if (editor.state.toolId === 'measure') editor.stage.setTool('cursor')
  })
  scene.addPanel({ id: 'measure', title: t('Measure'), icon: 'eye', element: card.element, place: 'over' })
  scene.addTools([makeMeasureTool({ placeAt: (at) => placeAt(scene, at), show: measure.show })])
  showLook()
  showLabels()
}
