// Opens camera fusion: cuboids over the calibrated pictures beside the frame, editable there, and points in the pictures' colours.
import type { Vector } from '../../../formats/geometry3d/rotation'
import { t, tn } from '../../editor/i18n/message'
import { colorOf } from '../../editor/render/color'
import { addQuietTools } from '../../editor/tools/registry'
import { contextTilesOf } from '../../editor/ui/context-images'
import { h } from '../../editor/ui/dom'
import { workspaceFacts } from '../../editor/workspaces/workspace'
import type { ScenePart, SceneWorkspace } from '../workspace'
import { attachPicture } from './attach-picture'
import { type JobCalibration, readCalibration } from './calibration'
import { Colouring } from './colouring'
import { type FusionSwitches, makeFusionPanel } from './fusion-panel'
import { castPictureRay, type PicturePoint } from './picture-geometry'
import { PictureLayer, type PictureLook, type PictureScene } from './picture-layer'
import { pictureTool, pictureToolId } from './picture-tool'

const storeKey = 'annolith-fusion'

/** Metres of a ray that are drawn where it meets nothing. */
const rayLength = 80
/** A ray means points this near to it. */
const pickRadians = 0.006
/** CSS pixels around the pointer of the perspective view. */
const pickPixels = 6

const readSwitches = (): FusionSwitches => {
  const start: FusionSwitches = { draws: true, colours: false, points: true }
  try {
    return { ...start, ...(JSON.parse(localStorage.getItem(storeKey) ?? '{}') as Partial<FusionSwitches>) }
  } catch {
    return start
  }
}

/** The cuboids of the frame in the looks that the views give them. */
const listLooks = (scene: SceneWorkspace): PictureLook[] => {
  const { editor } = scene
  const { appearance, activeId, selection } = editor.state
  const { preview } = editor.stage
  const marks = new Set(preview?.marks ?? [])
  return [...editor.scene.items.values()].flatMap((item): PictureLook[] => {
    const { clientId, object, body } = item
    const cuboid = scene.cuboidOf(clientId)
    if (!body || !cuboid || object.hidden || body.outside || preview?.without?.includes(clientId)) return []
    const isChosen = clientId === activeId || selection.includes(clientId) || marks.has(clientId)
    const isHovered = clientId === scene.hovered
    return [
      {
        clientId,
        cuboid,
        colour: colorOf(object, editor.job.labels, appearance.colorBy),
        fill: (isChosen || isHovered ? appearance.selectedOpacity : appearance.opacity) / 100,
        width: isChosen ? 2.5 : isHovered ? 2 : 1.5,
        dashed: body.occluded,
        outline: marks.has(clientId) ? '#ffffff' : appearance.outline ? appearance.outlineColor : null,
      },
    ]
  })
}

