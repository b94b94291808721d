// Texts and numbers of plain forms; what is wrong is told by the name of its field.
import { invalid } from './errors'

/** A form's texts by name, each as often as it was sent. */
export type FormTexts = Readonly<Record<string, string[]>>

export const textOf = (fields: FormTexts, name: string): string => (fields[name]?.[0] ?? '').replaceAll('\r\n', '\n').trim()

/** A text of at most so many characters. Throws 400 for one that is missing though it is required, or too long. */
export const readText = (fields: FormTexts, name: string, most: number, isRequired = false): string => {
  const text = textOf(fields, name)
  if (isRequired && !text) throw invalid({ [name]: 'This field may not be blank.' })
  if (text.length > most) throw invalid({ [name]: `Ensure this field has no more than ${most} characters.` })
  return text
}

/** A whole number from `least` on; undefined for nothing. Throws 400. */
export const readNumber = (fields: FormTexts, name: string, least = 0): number | undefined => {
  const text = textOf(fields, name)
  if (!text) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw invalid({ [name]: 'A valid integer is required.' })
  if (value < least) throw invalid({ [name]: `Ensure this value is greater than or equal to ${least}.` })
  return value
}

export const readLines = (fields: FormTexts, name: string): string[] =>
  textOf(fields, name)
    .split('\n')
    .flatMap((line) => line.trim() || [])
