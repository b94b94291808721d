// What is written beside an object: its label and number.
import type { Item } from '../document/scene'
import type { Editor } from '../editor'

export const describeItem = (editor: Editor, item: Item): string => {
  const label = editor.job.labels.get(item.object.data.label_id)?.name ?? '?'
  return `${label} ${item.clientId}`
}
