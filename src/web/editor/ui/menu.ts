// A drop-down menu: arrows move, Escape and a click elsewhere close it.
import { showKeys } from '../commands/keys'
import { h } from './dom'

export type MenuItem =
  | { type: 'action'; testId: string; title: string; keys?: string; run: () => void }
  | { type: 'link'; testId: string; title: string; href: string }
  | { type: 'choice'; testId: string; title: string; value: string; checked: boolean; run: () => void }
  | { type: 'line'; title?: string }

const makeItem = (item: MenuItem, close: () => void): HTMLElement => {
  if (item.type === 'line') return h('div', { class: 'ed-menu-line', role: 'separator' }, item.title ?? '')
  const common = { class: 'ed-menu-item', 'data-testid': item.testId, tabindex: '-1' }
  if (item.type === 'link') return h('a', { ...common, role: 'menuitem', href: item.href }, item.title)
  const click = () => {
    close()
    item.run()
  }
  const props = { ...common, type: 'button', on: { click } }
  if (item.type === 'action') {
    return h(
      'button',
      { ...props, role: 'menuitem' },
      h('span', { text: item.title }),
      item.keys ? h('kbd', { text: showKeys(item.keys) }) : null,
    )
  }
  const state = { role: 'menuitemradio', 'aria-checked': item.checked, 'data-value': item.value }
  return h('button', { ...props, ...state }, h('span', { text: item.title }))
}

/** Opens below `anchor`, or at a point of the page when one is given; the focus returns to the anchor. */
export const openMenu = (
  root: HTMLElement,
  anchor: HTMLElement,
  label: string,
  items: MenuItem[],
  at?: { x: number; y: number },
  /** Stands above the entries, with fields of its own. */
  head?: HTMLElement,
): void => {
  document.querySelector('.ed-menu')?.dispatchEvent(new Event('close'))
  const menu = h('div', { class: 'ed-menu', role: 'menu', 'aria-label': label })
  const close = () => {
    menu.remove()
    if (!at) anchor.setAttribute('aria-expanded', 'false')
    document.removeEventListener('pointerdown', onOutside, true)
    anchor.focus()
  }
  const onOutside = (event: Event) => {
    if (event.target instanceof Node && !menu.contains(event.target) && (at || !anchor.contains(event.target))) close()
  }
  const top = head && h('div', { class: 'ed-menu-head', role: 'none' }, head)
  menu.append(...(top ? [top] : []), ...items.map((item) => makeItem(item, close)))
  menu.addEventListener('close', close)
  menu.addEventListener('keydown', (event) => {
    if (event.target instanceof Node && top?.contains(event.target)) {
      event.stopPropagation()
      if (event.key === 'Escape') close()
      return
    }
    const entries = [...menu.querySelectorAll<HTMLElement>('.ed-menu-item')]
    const at = entries.indexOf(document.activeElement as HTMLElement)
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }
    const to = moves[event.key]
    if (to !== undefined) entries[(to + entries.length) % entries.length]?.focus()
    else if (event.key === 'Escape' || event.key === 'Tab') close()
    else if (event.key !== 'Enter' && event.key !== ' ') return
    event.stopPropagation()
    if (event.key !== 'Enter' && event.key !== ' ') event.preventDefault()
  })
  root.append(menu)
  const box = at ? new DOMRect(at.x, at.y, 0, 0) : anchor.getBoundingClientRect()
  const frame = root.getBoundingClientRect()
  const size = menu.getBoundingClientRect()
  menu.style.left = `${Math.max(Math.min(box.left - frame.left, frame.width - size.width - 6), 6)}px`
  const below = box.bottom - frame.top + 4
  const above = Math.max(box.top - frame.top - size.height - 4, 4)
  menu.style.top = `${below + size.height > frame.height ? above : below}px`
  if (!at) anchor.setAttribute('aria-expanded', 'true')
  document.addEventListener('pointerdown', onOutside, true)
  menu.querySelector<HTMLElement>('.ed-menu-item')?.focus()
}
