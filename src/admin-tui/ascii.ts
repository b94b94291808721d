// The same text in ASCII, cell by cell, for terminals that have nothing else. Pure.
import { measureText } from './fit-text'

const twins: Record<string, string> = {
  ...{ '─': '-', '│': '|', '┌': '+', '┐': '+', '└': '+', '┘': '+' },
  ...{ '•': '*', '·': '-', '…': '~', '–': '-', '—': '-', '×': 'x', '□': '#' },
  ...{ '↑': '^', '↓': 'v', '←': '<', '→': '>', '‹': '<', '›': '>' },
  ...{ '“': '"', '”': '"', '‘': "'", '’': "'", '\u00a0': ' ' },
}
/** From few dots to many. */
const shades = ' .:-=+*%#'
const brailleStart = 0x2800

const countBits = (bits: number): number => (bits ? (bits & 1) + countBits(bits >> 1) : 0)

const toTwin = (character: string): string => {
  const code = character.codePointAt(0)!
  if (code < 0x7f) return character
  if (twins[character]) return twins[character]
  if (code >= brailleStart && code <= brailleStart + 0xff) return shades[countBits(code - brailleStart)]!
  // A letter without its accents says more than a question mark.
  const [plain] = character.normalize('NFD')
  if (plain && plain.codePointAt(0)! < 0x7f) return plain
  return '?'.repeat(measureText(character))
}

export const toAscii = (text: string): string => [...text].map(toTwin).join('')
