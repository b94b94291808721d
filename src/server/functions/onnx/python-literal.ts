// Reads what exporters note as Python writes it: numbers, texts, lists, tuples and dictionaries, such as {0: 'person', 1: "cat's"}.

export type Literal = number | string | boolean | null | Literal[] | Map<string, Literal>

const words: Record<string, Literal> = { True: true, False: false, None: null, true: true, false: false, null: null }
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' }
const deepest = 8

/** Throws SyntaxError for anything that is none. */
export const parsePythonLiteral = (text: string): Literal => {
  let at = 0
  const fail = (): never => {
    throw new SyntaxError(`cannot be understood at character ${at + 1}`)
  }
  const skip = () => {
    while (/\s/.test(text[at] ?? '')) at++
  }
  const take = (wanted: string) => {
    skip()
    if (text[at] !== wanted) return false
    at++
    return true
  }
  const readText = (quote: string): string => {
    let found = ''
    for (; text[at] !== quote; at++) {
      if (at >= text.length) fail()
      if (text[at] === '\\') {
        at++
        found += escapes[text[at] ?? ''] ?? text[at] ?? ''
      } else found += text[at]
    }
    at++
    return found
  }
  const readList = (end: string, depth: number): Literal[] => {
    const items: Literal[] = []
    while (!take(end)) {
      items.push(read(depth))
      if (!take(',') && text[at] !== end) fail()
    }
    return items
  }
  const readDictionary = (depth: number): Map<string, Literal> => {
    const entries = new Map<string, Literal>()
    while (!take('}')) {
      const key = read(depth)
      if (!take(':')) fail()
      entries.set(String(key), read(depth))
      if (!take(',') && text[at] !== '}') fail()
    }
    return entries
  }
  const read = (depth: number): Literal => {
    if (depth > deepest) fail()
    if (take('{')) return readDictionary(depth + 1)
    if (take('[')) return readList(']', depth + 1)
    if (take('(')) return readList(')', depth + 1)
    for (const quote of [`'`, '"']) if (take(quote)) return readText(quote)
    const [word] = /^[\w.+-]+/.exec(text.slice(at, at + 64)) ?? fail()
    at += word!.length
    if (Object.hasOwn(words, word!)) return words[word!]!
    const value = Number(word)
    return Number.isNaN(value) ? fail() : value
  }
  const found = read(0)
  skip()
  return at === text.length ? found : fail()
}
