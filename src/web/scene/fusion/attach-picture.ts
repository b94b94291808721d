// Mouse and touch on a picture: they light up, choose and drag cuboids; beside them the picture is moved and zoomed as usual.

import { projectPoint, toCamera } from '../../../formats/geometry3d/camera'
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import { t } from '../../editor/i18n/message'
import { workspaceFacts } from '../../editor/workspaces/workspace'
import { toBody } from '../cuboid-body'
import { findCuboid } from '../hit-cuboid'
import type { SceneWorkspace } from '../workspace'
import { bottomOf, castPictureRay, type HandleId, moveBottom, type PicturePoint, pullHandle } from './picture-geometry'
import type { PictureLayer, PictureScene } from './picture-layer'
import { type PictureAct, type PictureState, pictureTitles, pictureToolId } from './picture-tool'

/** CSS pixels. */
const handleReach = 9
const bodyReach = 5
const dragDistance = 4

export type PicturePorts = {
  scene: SceneWorkspace
  look: () => PictureScene
  /** The pointer is at a pixel of this picture, or left it. */
  point: (layer: PictureLayer, at: PicturePoint | null) => void
  /** Something that is drawn has moved. */
  redraw: () => void
}

type Drag = {
  pointer: number
  clientId: number
  act: PictureAct
  handle: HandleId | null
  start: Cuboid
  /** The pixel pressed, and that of what follows it. */
  from: PicturePoint
  held: PicturePoint
  moved: boolean
}

export const attachPicture = (layer: PictureLayer, { scene, look, point, redraw }: PicturePorts, signal: AbortSignal): void => {
  const { editor } = scene
  const { frame } = layer.tile
  let drag: Drag | null = null

  const findAt = (at: PicturePoint): number | null => {
    const { camera } = layer
    const slack = bodyReach * layer.pixelSize
    const found = findCuboid(
      castPictureRay(camera, at),
      look().looks,
      (place) => (Math.max(0, toCamera(camera, place)[2]) * slack) / camera.fx,
    )
    return found[0] ?? null
  }
  const handleAt = (at: PicturePoint): { id: HandleId; held: PicturePoint } | null => {
    let best: { id: HandleId; held: PicturePoint; distance: number } | null = null
    for (const { id, u, v } of layer.listHandles(look())) {
      const distance = Math.hypot(u - at.u, v - at.v) / layer.pixelSize
      if (distance <= handleReach && (!best || distance < best.distance)) best = { id, held: { u, v }, distance }
    }
    return best
  }
  const light = (clientId: number | null) => {
    if (scene.hovered === clientId) return
    scene.hovered = clientId
    scene.invalidate()
  }

  /** Why an object stays as it is; nothing when it may be changed. */
  const whyFixed = (clientId: number): string | null => {
    const object = editor.document.get(clientId)
    if (!workspaceFacts[editor.state.workspace].edits) return t('Shapes stay as they are in this workspace')
    if (object?.locked) return t('Locked: L unlocks it')
    return object?.pinned ? t('Pinned: P lets it move') : null
  }

  const press = (event: PointerEvent) => {
    if (event.button !== 0 || drag) return
    const at = layer.toPixel(event)
    if (!at || editor.stage.mode !== 'idle' || editor.stage.tool.id !== 'cursor') return
    const handle = handleAt(at)
    const clientId = handle ? editor.state.activeId : findAt(at)
    if (clientId === null) return
    if (editor.state.activeId !== clientId) editor.activate(clientId)
    const start = scene.cuboidOf(clientId)
    // The picture itself stays where it is.
    event.stopPropagation()
    event.preventDefault()
    if (!start) return
    frame.setPointerCapture(event.pointerId)
    const held = handle?.held ?? projectPoint(layer.camera, bottomOf(start)) ?? null
    if (!held) return
    const act = handle ? (handle.id === 'heading' ? 'turning' : 'pulling') : 'moving'
    drag = { pointer: event.pointerId, clientId, act, handle: handle?.id ?? null, start, from: at, held, moved: false }
  }

  const reach = ({ act, handle, start, from, held }: Drag, at: PicturePoint): Cuboid | null => {
    const to = { u: held.u + at.u - from.u, v: held.v + at.v - from.v }
    return act === 'moving' ? moveBottom(layer.camera, start, to) : pullHandle(layer.camera, start, handle!, to)
  }

  const pull = (event: PointerEvent) => {
    const at = layer.toPixel(event)
    if (!drag || !at) return
    event.stopPropagation()
    if (!drag.moved) {
      const distance = Math.hypot(at.u - drag.from.u, at.v - drag.from.v) / layer.pixelSize
      if (distance < dragDistance) return
      const why = whyFixed(drag.clientId)
      if (why) {
        editor.explain(why)
        drag = null
        return
      }
      drag.moved = true
      editor.stage.setTool(pictureToolId, { at: drag.act, clientId: drag.clientId, now: drag.start } as PictureState)
    }
    // Esc has given the canvas back.
    if (editor.state.toolId !== pictureToolId) {
      drag = null
      return
    }
    const now = reach(drag, at)
    if (now) editor.store.set({ toolState: { at: drag.act, clientId: drag.clientId, now } as PictureState })
    scene.invalidate()
  }

  const release = (event: PointerEvent) => {
    const done = drag
    drag = null
    if (!done) return
    event.stopPropagation()
    if (!done.moved || editor.state.toolId !== pictureToolId) return
    const state = editor.state.toolState as PictureState
    editor.stage.setTool('cursor')
    if (event.type === 'pointercancel' || state.at === 'idle' || state.now === done.start) return
    const { points, rotation } = toBody(state.now)
    editor.do({ type: 'place', clientId: done.clientId, position: { points, rotation }, title: pictureTitles[done.act] })
    scene.invalidate()
  }

  const hover = (event: PointerEvent) => {
    if (drag || event.buttons !== 0) return
    const at = layer.toPixel(event)
    const handle = at && handleAt(at)
    const found = at && editor.stage.tool.id === 'cursor' ? (handle ? editor.state.activeId : findAt(at)) : null
    frame.dataset.over = handle ? 'handle' : found === null ? '' : 'cuboid'
    light(found)
    point(layer, at)
  }

  // Before the picture's own listeners, which move it.
  const options = { capture: true, signal }
  frame.addEventListener('pointerdown', press, options)
  frame.addEventListener('pointermove', (event) => (drag ? pull(event) : hover(event)), options)
  frame.addEventListener('pointerup', release, options)
  frame.addEventListener('pointercancel', release, options)
  frame.addEventListener(
    'pointerleave',
    () => {
      if (drag) return
      light(null)
      point(layer, null)
    },
    { signal },
  )
  for (const type of ['wheel', 'pointermove', 'dblclick'] as const)
    frame.addEventListener(type, redraw, { signal, passive: true })
}
