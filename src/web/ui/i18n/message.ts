// The words of the pages: English is written in the code and is the key; other languages are looked up in their catalogue.
import { AsyncLocalStorage } from 'node:async_hooks'
import { escapeHtml } from '@kitajs/html'
import { german } from './german'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]
export type Values = Readonly<Record<string, string | number>>

const catalogues: Record<Language, Readonly<Record<string, string>>> = { en: {}, de: german }

/** Pages of several people are made at the same time, each in its own language. */
const current = new AsyncLocalStorage<Language>()

export const readLanguage = (): Language => current.getStore() ?? 'en'

/** Makes a page in this language. */
export const speak = <T>(language: Language, make: () => T): T => current.run(language, make)

/** The chosen language, else the first that the browser asks for and that has a catalogue. `accept` is the header Accept-Language. */
export const pickLanguage = (chosen: string | undefined, accept: string | null): Language => {
  const known = (text: string | undefined) => languages.find((one) => one === text?.trim().slice(0, 2).toLowerCase())
  return known(chosen) ?? known(accept?.split(',')[0]) ?? 'en'
}

const fill = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))

/** The text in the language of the page; `{name}` is replaced by the value of that name. Texts without an entry stay English. */
export const t = (text: string, values: Values = {}): string => {
  const found = catalogues[readLanguage()][text] ?? text
  return text.includes('{') ? fill(found, values) : found
}

/** One of two texts by a number, which both may show as `{count}`. */
export const tn = (count: number, one: string, many: string, values: Values = {}): string =>
  t(count === 1 ? one : many, { count, ...values })

/** The text as markup, to stand between tags. */
export const say = (text: string, values: Values = {}): JSX.Element => escapeHtml(t(text, values))

/** The text as markup with elements in the places of its values: a sentence with a link or a name in it is one text in every language. */
export const sayAround = (text: string, parts: Readonly<Record<string, JSX.Element>>): JSX.Element =>
  escapeHtml(t(text)).replace(/\{(\w+)\}/g, (all, name: string) => String(parts[name] ?? all))

/** Names the texts that the catalogue of a language lacks. */
export const listMissing = (language: Language, texts: Iterable<string>): string[] =>
  language === 'en' ? [] : [...texts].filter((text) => !(text in catalogues[language]))
