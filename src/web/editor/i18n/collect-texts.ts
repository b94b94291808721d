// Names every text that the editor shows: what the code hands to `t` and `tn`, and the titles that registries carry. For tests.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const listSources = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return listSources(path)
    return name.endsWith('.ts') && !name.endsWith('.test.ts') ? [path] : []
  })

/** A string literal as it stands in the code. */
const literal = /'((?:[^'\\\n]|\\.)*)'/g

const unquote = (text: string): string => text.replace(/\\(.)/g, '$1')

/** The arguments of a call that begins at `at`, up to its closing bracket. */
const readArguments = (code: string, at: number): string => {
  let depth = 0
  let quote = ''
  for (let i = at; i < code.length; i++) {
    const sign = code[i]!
    if (quote) {
      if (sign === '\\') i += 1
      else if (sign === quote) quote = ''
    } else if (sign === "'" || sign === '`' || sign === '"') quote = sign
    else if (sign === '(') depth += 1
    else if (sign === ')') {
      depth -= 1
      if (depth === 0) return code.slice(at + 1, i)
    }
  }
  return ''
}

/** The part of arguments before the first comma that is not inside brackets or quotes. */
const splitArguments = (inner: string): string[] => {
  const parts: string[] = ['']
  let depth = 0
  let quote = ''
  for (let i = 0; i < inner.length; i++) {
    const sign = inner[i]!
    if (quote) {
      if (sign === '\\') {
        parts[parts.length - 1] += sign + inner[i + 1]
        i += 1
        continue
      }
      if (sign === quote) quote = ''
    } else if (sign === "'" || sign === '`' || sign === '"') quote = sign
    else if ('([{'.includes(sign)) depth += 1
    else if (')]}'.includes(sign)) depth -= 1
    else if (sign === ',' && depth === 0) {
      parts.push('')
      continue
    }
    parts[parts.length - 1] += sign
  }
  return parts
}

/** Literals of an expression: of a choice between two, both. */
const literalsOf = (expression: string | undefined): string[] =>
  [...(expression ?? '').matchAll(literal)].map(([, text]) => unquote(text!)).filter((text) => /\p{L}/u.test(text))

/** Texts by the file that shows them. */
export const collectTexts = (folder: string): Map<string, string> => {
  const texts = new Map<string, string>()
  for (const path of listSources(folder)) {
    const code = readFileSync(path, 'utf8')
    for (const found of code.matchAll(/(?<![\w.$])(tn?|explain|describe)\(/g)) {
      const name = found[1]!
      const parts = splitArguments(readArguments(code, found.index + found[0].length - 1))
      const wanted = name === 'tn' ? parts.slice(1, 3) : [parts[0]]
      if (name === 'describe') continue
      for (const text of wanted.flatMap(literalsOf)) texts.set(text, path)
    }
    for (const found of code.matchAll(/\.explain\(/g)) {
      const [first] = splitArguments(readArguments(code, found.index + found[0].length - 1))
      if (!/(?<!\w)tn?\(/.test(first ?? '')) for (const text of literalsOf(first)) texts.set(text, path)
    }
  }
  return texts
}

/** What looks like words for people among the literals of a file: a capital letter first, then small ones. */
const sentence = /^[A-Z][a-zé]+(?:[ ,.…:?!’-].*|$)/

/** Names of keys and events, and words of other interfaces. */
const notShown = new Set(
  'Backquote Set Clear Escape Enter Tab Home End Delete Backspace Control Shift Alt Meta AltGraph Esc Del Space Left Right Up Down Ctrl Arrow Content Authorization Error TypeError Text Ctrl+'.split(
    ' ',
  ),
)

/** Literals that people may read, by the file in which they stand; comments and imports do not count. */
export const collectSentences = (folder: string): Map<string, string> => {
  const texts = new Map<string, string>()
  for (const path of listSources(folder)) {
    const code = readFileSync(path, 'utf8')
      .replace(/^import .*$|\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      .replace(/throw new Error\([^)]*\)/g, '')
    for (const [, raw] of code.matchAll(literal)) {
      const text = unquote(raw!)
      if (sentence.test(text) && !notShown.has(text) && !/^(?:Ctrl|Alt|Shift)\+/.test(text)) texts.set(text, path)
    }
  }
  return texts
}
