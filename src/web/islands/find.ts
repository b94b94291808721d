// The query of the gallery: offers names and values while typing; tells how many objects are ticked.

import { element } from './element'
import { formatCount, t } from './i18n/message'

type Words = {
  labels: string[]
  attributes: { name: string; values: string[] }[]
  fields: { name: string; values?: string[]; help: string }[]
}
type Offer = { text: string; note: string }

const maxOffers = 10
const quote = (text: string) => (/[\s()":=<>!,*?]/.test(text) || text === '' ? JSON.stringify(text) : text)

/** The piece of the query before the caret that is being written: where it begins, the name before its colon, and the value so far. */
const readPiece = (text: string, caret: number) => {
  const [piece] = /[^\s()]*$/.exec(text.slice(0, caret))!
  const sign = /^[-!]/.test(piece) ? 1 : 0
  const [, key, operator] = /^("[^"]*"|[^:=<>!]+)(:|=|!=)/.exec(piece.slice(sign)) ?? []
  const before = operator ? sign + key!.length + operator.length : sign
  const lastComma = operator ? piece.lastIndexOf(',') + 1 : 0
  const start = Math.max(before, lastComma)
  return {
    from: caret - piece.length + start,
    key: key?.replaceAll('"', '').toLowerCase(),
    typed: piece.slice(start).replaceAll('"', '').toLowerCase(),
  }
}

const listOffers = ({ labels, attributes, fields }: Words, key: string | undefined, typed: string): Offer[] => {
  const names: Offer[] = [
    ...fields.map(({ name, help }) => ({ text: `${name}:`, note: help })),
    ...attributes.map(({ name }) => ({ text: `${quote(name)}:`, note: t('Attribute') })),
  ]
  const values = (list: string[]) => list.map((value) => ({ text: quote(value), note: '' }))
  const asLabels = labels.map((name) => ({ text: `label:${quote(name)}`, note: t('Label') }))
  const all =
    key === undefined
      ? typed
        ? [...names, ...asLabels]
        : []
      : key === 'label' || key === 'class'
        ? values(labels)
        : values(
            attributes.find(({ name }) => name.toLowerCase() === key)?.values ??
              fields.find(({ name }) => name === key)?.values ??
              [],
          )
  const plain = (offer: Offer) => offer.text.replaceAll('"', '').toLowerCase()
  const begins = all.filter(
    (offer) =>
      plain(offer)
        .replace('label:', key === undefined ? '' : 'label:')
        .startsWith(typed) || plain(offer).startsWith(typed),
  )
  const rest = all.filter((offer) => !begins.includes(offer) && plain(offer).includes(typed))
  return [...begins, ...rest].filter((offer) => plain(offer) !== typed).slice(0, maxOffers)
}

let close: (() => void) | undefined

const open = (input: HTMLInputElement) => {
  close?.()
  const words = JSON.parse(input.dataset.findWords!) as Words
  const { from, key, typed } = readPiece(input.value, input.selectionStart ?? input.value.length)
  const offers = listOffers(words, key, typed)
  if (!offers.length) return
  let active = -1
  const take = ({ text }: Offer) => {
    const end = input.selectionStart ?? input.value.length
    const space = text.endsWith(':') ? '' : ' '
    input.setRangeText(text + space, from, end, 'end')
    close?.()
    input.focus()
    if (!space) open(input)
  }
  const options = offers.map((offer, i) =>
    element(
      'div',
      {
        class: 'menu-item',
        role: 'option',
        id: `find-offer-${i}`,
        'aria-selected': 'false',
        'data-testid': 'find-offer',
        onpointerdown: (event) => {
          event.preventDefault()
          take(offer)
        },
      },
      element('span', { class: 'font-mono text-[13px]', dir: 'auto' }, offer.text),
      element('span', { class: 'ms-auto truncate text-[12px] text-muted' }, offer.note),
    ),
  )
  const list = element(
    'div',
    { class: 'float absolute inset-x-0 top-full z-20 mt-1 p-1', role: 'listbox', id: 'find-offers' },
    ...options,
  )
  const mark = (to: number) => {
    active = (to + options.length) % options.length
    for (const [i, option] of options.entries()) option.setAttribute('aria-selected', String(i === active))
    input.setAttribute('aria-activedescendant', `find-offer-${active}`)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
      mark(active < 0 && event.key === 'ArrowUp' ? -1 : active + (event.key === 'ArrowDown' ? 1 : -1))
    else if ((event.key === 'Enter' || event.key === 'Tab') && active >= 0) take(offers[active]!)
    else if (event.key === 'Escape') close?.()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  close = () => {
    input.removeEventListener('keydown', onKey)
    input.removeAttribute('aria-activedescendant')
    input.setAttribute('aria-expanded', 'false')
    list.remove()
    close = undefined
  }
  input.addEventListener('keydown', onKey)
  input.setAttribute('role', 'combobox')
  input.setAttribute('aria-expanded', 'true')
  input.setAttribute('aria-controls', list.id)
  input.setAttribute('aria-autocomplete', 'list')
  input.parentElement!.append(list)
}

const countChosen = () => {
  const text = document.querySelector<HTMLElement>('[data-find-chosen]')
  if (!text) return
  const count = document.querySelectorAll('[name="pick"]:checked').length
  text.textContent = count ? t('{count} ticked:', { count: formatCount(count) }) : text.dataset.all!
}

export const startFind = () => {
  document.addEventListener('input', (event) => {
    const input = event.target as HTMLInputElement
    if (input.dataset?.findWords) open(input)
  })
  document.addEventListener('focusout', () => close?.())
  document.addEventListener('submit', () => close?.())
  document.addEventListener('change', (event) => {
    const control = event.target as HTMLInputElement
    if (control.name === 'pick') countChosen()
    // What to show and how to sort need no click on Find.
    if (control instanceof HTMLSelectElement && control.form?.dataset.find !== undefined) control.form.requestSubmit()
  })
  document.addEventListener('htmx:after:swap', countChosen)
}
