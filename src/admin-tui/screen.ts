// Puts boxes of lines on the terminal and hears its keys: the only import of blessed.
import blessed from 'blessed'
import linuxTerminfo from 'blessed/usr/linux' with { type: 'file' }
import xtermTerminfo from 'blessed/usr/xterm-256color' with { type: 'file' }
import type { Box } from './frame'
import type { Size } from './layout'
import type { Line, Tone } from './pane'

export type Screen = {
  size: () => Size
  show: (boxes: Box[]) => void
  /** Draws everything anew, after something else wrote on the terminal. */
  redraw: () => void
  /** Gives the terminal back as it was. May be called again. */
  close: () => void
}

export type Hearing = { onKey: (key: string) => void; onResize: () => void }

/**
 * Two descriptions of terminals travel with the program instead of the host's own: a minimal host has none, and the parser of
 * this library trips over what newer ones hold. Every terminal emulator of today understands xterm's.
 */
const { Tput } = blessed as unknown as { Tput: { prototype: { _prefix: () => string } } }
Tput.prototype._prefix = () => (isLinuxConsole() ? linuxTerminfo : xtermTerminfo)

const isLinuxConsole = () => /^linux/.test(process.env.TERM ?? '')

/** SGR parameters; only the 16 colours, so that they are those of the user's own theme. */
const colours: Record<Tone, string> = { plain: '', strong: '1', muted: '90', accent: '94', good: '32', warn: '33', bad: '91' }
/** For terminals with 8 colours, where the bright ones would turn into others, black among them. */
const fewColours: Record<Tone, string> = { ...colours, muted: '', accent: '36', bad: '31' }
const noColours: Record<Tone, string> = { ...colours, muted: '', accent: '1', good: '', warn: '1', bad: '1' }

const toSgr = (line: Line, palette: Record<Tone, string>) =>
  line
    .map(({ text, tone = 'plain', inverse, underline }) => {
      const parameters = [inverse ? '7' : '', underline ? '4' : '', palette[tone]].filter(Boolean).join(';')
      return parameters ? `\x1b[${parameters}m${text}\x1b[0m` : text
    })
    .join('')

/** The name of a key: a character stands for itself, others are `enter`, `S-tab`, `C-u`, … */
const nameKey = (character: string | undefined, key: { name?: string; full?: string; ctrl?: boolean; meta?: boolean }) => {
  if (key.name === 'return') return undefined
  if (key.name === 'linefeed') return 'enter'
  if (key.name === 'space' && !key.ctrl && !key.meta) return ' '
  if (character !== undefined && !key.ctrl && !key.meta && !/\p{Cc}/u.test(character)) return character
  return key.full
}

/** Takes over the terminal. */
export const openScreen = ({ onKey, onResize }: Hearing): Screen => {
  const screen = blessed.screen({
    fullUnicode: true,
    forceUnicode: true,
    smartCSR: false,
    title: 'Annolith',
    terminal: process.env.TERM,
  })
  // Lines as UTF-8: the old line-drawing character set shows letters where a terminal does not switch to it.
  Object.assign(screen.tput, { brokenACS: true, unicode: true })
  const palette = process.env.NO_COLOR ? noColours : isLinuxConsole() ? fewColours : colours
  const shown = new Map<string, blessed.Widgets.BoxElement>()
  let half = ''

  screen.program.on('keypress', (character: string | undefined, key: Parameters<typeof nameKey>[1]) => {
    // Characters beyond the first plane arrive in halves.
    if (character && /^[\ud800-\udbff]$/.test(character)) {
      half = character
      return
    }
    const name = nameKey(character && half + character, key ?? {})
    half = ''
    if (name) onKey(name)
  })
  screen.on('resize', onResize)

  return {
    size: () => ({ columns: Number(screen.width), rows: Number(screen.height) }),
    show: (boxes) => {
      const names = new Set(boxes.map(({ name }) => name))
      for (const [name, element] of shown) if (!names.has(name)) element.hide()
      for (const { name, lines, left, top, width, height } of boxes) {
        let element = shown.get(name)
        if (!element) {
          element = blessed.box({ parent: screen, wrap: false })
          shown.set(name, element)
        }
        Object.assign(element, { left, top, width, height })
        element.setContent(lines.map((line) => toSgr(line, palette)).join('\n'))
        element.show()
        element.setFront()
      }
      screen.render()
    },
    redraw: () => {
      screen.realloc()
      screen.render()
    },
    close: () => {
      if (!(screen as { destroyed?: boolean }).destroyed) screen.destroy()
    },
  }
}
