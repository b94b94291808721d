// The line of an object's card that says how many points lie in its cuboid.
import type { Editor } from '../../editor/editor'
import { t, tn } from '../../editor/i18n/message'
import { h, setText } from '../../editor/ui/dom'
import { toolsOf } from './assist-tools'

/** CSS pixels. */
export const countLinePx = 20

/** What brings a line up to date; cards come and go with the list. */
const updates = new WeakMap<Element, () => void>()

/** After points were counted. */
export const updateCountLines = (root: HTMLElement): void => {
  for (const line of root.querySelectorAll('.sa-count')) updates.get(line)?.()
}

export const makeCountLine = (editor: Editor, clientId: number): { element: HTMLElement; update: () => void } => {
  const element = h('p', { class: 'sa-count', 'data-testid': 'object-points' })
  const update = () => {
    const count = toolsOf(editor).counts.get(clientId)
    setText(element, count === null ? t('Points are being counted…') : tn(count, 'One point inside', '{count} points inside'))
  }
  updates.set(element, update)
  return { element, update }
}
