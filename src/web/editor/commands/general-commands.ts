// Commands of the whole editor: saving, history, tools, labels, view, help.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import type { Command } from './command'

const canFinish = (editor: Editor): boolean => editor.stage.tool.canFinish?.(editor.state.toolState) ?? false

/** A label for the chosen objects, or for what is drawn next. */
export const chooseLabel = (editor: Editor, index: number): void => {
  const label = [...editor.job.labels.values()][index]
  if (!label) return
  const ids = editor.chosenIds.filter((id) => !editor.document.get(id)?.locked)
  if (ids.length > 0) editor.do({ type: 'label', clientIds: ids, labelId: label.id })
  else editor.store.set({ drawLabelId: label.id })
  editor.explain(t(ids.length > 0 ? 'Label: {name}' : 'Next drawing: {name}', { name: label.name }))
}

const label = (index: number, keys: readonly string[]): Command => ({
  id: `label-${index + 1}`,
  title: `Give label ${index + 1}, or draw with it next`,
  group: 'Labels',
  keys,
  run: (editor) => chooseLabel(editor, index),
  enabled: (editor) => index < editor.job.labels.size,
})

/** Labels that can get keys of their own; the first ten have them. */
const keyedLabels = 100

const labelCommands: Command[] = [
  ...Array.from({ length: keyedLabels }, (_, index) => label(index, index < 10 ? [`Ctrl+${(index + 1) % 10}`] : [])),
  // Without Ctrl where plain digits pick nothing else.
  ...Array.from(
    { length: 10 },
    (_, index): Command => ({
      ...label(index, [`${(index + 1) % 10}`]),
      id: `label-quick-${index + 1}`,
      workspaces: ['standard', 'single_shape'],
    }),
  ),
]

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
    run: (e) => (canStepForward(e) ? e.stage.send({ type: 'step-forward' }) : e.redo()),
    enabled: (e) => canStepForward(e) || (e.history.next.redo !== null && !e.stage.isMidway),
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
  {
    id: 'palette',
    title: 'Find any command',
    group: 'General',
    keys: ['Ctrl+K'],
    run: (e) => e.screen.openPalette(),
    everywhere: true,
  },
  { id: 'filter', title: 'Filter objects', group: 'General', keys: [], run: (e) => e.screen.openFilter() },
  {
    id: 'action-object',
    title: 'Run an action on the object',
    group: 'Objects',
    keys: ['Ctrl+E'],
    run: (e) => e.screen.openActions({ clientId: e.state.activeId }),
    enabled: (e) => e.activeItem !== null,
  },
  { id: 'actions', title: 'Change many objects', group: 'General', keys: [], run: (e) => e.screen.openActions() },
  { id: 'statistics', title: 'Statistics', group: 'General', keys: [], run: (e) => e.screen.openStatistics() },
  { id: 'info', title: 'About this job', group: 'General', keys: [], run: (e) => e.screen.openInfo() },
  { id: 'guide', title: 'Guide', group: 'General', keys: [], run: (e) => e.screen.openGuide(), enabled: hasGuide },
  { id: 'history', title: 'Saved versions', group: 'General', keys: [], run: (e) => e.screen.openHistory() },
  {
    id: 'timeline',
    title: 'Timeline of tracks',
    group: 'View',
    keys: ['Alt+T'],
    run: (e) => e.store.set({ settings: { ...e.state.settings, timeline: !e.state.settings.timeline } }),
    enabled: (e) => e.frames.stop > e.frames.start,
  },
  { id: 'full-screen', title: 'Full screen', group: 'View', keys: [], run: (e) => e.screen.toggleFullScreen() },
  { id: 'finish-job', title: 'Finish the job', group: 'General', keys: [], run: (e) => e.screen.askFinish() },
  {
    id: 'draw-again',
    title: 'Draw again, or finish drawing',
    group: 'Drawing',
    keys: ['N'],
    run: (e) =>
      e.stage.mode === 'draw' || e.stage.tool.draws || canFinish(e) ? e.stage.send({ type: 'finish' }) : e.stage.drawAgain(),
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
  {
    id: 'rotate-right',
    title: 'Turn the picture 90° to the right',
    group: 'View',
    keys: ['Ctrl+R'],
    run: (e) => e.turnPicture(90),
  },
  {
    id: 'rotate-left',
    title: 'Turn the picture 90° to the left',
    group: 'View',
    keys: ['Ctrl+Shift+R'],
    run: (e) => e.turnPicture(-90),
  },
  ...labelCommands,
]

function hasGuide(editor: Editor): boolean {
  return typeof editor.job.info.guide_id === 'number'
}

function canStepBack({ stage, state }: Editor): boolean {
  const steps = stage.tool.steps?.(state.toolState)
  if (steps) return steps.back
  const draws = stage.tool.draws !== undefined || stage.mode === 'edit' || stage.mode === 'slice'
  return draws && (stage.preview?.vertices?.length ?? 0) > 0
}

function canStepForward({ stage, state }: Editor): boolean {
  return stage.tool.steps?.(state.toolState).forward ?? false
}
