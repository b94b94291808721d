// Rows as CSV (RFC 4180) that spreadsheets take for what they are: text, never a formula.

/** Spreadsheets run cells that start with one of these; a quote before them makes them text (OWASP, CSV injection). */
const defuse = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** One cell: null is empty, objects are JSON, times have an offset. Numbers are left alone, negative ones too. */
export const writeCell = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  if (value instanceof Date) return value.toISOString().replace(/\.(\d{3})Z$/, '.$1000+00:00')
  return quote(typeof value === 'string' ? defuse(value) : JSON.stringify(value))
}

export const writeRow = (cells: unknown[]): string => `${cells.map(writeCell).join(',')}\r\n`
