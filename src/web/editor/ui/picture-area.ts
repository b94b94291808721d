// The canvas of the picture editor: layers, pointer, marks and context images in the room between rail and side bar.

import type { Editor } from '../editor'
import { equalizePicture } from '../frames/effects/equalize'
import { describePictureFilter, makeGammaFilter } from '../frames/effects/picture-style'
import { t } from '../i18n/message'
import type { Area } from '../kit'
import { ActiveLayer } from '../render/active-layer'
import { colorOf } from '../render/color'
import { describeItem } from '../render/describe-item'
import { PassiveLayer } from '../render/passive-layer'
import { PictureLayer } from '../render/picture-layer'
import type { PictureState } from '../state'
import { makeMaskBox } from '../tools/panels/mask-box'
import type { Size } from '../view/geometry'
import { makeAreaNotes } from './area-notes'
import { makeContextImages } from './context-images'
import { h } from './dom'
import { makeGhostMarks } from './ghost-marks'
import { makeGridLayer } from './grid-layer'
import { makeIssueMarks } from './issue-marks'
import { attachPointer } from './pointer'
import { fromTurned, placeTurned, turnSize } from './surface'

const chooseCursor = (editor: Editor): string => {
  const { cursor } = editor.state
  const grip = cursor && editor.stage.tool.id === 'cursor' ? editor.stage.context.handleAt(cursor) : null
  if (grip) return editor.stage.listHandles().find((handle) => handle.id === grip.handle)?.cursor ?? 'default'
  if (editor.stage.mode === 'pan') return 'grabbing'
  const item = editor.activeItem
  const over =
    item && cursor && editor.stage.tool.id === 'cursor' && editor.stage.context.targetAt(cursor)?.clientId === item.clientId
  return over && !item.object.locked && !item.object.pinned ? 'move' : editor.stage.tool.cursor
}

/** The picture with the effects that change its pixels. */
const applyEffects = (shown: PictureState, equalize: boolean): PictureState => {
  // Equalised piece by piece a huge picture would be a chessboard.
  if (!equalize || shown.at !== 'shown' || shown.source.tiles) return shown
  return { at: 'shown', source: equalizePicture(shown.source) }
}

export const openPictureArea = (editor: Editor): Area => {
  const konvaHost = h('div', { class: 'ed-layer' })
  const passiveHost = h('div', { class: 'ed-layer' })
  const area = h('div', {
    class: 'ed-canvas',
    'data-testid': 'canvas',
    tabindex: '0',
    role: 'application',
    'aria-label': t('Picture'),
  })
  // All that turns with the picture.
  const surface = h('div', { class: 'ed-surface' })
  const picture = new PictureLayer(surface)
  const pictureCanvas = surface.firstElementChild as HTMLElement
  const grid = makeGridLayer(editor)
  const gamma = makeGammaFilter()
  surface.append(grid.element, passiveHost, konvaHost, makeGhostMarks(editor), makeIssueMarks(editor))
  area.append(surface, ...makeAreaNotes(editor), makeMaskBox(editor), gamma.element)

  const active = new ActiveLayer(konvaHost)
  const passive = new PassiveLayer(passiveHost, editor.scene, {
    style: (item) => {
      const { appearance, settings, angle } = editor.state
      if (appearance.bitmap) return { color: '#ffffff', fill: 1, outline: null }
      const color = colorOf(item.object, editor.job.labels, appearance.colorBy)
      const outline = appearance.outline ? appearance.outlineColor : null
      const look = { color, fill: appearance.opacity / 100, outline, projections: appearance.projections }
      if (!settings.textAlways) return look
      const centred = settings.textPosition === 'center'
      return { ...look, text: { words: describeItem(editor, item), sizePx: settings.textSize, centred, angle } }
    },
    skips: (clientId) => editor.stage.isHidden(clientId),
  })
  editor.onDrawn = (drawn) => {
    if (drawn.kind === 'all') passive.redraw()
    // Texts and projections reach beyond the boxes of their objects.
    else if (editor.state.settings.textAlways || editor.state.appearance.projections) passive.redraw(true)
    else passive.repair(drawn.boxes)
  }

  let outer: Size = { width: 0, height: 0 }
  /** Asked for when the room changes only: reading it makes the browser lay out the page. */
  let offset = { left: 0, top: 0 }
  const measure = () => {
    const room = { width: area.clientWidth, height: area.clientHeight }
    if (room.width === 0 || room.height === 0) return
    outer = room
    offset = { left: area.offsetLeft, top: area.offsetTop }
    const { angle } = editor.state
    placeTurned(surface, room, angle)
    const size = turnSize(room, angle)
    const ratio = window.devicePixelRatio
    for (const layer of [picture, passive, active]) layer.resize(size, ratio)
    editor.viewport.resize(size)
    grid.resize()
  }
  const applyLook = () => {
    const { settings, appearance } = editor.state
    gamma.set(settings.gamma)
    pictureCanvas.style.filter = appearance.bitmap ? 'brightness(0)' : describePictureFilter(settings)
    area.style.background = appearance.bitmap ? '#000000' : settings.background
  }
  const attach = () => {
    new ResizeObserver(measure).observe(area)
    measure()
    editor.store.subscribe(['picture', 'view', 'area', 'size', 'settings'], ({ picture: shown, view, size, settings }) => {
      picture.draw(applyEffects(shown, settings.equalize), view, size, settings.smooth)
      passive.show(view)
    })
    editor.store.subscribe(['settings', 'appearance'], applyLook)
    applyLook()
    editor.store.subscribe(['angle'], () => {
      measure()
      editor.viewport.fit()
    })
    editor.store.subscribe(['appearance', 'angle', 'settings', 'topLayer'], () => passive.redraw(true))
    attachPointer(editor, area, () => outer)
    // Texts drawn before the font came are drawn again with it.
    void document.fonts.ready.then(() => active.draw(editor))
  }
  const update = () => {
    active.draw(editor)
    area.style.cursor = chooseCursor(editor)
    const { view, angle } = editor.state
    const handles = editor.stage.listHandles().map(({ id, x, y }) => {
      const at = fromTurned({ x: view.left + view.scale * x, y: view.top + view.scale * y }, outer, angle)
      return { id, x: offset.left + at.x, y: offset.top + at.y }
    })
    return { left: offset.left + view.left, top: offset.top + view.top, handles }
  }
  return { elements: [area, makeContextImages(editor)], focus: area, attach, update }
}
