// Commands that take a tool in hand or speak to the one that is: modes that gather objects, painting masks, snapping.
import type { Editor } from '../editor'
import { setGroup } from '../tools/pick-tools'
import type { Command } from './command'

const drawing = (command: Omit<Command, 'group'>): Command => ({ ...command, group: 'Drawing' })

/** The same key finishes what it began. */
const toggleTool = (id: string) => (editor: Editor) => {
  if (editor.state.toolId === id) editor.stage.send({ type: 'finish' })
  else if (!editor.stage.isMidway) {
    const several = editor.state.selection.length > 1
    editor.stage.setTool(id)
    // What is selected already needs no gathering.
    if (several && (id === 'group' || id === 'join')) editor.stage.send({ type: 'finish' })
  }
}

const takesMask = (editor: Editor): boolean => editor.state.toolId === 'mask'
const mayMask = (editor: Editor): boolean =>
  takesMask(editor) || (editor.stage.mode === 'idle' && editor.labelsFor('mask').length > 0)

const brush = (act: Editor['state']['brush']['act']) => (editor: Editor) => {
  const again = editor.state.brush.act === act && takesMask(editor)
  if (!takesMask(editor)) editor.stage.setTool('mask')
  // A polygon under work belongs to the act that began it.
  editor.stage.send({ type: 'finish', how: 'part' })
  if (!again) editor.store.set({ brush: { ...editor.state.brush, act } })
}

const drawsLines = ({ stage, state }: Editor): boolean =>
  ['polygon', 'polyline', 'points', 'reshape'].includes(state.toolId) || stage.mode === 'edit'

const chosen = (editor: Editor) => editor.chosenIds.flatMap((id) => editor.document.get(id) ?? [])

export const resetGroup = (editor: Editor): void => {
  const ids = editor.state.toolId === 'group' ? (editor.stage.preview?.marks ?? []) : editor.chosenIds
  const changes = setGroup(
    ids.flatMap((id) => editor.document.get(id) ?? []),
    0,
  )
  if (editor.state.toolId === 'group') editor.stage.setTool('cursor')
  if (changes.length > 0) editor.do({ type: 'rewrite', title: 'Ungroup', changes })
}

const inGroup = (editor: Editor): boolean => editor.state.toolId === 'group' || chosen(editor).some((one) => one.data.group > 0)

const activeMask = (editor: Editor): boolean => {
  const item = editor.activeItem
  return item?.body?.type === 'mask' && !item.object.locked && editor.stage.mode === 'idle'
}

export const toolCommands: Command[] = [
  drawing({ id: 'merge', title: 'Merge shapes and tracks', keys: ['M'], run: toggleTool('merge') }),
  drawing({ id: 'split', title: 'Split a track', keys: ['Alt+M'], run: toggleTool('split') }),
  drawing({ id: 'group', title: 'Group objects', keys: ['G'], run: toggleTool('group') }),
  drawing({ id: 'ungroup', title: 'Take out of groups', keys: ['Shift+G'], run: resetGroup, enabled: inGroup }),
  drawing({ id: 'join', title: 'Join masks', keys: ['J'], run: toggleTool('join') }),
  drawing({ id: 'slice', title: 'Slice a polygon, mask or polyline', keys: ['Alt+J'], run: toggleTool('slice') }),
  drawing({ id: 'lasso', title: 'Select by a line around objects', keys: [], run: toggleTool('select') }),
  drawing({
    id: 'bordering',
    title: 'Snap to the contours of neighbours while drawing',
    keys: ['Ctrl+A'],
    run: (e) => {
      const bordering = !e.state.settings.bordering
      e.store.set({ settings: { ...e.state.settings, bordering } })
      e.explain(bordering ? 'Points snap to neighbours' : 'Points do not snap')
    },
    enabled: drawsLines,
  }),
  drawing({ id: 'mask-brush', title: 'Mask: brush', keys: ['Shift+1'], run: brush('brush'), enabled: mayMask }),
  drawing({ id: 'mask-eraser', title: 'Mask: eraser', keys: ['Shift+2'], run: brush('eraser'), enabled: mayMask }),
  drawing({
    id: 'mask-polygon-plus',
    title: 'Mask: add a polygon',
    keys: ['Shift+3'],
    run: brush('polygon-plus'),
    enabled: mayMask,
  }),
  drawing({
    id: 'mask-polygon-minus',
    title: 'Mask: take a polygon away',
    keys: ['Shift+4'],
    run: brush('polygon-minus'),
    enabled: mayMask,
  }),
  drawing({
    id: 'mask-continue',
    title: 'Mask: finish and go on with the next',
    keys: ['Shift+Enter'],
    run: (e) => e.stage.send({ type: 'finish', how: 'continue' }),
    enabled: takesMask,
  }),
  drawing({
    id: 'mask-hide',
    title: 'Mask: hide while painting',
    keys: ['H'],
    run: (e) => e.store.set({ brush: { ...e.state.brush, hidden: !e.state.brush.hidden } }),
    enabled: takesMask,
  }),
  drawing({
    id: 'mask-edit',
    title: 'Paint on the mask',
    keys: [],
    run: (e) => e.stage.editMask(e.state.activeId!),
    enabled: activeMask,
  }),
]
