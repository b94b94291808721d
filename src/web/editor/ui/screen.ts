// Builds the editor's DOM, keeps canvas and data attributes in step with the state, and answers what commands ask of the screen.
import { findCommand } from '../commands/registry'
import type { Editor } from '../editor'
import { ActiveLayer } from '../render/active-layer'
import { colorOf } from '../render/color'
import { PassiveLayer } from '../render/passive-layer'
import { PictureLayer } from '../render/picture-layer'
import type { OpenDialog } from './dialog'
import { h, setAttribute, setText } from './dom'
import { makeHeader } from './header'
import { openHelp } from './help-sheet'
import { attachKeyboard } from './keyboard'
import { Mirror } from './mirror'
import { attachPointer } from './pointer'
import { askFinish, attachConflictDialog } from './save-dialogs'
import { openSettings } from './settings-dialog'
import { makeSideBar } from './side-bar'
import { makeStatusLine } from './status-line'
import { makeToolRail } from './tool-rail'
import { attachTooltips } from './tooltip'

/** Opens one dialog, and closes it when asked again. */
const makeToggle = (open: (onClose: () => void) => OpenDialog): (() => void) => {
  let shown: OpenDialog | null = null
  return () => {
    if (shown) {
      shown.close()
      shown = null
    } else {
      shown = open(() => {
        shown = null
      })
    }
  }
}

const attachPorts = (editor: Editor, root: HTMLElement): void => {
  editor.screen = {
    root,
    focusFrameField: () => root.querySelector<HTMLInputElement>('[data-testid="player-frame"]')?.focus(),
    toggleHelp: makeToggle((onClose) => openHelp(editor, root, onClose)),
    toggleSettings: makeToggle((onClose) => openSettings(editor, root, onClose)),
    askFinish: () => void askFinish(editor, root),
    runCommand: (id) => {
      const command = findCommand(id)
      if (command.enabled?.(editor) ?? true) command.run(editor)
    },
    focusNextArea: () => {
      const areas = ['.ed-canvas', '.ed-header', '.ed-rail', '.ed-side'].flatMap(
        (name) => root.querySelector<HTMLElement>(name) ?? [],
      )
      const open = areas.filter((area) => !area.hidden)
      const at = open.findIndex((area) => area.contains(document.activeElement))
      const next = open[(at + 1) % open.length]!
      const target = next.matches('.ed-canvas') ? next : next.querySelector<HTMLElement>('button:not([hidden]), [tabindex="0"]')
      target?.focus()
    },
  }
}

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
    'data-angle': 0,
    'data-revision': state.revision,
    'data-unsaved': state.pending,
    'data-active': state.activeId ?? '',
    'data-selection': state.selection.join(','),
    'data-tool': state.toolId,
    'data-journal': state.unwritten === 0 ? 'written' : 'writing',
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
    'aria-label': 'Picture',
  })
  const picture = new PictureLayer(area)
  area.append(passiveHost, konvaHost, notice)
  const mirror = new Mirror(editor)
  const body = h('div', { class: 'ed-body' }, makeToolRail(editor), area, makeSideBar(editor))
  root.replaceChildren(makeHeader(editor, root), body, makeStatusLine(editor), mirror.objects, mirror.handles)

  const active = new ActiveLayer(konvaHost)
  const passive = new PassiveLayer(passiveHost, editor.scene, {
    style: (item) => {
      const { appearance } = editor.state
      const color = colorOf(item.object, editor.job.labels, appearance.colorBy)
      return { color, fill: appearance.opacity / 100, outlined: appearance.outline }
    },
    skips: (clientId) => editor.stage.isHidden(clientId),
  })
  editor.onDrawn = (drawn) => (drawn.kind === 'all' ? passive.redraw() : passive.repair(drawn.boxes))

  const measure = () => {
    const size = { width: area.clientWidth, height: area.clientHeight }
    if (size.width === 0 || size.height === 0) return
    const ratio = window.devicePixelRatio
    for (const layer of [picture, passive, active]) layer.resize(size, ratio)
    editor.viewport.resize(size)
  }
  new ResizeObserver(measure).observe(area)
  measure()

  editor.store.subscribe(['picture', 'view', 'area', 'size', 'settings'], ({ picture: shown, view, size, settings }) => {
    picture.draw(shown, view, size, settings.smooth)
    passive.show(view)
    notice.hidden = shown.at !== 'failed'
    if (shown.at === 'failed') setText(notice, `The picture of this frame could not be loaded: ${shown.reason}`)
  })
  editor.store.subscribe(['appearance'], () => passive.redraw(true))
  editor.store.subscribe(['edition', 'frame', 'pending', 'appearance', 'settings'], () => mirror.syncObjects())
  editor.store.subscribe(['activeId'], () => mirror.syncActive())
  const keys = Object.keys(editor.state) as (keyof typeof editor.state)[]
  editor.store.subscribe(keys, () => {
    active.draw(editor)
    const offset = { left: area.offsetLeft, top: area.offsetTop }
    mirror.syncHandles(offset)
    area.style.cursor = chooseCursor(editor)
    writeRoot(editor, root, offset)
  })
  attachPointer(editor, area)
  attachKeyboard(editor, root, area)
  attachConflictDialog(editor, root)
  attachTooltips(root)
  // Texts drawn before the font came are drawn again with it.
  void document.fonts.ready.then(() => active.draw(editor))
  area.focus({ preventScroll: true })
}
