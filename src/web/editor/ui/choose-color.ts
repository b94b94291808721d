// Colours that people choose: of one object and of groups for this browser, of labels for everybody.
import type { Label } from '../../../formats/model'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { groupColors } from '../render/color'
import { call } from '../save/api'

const keyOf = (editor: Editor): string => `annolith-group-colors:${editor.job.info.task_id}`

/** Takes up the colours of groups that were chosen in this browser. */
export const recallGroupColors = (editor: Editor): void => {
  groupColors.clear()
  try {
    const saved = JSON.parse(localStorage.getItem(keyOf(editor)) ?? '{}') as Record<string, unknown>
    for (const [group, color] of Object.entries(saved)) if (typeof color === 'string') groupColors.set(Number(group), color)
  } catch {}
}

const setGroupColor = (editor: Editor, group: number, color: string): void => {
  groupColors.set(group, color)
  try {
    localStorage.setItem(keyOf(editor), JSON.stringify(Object.fromEntries(groupColors)))
  } catch {}
  editor.redrawAll()
}

/** Where objects are coloured by group, the group gets the colour; else the object alone. */
export const chooseObjectColor = (editor: Editor, clientId: number, color: string): void => {
  const group = editor.document.get(clientId)?.data.group ?? 0
  if (editor.state.appearance.colorBy === 'group' && group > 0) setGroupColor(editor, group, color)
  else editor.do({ type: 'flag', clientIds: [clientId], flags: { color }, title: 'Change colour' })
}

const showLabel = (editor: Editor, label: Label): void => {
  const labels = editor.job.labels as Map<number, Label>
  labels.set(label.id, label)
  editor.redrawAll()
}

/** The label has the colour for everybody; where the server refuses, it goes back. */
export const chooseLabelColor = async (editor: Editor, labelId: number, color: string): Promise<void> => {
  const label = editor.job.labels.get(labelId)
  if (!label) return
  showLabel(editor, { ...label, color })
  try {
    await call(`/api/labels/${labelId}`, { method: 'PATCH', body: JSON.stringify({ color }) })
  } catch (error) {
    showLabel(editor, label)
    editor.explain(t('The colour was not stored: {reason}', { reason: (error as Error).message }), 'error')
  }
}
