// Keys as text: from keyboard events to names like `Ctrl+Shift+Z`, and from there to what a person reads.

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

const names: Record<string, string> = {
  ' ': 'Space',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
}

/** The key itself: letters by what they type, or by their place where the layout types no Latin letter; digits by their place. */
const nameKey = (press: KeyPress): string => {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(press.code)
  if (digit) return digit[1]!
  if (press.code === 'Backquote') return '`'
  const letter = /^Key([A-Z])$/.exec(press.code)
  if (letter && !/^[a-z]$/i.test(press.key)) return letter[1]!
  if (press.key.length === 1 && press.key !== ' ') return press.key.toUpperCase()
  return names[press.key] ?? press.key
}

const shiftless = /^[A-Z0-9`]$|^.{2,}$/

/** Cmd counts as Ctrl. Shift is named only where it does not already show in the character (`+`, `_`). */
export const nameKeyPress = (press: KeyPress): string => {
  const key = nameKey(press)
  const parts = []
  if (press.ctrlKey || press.metaKey) parts.push('Ctrl')
  if (press.altKey) parts.push('Alt')
  if (press.shiftKey && shiftless.test(key)) parts.push('Shift')
  return [...parts, key].join('+')
}

const symbols: Record<string, string> = { Left: '←', Right: '→', Up: '↑', Down: '↓' }

export const showKeys = (keys: string): string =>
  keys
    .split(' ')
    .map((stroke) =>
      stroke
        .split(/(?<=.)\+/)
        .map((part) => symbols[part] ?? part)
        .join('+'),
    )
    .join(' then ')

/** For the attribute aria-keyshortcuts; sequences have no notation there. */
export const toAriaKeys = (keys: readonly string[]): string =>
  keys
    .filter((one) => !one.includes(' '))
    .map((one) =>
      one
        .replace('Ctrl', 'Control')
        .replace(/Esc$/, 'Escape')
        .replace(/Del$/, 'Delete')
        .replace(/(Left|Right|Up|Down)$/, 'Arrow$1'),
    )
    .join(' ')
