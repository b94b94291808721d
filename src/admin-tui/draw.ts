// Turns the state into what is seen: boxes of lines, back to front. Pure; screen.ts puts them on the terminal.

import { type Binding, listBindings } from './bindings'
import { matchCommands } from './commands'
import { drawBoard } from './draw-board'
import { drawDialog } from './draw-dialog'
import { drawDetails, drawList } from './draw-pane'
import { drawTabs } from './draw-tabs'
import { cleanText, fitText } from './fit-text'
import { type Box, cutLine, drawInput, measureLine } from './frame'
import { counterCells, countersPerRow, type Rect } from './layout'
import type { Line, Span } from './pane'
import { showBytes, showClock, showCount } from './show-values'
import { currentData, currentPane, layoutOf, offeredActions, type State, type Status } from './state'

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

const hint = (key: string, label: string): Span[] => [{ text: key, tone: 'accent' }, { text: ` ${label}  ` }]

/** As many hints as fit, of which the last ones are always there; … stands for those that do not fit. */
const fitHints = (hints: Span[][], always: Span[][], width: number): Line => {
  const room = width - 3 - measureLine(always.flat())
  let used = 0
  const fitting = hints.filter((spans) => (used += measureLine(spans)) <= room)
  const more: Span[] = fitting.length < hints.length ? [{ text: '… ', tone: 'muted' }] : []
  return cutLine([{ text: ' ' }, ...fitting.flat(), ...more, ...always.flat()], width)
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
  if (mode.kind === 'command')
    return cutLine(
      [
        { text: ' :', tone: 'accent' },
        ...drawInput(mode.input, width - 40),
        { text: '  ↑ ↓ choose  Tab complete  Enter run', tone: 'muted' },
      ],
      width,
    )
  if (mode.kind === 'running') {
    const { action, rows } = mode.pending
    const done = rows.length > 1 ? ` ${mode.done ?? 0} of ${rows.length}` : ''
    return [{ text: ` ${action.label}${done} …`, tone: 'accent' }]
  }
  if (message) return cutLine([{ text: ` ${cleanText(message.text)}`, tone: message.tone }], width)
  const actions = offeredActions(state).map(({ key, label }) => hint(key, label))
  const more = hintsOf(listBindings, { '/': 'filter', ':': 'command' })
  const always = hintsOf(listBindings, { '?': 'help', q: 'quit' })
  return fitHints([...actions, ...more], always, width)
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

const drawServer = ({ server, disk_used }: Status): Span[] => {
  const process = server ? `server ${server.pid}${server.bytes === null ? '' : ` ${showBytes(server.bytes)}`}` : 'no server runs'
  const disk: Span = { text: ` · disk ${disk_used ?? '?'} %`, tone: disk_used != null && disk_used >= 90 ? 'bad' : 'plain' }
  return [{ text: ` · ${process}` }, disk]
}

const drawStatus = ({ status }: State, width: number): Line => {
  if (!status) return [{ text: ' …', tone: 'muted' }]
  const { place, unreachable, database, users } = status
  const where: Span[] = place ? [{ text: ` ${place.replace(/^https?:\/\//, '')} ·`, tone: 'accent' }] : []
  const left: Span[] = unreachable
    ? [{ text: ` ${cleanText(unreachable)}`, tone: 'bad' }]
    : [
        ...where,
        { text: ` ${database}`, tone: 'strong' },
        { text: ` · ${users == null ? 'users unknown' : showCount(users, 'user')} · ` },
        ...drawQueue(status.queue),
        ...drawServer(status),
      ]
  const clock = showClock(status.time)
  const room = width - clock.length - 2
  const seen = cutLine(left, room)
  return [...seen, { text: ' '.repeat(Math.max(1, room - measureLine(seen) + 1)) }, { text: clock, tone: 'muted' }, { text: ' ' }]
}

const suggestionsSeen = 8

/** The commands that fit what was typed, above the line in which it is typed. */
const drawSuggestions = (state: State, { top, width: most }: Rect): Box | undefined => {
  if (state.mode.kind !== 'command') return undefined
  const { input, picked } = state.mode
  const matches = matchCommands(state, input.text)
  const start = Math.max(0, Math.min(picked - suggestionsSeen + 1, matches.length - suggestionsSeen))
  const width = Math.min(most, 60)
  const lines = matches.slice(start, start + suggestionsSeen).map(({ name, about }, i): Line => {
    const isPicked = start + i === picked
    const line: Line = [
      { text: fitText(` :${name}`, 22), tone: isPicked ? 'plain' : 'accent' },
      { text: fitText(cleanText(about), width - 22), tone: isPicked ? 'plain' : 'muted' },
    ]
    return isPicked ? line.map((span): Span => ({ ...span, inverse: true })) : line
  })
  if (!lines.length) lines.push([{ text: fitText(' no such command', width), tone: 'warn' }])
  return { name: 'suggestions', left: 0, top: top - lines.length, width, height: lines.length, lines }
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
  const pane = currentPane(state)
  const { note } = currentData(state)
  const boxes: Box[] = [
    { name: 'tabs', ...at.tabs, lines: [drawTabs(state, columns)] },
    { name: 'counters', ...at.counters, lines: drawCounters(state, columns) },
    { name: 'note', ...at.note, lines: note ? [cutLine([{ text: ` ${cleanText(note.text)}`, tone: note.tone }], columns)] : [] },
    { name: 'list', ...at.list, lines: at.list.width ? (pane.graph ? drawBoard : drawList)(state, pane, at.list) : [] },
    { name: 'details', ...at.details, lines: at.details.width ? drawDetails(state, pane, at.details) : [] },
    { name: 'keys', ...at.keys, lines: [drawKeys(state, columns)] },
    { name: 'status', ...at.status, lines: [drawStatus(state, columns)] },
  ]
  const above = [drawSuggestions(state, at.keys), drawDialog(state)]
  return [...boxes.filter(({ width, height }) => width > 0 && height > 0), ...above.filter((box) => box !== undefined)]
}
