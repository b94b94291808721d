// One floating hint for whatever carries data-tip: its name and its key.
import { showKeys } from '../commands/keys'
import { h } from './dom'

const gap = 6

export const attachTooltips = (root: HTMLElement): void => {
  const key = h('kbd')
  const text = h('span')
  const tip = h('div', { class: 'ed-tip', role: 'presentation', hidden: '' }, text, key)
  root.append(tip)
  let shown: Element | null = null

  const hide = () => {
    shown = null
    tip.hidden = true
  }
  const show = (target: Element) => {
    if (target === shown) return
    shown = target
    text.textContent = target.getAttribute('data-tip')
    const keys = target.getAttribute('data-keys')
    key.textContent = keys ? showKeys(keys) : ''
    key.hidden = !keys
    tip.hidden = false
    const box = target.getBoundingClientRect()
    const frame = root.getBoundingClientRect()
    const size = tip.getBoundingClientRect()
    const beside = target.closest('[data-tip-side="right"]') !== null
    const below = box.bottom + gap + size.height < frame.bottom
    const left = beside ? box.right + gap : box.left + box.width / 2 - size.width / 2
    const top = beside ? box.top + box.height / 2 - size.height / 2 : below ? box.bottom + gap : box.top - gap - size.height
    tip.style.left = `${Math.min(Math.max(left, 4), frame.width - size.width - 4) - frame.left}px`
    tip.style.top = `${Math.max(top, 4) - frame.top}px`
  }
  const react = (event: Event) => {
    const target = event.target instanceof Element ? event.target.closest('[data-tip]') : null
    if (target) show(target)
    else hide()
  }
  root.addEventListener('pointerover', react)
  root.addEventListener('focusin', (event) => {
    if ((event.target as Element).matches(':focus-visible')) react(event)
  })
  root.addEventListener('focusout', hide)
  root.addEventListener('pointerdown', hide, true)
  root.addEventListener('keydown', hide, true)
  root.addEventListener('pointerleave', hide)
}
