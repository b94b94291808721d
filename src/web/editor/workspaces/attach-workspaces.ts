// Keeps the editor in step with the chosen workspace: what is in focus, which tool is in hand, what the address says.
import type { Editor } from '../editor'
import { goToConflict } from '../review/conflict-menu'
import { refocus } from './attribute-focus'
import { beginDrawing, goOn, prepareSingle } from './single-shape'
import { type Workspace, workspaceFacts } from './workspace'

/** Work is done in the side bar. */
const needsSide = (workspace: Workspace): boolean => workspaceFacts[workspace].panel || workspace === 'review'

/** Goes over to another workspace; what is half drawn is dropped. */
export const chooseWorkspace = (editor: Editor, workspace: Workspace): void => {
  if (workspace === editor.state.workspace) return
  if (editor.stage.isMidway) editor.stage.send({ type: 'cancel' })
  editor.stage.setTool('cursor')
  const tab = workspace === 'review' ? 'issues' : editor.state.sideTab === 'issues' ? 'objects' : editor.state.sideTab
  // The view was close to one object.
  if (editor.state.workspace === 'attributes') editor.viewport.fit()
  editor.store.set({ workspace, flyout: null, sideTab: tab, ...(needsSide(workspace) && { sideOpen: true }) })
}

const showInAddress = (workspace: Workspace): void => {
  const address = new URL(location.href)
  if (workspace === 'standard') address.searchParams.delete('defaultWorkspace')
  else address.searchParams.set('defaultWorkspace', workspace)
  history.replaceState(history.state, '', address)
}

/** A conflict that the address names is gone to once; a reload stays where one is. */
const goToLinked = async (editor: Editor): Promise<void> => {
  const address = new URL(location.href)
  const id = Number(address.searchParams.get('conflict'))
  if (!id) return
  await editor.conflicts.load()
  const found = editor.conflicts.conflicts.find((conflict) => conflict.id === id)
  if (found) await goToConflict(editor, found)
  const now = new URL(location.href)
  now.searchParams.delete('conflict')
  history.replaceState(history.state, '', now)
}

const begin = (editor: Editor): void => {
  const { workspace } = editor.state
  if (workspace === 'attributes') refocus(editor)
  if (workspace === 'single_shape') beginDrawing(editor)
}

export const attachWorkspaces = (editor: Editor): void => {
  // Explained by the panel that reads the conflicts too.
  goToLinked(editor).catch(() => {})
  prepareSingle(editor, new URL(location.href))
  if (editor.state.workspace === 'review') editor.store.set({ sideTab: 'issues' })
  if (needsSide(editor.state.workspace)) editor.store.set({ sideOpen: true })
  editor.store.subscribe(['workspace'], ({ workspace }) => {
    showInAddress(workspace)
    begin(editor)
  })
  editor.store.subscribe(['frame', 'picture'], (_, changed) => {
    if (changed.has('frame') || editor.stage.tool.id === 'cursor') begin(editor)
  })
  editor.onEdit.push((edit) => {
    const { workspace, single } = editor.state
    const drew = edit.patches.some((patch) => patch.before === null && patch.after?.kind === 'shape')
    if (workspace !== 'single_shape' || !drew || edit.patches.length > 1) return
    // The tool first ends its own drawing.
    setTimeout(() => {
      if (single.autoNext) void goOn(editor)
      else beginDrawing(editor)
    })
  })
}
