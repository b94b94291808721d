// Makes text safe for a terminal and fits it into a number of cells.

/**
 * Text of others as it may go to a terminal: no control or direction characters, which could move the cursor or reorder a line;
 * pictographs become □ because terminals do not agree on their width.
 */
export const cleanText = (text: string) =>
  text
    .normalize('NFC')
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(/\p{Cf}|\p{Variation_Selector}|\p{Emoji_Modifier}/gu, '')
    .replace(/[\p{Cc}\p{Co}\p{Cs}\p{Cn}]/gu, '·')
    .replace(/(?![©®™])[\p{Extended_Pictographic}\p{Regional_Indicator}]/gu, '□')

/** Cells that a clean text takes. */
export const measureText = (text: string) => Bun.stringWidth(text)

/** As much of the beginning as fits, with … at the end. Bun.sliceAnsi may exceed the width by a cell after a wide character. */
const cutText = (text: string, width: number): string => {
  let cut = ''
  let cells = 0
  for (const character of text) {
    cells += measureText(character)
    if (cells > width - 1) break
    cut += character
  }
  return `${cut}…`
}

/** Exactly `width` cells: cut with … or filled with spaces. */
export const fitText = (text: string, width: number, right = false): string => {
  if (width <= 0) return ''
  const cut = measureText(text) > width ? cutText(text, width) : text
  const fill = ' '.repeat(Math.max(0, width - measureText(cut)))
  return right ? fill + cut : cut + fill
}

/** Lines of at most `width` cells, broken between words where possible. */
export const wrapText = (text: string, width: number): string[] =>
  Bun.wrapAnsi(text, Math.max(1, width), { hard: true, trim: true }).split('\n')
