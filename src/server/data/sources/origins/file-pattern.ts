// Shell patterns of file names, and lists of files and folders to leave out.

const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** `[a-c]`, `[!a]` as a class of a regular expression; undefined when the bracket is never closed. */
const readClass = (pattern: string, at: number): { text: string; end: number } | undefined => {
  const isNot = pattern[at + 1] === '!'
  const from = at + (isNot ? 2 : 1)
  // A closing bracket in the first place stands for itself.
  const end = pattern.indexOf(']', from + 1)
  if (end < 0) return undefined
  const inside = pattern.slice(from, end).replace(/[\\\]^[]/g, '\\$&')
  return { text: `[${isNot ? '^' : ''}${inside}]`, end }
}

/**
 * Whole names that a shell pattern means: `*` any text (slashes too), `?` one character, `[a-c]` one of these, `[!a-c]` none of these.
 * Upper and lower case differ. Throws SyntaxError for a range that runs backwards.
 */
export const compilePattern = (pattern: string): ((name: string) => boolean) => {
  let text = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    const found = char === '[' ? readClass(pattern, at) : undefined
    if (found) {
      text += found.text
      at = found.end
      // Several stars mean what one means, and would make matching slow.
    } else if (char === '*') text += text.endsWith('.*') ? '' : '.*'
    else text += char === '?' ? '.' : quote(char)
  }
  const expression = new RegExp(`^(?:${text})$`, 's')
  return (name) => expression.test(name)
}

/** Whether a name is kept: it is not listed itself, and lies in no listed folder. Folders may end with a slash. */
export const compileExclusion = (exclude: readonly string[]): ((name: string) => boolean) => {
  const listed = new Set(exclude.map((name) => name.replace(/^\/+/, '').replace(/\/+$/, '')))
  return (name) => {
    for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1)) if (listed.has(name.slice(0, end))) return false
    return true
  }
}
