// Words as ICDAR's files hold them, in quotes that nothing escapes.

import type { AttributeValue, Label } from '../model'
import { typeAttributes } from '../typed-attributes'

/** The label of everything in these files. */
export const icdarLabel = 'icdar'

/** The text of an annotation on one line; nothing when its label has no attribute `text`. */
export function findText(label: Label, attributes: readonly AttributeValue[]): string | undefined {
  const typed = typeAttributes(label, attributes).get('text')
  return typed && String(typed.value).replace(/[\r\n]+/g, ' ')
}

/** What stands between the outer quotes; text without quotes stays as it is. */
export function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}

/** The folder in which the files of a subset lie, if they lie in one. */
export function subsetFolder(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : ''
}
