// Builds the 3D workspace's screen: tiles, views, canvases, parts; keeps them in step with the editor's state.
import type { Editor } from '../editor/editor'
import { t } from '../editor/i18n/message'
import type { Area } from '../editor/kit'
import { addTools } from '../editor/tools/registry'
import { makeAreaNotes } from '../editor/ui/area-notes'
import { makeContextImages } from '../editor/ui/context-images'
import { h } from '../editor/ui/dom'
import { makeFinder } from './finder'
import { LastSizes } from './last-sizes'
import { Overlay } from './overlay'
import { makePads } from './pads'
import { parts } from './parts'
import { makeCloudLayer } from './render/cloud/cloud-layer'
import { noPoints } from './render/no-points'
import type { PointLayer } from './render/point-layer'
import { createRenderer, type SceneRenderer } from './render/renderer'
import { SceneScreen } from './scene-screen'
import { SceneViewport } from './scene-viewport'
import type { DrawPorts } from './tools/cuboid-tool'
import type { CursorPorts } from './tools/cursor-tool'
import { attachPerspective } from './views/attach-perspective'
import { attachProjection } from './views/attach-projection'
import { makeLayout } from './views/layout'
import { projectionNames } from './views/projection'
import { SceneView } from './views/scene-view'
import type { ViewName } from './workspace'

export type OpenScene = {
  screen: SceneScreen
  area: Area
  cursor: CursorPorts
  drawing: DrawPorts
  prepare: (frame: number, signal: AbortSignal) => Promise<void>
}

