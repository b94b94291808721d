// The row of panes: as many tabs around the open one as fit, with their numbers. Pure.
import { measureText } from './fit-text'
import { cutLine } from './frame'
import type { Line, Span } from './pane'
import type { State } from './state'

const name = ' Annolith '
const more = 2

export type Tab = { name: string; text: string; left: number; width: number }

/** The tabs that are seen, from left to right. */
export const listTabs = ({ panes, current, size }: State): Tab[] => {
  const texts = panes.map(({ title }, i) => (i < 10 ? ` ${(i + 1) % 10} ${title} ` : ` ${title} `))
  const at = panes.findIndex((pane) => pane.name === current)
  const room = size.columns - name.length - 1 - 2 * more
  let [first, last] = [at, at]
  const width = () => texts.slice(first, last + 1).reduce((sum, text) => sum + measureText(text) + 1, 0)
  // Those before it first, so that the row moves as little as possible.
  while (first > 0 || last < texts.length - 1) {
    const before = [first, last] as const
    if (first > 0) first--
    if (width() > room) first = before[0]
    if (last < texts.length - 1) last++
    if (width() > room) last = before[1]
    if (first === before[0] && last === before[1]) break
  }
  let left = name.length + more
  return panes.slice(first, last + 1).map((pane, i) => {
    const text = texts[first + i]!
    const tab = { name: pane.name, text, left, width: measureText(text) }
    left += tab.width + 1
    return tab
  })
}

export const drawTabs = (state: State, width: number): Line => {
  const tabs = listTabs(state)
  const hasBefore = tabs[0]?.name !== state.panes[0]?.name
  const hasAfter = tabs.at(-1)?.name !== state.panes.at(-1)?.name
  const spans = tabs.flatMap(({ name: own, text }): Span[] => [
    own === state.current ? { text, inverse: true } : { text },
    { text: ' ' },
  ])
  return cutLine(
    [
      { text: name, tone: 'accent' },
      { text: hasBefore ? '‹ ' : '  ', tone: 'muted' },
      ...spans,
      { text: hasAfter ? '›' : ' ', tone: 'muted' },
    ],
    width,
  )
}
