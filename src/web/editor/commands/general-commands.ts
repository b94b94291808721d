// Commands of the whole editor: saving, history, tools, labels, view, help.
import type { Editor } from '../editor'
import type { Command } from './command'

const canFinish = (editor: Editor): boolean => editor.stage.tool.canFinish?.(editor.state.toolState) ?? false

/** A label for the chosen objects, or for what is drawn next. */
export const chooseLabel = (editor: Editor, index: number): void => {
  const label = [...editor.job.labels.values()][index]
  if (!label) return
  const ids = editor.chosenIds.filter((id) => !editor.document.get(id)?.locked)
  if (ids.length > 0) editor.do({ type: 'label', clientIds: ids, labelId: label.id })
  else editor.store.set({ drawLabelId: label.id })
  editor.explain(ids.length > 0 ? `Label: ${label.name}` : `Next drawing: ${label.name}`)
}

const labelCommands: Command[] = Array.from({ length: 10 }, (_, index) => {
  const digit = (index + 1) % 10
  return {
    id: `label-${index + 1}`,
    title: `Give label ${index + 1}, or draw with it next`,
    group: 'Labels',
    keys: [`Ctrl+${digit}`, `${digit}`],
    run: (editor) => chooseLabel(editor, index),
    enabled: (editor) => index < editor.job.labels.size,
  }
})

export const generalCommands: Command[] = [
  { id: 'save', title: 'Save', group: 'General', keys: ['Ctrl+S'], run: (e) => e.save(), everywhere: true },
  {
    id: 'undo',
    title: 'Undo',
    group: 'General',
    keys: ['Ctrl+Z'],
    run: (e) => (canStepBack(e) ? e.stage.send({ type: 'step-back' }) : e.undo()),
    enabled: (e) => canStepBack(e) || (e.history.next.undo !== null && !e.stage.isMidway),
  },
  {
    id: 'redo',
    title: 'Redo',
    group: 'General',
    keys: ['Ctrl+Y', 'Ctrl+Shift+Z'],
    run: (e) => e.redo(),
    enabled: (e) => e.history.next.redo !== null && !e.stage.isMidway,
  },
  {
    id: 'help',
    title: 'Keyboard shortcuts',
    group: 'General',
    keys: ['F1'],
    run: (e) => e.screen.toggleHelp(),
    everywhere: true,
  },
  { id: 'settings', title: 'Settings', group: 'General', keys: ['F2'], run: (e) => e.screen.toggleSettings(), everywhere: true },
  {
    id: 'next-area',
    title: 'Next area of the screen',
    group: 'General',
    keys: ['F6'],
    run: (e) => e.screen.focusNextArea(),
    everywhere: true,
  },
  { id: 'finish-job', title: 'Finish the job', group: 'General', keys: [], run: (e) => e.screen.askFinish() },
  {
    id: 'draw-again',
    title: 'Draw again, or finish drawing',
    group: 'Drawing',
    keys: ['N'],
    run: (e) => (e.stage.tool.draws ? e.stage.send({ type: 'finish' }) : e.stage.setTool(e.stage.lastDrawTool)),
  },
  {
    id: 'redraw',
    title: 'Draw the object anew',
    group: 'Drawing',
    keys: ['Shift+N'],
    run: (e) => e.stage.redraw(),
    enabled: (e) => e.stage.mode === 'idle' && e.stage.canRedraw,
  },
  {
    id: 'finish',
    title: 'Finish drawing',
    group: 'Drawing',
    keys: [],
    run: (e) => e.stage.send({ type: 'finish' }),
    enabled: canFinish,
  },
  {
    id: 'step-back',
    title: 'Take back the last point',
    group: 'Drawing',
    keys: ['Backspace'],
    run: (e) => e.stage.send({ type: 'step-back' }),
    enabled: canStepBack,
  },
  { id: 'cancel', title: 'Cancel', group: 'Drawing', keys: ['Esc'], run: (e) => e.cancel() },
  { id: 'fit', title: 'Fit the picture', group: 'View', keys: [], run: (e) => e.viewport.fit() },
  { id: 'zoom-in', title: 'Zoom in', group: 'View', keys: [], run: (e) => e.viewport.zoomBy(1.25) },
  { id: 'zoom-out', title: 'Zoom out', group: 'View', keys: [], run: (e) => e.viewport.zoomBy(0.8) },
  {
    id: 'side-bar',
    title: 'Show or hide the side bar',
    group: 'View',
    keys: ['Ctrl+\\'],
    run: (e) => e.store.set({ sideOpen: !e.state.sideOpen }),
  },
  ...labelCommands,
]

function canStepBack(editor: Editor): boolean {
  return editor.stage.tool.draws !== undefined && (editor.stage.preview?.vertices?.length ?? 0) > 0
}
