// Goes through what models found, the least certain first: one key accepts, one rejects, each leads on to the next.
import type { EditorObject } from '../document/object'
import type { Editor } from '../editor'
import { t } from '../i18n/message'

/** Objects that a model made and nobody has looked at, with how sure it was. */
const listOpen = (editor: Editor): { clientId: number; frame: number; score: number }[] =>
  [...editor.document.objects.values()]
    .flatMap((object: EditorObject) => {
      if (object.kind === 'track' || object.data.source !== 'auto' || editor.state.deletedFrames.has(object.data.frame)) return []
      return { clientId: object.clientId, frame: object.data.frame, score: object.kind === 'shape' ? object.data.score : 1 }
    })
    .sort((a, b) => a.score - b.score || a.frame - b.frame || a.clientId - b.clientId)

export const hasOpen = (editor: Editor): boolean => listOpen(editor).length > 0

/** Shows the least certain object that is still to be looked at. */
export const showLeastCertain = async (editor: Editor): Promise<void> => {
  const open = listOpen(editor)
  const [first] = open
  if (!first) return editor.explain('Everything that models found was looked at')
  if (first.frame !== editor.state.frame) await editor.player.goTo(first.frame)
  const item = editor.scene.items.get(first.clientId)
  if (item?.box) editor.viewport.zoomToItem(item)
  editor.activate(first.clientId)
  editor.explain(
    t('{count} to look at; this one: {score} %. Y accepts, Shift+Y rejects', {
      count: open.length,
      score: Math.round(first.score * 100),
    }),
  )
}

/** The active object, when a model made it. */
export const openItem = (editor: Editor): EditorObject | null => {
  const object = editor.activeItem?.object
  return object && object.kind !== 'track' && object.data.source === 'auto' ? object : null
}

/** A person has looked at it and found it right: it counts as made by both. */
export const acceptFound = async (editor: Editor): Promise<void> => {
  const object = openItem(editor)
  if (!object || object.kind === 'track') return
  const content = { kind: object.kind, data: { ...object.data, source: 'semi-auto' } } as EditorObject
  editor.do({ type: 'rewrite', title: 'Accept what the model found', changes: [{ clientId: object.clientId, content }] })
  await showLeastCertain(editor)
}

export const rejectFound = async (editor: Editor): Promise<void> => {
  const object = openItem(editor)
  if (!object) return
  editor.do({ type: 'rewrite', title: 'Reject what the model found', changes: [{ clientId: object.clientId, content: null }] })
  await showLeastCertain(editor)
}
