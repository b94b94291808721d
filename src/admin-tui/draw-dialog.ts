// Draws what stands above the panes: forms, questions and the help. Pure.
import { listHelp } from './bindings'
import { cleanText, fitText, wrapText } from './fit-text'
import { type Form, type FormField, listMatches, readField } from './form'
import { type Box, drawFrame, drawInput, fillLine } from './frame'
import type { Line, Span } from './pane'
import type { State } from './state'

const labelCells = 16
const optionsSeen = 6

const drawOptions = (entry: FormField, width: number): Line[] => {
  const matches = listMatches(entry)
  const start = Math.max(0, Math.min(entry.picked - optionsSeen + 1, matches.length - optionsSeen))
  const options = matches.slice(start, start + optionsSeen).map((option, i): Line => {
    const text = fitText(` ${cleanText(option)} `, width)
    return [{ text: ' '.repeat(labelCells) }, start + i === entry.picked ? { text, inverse: true } : { text }]
  })
  const hidden = matches.length - options.length
  return hidden > 0 ? [...options, [{ text: `${' '.repeat(labelCells)} ${hidden} more: type a part`, tone: 'muted' }]] : options
}

const drawField = (entry: FormField, isCurrent: boolean, problem: string | undefined, width: number): Line[] => {
  const { field, input } = entry
  const cells = width - labelCells
  const shown = field.kind === 'secret' ? { text: '•'.repeat([...input.text].length), at: input.at } : input
  const still = field.kind === 'secret' ? shown.text : cleanText(readField(entry))
  const value = isCurrent ? fillLine(drawInput(shown, cells), cells) : [{ text: fitText(still, cells) }]
  return [
    [
      { text: fitText(cleanText(field.label), labelCells), tone: isCurrent ? 'accent' : 'plain' },
      ...value.map((span): Span => ({ ...span, underline: true })),
    ],
    ...(isCurrent && field.kind === 'pick' ? drawOptions(entry, cells) : []),
    ...(problem
      ? wrapText(cleanText(problem), cells).map((text): Line => [{ text: ' '.repeat(labelCells) }, { text, tone: 'bad' }])
      : []),
  ]
}

const drawForm = (form: Form, width: number): Line[] => [
  ...form.fields.flatMap((entry, i) => drawField(entry, i === form.at, form.problems[entry.field.name], width)),
  ...(form.problems[''] ? wrapText(cleanText(form.problems['']), width).map((text): Line => [{ text, tone: 'bad' }]) : []),
]

/** Columns of the help side by side where there is room. */
const drawHelp = (state: State, width: number): Line[] =>
  listHelp(state).flatMap(({ heading, entries }, i): Line[] => [
    ...(i ? [[]] : []),
    [{ text: heading, tone: 'strong' }],
    ...entries.flatMap(({ shown, help }): Line[] =>
      shown
        ? wrapText(help, Math.max(10, width - 17)).map(
            (text, line): Line => [{ text: ` ${fitText(line ? '' : shown, 16)}`, tone: 'accent' }, { text }],
          )
        : wrapText(help, width - 1).map((text): Line => [{ text: ` ${text}`, tone: 'muted' }]),
    ),
  ])

/** What a dialog says, and the keys that it takes. */
const listContent = (state: State, width: number): { title: string; lines: Line[]; foot: string; top?: number } | undefined => {
  const { mode } = state
  if (mode.kind === 'question') {
    const lines = wrapText(cleanText(mode.text), width).map((text): Line => [{ text }])
    const warning = mode.warning ? wrapText(cleanText(mode.warning), width).map((text): Line => [{ text, tone: 'warn' }]) : []
    const { rows, action } = mode.pending
    const title = rows.length > 1 ? `${action.label} (${rows.length})` : action.label
    if (!mode.typed) return { title, lines: [...lines, ...warning], foot: 'y yes · n no' }
    const typed: Line[] = [
      [],
      [{ text: 'Type ' }, { text: cleanText(mode.typed.wanted), tone: 'strong' }, { text: ' to go on:' }],
      fillLine(drawInput(mode.typed.input, width), width).map((span): Span => ({ ...span, underline: true })),
    ]
    return { title, lines: [...lines, ...warning, ...typed], foot: 'Enter go on · Esc cancel' }
  }
  if (mode.kind === 'form') {
    const isLast = mode.form.at === mode.form.fields.length - 1
    const before = { ...mode.form, fields: mode.form.fields.slice(0, mode.form.at), at: -1 }
    const arrows = mode.form.fields[mode.form.at]!.field.kind === 'pick' ? 'choose · Tab next' : 'field'
    return {
      title: mode.form.title,
      lines: drawForm(mode.form, width),
      // Seen only where the form is higher than the screen.
      top: drawForm({ ...before, problems: {} }, width).length,
      foot: `Enter ${isLast ? 'save' : 'next'} · ↑ ↓ ${arrows} · Esc cancel`,
    }
  }
  if (mode.kind === 'running' && mode.form)
    return { title: mode.form.title, lines: drawForm({ ...mode.form, at: -1 }, width), foot: 'working …' }
  if (mode.kind === 'help') return { title: 'Help', lines: drawHelp(state, width), foot: '↑ ↓ scroll · Esc close', top: mode.top }
  return undefined
}

/** The dialog in the middle of the screen, if one is open. */
export const drawDialog = (state: State): Box | undefined => {
  const { columns, rows } = state.size
  const width = Math.min(columns - 4, 72)
  const content = listContent(state, width - 4)
  if (!content) return undefined
  // The lines of keys and of the status stay in sight.
  const height = Math.min(rows - 3, content.lines.length + 4)
  const room = height - 4
  const top = Math.max(0, Math.min(content.top ?? 0, content.lines.length - room))
  const lines = content.lines.slice(top, top + room).map((line): Line => [{ text: ' ' }, ...line])
  const rect = {
    left: Math.floor((columns - width) / 2),
    top: Math.max(1, Math.min(Math.floor(rows / 5), rows - 2 - height)),
    width,
    height,
  }
  const note = content.lines.length > room ? `${top + 1}–${top + room} of ${content.lines.length}` : ''
  return {
    name: 'dialog',
    ...rect,
    lines: drawFrame({ title: content.title, note, foot: content.foot, isFocused: true }, [[], ...lines, []], rect),
  }
}
