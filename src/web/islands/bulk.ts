// Choosing several rows of a list: a bar with a count appears with the first one. Shift takes a range, Escape lets go.
import { type BulkContext, bulkKinds } from './bulk-kinds'
import { openPlace, runForAll } from './bulk-run'
import { element } from './element'
import { t } from './i18n/message'
import { refreshList } from './lists'
import { refreshParts } from './refresh-parts'

/** The list that was chosen from last; a page may have two. */
let kindNow = ''
let bar: HTMLElement | null = null
let lastBox: HTMLInputElement | null = null
let isRunning = false

const kindOf = (at: Element) => at.closest<HTMLElement>('[data-bulk]')?.dataset.bulk ?? ''
const allBoxes = () => [...document.querySelectorAll<HTMLInputElement>('[data-select]')]
const boxes = () => [...document.querySelectorAll<HTMLInputElement>(`[data-bulk="${kindNow}"] [data-select]`)]
const chosenBoxes = () => boxes().filter((box) => box.checked)

const letGo = () => {
  for (const box of allBoxes()) box.checked = false
  update()
}

/** What is chosen in one list is let go when another one is chosen from. */
const takeUp = (kind: string) => {
  if (kind === kindNow) return
  for (const box of boxes()) box.checked = false
  closeBar()
  update()
  kindNow = kind
}

const closeBar = () => {
  if (!isRunning) bar?.remove()
  bar = null
}

const makeContext = (): BulkContext => {
  const { nounOf, path } = bulkKinds[kindNow]!
  const kind = kindNow
  const table = document.querySelector<HTMLElement>(`[data-bulk="${kind}"]`)!
  return {
    kind,
    table,
    nounOf,
    addressOf: (id) => `${path}/${encodeURIComponent(id)}`,
    chosen: () => chosenBoxes().map((box) => ({ id: box.dataset.select!, row: box.closest('tr')! })),
    run: async (what, work) => {
      const ids = chosenBoxes().map((box) => box.dataset.select!)
      const place = bar ?? openPlace()
      isRunning = true
      bar = null
      for (const box of allBoxes()) box.checked = false
      const refresh = document.querySelector('[data-testid="list-filter"]') ? refreshList : refreshParts
      await runForAll({ ids, nounOf, what, work, refresh }, place)
      isRunning = false
      update()
    },
  }
}

const makeBar = () => {
  const context = makeContext()
  const place = openPlace()
  place.append(
    element('span', { class: 'num min-w-24 font-medium', 'data-testid': 'bulk-count', 'aria-live': 'polite' }),
    ...bulkKinds[kindNow]!.tools(context),
    element(
      'button',
      {
        type: 'button',
        class: 'btn btn-small btn-quiet btn-icon',
        'aria-label': t('Let go'),
        'data-testid': 'bulk-clear',
        onclick: letGo,
      },
      '✕',
    ),
  )
  return place
}

/** A tool is for rows that all say they can be treated so; rows that say nothing can be treated in any way. */
const settleTools = (chosen: HTMLInputElement[]) => {
  for (const tool of bar!.querySelectorAll<HTMLButtonElement | HTMLSelectElement>('[data-need]'))
    tool.disabled = !chosen.every(
      ({ dataset }) => dataset.can === undefined || dataset.can.split(' ').includes(tool.dataset.need!),
    )
}

/** Shows the bar for what is chosen, or takes it away. */
const update = () => {
  const chosen = chosenBoxes()
  const all = document.querySelector<HTMLInputElement>(`[data-bulk="${kindNow}"] [data-select-all]`)
  if (all) {
    all.checked = chosen.length > 0 && chosen.length === boxes().length
    all.indeterminate = chosen.length > 0 && chosen.length < boxes().length
  }
  if (isRunning) return
  if (!chosen.length) return closeBar()
  bar ??= makeBar()
  const count = bar.querySelector<HTMLElement>('[data-testid="bulk-count"]')!
  count.textContent = t('{count} selected', { count: chosen.length })
  count.dataset.count = String(chosen.length)
  settleTools(chosen)
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
  if (!boxes().length) takeUp(kindOf(allBoxes()[0]!))
  for (const box of boxes()) box.checked = true
  update()
}

export const startBulk = () => {
  document.addEventListener('click', (event) => {
    const box = boxOfRow(event)
    if (!box) return
    event.preventDefault()
    getSelection()?.removeAllRanges()
    takeUp(kindOf(box))
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
    if (event.key !== 'a' || !(event.ctrlKey || event.metaKey) || isTyping(event.target) || !allBoxes().length) return
    if (document.querySelector('dialog[open], :popover-open')) return
    event.preventDefault()
    chooseAll()
  })
  document.addEventListener('click', (event) => {
    const box = event.target as HTMLInputElement
    if (box.dataset?.selectAll === undefined && box.dataset?.select === undefined) return
    takeUp(kindOf(box))
    if (box.dataset.selectAll !== undefined) for (const other of boxes()) other.checked = box.checked
    else {
      if (event.shiftKey && lastBox) takeRange(box)
      lastBox = box
    }
    update()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && bar && !event.defaultPrevented && !document.querySelector('dialog[open], :popover-open'))
      letGo()
  })
  document.addEventListener('htmx:after:swap', update)
  document.addEventListener('rows-changed', update)
}
