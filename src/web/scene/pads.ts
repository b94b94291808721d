// Arrow pads over the perspective view: turning, moving and zooming by buttons that tell their keys.
import type { Editor } from '../editor/editor'
import { t } from '../editor/i18n/message'
import { commandButton } from '../editor/ui/button'
import { h } from '../editor/ui/dom'
import type { IconName } from '../editor/ui/icons'

const holdMs = 350
const repeatMs = 60

/** Runs again and again while it is held down. */
const repeat = (element: HTMLElement): void => {
  let timer: ReturnType<typeof setTimeout> | null = null
  const stop = () => {
    if (timer) clearTimeout(timer)
    timer = null
  }
  element.addEventListener('pointerdown', (event) => {
    event.stopPropagation()
    const tick = () => {
      element.click()
      timer = setTimeout(tick, repeatMs)
    }
    timer = setTimeout(tick, holdMs)
  })
  for (const name of ['pointerup', 'pointerleave', 'pointercancel']) element.addEventListener(name, stop)
}

export const makePads = (editor: Editor): HTMLElement => {
  const button = (id: string, name: IconName, place: string) => {
    const { element } = commandButton(editor, id, name, `pad-${id}`)
    element.classList.add('sc-pad-button', `sc-pad-${place}`)
    repeat(element)
    return element
  }
  const pad = (title: string, ...buttons: HTMLElement[]) =>
    h('div', { class: 'sc-pad', role: 'group', 'aria-label': t(title) }, ...buttons)
  return h(
    'div',
    { class: 'sc-pads sc-over', 'data-testid': 'camera-pads' },
    pad(
      'Turn the view',
      button('camera-tilt-up', 'chevron-up', 'up'),
      button('camera-turn-left', 'chevron-left', 'left'),
      h('span', { class: 'sc-pad-mark', text: t('Turn') }),
      button('camera-turn-right', 'chevron-right', 'right'),
      button('camera-tilt-down', 'chevron-down', 'down'),
    ),
    pad(
      'Move the view',
      button('camera-up', 'chevron-up', 'up'),
      button('camera-left', 'chevron-left', 'left'),
      h('span', { class: 'sc-pad-mark', text: t('Move') }),
      button('camera-right', 'chevron-right', 'right'),
      button('camera-down', 'chevron-down', 'down'),
    ),
    pad('Zoom', button('zoom-in', 'plus', 'up'), button('zoom-out', 'minus', 'down')),
  )
}
