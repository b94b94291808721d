// The words on the screen: English is written in the code and is the key; other languages are looked up in their catalogue.
import { german } from './german'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]
export type Values = Readonly<Record<string, string | number>>

const catalogues: Record<Language, Readonly<Record<string, string>>> = { en: {}, de: german }

/** More texts of a language, of a part of the editor with a bundle of its own. */
export const addTexts = (language: Language, texts: Readonly<Record<string, string>>): void => {
  catalogues[language] = { ...catalogues[language], ...texts }
}

let current: Language = 'en'

export const readLanguage = (): Language => current

/** `system` follows the browser; languages that have no catalogue become English. */
export const pickLanguage = (wanted: 'system' | Language, browser: readonly string[]): Language => {
  if (wanted !== 'system') return wanted
  return languages.find((one) => browser[0]?.toLowerCase().startsWith(one)) ?? 'en'
}

export const setLanguage = (language: Language): void => {
  current = language
}

const fill = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))

/** The text in the language of the screen; `{name}` is replaced by the value of that name. Texts without an entry stay English. */
export const t = (text: string, values: Values = {}): string => {
  const found = catalogues[current][text] ?? text
  return text.includes('{') ? fill(found, values) : found
}

/** One of two texts by a number, which both may show as `{count}`. */
export const tn = (count: number, one: string, many: string, values: Values = {}): string =>
  t(count === 1 ? one : many, { ...values, count })

/** Names the texts of other languages that the catalogue lacks. */
export const listMissing = (language: Language, texts: Iterable<string>): string[] =>
  language === 'en' ? [] : [...texts].filter((text) => !(text in catalogues[language]))
