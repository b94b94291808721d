// Turns the state into what is seen: boxes of lines, back to front. Pure; screen.ts puts them on the terminal.

import { type Binding, listBindings } from './bindings'
import { matchCommands } from './commands'
import { drawDialog } from './draw-dialog'
import { drawDetails, drawList } from './draw-pane'
import { cleanText, fitText } from './fit-text'
import { type Box, cutLine, drawInput, measureLine } from './frame'
import { counterCells, countersPerRow } from './layout'
import type { Line, Span } from './pane'
import { showBytes, showClock, showCount } from './show-values'
import { currentData, currentPane, layoutOf, offeredActions, type State, type Status } from './state'

const drawTabs = (state: State, width: number): Line => {
  const name: Span = { text: ' Annolith ', tone: 'accent' }
  const tabs = state.panes.flatMap((pane, i): Span[] => {
    const text = i < 9 ? ` ${i + 1} ${pane.title} ` : ` ${pane.title} `
    return i < 9 || pane.name === state.current
      ? [pane.name === state.current ? { text, inverse: true } : { text }, { text: ' ' }]
      : []
  })
  return cutLine([name, { text: ' ' }, ...tabs], width)
}

const drawCounters = (state: State, width: number): Line[] => {
  const { counters } = currentData(state)
  const perRow = countersPerRow(state.size)
  const labels = counters[0]?.values.map(({ label }) => label) ?? []
  const heading: Span[] = [
    { text: fitText('', 10) },
    ...labels.map((label): Span => ({ text: fitText(label, 8, true), tone: 'muted' })),
    { text: '    ' },
  ]
  const groups = counters.map(({ label, values }): Span[] => [
    { text: fitText(cleanText(label), 10) },
    ...values.map(
      ({ value, tone }): Span => ({
        text: fitText(value ? String(value) : '·', 8, true),
        tone: value ? (tone ?? 'plain') : 'muted',
      }),
    ),
    { text: fitText('', counterCells - 10 - 8 * values.length + 4) },
  ])
  const rows = Math.ceil(groups.length / perRow)
  const lines = Array.from({ length: rows }, (_, row) => groups.filter((_, i) => i % rows === row).flat())
  const headings = Array.from({ length: Math.min(perRow, Math.ceil(groups.length / rows)) }, () => heading).flat()
  return [headings, ...lines].map((line) => cutLine([{ text: ' ' }, ...line], width))
}

const hint = (key: string, label: string): Span[] => [{ text: key, tone: 'accent' }, { text: ` ${label}   ` }]

/** As many hints as fit, of which the last ones are always there. */
const fitHints = (hints: Span[][], always: Span[][], width: number): Line => {
  const room = width - 1 - measureLine(always.flat())
  let used = 0
  const fitting = hints.filter((spans) => (used += measureLine(spans)) <= room)
  return cutLine([{ text: ' ' }, ...fitting.flat(), ...always.flat()], width)
}

const hintsOf = (bindings: Binding[], wanted: Record<string, string>) =>
  Object.entries(wanted).flatMap(([key, label]) => (bindings.some(({ keys }) => keys.includes(key)) ? [hint(key, label)] : []))

const drawKeys = (state: State, width: number): Line => {
  const { mode, message } = state
  if (mode.kind === 'filter')
    return cutLine(
      [
        { text: ' filter: ', tone: 'accent' },
        ...drawInput(mode.input, width - 30),
        { text: '  Enter keep  Esc undo', tone: 'muted' },
      ],
      width,
    )
  if (mode.kind === 'command') {
    const names = matchCommands(state, mode.input.text).map(({ name }) => name)
    return cutLine(
      [
        { text: ' :', tone: 'accent' },
        ...drawInput(mode.input, 30),
        { text: `  ${names.length ? names.join(' ') : 'no such command'}`, tone: 'muted' },
      ],
      width,
    )
  }
  if (mode.kind === 'running') return [{ text: ` ${mode.pending.action.label} …`, tone: 'accent' }]
  if (message) return cutLine([{ text: ` ${cleanText(message.text)}`, tone: message.tone }], width)
  const actions = offeredActions(state).map(({ key, label }) => hint(key, label))
  const general = hintsOf(listBindings, { '/': 'filter', ':': 'command', '?': 'help', q: 'quit' })
  return fitHints(actions, general, width)
}

const drawQueue = (queue: Status['queue']): Span[] => {
  if (!queue) return [{ text: 'queue unreachable', tone: 'bad' }]
  const parts = (['waiting', 'running', 'failed'] as const).filter((state) => queue[state] > 0)
  if (!parts.length) return [{ text: 'queue idle' }]
  return parts.map((state, i) => ({
    text: `${i ? ' ' : ''}${queue[state]} ${state}`,
    tone: state === 'failed' ? 'bad' : 'plain',
  }))
}

const drawStatus = ({ status }: State, width: number): Line => {
  if (!status) return [{ text: ' …', tone: 'muted' }]
  const { server } = status
  const serverMemory = server?.bytes === undefined ? '' : ` ${showBytes(server.bytes)}`
  const left: Span[] = [
    { text: ` ${status.database}`, tone: 'strong' },
    { text: ` · ${status.users === undefined ? 'users unknown' : showCount(status.users, 'user')} · ` },
    ...drawQueue(status.queue),
    { text: ` · ${server ? `server ${server.pid}${serverMemory}` : `console ${showBytes(status.bytes)}`}` },
  ]
  const clock = showClock(status.time)
  const room = width - clock.length - 2
  const seen = cutLine(left, room)
  return [...seen, { text: ' '.repeat(Math.max(1, room - measureLine(seen) + 1)) }, { text: clock, tone: 'muted' }, { text: ' ' }]
}

/** Everything that is seen, back to front. Each line fills at most the width of its box. */
export const draw = (state: State): Box[] => {
  const { columns, rows } = state.size
  if (columns < 40 || rows < 10)
    return [
      {
        name: 'small',
        left: 0,
        top: 0,
        width: columns,
        height: rows,
        lines: [[{ text: fitText('The terminal is too small.', columns) }]],
      },
    ]
  const at = layoutOf(state)
  const boxes: Box[] = [
    { name: 'tabs', ...at.tabs, lines: [drawTabs(state, columns)] },
    { name: 'counters', ...at.counters, lines: drawCounters(state, columns) },
    { name: 'list', ...at.list, lines: drawList(state, currentPane(state), at.list) },
    { name: 'details', ...at.details, lines: drawDetails(state, currentPane(state), at.details) },
    { name: 'keys', ...at.keys, lines: [drawKeys(state, columns)] },
    { name: 'status', ...at.status, lines: [drawStatus(state, columns)] },
  ]
  const dialog = drawDialog(state)
  return [...boxes.filter(({ width, height }) => width > 0 && height > 0), ...(dialog ? [dialog] : [])]
}
