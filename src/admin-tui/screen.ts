// Puts boxes of lines on the terminal and hears its keys: the only import of blessed.
import blessed from 'blessed'
import linuxTerminfo from 'blessed/usr/linux' with { type: 'file' }
import xtermTerminfo from 'blessed/usr/xterm-256color' with { type: 'file' }
import { toAscii } from './ascii'
import type { Hearing } from './console'
import type { Box } from './frame'
import type { Size } from './layout'
import type { Mouse } from './mouse'
import type { Line, Tone } from './pane'

export type Screen = {
  size: () => Size
  show: (boxes: Box[]) => void
  /** Draws everything anew, after something else wrote on the terminal. */
  redraw: () => void
  /** Hands text to the clipboard of the terminal (OSC 52), where it takes it. */
  copy: (text: string) => void
  /** Whether clicks and the wheel come here instead of selecting text. */
  setMouse: (isOn: boolean) => void
  /** Gives the terminal back as it was. May be called again. */
  close: () => void
}

/**
 * Two descriptions of terminals travel with the program instead of the host's own: a minimal host has none, and the parser of
 * this library trips over what newer ones hold. Every terminal emulator of today understands xterm's.
 */
const { Tput } = blessed as unknown as { Tput: { prototype: { _prefix: () => string } } }
Tput.prototype._prefix = () => (isLinuxConsole() ? linuxTerminfo : xtermTerminfo)

const isLinuxConsole = () => /^linux/.test(process.env.TERM ?? '')

type Program = {
  on: (event: 'mouse', hear: (event: { action: string; x: number; y: number }) => void) => void
  enableMouse: () => void
  disableMouse: () => void
  /** Writes without buffering and without wrapping for multiplexers. */
  _owrite: (text: string) => void
}

/** SGR parameters; only the 16 colours, so that they are those of the user's own theme. */
const colours: Record<Tone, string> = { plain: '', strong: '1', muted: '90', accent: '94', good: '32', warn: '33', bad: '91' }
/** For terminals with 8 colours, where the bright ones would turn into others, black among them. */
const fewColours: Record<Tone, string> = { ...colours, muted: '', accent: '36', bad: '31' }
const noColours: Record<Tone, string> = { ...colours, muted: '', accent: '1', good: '', warn: '1', bad: '1' }

const toSgr = (line: Line, palette: Record<Tone, string>, isAscii: boolean) =>
  line
    .map(({ text: shown, tone = 'plain', inverse, underline }) => {
      const text = isAscii ? toAscii(shown) : shown
      const parameters = [inverse ? '7' : '', underline ? '4' : '', palette[tone]].filter(Boolean).join(';')
      return parameters ? `\x1b[${parameters}m${text}\x1b[0m` : text
    })
    .join('')

/** The name of a key that came in one piece with Esc. */
const nameTyped = (character: string) =>
  ({ '\r': 'enter', '\n': 'enter', '\t': 'tab', '\x7f': 'backspace' })[character] ?? character

/** The name of a key: a character stands for itself, others are `enter`, `S-tab`, `C-u`, … */
const nameKey = (
  character: string | undefined,
  key: { name?: string; full?: string; ctrl?: boolean; meta?: boolean; sequence?: string },
) => {
  if (key.name === 'return') return undefined
  if (key.name === 'linefeed') return 'enter'
  if (key.name === 'space' && !key.ctrl && !key.meta) return ' '
  if (character !== undefined && !key.ctrl && !key.meta && !/\p{Cc}/u.test(character)) return character
  return key.full
}

/** Locales that say another encoding; a terminal without any locale understands UTF-8 nowadays. */
const hasOtherEncoding = ({ LC_ALL, LC_CTYPE, LANG }: Record<string, string | undefined>) => {
  const locale = LC_ALL || LC_CTYPE || LANG || ''
  return /\./.test(locale) && !/utf-?8/i.test(locale)
}

const wheels: Record<string, Mouse['does']> = { mousedown: 'click', wheelup: 'wheel-up', wheeldown: 'wheel-down' }

/** Takes over the terminal. `isAscii`: nothing but ASCII is drawn, as where the encoding of the terminal is another than UTF-8. */
export const openScreen = ({ onKey, onMouse, onResize }: Hearing, isAscii = hasOtherEncoding(process.env)): Screen => {
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
    // Alt stands for nothing here: Esc and a key that was typed right after it.
    const isAfterEscape = key?.meta && !key.ctrl && /^\x1b[^\x1b]$/.test(key.sequence ?? '')
    if (isAfterEscape) onKey('escape')
    const name = isAfterEscape ? nameTyped(key.sequence![1]!) : nameKey(character && half + character, key ?? {})
    half = ''
    if (name) onKey(name)
  })
  screen.on('resize', onResize)
  const { program } = screen as unknown as { program: Program }
  program.on('mouse', ({ action, x, y }) => {
    const does = wheels[action]
    if (does) onMouse({ does, x, y })
  })
  program.enableMouse()

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
        element.setContent(lines.map((line) => toSgr(line, palette, isAscii)).join('\n'))
        element.show()
        element.setFront()
      }
      screen.render()
    },
    redraw: () => {
      screen.realloc()
      screen.render()
    },
    copy: (text) => program._owrite(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`),
    setMouse: (isOn) => (isOn ? program.enableMouse() : program.disableMouse()),
    close: () => {
      if ((screen as { destroyed?: boolean }).destroyed) return
      program.disableMouse()
      screen.destroy()
    },
  }
}
