// Text fields that choose from the server: people and projects. Typing searches, arrows walk, Enter takes, Escape leaves.

import { callApi } from './api'
import { element } from './element'
import { t } from './i18n/message'
import { patch } from './patch-on-change'

type Option = { id: number | null; name: string; note: string }
type Source = (text: string) => Promise<Option[]>

const pageSize = 20
const waitMs = 120

const sources: Record<'people' | 'projects', Source> = {
  people: async (text) => {
    const { results } = await callApi('GET', `/api/users?page_size=${pageSize}&is_active=true&search=${encodeURIComponent(text)}`)
    const people = results.map((user: any) => ({
      id: user.id,
      name: user.username,
      note: `${user.first_name} ${user.last_name}`.trim(),
    }))
    return text ? people : [{ id: null, name: '', note: t('Nobody') }, ...people]
  },
  projects: async (text) => {
    const { results } = await callApi('GET', `/api/projects?page_size=${pageSize}&search=${encodeURIComponent(text)}`)
    const projects = results.map((project: any) => ({ id: project.id, name: project.name, note: `#${project.id}` }))
    return text ? projects : [{ id: null, name: '', note: t('None') }, ...projects]
  },
}

const kindOf = (input: HTMLElement): 'people' | 'projects' | null =>
  input.dataset?.people !== undefined ? 'people' : input.dataset?.projects !== undefined ? 'projects' : null

let listCount = 0
/** What was last chosen in a field. */
const chosen = new WeakMap<HTMLInputElement, string>()

/** Opens the list of a field; leaving it puts the last chosen name back. */
const open = (input: HTMLInputElement, kind: 'people' | 'projects', startsTyped: boolean) => {
  const before = chosen.get(input) ?? input.defaultValue
  const list = element('div', {
    class: 'float menu',
    popover: 'manual',
    role: 'listbox',
    id: `options-${++listCount}`,
    'data-once': '',
  })
  let options: Option[] = []
  let active = -1
  let isTyped = startsTyped
  let isDone = false
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const place = () => {
    const at = input.getBoundingClientRect()
    list.style.minWidth = `${Math.max(180, at.width)}px`
    list.style.left = `${Math.max(4, Math.min(at.left, innerWidth - list.offsetWidth - 4))}px`
    const below = at.bottom + 4
    list.style.top = `${below + list.offsetHeight > innerHeight - 4 && at.top > list.offsetHeight ? at.top - list.offsetHeight - 4 : below}px`
  }
  const mark = (index: number) => {
    active = index
    for (const [i, row] of [...list.children].entries()) row.setAttribute('aria-selected', String(i === index))
    const row = list.children[index]
    row?.scrollIntoView({ block: 'nearest' })
    if (row) input.setAttribute('aria-activedescendant', row.id)
    else input.removeAttribute('aria-activedescendant')
  }
  const draw = () => {
    list.replaceChildren(
      ...options.map((option, i) =>
        element(
          'div',
          {
            class: 'menu-item',
            role: 'option',
            id: `${list.id}-${i}`,
            'data-value': option.name,
            onpointerdown: (event) => event.preventDefault(),
            onclick: () => void take(option),
            onpointermove: () => active !== i && mark(i),
          },
          element('span', { class: 'min-w-0 flex-1 truncate', dir: 'auto' }, option.name || option.note),
          option.name && option.note
            ? element('span', { class: 'truncate text-muted text-[12px]', dir: 'auto' }, option.note)
            : null,
        ),
      ),
    )
    if (!options.length) list.append(element('div', { class: 'px-2.5 py-1.5 text-muted' }, t('Nothing found')))
    place()
  }
  const search = async () => {
    const mine = ++turn
    const text = isTyped ? input.value.trim() : ''
    const found = await sources[kind](text).catch(() => [])
    if (mine !== turn || isDone) return
    options = found
    draw()
    mark(isTyped && text ? 0 : options.findIndex((option) => option.name === before))
  }
  const take = async (option: Option) => {
    if (isDone) return
    input.value = option.name
    chosen.set(input, option.name)
    finish()
    if (input.dataset.patch) {
      if (!(await patch(input, option.id))) chosen.set(input, input.value)
    } else input.dispatchEvent(new CustomEvent('chosen', { detail: option, bubbles: true }))
  }
  const finish = () => {
    isDone = true
    clearTimeout(timer)
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
    list.remove()
    for (const [name, handler] of Object.entries(handlers)) input.removeEventListener(name, handler as EventListener)
    removeEventListener('scroll', onScroll, true)
  }
  /** Enter and leaving take a name that was typed in full, even before the search has answered. */
  const takeTyped = async (isSure: boolean) => {
    const text = input.value.trim()
    const chosen = options[active]
    if (isSure && chosen && (!isTyped || text === '' || chosen.name.toLowerCase().includes(text.toLowerCase())))
      return take(chosen)
    if (!isTyped || text === before) return leave()
    if (text === '') return take({ id: null, name: '', note: '' })
    const found = await sources[kind](text).catch(() => [])
    const exact = found.find((option) => option.name.toLowerCase() === text.toLowerCase()) ?? (isSure ? found[0] : undefined)
    return exact ? take(exact) : leave()
  }
  const leave = () => {
    if (isDone) return
    input.value = before
    finish()
  }
  const handlers = {
    input: () => {
      isTyped = true
      clearTimeout(timer)
      timer = setTimeout(search, waitMs)
    },
    keydown: (event: KeyboardEvent) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        const step = event.key === 'ArrowDown' ? 1 : -1
        if (options.length) mark((active + step + options.length) % options.length)
      } else if (event.key === 'Enter') {
        event.preventDefault()
        event.stopPropagation()
        clearTimeout(timer)
        void takeTyped(true)
      } else if (event.key === 'Escape') {
        event.stopPropagation()
        leave()
        input.blur()
      }
    },
    blur: () => void takeTyped(false),
  }
  const onScroll = (event: Event) => {
    if (!list.contains(event.target as Node)) place()
  }
  for (const [name, handler] of Object.entries(handlers)) input.addEventListener(name, handler as EventListener)
  addEventListener('scroll', onScroll, true)
  // Inside a modal dialog only what lies in it can be reached.
  ;(input.closest('dialog') ?? document.body).append(list)
  list.showPopover()
  input.setAttribute('aria-expanded', 'true')
  input.setAttribute('aria-controls', list.id)
  if (!startsTyped) input.select()
  void search()
}

/** Going through a page with Tab opens nothing; a click, typing and the down arrow do. */
export const startComboboxes = () => {
  const start = (event: Event) => {
    const input = event.target
    if (!(input instanceof HTMLInputElement) || input.disabled || input.getAttribute('aria-expanded') === 'true') return
    if (event instanceof KeyboardEvent && event.key !== 'ArrowDown') return
    const kind = kindOf(input)
    if (kind) open(input, kind, event.type === 'input')
  }
  for (const name of ['click', 'input', 'keydown']) document.addEventListener(name, start)
}
