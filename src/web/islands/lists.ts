// Lists: search while typing and page size go into the address; tools keep their state over a swap; `/` goes to the search.

import htmx from 'htmx.org'
import { startFilterBuilder } from './filter-builder'
import { t } from './i18n/message'
import { tellLost } from './reach'
import { showError } from './toast'

const waitMs = 200

/** Loads this address into the list as the source's hx attributes say; settles when it is shown. */
export const loadList = async (source: Element, changes: Record<string, string>) => {
  const url = new URL(location.href)
  if (!('page' in changes)) url.searchParams.delete('page')
  for (const [key, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(key, value)
    else url.searchParams.delete(key)
  }
  await htmx.ajax('GET', url.pathname + url.search, { source } as never)
}

/** The list as it is now, again; settles when it is shown. */
export const refreshList = async () => {
  const source = document.querySelector('[data-testid="list-filter"]')
  if (source) await loadList(source, { page: new URL(location.href).searchParams.get('page') ?? '' })
}

/** How to find a control again in a list that was drawn anew. */
const selectorOf = (control: Element | null): string | undefined => {
  const { testid } = (control as HTMLElement | null)?.dataset ?? {}
  const row = control?.closest<HTMLElement>('tr[data-testid]')?.dataset.testid
  return testid && `${row ? `[data-testid="${CSS.escape(row)}"] ` : ''}[data-testid="${CSS.escape(testid)}"]`
}

const currentOf = (key: string) => new URL(location.href).searchParams.get(key) ?? ''

export const startLists = () => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const search = (input: HTMLInputElement) => {
    clearTimeout(timer)
    if (input.value.trim() !== currentOf('search')) void loadList(input, { search: input.value.trim() })
  }
  document.addEventListener('input', (event) => {
    const input = event.target as HTMLInputElement
    if (input.dataset?.address !== 'search') return
    clearTimeout(timer)
    timer = setTimeout(search, waitMs, input)
  })
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.dataset.search === undefined) return
    event.preventDefault()
    search(form.querySelector('input')!)
  })
  document.addEventListener('change', (event) => {
    const select = event.target as HTMLSelectElement
    if (select.dataset?.address === 'page_size') void loadList(select, { page_size: select.value })
  })

  // The sort menu stays open while its entries are clicked one after the other, and the keys stay where they were.
  let kept: string[] = []
  let focused: string | undefined
  document.addEventListener('htmx:before:swap', (event) => {
    const { raw } = (event as CustomEvent).detail.ctx?.response ?? {}
    if (raw?.redirected && new URL(raw.url).pathname === '/auth/login') {
      event.preventDefault()
      location.assign(raw.url)
      return
    }
    focused = selectorOf(document.activeElement)
    kept = [...document.querySelectorAll<HTMLDetailsElement>('details[data-keep-open][open]')].map(
      (part) => part.dataset.keepOpen!,
    )
  })
  document.addEventListener('htmx:after:swap', () => {
    for (const name of kept) document.querySelector<HTMLDetailsElement>(`details[data-keep-open="${name}"]`)!.open = true
    if (focused && document.activeElement === document.body)
      document.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true })
    const input = document.querySelector<HTMLInputElement>('[data-address="search"]')
    if (input && input !== document.activeElement) input.value = currentOf('search')
  })
  document.addEventListener('htmx:response:error', () =>
    showError(t('The list could not be loaded. Reload the page to see what is there.')),
  )
  document.addEventListener('htmx:error', (event) => {
    const { error } = (event as CustomEvent).detail ?? {}
    if (error instanceof TypeError) tellLost()
    if (error instanceof TypeError) showError(t('The server cannot be reached. Check the connection and try again.'))
  })
  startFilterBuilder((source, filter) => loadList(source, { filter }))
}
