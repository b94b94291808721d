// Reads a text file line by line, never the whole at once.

import { FormatError } from '../format-error'
import type { DatasetFile } from './dataset-files'

/** A line without its end; numbered from 1. */
export type TextLine = { text: string; line: number }

/** Yields the lines of a UTF-8 file. Throws FormatError for other bytes and for lines longer than `maxChars`. */
export async function* readLines(file: DatasetFile, maxChars = 1 << 24): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let line = 0
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new FormatError('The file is not UTF-8 text', { file: file.name || undefined, line: line + 1 })
    }
  }
  for await (const chunk of file.stream()) {
    const parts = (rest + decode(chunk)).split('\n')
    rest = parts.pop()!
    for (const text of parts) yield { text: dropReturn(text), line: ++line }
    if (rest.length > maxChars) {
      throw new FormatError(`A line is longer than ${maxChars} characters`, { file: file.name || undefined, line: line + 1 })
    }
  }
  rest += decode()
  if (rest !== '') yield { text: dropReturn(rest), line: ++line }
}

function dropReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

/** A finite number in plain notation, or nothing. */
export function parseNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}
