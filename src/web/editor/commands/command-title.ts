// What a person reads of a command, in the language of the screen; commands of labels carry the label's name.
import type { Label } from '../../../formats/model'
import { t } from '../i18n/message'
import type { Command } from './command'

/** The text in the catalogue: a number in a title stands for any. */
export const titleKey = (title: string): { key: string; values: Record<string, string> } => {
  const found = /^(.*?)(\d+)(.*)$/.exec(title)
  return found ? { key: `${found[1]}{number}${found[3]}`, values: { number: found[2]! } } : { key: title, values: {} }
}

export const showTitle = (command: Command, labels: ReadonlyMap<number, Label>): string => {
  const { key, values } = titleKey(command.title)
  const place = /^label-(?:quick-)?(\d+)$/.exec(command.id)?.[1]
  const name = place && [...labels.values()][Number(place) - 1]?.name
  return name ? `${t(key, values)}: ${name}` : t(key, values)
}
