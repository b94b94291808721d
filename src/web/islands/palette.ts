// Ctrl+K: goes to any page, project, task or command by typing a part of its name.

import { callApi } from './api'
import { element } from './element'
import { t } from './i18n/message'

/** `shown` is the name in the language of the page. */
type Entry = { name: string; shown?: string; note: string; href?: string; click?: string }

const pages: Entry[] = [
  { name: 'Projects', note: 'page', href: '/projects' },
  { name: 'Tasks', note: 'page', href: '/tasks' },
  { name: 'Jobs', note: 'page', href: '/jobs' },
  { name: 'Requests', note: 'page', href: '/requests' },
  { name: 'Find objects and frames', note: 'page', href: '/find' },
  { name: 'Profile', note: 'page', href: '/profile' },
  { name: 'New task', note: 'command', href: '/tasks/create' },
  { name: 'New project', note: 'command', href: '/projects/create' },
  { name: 'New organization', note: 'command', href: '/organizations/create' },
  { name: 'API documentation', note: 'page', href: '/api/docs/' },
  { name: 'Light theme', note: 'command', click: '[data-theme-choice="light"]' },
  { name: 'Dark theme', note: 'command', click: '[data-theme-choice="dark"]' },
  { name: 'Theme as the system', note: 'command', click: '[data-theme-choice="system"]' },
  { name: 'Sign out', note: 'command', click: '[data-logout]' },
]

const waitMs = 120
const resultCount = 8

/** Commands of the page at hand: its own buttons and menu entries that start something. */
const ownCommands = (): Entry[] =>
  [
    ...document.querySelectorAll<HTMLElement>(
      '[data-testid="label-add"], [data-testid="task-open"], [data-testid="list-filter"]',
    ),
  ].map((control) => ({
    name: control.textContent!.trim(),
    note: t('here'),
    click: `[data-testid="${control.dataset.testid}"]`,
  }))

const searchThings = async (text: string): Promise<Entry[]> => {
  if (!text) return []
  const query = `?page_size=${resultCount}&search=${encodeURIComponent(text)}`
  const [projects, tasks] = await Promise.all([callApi('GET', `/api/projects${query}`), callApi('GET', `/api/tasks${query}`)])
  const byNumber = /^#?(\d+)$/.exec(text)?.[1]
  return [
    ...(byNumber ? [{ name: t('Task #{number}', { number: byNumber }), note: t('task'), href: `/tasks/${byNumber}` }] : []),
    ...projects.results.map((project: any) => ({
      name: project.name,
      note: `${t('project')} #${project.id}`,
      href: `/projects/${project.id}`,
    })),
    ...tasks.results.map((task: any) => ({ name: task.name, note: `${t('task')} #${task.id}`, href: `/tasks/${task.id}` })),
  ]
}

const fits = (name: string, text: string) =>
  text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.toLowerCase().includes(word))

const open = () => {
  if (document.querySelector('dialog[open]')) return
  const input = element('input', {
    class: 'input h-11 border-0 bg-transparent text-[15px] outline-none!',
    placeholder: t('Find a page, project, task or command'),
    role: 'combobox',
    'aria-expanded': 'true',
    'aria-controls': 'palette-options',
    'aria-label': t('Find'),
    autocomplete: 'off',
    spellcheck: 'false',
    dir: 'auto',
    'data-testid': 'palette-input',
  })
  const list = element('div', {
    class: 'max-h-80 overflow-auto border-t border-line p-1',
    role: 'listbox',
    id: 'palette-options',
  })
  const dialog = element(
    'dialog',
    { class: 'float dialog', 'aria-label': t('Find anything'), 'data-testid': 'command-palette' },
    input,
    list,
  )
  const ready = pages.map((entry) => ({ ...entry, shown: t(entry.name), note: t(entry.note) }))
  const commands: Entry[] = [...ownCommands(), ...ready]
  let entries: Entry[] = []
  let active = 0
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const mark = (index: number) => {
    active = index
    for (const [i, row] of [...list.children].entries()) row.setAttribute('aria-selected', String(i === index))
    list.children[index]?.scrollIntoView({ block: 'nearest' })
    if (list.children[index]) input.setAttribute('aria-activedescendant', list.children[index].id)
  }
  const run = (entry: Entry | undefined) => {
    if (!entry) return
    dialog.close()
    if (entry.href) location.assign(entry.href)
    else document.querySelector<HTMLElement>(entry.click!)?.click()
  }
  const draw = (found: Entry[]) => {
    entries = found
    list.replaceChildren(
      ...entries.map((entry, i) =>
        element(
          'div',
          {
            class: 'menu-item',
            role: 'option',
            id: `palette-${i}`,
            'data-value': entry.name,
            onclick: () => run(entry),
            onpointermove: () => active !== i && mark(i),
          },
          element('span', { class: 'min-w-0 flex-1 truncate', dir: 'auto' }, entry.shown ?? entry.name),
          element('span', { class: 'num text-[12px] text-muted' }, entry.note),
        ),
      ),
    )
    if (!entries.length) list.append(element('div', { class: 'px-2.5 py-2 text-muted' }, t('Nothing found')))
    mark(0)
  }
  const search = async () => {
    const mine = ++turn
    const text = input.value.trim()
    const near = commands.filter((entry) => fits(entry.shown ?? entry.name, text))
    const things = await searchThings(text).catch(() => [])
    if (mine === turn && things.length) draw([...near, ...things])
    else if (mine === turn && !near.length) draw([])
  }
  input.addEventListener('input', () => {
    turn++
    const near = commands.filter((entry) => fits(entry.shown ?? entry.name, input.value.trim()))
    if (near.length) draw(near)
    clearTimeout(timer)
    timer = setTimeout(search, waitMs)
  })
  input.addEventListener('keydown', async (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && entries.length) {
      event.preventDefault()
      mark((active + step + entries.length) % entries.length)
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      clearTimeout(timer)
      // What was typed quickly has not been looked up yet.
      const chosen = entries[active]
      if (!chosen || !fits(chosen.shown ?? chosen.name, input.value.trim())) await search()
      run(entries[active])
    }
  })
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  draw(commands)
  dialog.showModal()
}

export const startPalette = () => {
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
    if (!document.querySelector('[data-palette]')) return
    event.preventDefault()
    open()
  })
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-palette]')) open()
  })
}
