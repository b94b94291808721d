// The words of what scripts add to pages: English is written in the code and is the key; other languages are looked up in their catalogue.
type Values = Readonly<Record<string, string | number>>

/** What the bundle of the page's language has brought; English pages load none. */
const findText = (text: string): string | undefined =>
  (globalThis as { annolithTexts?: Readonly<Record<string, string>> }).annolithTexts?.[text]

/** The language of the page; English where there is none, as in unit tests. */
export const readLanguage = (): string => (typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en')

const fill = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))

/** The text in the language of the page; `{name}` is replaced by the value of that name. Texts without an entry stay English. */
export const t = (text: string, values: Values = {}): string => {
  const found = findText(text) ?? text
  return text.includes('{') ? fill(found, values) : found
}

/** One of two texts by a number, which both may show as `{count}`. */
export const tn = (count: number, one: string, many: string, values: Values = {}): string =>
  t(count === 1 ? one : many, { count: formatCount(count), ...values })

/** `1,234`, as the language of the page writes it. */
export const formatCount = (value: number): string => new Intl.NumberFormat(readLanguage()).format(value)
