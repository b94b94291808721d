// Actions on several rows of a list: a bar with a count appears with the first one chosen. Shift takes a range, Escape lets go.
import { callApi, describeProblem } from './api'
import { cancelButton, openDialog } from './dialog'
import { element } from './element'
import { refreshList } from './lists'
import { showError, showInfo } from './toast'
import { chooseExport } from './transfer'

type Kind = 'projects' | 'tasks' | 'jobs' | 'cloudstorages'

const boxes = () => [...document.querySelectorAll<HTMLInputElement>('[data-select]')]
const chosenIds = () => boxes().flatMap((box) => (box.checked ? [Number(box.dataset.select)] : []))
const kindNow = () => document.querySelector<HTMLElement>('[data-bulk]')?.dataset.bulk as Kind
const nouns: Record<Kind, string> = { projects: 'project', tasks: 'task', jobs: 'job', cloudstorages: 'storage' }
const nounOf = (kind: Kind, count: number) => `${count} ${nouns[kind]}${count === 1 ? '' : 's'}`
const losses: Partial<Record<Kind, string>> = {
  cloudstorages: 'Their files stay where they are; tasks that read them from there lose access.',
}

let bar: HTMLElement | null = null
let lastBox: HTMLInputElement | null = null

/** Does one thing to each row, one after the other, and tells what could not be done. */
const runForAll = async (kind: Kind, ids: number[], what: string, work: (id: number) => Promise<unknown>) => {
  const failures: string[] = []
  for (const [i, id] of ids.entries()) {
    setCount(`${i + 1} of ${ids.length}`)
    await work(id).catch((problem) => failures.push(`#${id}: ${describeProblem(problem)}`))
  }
  const done = ids.length - failures.length
  letGo()
  // The rows first: who reads the message finds them as it says.
  await refreshList()
  if (done) showInfo(`${nounOf(kind, done)} ${what}.`)
  if (failures.length) showError(`Not ${what}:\n${failures.join('\n')}`)
}

const setCount = (text: string) => {
  const count = bar?.querySelector('[data-testid="bulk-count"]')
  if (count) count.textContent = text
}

const letGo = () => {
  for (const box of boxes()) box.checked = false
  update()
}

const patchAll = (field: string, value: unknown) => {
  const kind = kindNow()
  return runForAll(kind, chosenIds(), 'changed', (id) => callApi('PATCH', `/api/${kind}/${id}`, { [field]: value }))
}

const choice = (testid: string, label: string, values: string[], field: string) => {
  const select = element(
    'select',
    { class: 'select compact w-auto', 'aria-label': label, 'data-testid': testid },
    element('option', { value: '' }, `${label}…`),
  )
  for (const value of values) select.append(element('option', { value }, value))
  select.addEventListener('change', () => select.value && void patchAll(field, select.value))
  return select
}

const askDelete = () => {
  const kind = kindNow()
  const ids = chosenIds()
  const dialog = openDialog({
    title: `Delete ${nounOf(kind, ids.length)}?`,
    body: [element('p', { class: 'text-soft' }, losses[kind] ?? 'Their images, jobs and annotations are removed for good.')],
    buttons: [
      cancelButton(),
      element('button', { type: 'submit', class: 'btn btn-delete', 'data-testid': 'dialog-ok' }, 'Delete'),
    ],
  })
  dialog
    .querySelector('form')!
    .addEventListener('submit', () => void runForAll(kind, ids, 'deleted', (id) => callApi('DELETE', `/api/${kind}/${id}`)))
}

const askExport = () => {
  const kind = kindNow()
  const ids = chosenIds()
  chooseExport(`Export ${nounOf(kind, ids.length)}`, (query) =>
    runForAll(kind, ids, 'being exported; the results come to the page Requests', (id) =>
      callApi('POST', `/api/${kind}/${id}/dataset/export?${query}`),
    ),
  ).catch((problem) => showError(describeProblem(problem)))
}

const assigneeField = (kind: Kind) => {
  const input = element('input', {
    class: 'input compact w-40',
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-label': 'Assignee',
    placeholder: 'Assignee…',
    autocomplete: 'off',
    dir: 'auto',
    'data-people': '',
    'data-testid': 'bulk-assignee',
  })
  input.addEventListener(
    'chosen',
    (event) => void patchAll(kind === 'jobs' ? 'assignee' : 'assignee_id', (event as CustomEvent).detail.id),
  )
  return input
}

