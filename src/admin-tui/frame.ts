// Lines of styled text: measuring, cutting, typing, and the frame around a panel. Pure.
import { cleanText, fitText, measureText } from './fit-text'
import type { Rect } from './layout'
import type { Line, Tone } from './pane'
import type { TextInput } from './text-input'

export type Box = Rect & { name: string; lines: Line[] }

export const measureLine = (line: Line) => line.reduce((sum, { text }) => sum + measureText(text), 0)

/** A line cut to `width` cells. */
export const cutLine = (line: Line, width: number): Line => {
  let left = width
  return line.flatMap((span) => {
    if (left <= 0) return []
    const text = measureText(span.text) > left ? fitText(span.text, left) : span.text
    left -= measureText(text)
    return [{ ...span, text }]
  })
}

/** A line of exactly `width` cells. */
export const fillLine = (line: Line, width: number): Line => {
  const cut = cutLine(line, width)
  return [...cut, { text: ' '.repeat(Math.max(0, width - measureLine(cut))) }]
}

/** Text being typed with its cursor, at most `width` cells: the part around the cursor when it is longer. */
export const drawInput = ({ text, at }: TextInput, width: number): Line => {
  const characters = [...text].map((character) => cleanText(character) || '·')
  const start = Math.max(0, at - width + 2)
  const seen = characters.slice(start)
  return cutLine(
    [
      { text: seen.slice(0, at - start).join('') },
      { text: seen[at - start] ?? ' ', inverse: true },
      { text: seen.slice(at - start + 1).join('') },
    ],
    width,
  )
}

export type Frame = {
  title: string /** At the right of the upper edge. */
  note?: string /** In the lower edge. */
  foot?: string
  isFocused: boolean
}

/** A panel of `rect`'s size: border with title, and the lines inside, filled up or cut. */
export const drawFrame = (frame: Frame, lines: Line[], { width, height }: Rect): Line[] => {
  const { note = '', foot = '', isFocused } = frame
  const title = cleanText(frame.title)
  const tone: Tone = isFocused ? 'accent' : 'muted'
  const inner = width - 2
  // At least some of the title is seen.
  const right = note ? fitText(` ${note} `, Math.min(measureText(note) + 2, Math.max(0, inner - 8))) : ''
  const left = fitText(` ${title} `, Math.min(measureText(title) + 2, Math.max(0, inner - measureText(right) - 2)))
  const rule = '─'.repeat(Math.max(0, inner - 2 - measureText(left) - measureText(right)))
  const bottom = foot ? fitText(` ${foot} `, Math.min(measureText(foot) + 2, Math.max(0, inner - 1))) : ''
  return [
    [
      { text: '┌─', tone },
      { text: left, tone: isFocused ? 'strong' : 'plain' },
      { text: rule, tone },
      { text: right, tone: 'muted' },
      { text: '─┐', tone },
    ],
    ...Array.from(
      { length: height - 2 },
      (_, i): Line => [{ text: '│', tone }, ...fillLine(lines[i] ?? [], inner), { text: '│', tone }],
    ),
    [
      { text: `└${'─'.repeat(Math.max(0, inner - 1 - measureText(bottom)))}`, tone },
      { text: bottom, tone: 'muted' },
      { text: '─┘', tone },
    ],
  ]
}
