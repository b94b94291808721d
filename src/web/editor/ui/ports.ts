// What commands may ask of the screen: dialogs, focus, full screen.
import { isEnabled } from '../commands/keymap'
import { findCommand } from '../commands/registry'
import type { Editor } from '../editor'
import { openActions } from './action-dialog'
import type { OpenDialog } from './dialog'
import { openFilter } from './filter-dialog'
import { openFrameSearch } from './frame-search'
import { openGuide } from './guide-dialog'
import { openHelp } from './help-sheet'
import { openInfo, openStatistics } from './info-dialogs'
import { askIssue } from './issue-dialog'
import { openPalette } from './palette'
import { askFinish } from './save-dialogs'
import { openSettings } from './settings-dialog'
import { askSubmit } from './single-panel'

type Opener = (editor: Editor, root: HTMLElement, onClose: () => void) => OpenDialog

/** Opens one dialog, and closes it when asked again. */
const makeToggle = (editor: Editor, root: HTMLElement, open: Opener): (() => void) => {
  let shown: OpenDialog | null = null
  return () => {
    if (shown) {
      shown.close()
      shown = null
      return
    }
    if (root.querySelector('dialog[open]')) return
    shown = open(editor, root, () => {
      shown = null
    })
  }
}

const focusNextArea = (root: HTMLElement): void => {
  const areas = ['.ed-canvas', '.ed-header', '.ed-rail', '.ed-side'].flatMap(
    (name) => root.querySelector<HTMLElement>(name) ?? [],
  )
  const open = areas.filter((area) => !area.hidden)
  const at = open.findIndex((area) => area.contains(document.activeElement))
  const next = open[(at + 1) % open.length]!
  const candidates = [...next.querySelectorAll<HTMLElement>('button:not([hidden]), select, [tabindex="0"]')]
  const target = next.matches('.ed-canvas') ? next : candidates.find((one) => one.checkVisibility())
  target?.focus()
}

const toggleFullScreen = async (editor: Editor): Promise<void> => {
  try {
    if (document.fullscreenElement) await document.exitFullscreen()
    else await document.documentElement.requestFullscreen()
  } catch {
    editor.explain('The browser does not allow full screen', 'error')
  }
}

export const attachPorts = (editor: Editor, root: HTMLElement): void => {
  const toggle = (open: Opener) => makeToggle(editor, root, open)
  editor.screen = {
    root,
    focusFrameField: () => root.querySelector<HTMLInputElement>('[data-testid="player-frame"]')?.focus(),
    toggleHelp: toggle(openHelp),
    toggleSettings: toggle(openSettings),
    askFinish: () => void askFinish(editor, root),
    askSubmit: () => askSubmit(editor),
    openFilter: toggle(openFilter),
    openActions: (start) => {
      if (!root.querySelector('dialog[open]')) openActions(editor, root, () => {}, start)
    },
    openPalette: toggle(openPalette),
    openStatistics: toggle(openStatistics),
    openInfo: toggle(openInfo),
    openGuide: () => void openGuide(editor),
    openHistory: () => {
      const shown = editor.state.sideOpen && editor.state.sideTab === 'history'
      editor.store.set({ sideOpen: true, sideTab: shown ? 'objects' : 'history' })
    },
    openFrameSearch: toggle(openFrameSearch),
    askIssue: (position) => askIssue(editor, position),
    toggleFullScreen: () => void toggleFullScreen(editor),
    runCommand: (id) => {
      const command = findCommand(id)
      if (isEnabled(command, editor)) command.run(editor)
    },
    focusNextArea: () => focusNextArea(root),
  }
}