export const fusionPart: ScenePart = (scene) => {
  const { editor, cloud } = scene
  const tiles = contextTilesOf(editor)
  // Without pictures there is nothing to fuse, and no tab is needed.
  const hasPictures = editor.job.meta.frames.some((one) => (one.related_files ?? 0) > 0 || one.has_related_context === true)
  if (!tiles || !hasPictures) return
  const switches = readSwitches()
  let calibration: JobCalibration | null = null
  let layers: PictureLayer[] = []
  let abort = new AbortController()
  /** What the pointer of a picture means: drawn in the views and in the other pictures. */
  let pointed: { layer: PictureLayer; place: Vector | null } | null = null
  let scheduled = false
  addQuietTools([pictureTool])

  const tellColours = (coloured: number | 'no-pictures' | null) =>
    panel.showState(
      coloured === null
        ? t('Colouring the points…')
        : coloured === 'no-pictures'
          ? t('No picture of this frame has a calibration')
          : tn(coloured, 'One point has a colour of a picture', '{count} points have colours of the pictures'),
    )
  const fail = (error: Error) =>
    editor.explain(t('The points could not be coloured: {reason}', { reason: error.message }), 'error')
  const colouring = new Colouring({ scene, tiles, calibration: () => calibration, tell: tellColours, fail })
  const panel = makeFusionPanel(switches, (part) => {
    Object.assign(switches, part)
    localStorage.setItem(storeKey, JSON.stringify(switches))
    if (part.colours !== undefined) {
      colouring.on = part.colours
      if (!part.colours) panel.showState('')
    }
    if (part.draws !== undefined) lay()
    schedule()
  })

  let picked: { at: { x: number; y: number }; place: Vector | null } | null = null
  /** The place in the cloud that the pointer of the perspective view means; looked for when it has moved, and not while it turns the view. */
  const placeOfPointer = (): Vector | null => {
    const { pointer, views } = scene
    const isTurning = views.perspective.element.dataset.grabbed === 'true'
    if (!switches.points || pointer?.view !== 'perspective' || editor.stage.mode !== 'idle' || isTurning) {
      picked = null
      return null
    }
    if (picked?.at !== pointer.at) picked = { at: pointer.at, place: pick(pointer.at) }
    return picked.place
  }
  const pick = (at: { x: number; y: number }): Vector | null => {
    const { views } = scene
    const [ray, beside] = [0, pickPixels].map((by) => views.perspective.castRay(at.x + by, at.y)) as [
      ReturnType<typeof views.perspective.castRay>,
      ReturnType<typeof views.perspective.castRay>,
    ]
    const cosine = ray.direction.reduce((sum, value, axis) => sum + value * beside.direction[axis]!, 0)
    return cloud.pick(ray, Math.acos(Math.min(1, cosine)))
  }

  const describe = (layer: PictureLayer, looks: PictureLook[], place: Vector | null): PictureScene => {
    const { activeId, toolId, settings, workspace } = editor.state
    const object = activeId === null ? undefined : editor.document.get(activeId)
    const isEditable =
      object && !object.locked && workspaceFacts[workspace].edits && (toolId === 'cursor' || toolId === pictureToolId)
    const mark = pointed ? (pointed.layer === layer ? null : pointed.place) : place
    return { looks, editable: isEditable ? activeId : null, handleSize: settings.controlPoints, mark }
  }
  const paint = () => {
    if (!layers.length) return
    const looks = switches.draws ? listLooks(scene) : []
    const place = pointed ? null : placeOfPointer()
    for (const layer of layers) layer.draw(describe(layer, looks, place))
  }
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    requestAnimationFrame(() => {
      scheduled = false
      paint()
    })
  }

  /** The pointer of a picture as a ray in the views, and as a cross in other pictures where it meets a point. */
  const point = (layer: PictureLayer, at: PicturePoint | null) => {
    if (!at || !switches.points) {
      if (pointed) scene.draw('fusion-ray', null)
      pointed = null
      schedule()
      return
    }
    const ray = castPictureRay(layer.camera, at)
    const place = cloud.pick(ray, pickRadians)
    pointed = { layer, place }
    const end = place ?? ray.origin.map((value, axis) => value + ray.direction[axis]! * rayLength)
    scene.draw('fusion-ray', [
      { lines: [...ray.origin, ...end], colour: '#ffe066', dashed: true },
      ...(place ? [{ dots: [...place], dotSize: 7, colour: '#ffe066' }] : []),
    ])
    schedule()
  }

  const observer = new ResizeObserver(schedule)
  /** New tiles are on the screen. */
  const lay = () => {
    abort.abort()
    abort = new AbortController()
    observer.disconnect()
    pointed = null
    scene.draw('fusion-ray', null)
    for (const { canvas } of layers) canvas.remove()
    layers = []
    for (const tile of tiles.tiles) {
      const camera = calibration?.cameraOf(tiles.frame, tile.name)
      tile.frame.querySelector('.sf-none')?.remove()
      if (!camera) {
        if (calibration?.files.length)
          tile.frame.append(h('span', { class: 'sf-none', text: t('No calibration'), 'data-testid': 'fusion-none' }))
        continue
      }
      const layer = new PictureLayer(tile, camera)
      layers.push(layer)
      const look = () => describe(layer, switches.draws ? listLooks(scene) : [], null)
      attachPicture(layer, { scene, look, point, redraw: schedule }, abort.signal)
      observer.observe(tile.frame)
      if (!tile.image.complete) tile.image.addEventListener('load', schedule, { signal: abort.signal })
    }
    paint()
    colouring.refresh()
  }

  scene.addPanel({ id: 'fusion', title: t('Pictures'), icon: 'images', element: panel.element, place: 'side' })
  tiles.subscribe(lay)
  scene.onPainted(schedule)
  cloud.subscribe(() => colouring.refresh())
  panel.showCalibration(null)
  readCalibration(editor.job.info.id).then(
    (found) => {
      calibration = found
      panel.showCalibration(found)
      lay()
      if (switches.colours && found.files.length) colouring.on = true
    },
    (error: Error) => panel.showCalibration(null, t('The calibration could not be read: {reason}', { reason: error.message })),
  )
}