const openRenderer = (): SceneRenderer | string => {
  try {
    return createRenderer()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export const openScene = (editor: Editor, root: HTMLElement): OpenScene => {
  const layout = makeLayout(editor, makeContextImages(editor))
  const makeView = (name: ViewName) => new SceneView(name, layout.views[name])
  const views = { perspective: makeView('perspective'), top: makeView('top'), side: makeView('side'), front: makeView('front') }
  const opened = openRenderer()
  const renderer = typeof opened === 'string' ? null : opened
  const overlay = new Overlay()
  const { info } = editor.job
  const layer: PointLayer | null =
    renderer &&
    makeCloudLayer({
      jobId: info.id,
      frames: { start: info.start_frame, stop: info.stop_frame, has: (frame) => editor.frames.has(frame) },
      invalidate: () => screen.invalidatePoints(),
    })
  if (layer) renderer?.setPoints(layer)
  const cloud = layer ?? noPoints
  const screen: SceneScreen = new SceneScreen(editor, root, views, cloud, overlay, renderer)
  const sizes = new LastSizes(editor)
  editor.finder = makeFinder(screen)
  editor.viewport = new SceneViewport(editor.store, screen)

  const area = h('div', {
    class: 'ed-canvas sc-area',
    'data-testid': 'canvas',
    tabindex: '0',
    role: 'application',
    'aria-label': t('Point cloud'),
    'data-webgl': String(renderer !== null),
  })
  if (renderer) {
    renderer.canvas.className = 'sc-canvas'
    area.append(renderer.canvas)
  }
  overlay.canvas.className = 'sc-canvas'
  area.append(overlay.canvas, layout.element)
  views.perspective.element.append(makePads(editor), ...makeAreaNotes(editor))
  if (!renderer)
    views.perspective.element.append(
      h(
        'div',
        { class: 'ed-notice sc-no-webgl', role: 'alert', 'data-testid': 'no-webgl' },
        h('strong', { text: t('This browser cannot draw point clouds') }),
        h('p', {
          text: t(
            'WebGL is switched off or missing. Objects can be looked through, typed and saved; to see points, switch WebGL on.',
          ),
        }),
      ),
    )
  for (const name of projectionNames)
    views[name].element.append(h('p', { class: 'sc-empty', text: t('Choose a cuboid to see it here') }))

  for (const part of parts) part(screen)
  for (const group of screen.toolGroups) addTools(group)
  for (const panel of screen.panels) if (panel.place === 'over') views.perspective.element.append(panel.element)

  const measure = () => {
    const outer = area.getBoundingClientRect()
    if (outer.width === 0 || outer.height === 0) return
    for (const view of Object.values(views)) {
      const { left, top, width, height } = view.element.getBoundingClientRect()
      view.box = { left: left - outer.left, top: top - outer.top, width, height }
    }
    renderer?.resize(outer.width, outer.height)
    overlay.resize(outer.width, outer.height)
    editor.store.set({ area: { width: views.perspective.box.width, height: views.perspective.box.height } })
    // At once: a canvas of another size is empty.
    screen.invalidatePoints()
    screen.paint()
  }

  /** Shows the points of the frame; the editor is busy until they are drawn. */
  const showFrame = () => {
    const { frame, picture } = editor.state
    // Points of another frame would pass for those of one that cannot be read.
    if (layer) layer.object.visible = picture.at !== 'failed'
    if (picture.at === 'failed') screen.invalidatePoints()
    if (cloud.frame === frame || picture.at !== 'shown') return
    const count = (by: number) => editor.store.set({ working: editor.state.working + by })
    count(1)
    const done = () => count(-1)
    cloud.show(frame).then(
      () => {
        if (editor.state.settings.resetZoom) screen.fit()
        if (renderer) screen.whenDrawn(done)
        else done()
      },
      (error: unknown) => {
        done()
        if (editor.state.frame === frame)
          editor.store.set({ picture: { at: 'failed', reason: error instanceof Error ? error.message : String(error) } })
      },
    )
  }

  const attach = () => {
    const observer = new ResizeObserver(measure)
    for (const element of [area, ...Object.values(layout.views)]) observer.observe(element)
    measure()
    editor.store.subscribe(['frame', 'picture'], showFrame)
    attachPerspective(screen, area)
    for (const name of projectionNames) attachProjection(screen, name, area)
    renderer?.onRestored(() => screen.invalidatePoints())
    void document.fonts.ready.then(() => screen.invalidate())
  }
  const update: Area['update'] = (changed) => {
    const outer = { left: area.offsetLeft, top: area.offsetTop }
    const handles = screen.mirrorHandles(outer)
    const { left, top } = views.perspective.box
    views.perspective.element.style.cursor = editor.stage.tool.cursor
    // The pointer alone changes nothing that is drawn, unless something follows it.
    const follows = changed.size > 1 || !changed.has('cursor') || editor.stage.preview !== null
    if (follows) screen.paint()
    return { left: outer.left + left, top: outer.top + top, handles }
  }
  const panels = screen.panels.flatMap(({ id, title, element, place }) =>
    place === 'side' ? [{ id: `part-${id}` as const, title, element }] : [],
  )
  const cursor: CursorPorts = {
    reach: (view, at) => views[view].castRay(at.x, at.y).origin,
    project: (view, at) => views[view].project(at),
    gripAt: (view, at) => screen.gripAt(view, at),
    isOnActive: (view, at) => screen.isOnActive(view, at),
    active: () => screen.target(),
    otherAt: (view, at) => screen.findAt(view, at).find((id) => id !== editor.state.activeId) ?? null,
    fitView: (view) => screen.fitProjection(view),
    fit: (clientId) => screen.fitItem(clientId === null ? null : (editor.scene.items.get(clientId) ?? null)),
  }
  const drawing: DrawPorts = {
    groundAt: (at) => screen.groundAt(at),
    sizeOf: (labelId) => sizes.get(labelId),
    yaw: () => 0,
  }
  screen.resetLayout = layout.reset
  return {
    screen,
    area: { elements: [area], focus: area, attach, update, panels },
    cursor,
    drawing,
    prepare: (frame, signal) => (layer ? layer.prepare(frame, signal) : Promise.resolve()),
  }
}
