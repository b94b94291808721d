// A terminal for tests: interprets what the console writes and tells what a person would see. Refuses sequences it does not know.

export type VirtualTerminal = {
  columns: number
  rows: number
  /** Output of the program, in pieces of any size. */
  write: (bytes: Uint8Array) => void
  /** The screen as lines without trailing spaces. */
  read: () => string
  isAlternate: () => boolean
  isCursorShown: () => boolean
  /** Whether clicks are reported. */
  hasMouse: () => boolean
  /** Parameters of colours that were used, such as `94`. */
  readColours: () => string[]
  /** How many bytes came, and how often the whole screen was cleared. */
  countWritten: () => { bytes: number; clears: number }
  /** What was copied last by OSC 52. */
  readClipboard: () => string
  /** Resolves with the screen as soon as `isSeen` holds; rejects with the screen when `signal` aborts first. */
  waitFor: (isSeen: (screen: string) => boolean, signal: AbortSignal) => Promise<string>
}

/** One control sequence, or one character. */
const tokens =
  /\x1b\](?<title>[^\x07]*)\x07|\x1b\[(?<mode>[?>]?)(?<numbers>[\d;]*)(?<final>[A-Za-z])|\x1b(?<short>[78=>])|(?<character>[^\x1b])/suy

export const createVirtualTerminal = (columns: number, rows: number): VirtualTerminal => {
  const decoder = new TextDecoder()
  const watchers = new Set<() => void>()
  const modes = new Set<string>(['25'])
  let cells = Array.from({ length: rows }, () => Array<string>(columns).fill(' '))
  const colours = new Set<string>()
  const written = { bytes: 0, clears: 0 }
  let clipboard = ''
  let pending = ''
  let x = 0
  let y = 0

  const clear = () => {
    cells = Array.from({ length: rows }, () => Array<string>(columns).fill(' '))
  }
  const put = (character: string) => {
    if (character === '\r') x = 0
    else if (character === '\n') y = Math.min(rows - 1, y + 1)
    else {
      const width = Bun.stringWidth(character)
      if (width === 0) return
      cells[y]![x] = character
      // The second cell of a wide character holds nothing of its own.
      if (width === 2) cells[y]![x + 1] = ''
      x = Math.min(columns - 1, x + width)
    }
  }
  const controls: Record<string, (numbers: number[]) => void> = {
    H: ([row = 1, column = 1]) => {
      y = Math.min(rows, row) - 1
      x = Math.min(columns, column) - 1
    },
    C: ([by = 1]) => {
      x = Math.min(columns - 1, x + by)
    },
    J: () => {
      written.clears++
      clear()
    },
    K: () => cells[y]!.fill(' ', x),
    X: ([count = 1]) => cells[y]!.fill(' ', x, x + count),
    m: (numbers) => {
      for (const number of numbers) if (number >= 30 && number <= 107) colours.add(String(number))
    },
    // Scroll regions and the cursor's shape do not change what is read.
    r: () => {},
    '?c': () => {},
  }

  const read = () => cells.map((line) => line.join('').trimEnd()).join('\n')
  return {
    columns,
    rows,
    read,
    isAlternate: () => modes.has('1049'),
    isCursorShown: () => modes.has('25'),
    hasMouse: () => ['1000', '1002', '1003'].some((mode) => modes.has(mode)),
    readColours: () => [...colours].sort(),
    countWritten: () => ({ ...written }),
    readClipboard: () => clipboard,
    write: (bytes) => {
      written.bytes += bytes.length
      pending += decoder.decode(bytes, { stream: true })
      for (tokens.lastIndex = 0; tokens.lastIndex < pending.length; ) {
        const at = tokens.lastIndex
        const groups = tokens.exec(pending)?.groups
        if (!groups) {
          // The rest may be the beginning of a sequence; no known one is longer than this.
          if (pending.length - at > 100) throw new Error(`unknown sequence ${JSON.stringify(pending.slice(at, at + 20))}`)
          pending = pending.slice(at)
          for (const watch of watchers) watch()
          return
        }
        const { mode, numbers = '', final, character, title } = groups
        if (title?.startsWith('52;c;')) clipboard = Buffer.from(title.slice(5), 'base64').toString()
        if (character) put(character)
        else if (mode && (final === 'h' || final === 'l')) modes[final === 'h' ? 'add' : 'delete'](numbers)
        else if (final) {
          const control = controls[mode + final]
          if (!control) throw new Error(`unknown sequence ${JSON.stringify(pending.slice(at, tokens.lastIndex))}`)
          control(numbers ? numbers.split(';').map(Number) : [])
        }
      }
      pending = ''
      for (const watch of watchers) watch()
    },
    waitFor: (isSeen, signal) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          if (!isSeen(read())) return
          watchers.delete(watch)
          resolve(read())
        }
        signal.addEventListener('abort', () => reject(new Error(`never seen; the screen:\n${read()}`)))
        watchers.add(watch)
        watch()
      }),
  }
}
