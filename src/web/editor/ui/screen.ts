// Builds the editor's DOM, keeps data attributes in step with the state, and answers what commands ask of the screen.

import type { Editor } from '../editor'
import type { EditorKit } from '../kit'
import { makeTimeline } from '../timeline/timeline-panel'
import { h, setAttribute } from './dom'
import { makeHeader } from './header'
import { attachKeyboard } from './keyboard'
import { Mirror } from './mirror'
import { attachPorts } from './ports'
import { attachConflictDialog } from './save-dialogs'
import { makeSideBar } from './side-bar'
import { makeStatusLine } from './status-line'
import { makeToolRail } from './tool-rail'
import { attachTooltips } from './tooltip'

/** Writes what the picture shows into the root's attributes. */
const writeRoot = (editor: Editor, root: HTMLElement, corner: { left: number; top: number }): void => {
  const { state } = editor
  const busy =
    state.wantedFrame !== state.frame || state.picture.at === 'empty' || state.save.at === 'saving' || state.working > 0
  const values = {
    'data-job': editor.job.info.id,
    'data-frame': state.frame,
    'data-mode': editor.stage.mode,
    'data-busy': busy,
    'data-scale': state.view.scale,
    'data-left': corner.left,
    'data-top': corner.top,
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

export const openScreen = (editor: Editor, root: HTMLElement, kit: EditorKit): void => {
  attachPorts(editor, root)
  const area = kit.openArea(editor, root)
  const mirror = new Mirror(editor)
  const body = h('div', { class: 'ed-body' }, makeToolRail(editor), ...area.elements, makeSideBar(editor, area.panels))
  root.replaceChildren(
    makeHeader(editor, root),
    body,
    makeTimeline(editor),
    makeStatusLine(editor),
    mirror.objects,
    mirror.handles,
  )
  area.attach()
  editor.store.subscribe(['edition', 'frame', 'pending', 'appearance', 'settings'], () => mirror.syncObjects())
  editor.store.subscribe(['activeId'], () => mirror.syncActive())
  editor.store.subscribe(['filter', 'topLayer', 'conflicted'], () => mirror.syncObjects())
  const keys = Object.keys(editor.state) as (keyof typeof editor.state)[]
  editor.store.subscribe(keys, (_, changed) => {
    const { handles, ...corner } = area.update(changed)
    mirror.syncHandles(handles)
    writeRoot(editor, root, corner)
  })
  attachKeyboard(editor, root, area.focus)
  attachConflictDialog(editor, root)
  attachTooltips(root)
  area.focus.focus({ preventScroll: true })
}