const button = (testid: string, label: string, onclick: () => void, css = '') =>
  element('button', { type: 'button', class: `btn btn-small ${css}`, 'data-testid': testid, onclick }, label)

const makeBar = (kind: Kind) =>
  element(
    'div',
    {
      class: 'float fixed inset-x-3 bottom-4 z-30 mx-auto flex w-fit flex-wrap items-center gap-2 px-3 py-2',
      role: 'toolbar',
      id: 'bulk-bar',
      'aria-label': 'Chosen rows',
    },
    element('span', { class: 'num min-w-24 font-medium', 'data-testid': 'bulk-count', 'aria-live': 'polite' }),
    kind !== 'cloudstorages' && assigneeField(kind),
    kind === 'jobs' && choice('bulk-stage', 'Stage', ['annotation', 'validation', 'acceptance'], 'stage'),
    kind === 'jobs' && choice('bulk-state', 'State', ['new', 'in progress', 'completed', 'rejected'], 'state'),
    kind !== 'cloudstorages' && button('bulk-export', 'Export', askExport),
    kind !== 'jobs' && button('bulk-delete', 'Delete', askDelete, 'btn-danger'),
    button('bulk-clear', '✕', letGo, 'btn-quiet btn-icon'),
  )

/** Shows the bar for what is chosen, or takes it away. */
const update = () => {
  const count = chosenIds().length
  const all = document.querySelector<HTMLInputElement>('[data-select-all]')
  if (all) {
    all.checked = count > 0 && count === boxes().length
    all.indeterminate = count > 0 && count < boxes().length
  }
  if (!count) {
    bar?.remove()
    bar = null
    return
  }
  if (!bar) {
    bar = makeBar(kindNow())
    document.body.append(bar)
  }
  bar.querySelector('[data-testid="bulk-count"]')!.textContent = `${count} selected`
  bar.querySelector<HTMLElement>('[data-testid="bulk-count"]')!.dataset.count = String(count)
}

const takeRange = (box: HTMLInputElement) => {
  const all = boxes()
  const [from, to] = [all.indexOf(lastBox!), all.indexOf(box)].sort((a, b) => a - b) as [number, number]
  if (from >= 0) for (const other of all.slice(from, to + 1)) other.checked = box.checked
}

/** A row as a whole counts as its box when Ctrl or Shift is held, unless something else in it was meant. */
const boxOfRow = (event: MouseEvent): HTMLInputElement | null => {
  const at = event.target as Element
  if (!(event.ctrlKey || event.metaKey || event.shiftKey) || at.closest('a, button, input, select, textarea, label')) return null
  return at.closest('tr')?.querySelector<HTMLInputElement>('[data-select]') ?? null
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const chooseAll = () => {
  for (const box of boxes()) box.checked = true
  update()
}

export const startBulk = () => {
  document.addEventListener('click', (event) => {
    const box = boxOfRow(event)
    if (!box) return
    event.preventDefault()
    getSelection()?.removeAllRanges()
    box.checked = !box.checked
    if (event.shiftKey && lastBox) {
      box.checked = true
      takeRange(box)
    }
    lastBox = box
    update()
  })
  // Shift and a press would mark text from where the last one was.
  document.addEventListener('mousedown', (event) => {
    if (event.shiftKey && boxOfRow(event)) event.preventDefault()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'a' || !(event.ctrlKey || event.metaKey) || isTyping(event.target) || !boxes().length) return
    if (document.querySelector('dialog[open], :popover-open')) return
    event.preventDefault()
    chooseAll()
  })
  document.addEventListener('click', (event) => {
    const box = event.target as HTMLInputElement
    if (box.dataset?.selectAll !== undefined) for (const other of boxes()) other.checked = box.checked
    else if (box.dataset?.select !== undefined) {
      if (event.shiftKey && lastBox) takeRange(box)
      lastBox = box
    } else return
    update()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && bar && !event.defaultPrevented && !document.querySelector('dialog[open], :popover-open'))
      letGo()
  })
  document.addEventListener('htmx:after:swap', update)
  document.addEventListener('rows-changed', update)
}
