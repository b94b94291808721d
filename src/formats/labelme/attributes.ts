// Attributes on one line: `name=value, name="value"`, with backslashes before what would end a value.

/** `\`, `=`, `"` and `,` of names and values get a backslash; text that looks like a number is quoted. */
export function formatAttributes(attributes: Iterable<readonly [name: string, value: string, isText: boolean]>): string {
  const parts = Array.from(attributes, ([name, value, isText]) => {
    const escaped = addBackslashes(value)
    return `${addBackslashes(name)}=${isText && looksLikeNumber(value) ? `"${escaped}"` : escaped}`
  })
  return parts.join(', ')
}

function addBackslashes(text: string): string {
  return text.replace(/[\\=",]/g, '\\$&')
}

function looksLikeNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text))
}

/** Names and values; a name without `=` is true. */
export function parseAttributes(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const part of splitOutside(text, ',')) {
    const [name, ...rest] = splitOutside(part, '=')
    const key = removeBackslashes(name!.trim())
    if (key === '') continue
    const value = rest.join('=')
    values.set(key, rest.length === 0 ? 'true' : unquote(value))
  }
  return values
}

/** Splits at a character that neither follows a backslash nor stands between quotes. */
function splitOutside(text: string, separator: string): string[] {
  const parts = ['']
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '\\' && at + 1 < text.length) parts[parts.length - 1] += character + text[++at]!
    else if (character === separator && !isQuoted) parts.push('')
    else {
      if (character === '"') isQuoted = !isQuoted
      parts[parts.length - 1] += character
    }
  }
  return parts
}

function unquote(text: string): string {
  const inner = /^\s*"((?:[^"\\]|\\.)*)"\s*$/s.exec(text)?.[1]
  return removeBackslashes(inner ?? text)
}

function removeBackslashes(text: string): string {
  return text.replace(/\\(.)/gs, '$1')
}
