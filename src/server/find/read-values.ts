// Values of conditions: numbers and ranges, times, patterns with *, choices.
import { t } from '../../web/ui/i18n/message'
import { QueryProblem, type Term, type Word } from './parse-query'

const isWild = ({ text, isQuoted }: Word) => !isQuoted && /[*?]/.test(text)

/** A pattern for LIKE with escape `\`: `*` is any text and `?` one character unless quoted. Compare it with lower(). */
export const toLike = (word: Word): string => {
  const escaped = word.text.toLowerCase().replace(/[\\%_]/g, '\\$&')
  return isWild(word) ? escaped.replaceAll('*', '%').replaceAll('?', '_') : escaped
}

/** Whether a text fits the word, in any case. */
export const fits = (word: Word, text: string): boolean => {
  if (!isWild(word)) return word.text.toLowerCase() === text.toLowerCase()
  const pattern = word.text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${pattern}$`, 'isu').test(text)
}

const fail = (word: Word, message: string): never => {
  throw new QueryProblem(message, word.at, Math.max(1, word.text.length))
}

const readNumber = (word: Word, text: string, name: string): number => {
  const value = Number(text.replace(/px$/i, ''))
  if (text.trim() === '' || !Number.isFinite(value) || Math.abs(value) > 1e15)
    return fail(word, t('{name} wants a number, as in {name}:100, or a range, as in {name}:10..20.', { name }))
  return value
}

export type Comparison = { sign: '=' | '<>' | '<' | '<=' | '>' | '>='; value: number }

/** The comparisons that a value asks for; all of them must hold. `10..20` is from 10 to 20, either end may be missing. */
export const readComparisons = ({ operator, key }: Term, word: Word): Comparison[] => {
  const name = key?.text ?? 'this'
  const [from, to, ...more] = word.text.split('..')
  if (to === undefined)
    return [{ sign: operator === ':' ? '=' : operator === '!=' ? '<>' : operator, value: readNumber(word, word.text, name) }]
  if (more.length || (operator !== ':' && operator !== '!='))
    return fail(word, t('A range goes with a colon, as in {name}:10..20.', { name }))
  if (!from && !to) return fail(word, t('A range has at least one end, as in {name}:10.. for 10 and more.', { name }))
  return [
    ...(from ? [{ sign: '>=' as const, value: readNumber(word, from, name) }] : []),
    ...(to ? [{ sign: '<=' as const, value: readNumber(word, to, name) }] : []),
  ]
}

const units: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/** The span that a date means: a year, month, day or minute in UTC; `today`, `yesterday`; `7d` = 7 days ago until now. */
const readSpan = (word: Word, text: string, now: Date): [from: number, until: number] => {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  if (/^today$/i.test(text)) return [today, today + units.d!]
  if (/^yesterday$/i.test(text)) return [today - units.d!, today]
  const ago = /^(\d{1,4})([hdw])$/i.exec(text)
  if (ago) return [now.getTime() - Number(ago[1]) * units[ago[2]!.toLowerCase()]!, now.getTime()]
  const [, year, month, day, hour, minute] = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?)?)?$/.exec(text) ?? []
  const parts = [year, month ?? '1', day ?? '1', hour ?? '0', minute ?? '0'].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const make = (...[y, m, d, h, min]: typeof parts) => Date.UTC(y, m - 1, d, h, min)
  const from = make(...parts)
  const isReal = year && new Date(from).getUTCMonth() === parts[1] - 1 && new Date(from).getUTCDate() === parts[2]
  if (!isReal)
    return fail(
      word,
      t('"{text}" is not a date: write 2026, 2026-01, 2026-01-31, 2026-01-31T14:30, today, yesterday or 7d.', { text }),
    )
  const last = [year, month, day, hour].findLastIndex((part) => part !== undefined)
  if (last === 3) return [from, from + 60_000]
  const next = [...parts] as typeof parts
  next[last]! += 1
  return [from, make(...next)]
}

export type TimeComparison = { sign: '<' | '>='; value: Date; isNot?: boolean }

/** As readComparisons, with whole spans: `updated>2026-01-01` begins on the next day. */
export const readTimes = ({ operator }: Term, word: Word, now = new Date()): TimeComparison[] => {
  const after = (value: number): TimeComparison => ({ sign: '>=', value: new Date(value) })
  const before = (value: number): TimeComparison => ({ sign: '<', value: new Date(value) })
  const [first, second, ...more] = word.text.split('..')
  if (more.length || (second !== undefined && operator !== ':' && operator !== '!='))
    return fail(word, t('This is not a range of dates.'))
  if (second !== undefined)
    return [...(first ? [after(readSpan(word, first, now)[0])] : []), ...(second ? [before(readSpan(word, second, now)[1])] : [])]
  const [from, until] = readSpan(word, word.text, now)
  switch (operator) {
    case '>':
      return [after(/^\d+[hdw]$/i.test(word.text) ? from : until)]
    case '>=':
      return [after(from)]
    case '<':
      return [before(from)]
    case '<=':
      return [before(/^\d+[hdw]$/i.test(word.text) ? from : until)]
    default:
      return [after(from), before(until)]
  }
}

const yes = /^(yes|true|1|on)$/i
const no = /^(no|false|0|off)$/i
export const readFlag = (word: Word, name: string): boolean =>
  yes.test(word.text) ? true : no.test(word.text) ? false : fail(word, t('{name} is yes or no, as in {name}:yes.', { name }))

/** The values that fit; `in_progress` and `in-progress` mean `in progress`. */
export const readChoices = (word: Word, name: string, values: readonly string[]): string[] => {
  const plain = (text: string) => text.toLowerCase().replace(/[\s_]+/g, '-')
  const asked = { ...word, text: plain(word.text) }
  const found = values.filter((value) => fits(asked, plain(value)))
  return found.length ? found : fail(word, t('{name} is one of {values}.', { name, values: values.join(', ') }))
}
