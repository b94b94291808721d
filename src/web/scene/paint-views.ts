// Paints the lines of all views: cuboids as the appearance says, what the tool shows, handles, and what parts draw.
import { colorOf } from '../editor/render/color'
import { describeItem } from '../editor/render/describe-item'
import { toCuboid } from './cuboid-body'
import type { CuboidLook, Overlay } from './overlay'
import type { SceneScreen } from './scene-screen'
import type { ViewName } from './workspace'

const ghostColour = '#ffffff'

/** How others look around the active one. */
const quiet = { opacity: 0.45, fill: 0, width: 1 }
/** In the projections the points in the cuboid are looked at. */
const activeShare = 0.4

type Shown = CuboidLook & { clientId: number | null }

export const paintViews = (screen: SceneScreen, overlay: Overlay): void => {
  const { editor, views } = screen
  const { appearance, activeId, selection, settings, toolId } = editor.state
  const { preview } = editor.stage
  const marks = new Set(preview?.marks ?? [])
  const looks: Shown[] = []
  const look = (clientId: number): Shown | null => {
    const item = editor.scene.items.get(clientId)
    const cuboid = screen.cuboidOf(clientId)
    if (!item?.body || !cuboid || item.object.hidden || item.body.outside || preview?.without?.includes(clientId)) return null
    const isChosen = clientId === activeId || selection.includes(clientId) || marks.has(clientId)
    const isHovered = clientId === screen.hovered
    const writes = settings.textAlways || clientId === activeId || isHovered
    return {
      clientId,
      cuboid,
      colour: colorOf(item.object, editor.job.labels, appearance.colorBy),
      fill: (isChosen || isHovered ? appearance.selectedOpacity : appearance.opacity) / 100,
      width: isChosen ? 2.5 : isHovered ? 2 : 1.5,
      dashed: item.body.occluded,
      opacity: 1,
      arrows: appearance.orientation && (isChosen || isHovered || settings.textAlways || activeId === null),
      outline: marks.has(clientId) ? '#ffffff' : appearance.outline ? appearance.outlineColor : null,
      ...(writes && { text: describeItem(editor, item), textSize: settings.textSize }),
    }
  }
  for (const { clientId } of editor.scene.items.values()) {
    const one = look(clientId)
    if (one) looks.push(one)
  }
  const label = editor.job.labels.get(editor.state.drawLabelId)
  const ghosts = [preview?.clientId === undefined ? preview?.body : undefined, ...(preview?.more ?? [])].flatMap(
    (body) => toCuboid(body) ?? [],
  )
  for (const cuboid of ghosts)
    looks.push({
      clientId: activeId,
      cuboid,
      colour: toolId === 'paste' ? ghostColour : (label?.color ?? ghostColour),
      fill: appearance.selectedOpacity / 100,
      width: 2,
      dashed: false,
      opacity: 1,
      arrows: appearance.orientation,
      outline: null,
    })
  const active = activeId === null ? null : look(activeId)
  const handles = screen.listHandles()
  overlay.clear()
  for (const view of Object.values(views)) {
    const { local, name } = view
    if (local.length === 0) continue
    overlay.within(view, () => {
      for (const one of looks) {
        // Around the active one the others only show where they are.
        const isOther = name !== 'perspective' && one.clientId !== activeId
        const { text: _, ...plain } = one
        overlay.cuboid(
          view,
          local,
          name === 'perspective' ? one : { ...plain, ...(isOther ? quiet : { fill: one.fill * activeShare }) },
        )
      }
      for (const drawings of screen.drawings.values())
        for (const drawing of drawings) if (isShownIn(drawing.views, name)) overlay.drawing(view, local, drawing)
      const own = handles.filter((handle) => handle.view === name)
      const at = screen.pointer?.view === name ? screen.pointer.at : null
      const hot = at && name !== 'perspective' ? screen.gripAt(name, at) : null
      const shown = own.map(({ x, y, grip, from }) => ({
        ...{ x, y, round: grip === 'rotate', hot: grip === hot },
        ...(from && { from }),
      }))
      if (own.length > 0) overlay.handles(shown, active?.colour ?? ghostColour, settings.controlPoints)
      if (name === 'perspective' && preview?.box)
        overlay.box({ x: preview.box.left, y: preview.box.top }, { x: preview.box.right, y: preview.box.bottom })
    })
  }
}

const isShownIn = (names: readonly ViewName[] | undefined, name: ViewName): boolean => names === undefined || names.includes(name)
