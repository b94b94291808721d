// Names of several files from one template: {{id}}, {{name}} and what else is known of each thing.

import { t } from './i18n/message'

export type NameValues = Record<string, string | number | null | undefined>

/** The parts of a template that stand for something, each once. */
export const listPlaceholders = (template: string): string[] => [
  ...new Set([...template.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name!)),
]

/** What no file system takes in a name. */
const forbidden = /[/\\:*?"<>|\p{Cc}]/gu

/** The name of one thing's file; what it does not have leaves nothing behind. */
export const fillTemplate = (template: string, values: NameValues): string =>
  template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => String(values[name] ?? '').replace(forbidden, '_')).trim()

/** What is wrong with a template, in words; null when it is fine. An empty one leaves the names to the server. */
export const checkTemplate = (template: string, known: readonly string[]): string | null => {
  if (!template.trim()) return null
  const used = listPlaceholders(template)
  const unknown = used.find((name) => !known.includes(name))
  if (unknown)
    return t('{wrong} is not known. Use {known}.', {
      wrong: `{{${unknown}}}`,
      known: known.map((name) => `{{${name}}}`).join(', '),
    })
  if (!used.includes('id') && !used.includes('index'))
    return t('Put {one} or {other} into the name, so that the files differ.', { one: '{{id}}', other: '{{index}}' })
  return null
}
