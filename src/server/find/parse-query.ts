// The language of searches: `label:car width>100 (color:red or -occluded)` becomes a tree. Mistakes are named with their place.
import { t } from '../../web/ui/i18n/message'

/** A word as it was typed; in quotes, `*` stands for itself. */
export type Word = { text: string; isQuoted: boolean; at: number }
export type Operator = ':' | '!=' | '<' | '<=' | '>' | '>='
/** `key` is null for a word alone. */
export type Term = { kind: 'term'; key: Word | null; operator: Operator; values: Word[]; at: number; end: number }
export type Node = { kind: 'and' | 'or'; parts: Node[] } | { kind: 'not'; part: Node } | Term

/** What is wrong with a query: `at` and `length` in characters of its text. */
export class QueryProblem extends Error {
  constructor(
    message: string,
    readonly at: number,
    readonly length = 1,
  ) {
    super(message)
  }
}

export const maxLength = 2000
const maxTerms = 60
const maxDepth = 20

const quotes: Record<string, string> = { '"': '"', "'": "'", '“': '”', '„': '“', '«': '»' }
const endsWord = (char: string | undefined) => char === undefined || /[\s()]/.test(char)
const endsKey = (char: string | undefined) => endsWord(char) || /[:=<>,]/.test(char!)
const isOperatorStart = (text: string, at: number) => /[:=<>]/.test(text[at] ?? '') || text.startsWith('!=', at)

/** Reads a query; null when it is empty. Throws QueryProblem. */
export const parseQuery = (text: string): Node | null => {
  if (text.length > maxLength) throw new QueryProblem(t('A query has at most {most} characters.', { most: maxLength }), maxLength)
  let at = 0
  let terms = 0
  const skipSpace = () => {
    while (at < text.length && /\s/.test(text[at]!)) at++
  }
  const readQuoted = (): Word => {
    const start = at
    const close = quotes[text[at]!]!
    let word = ''
    for (at++; text[at] !== close; at++) {
      if (at >= text.length)
        throw new QueryProblem(t('The quote that opens here is never closed: {sign} is missing.', { sign: close }), start)
      if (text[at] === '\\' && at + 1 < text.length) at++
      word += text[at]
    }
    at++
    return { text: word, isQuoted: true, at: start }
  }
  const readWord = (ends: (char: string | undefined) => boolean, isKey = false): Word => {
    if (quotes[text[at] ?? '']) return readQuoted()
    const start = at
    while (!ends(text[at]) && !(isKey && text.startsWith('!=', at))) at++
    return { text: text.slice(start, at), isQuoted: false, at: start }
  }
  /** Whether a bare `and`, `or` or `not` stands here; one that is compared with something is a name. */
  const peekWord = (word: string) => {
    if (text.slice(at, at + word.length).toLowerCase() !== word) return false
    let end = at + word.length
    if (!endsWord(text[end])) return false
    while (/\s/.test(text[end] ?? '')) end++
    return !isOperatorStart(text, end)
  }
  const take = (word: string) => {
    if (!peekWord(word)) return false
    at += word.length
    return true
  }
  const readOperator = (): Operator | null => {
    const back = at
    skipSpace()
    const found = /^(!=|<=|>=|==|=|<|>|:)/.exec(text.slice(at, at + 2))?.[1]
    // A colon belongs to the word before it.
    if (!found || (found === ':' && at !== back)) {
      at = back
      return null
    }
    at += found.length
    return found === '=' || found === '==' ? ':' : (found as Operator)
  }
  const readValues = (key: Word, operator: string): Word[] => {
    const values: Word[] = []
    do {
      skipSpace()
      const value = readWord((char) => endsWord(char) || char === ',')
      if (value.text === '' && !value.isQuoted)
        throw new QueryProblem(
          t('"{condition}" wants a value after it.', { condition: `${key.text}${operator}` }),
          key.at,
          at - key.at || 1,
        )
      values.push(value)
    } while (text[at] === ',' && ++at)
    return values
  }
  const readTerm = (): Term => {
    const start = at
    if (++terms > maxTerms) throw new QueryProblem(t('A query has at most {most} conditions.', { most: maxTerms }), start)
    const key = readWord(endsKey, true)
    if (key.text === '' && !key.isQuoted)
      throw new QueryProblem(t('"{sign}" needs a name before it, as in width>100.', { sign: text[at] ?? '' }), at)
    const operator = readOperator()
    if (!operator) {
      if (text[at] === ',') throw new QueryProblem(t('A comma only stands between values, as in label:car,truck.'), at)
      return { kind: 'term', key: null, operator: ':', values: [key], at: start, end: at }
    }
    const values = readValues(key, operator)
    return { kind: 'term', key, operator, values, at: start, end: at }
  }
  const readUnary = (depth: number): Node => {
    skipSpace()
    if (depth > maxDepth) throw new QueryProblem(t('The query is nested too deeply.'), at)
    if (at >= text.length) throw new QueryProblem(t('Something is missing at the end.'), Math.max(0, text.length - 1))
    const isSign = /^[-!−][^\s)]/.test(text.slice(at, at + 2))
    if (isSign) at++
    if (isSign || take('not')) return { kind: 'not', part: readUnary(depth + 1) }
    if (text[at] === ')') throw new QueryProblem(t('There is no "(" that belongs to this ")".'), at)
    if (text[at] !== '(') return readTerm()
    const open = at++
    const inner = readOr(depth + 1)
    if (text[at] !== ')') throw new QueryProblem(t('The "(" that opens here is never closed.'), open)
    at++
    return inner
  }
  const readAnd = (depth: number): Node => {
    const parts = [readUnary(depth)]
    for (;;) {
      skipSpace()
      if (at >= text.length || text[at] === ')' || peekWord('or') || text[at] === '|') break
      if (!take('and') && text[at] === '&') while (text[at] === '&') at++
      parts.push(readUnary(depth))
    }
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts }
  }
  const readOr = (depth: number): Node => {
    const parts = [readAnd(depth)]
    for (;;) {
      if (text[at] === '|') while (text[at] === '|') at++
      else if (!take('or')) break
      parts.push(readAnd(depth))
    }
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts }
  }
  skipSpace()
  if (at >= text.length) return null
  const tree = readOr(0)
  skipSpace()
  if (at < text.length) throw new QueryProblem(t('There is no "(" that belongs to this ")".'), at)
  return tree
}

/** All conditions of a tree. */
export const listTerms = (node: Node | null): Term[] =>
  !node ? [] : node.kind === 'term' ? [node] : node.kind === 'not' ? listTerms(node.part) : node.parts.flatMap(listTerms)
