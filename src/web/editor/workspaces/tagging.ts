// The tag workspace: adding and taking away the tags of a frame.
import type { Label } from '../../../formats/model'
import type { Editor } from '../editor'

export type TagOnFrame = { clientId: number; label: Label | undefined }

export const listTagLabels = (editor: Editor): Label[] => editor.labelsFor('tag')

export const listTags = (editor: Editor): TagOnFrame[] =>
  [...editor.scene.items.values()].flatMap(({ object, clientId }) =>
    object.kind === 'tag' ? [{ clientId, label: editor.job.labels.get(object.data.label_id) }] : [],
  )

const findTag = (editor: Editor, labelId: number): TagOnFrame | undefined =>
  listTags(editor).find((tag) => tag.label?.id === labelId)

const goOn = (editor: Editor): void => {
  if (editor.state.tagAutoNext) void editor.player.stepByMode(1)
}

/** One tag of a label on a frame is enough. */
export const addTag = (editor: Editor, labelId: number): void => {
  const label = editor.job.labels.get(labelId)
  if (!label) return
  if (findTag(editor, labelId)) {
    editor.explain('The frame has this tag already')
    return
  }
  editor.do({ type: 'tag', labelId })
  goOn(editor)
}

export const toggleTag = (editor: Editor, labelId: number): void => {
  const found = findTag(editor, labelId)
  if (found) editor.do({ type: 'remove', clientIds: [found.clientId] })
  else addTag(editor, labelId)
}
