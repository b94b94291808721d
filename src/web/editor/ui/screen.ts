// Builds the editor's DOM, keeps canvas and data attributes in step with the state, and answers what commands ask of the screen.

import type { Editor } from '../editor'
import { equalizePicture } from '../frames/effects/equalize'
import { describePictureFilter, makeGammaFilter } from '../frames/effects/picture-style'
import { t } from '../i18n/message'
import { ActiveLayer } from '../render/active-layer'
import { colorOf } from '../render/color'
import { describeItem } from '../render/describe-item'
import { PassiveLayer } from '../render/passive-layer'
import { PictureLayer } from '../render/picture-layer'
import type { PictureState } from '../state'
import { makeTimeline } from '../timeline/timeline-panel'
import { makeMaskBox } from '../tools/panels/mask-box'
import type { Size } from '../view/geometry'
import { makeContextImages } from './context-images'
import { h, setAttribute, setText } from './dom'
import { makeFrameTags } from './frame-tags'
import { makeGhostMarks } from './ghost-marks'
import { makeGridLayer } from './grid-layer'
import { makeHeader } from './header'
import { makeIssueMarks } from './issue-marks'
import { attachKeyboard } from './keyboard'
import { Mirror } from './mirror'
import { attachPointer } from './pointer'
import { attachPorts } from './ports'
import { makeResumeOffer } from './resume-offer'
import { attachConflictDialog } from './save-dialogs'
import { makeSideBar } from './side-bar'
import { makeStatusLine } from './status-line'
import { fromTurned, placeTurned, turnSize } from './surface'
import { makeToolRail } from './tool-rail'
import { attachTooltips } from './tooltip'

/** Writes what the picture shows into the root's attributes. */
const writeRoot = (editor: Editor, root: HTMLElement, offset: { left: number; top: number }): void => {
  const { state } = editor
  const busy =
    state.wantedFrame !== state.frame || state.picture.at === 'empty' || state.save.at === 'saving' || state.working > 0
  const values = {
    'data-job': editor.job.info.id,
    'data-frame': state.frame,
    'data-mode': editor.stage.mode,
    'data-busy': busy,
    'data-scale': state.view.scale,
    'data-left': offset.left + state.view.left,
    'data-top': offset.top + state.view.top,
    'data-angle': state.angle,
    'data-revision': state.revision,
    'data-unsaved': state.pending,
    'data-active': state.activeId ?? '',
    'data-selection': state.selection.join(','),
    'data-tool': state.toolId,
    'data-workspace': state.workspace,
    'data-journal': state.unwritten + state.unwrittenSteps === 0 ? 'written' : 'writing',
  }
  for (const [name, value] of Object.entries(values)) setAttribute(root, name, String(value))
}

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

export const openScreen = (editor: Editor, root: HTMLElement): void => {
  attachPorts(editor, root)
  const konvaHost = h('div', { class: 'ed-layer' })
  const notice = h('div', { class: 'ed-notice', hidden: '' })
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
  const removed = h(
    'div',
    { class: 'ed-removed', 'data-testid': 'frame-deleted', hidden: '' },
    h('strong', { text: t('This frame is deleted') }),
    h('span', { text: t('It is left out of playing and exports.') }),
  )
  surface.append(grid.element, passiveHost, konvaHost, makeGhostMarks(editor), makeIssueMarks(editor))
  area.append(
    surface,
    notice,
    removed,
    makeFrameTags(editor),
    makeResumeOffer(editor, editor.stoppedAt),
    makeMaskBox(editor),
    gamma.element,
  )
  const mirror = new Mirror(editor)
  const body = h('div', { class: 'ed-body' }, makeToolRail(editor), area, makeContextImages(editor), makeSideBar(editor))
  root.replaceChildren(
    makeHeader(editor, root),
    body,
    makeTimeline(editor),
    makeStatusLine(editor),
    mirror.objects,
    mirror.handles,
  )

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
  new ResizeObserver(measure).observe(area)
  measure()

  editor.store.subscribe(['picture', 'view', 'area', 'size', 'settings'], ({ picture: shown, view, size, settings }) => {
    picture.draw(applyEffects(shown, settings.equalize), view, size, settings.smooth)
    passive.show(view)
    notice.hidden = shown.at !== 'failed'
    if (shown.at === 'failed')
      setText(notice, t('The picture of this frame could not be loaded: {reason}', { reason: shown.reason }))
  })
  const applyLook = () => {
    const { settings, appearance } = editor.state
    gamma.set(settings.gamma)
    pictureCanvas.style.filter = appearance.bitmap ? 'brightness(0)' : describePictureFilter(settings)
    area.style.background = appearance.bitmap ? '#000000' : settings.background
  }
  editor.store.subscribe(['settings', 'appearance'], applyLook)
  applyLook()
  const showRemoved = () => {
    removed.hidden = !editor.state.deletedFrames.has(editor.state.frame)
  }
  editor.store.subscribe(['frame', 'deletedFrames'], showRemoved)
  showRemoved()
  editor.store.subscribe(['angle'], () => {
    measure()
    editor.viewport.fit()
  })
  editor.store.subscribe(['appearance', 'angle', 'settings', 'topLayer'], () => passive.redraw(true))
  editor.store.subscribe(['edition', 'frame', 'pending', 'appearance', 'settings'], () => mirror.syncObjects())
  editor.store.subscribe(['activeId'], () => mirror.syncActive())
  editor.store.subscribe(['filter', 'topLayer', 'conflicted'], () => mirror.syncObjects())
  const keys = Object.keys(editor.state) as (keyof typeof editor.state)[]
  editor.store.subscribe(keys, () => {
    active.draw(editor)
    mirror.syncHandles(offset, (at) => fromTurned(at, outer, editor.state.angle))
    area.style.cursor = chooseCursor(editor)
    writeRoot(editor, root, offset)
  })
  attachPointer(editor, area, () => outer)
  attachKeyboard(editor, root, area)
  attachConflictDialog(editor, root)
  attachTooltips(root)
  // Texts drawn before the font came are drawn again with it.
  void document.fonts.ready.then(() => active.draw(editor))
  area.focus({ preventScroll: true })
}
