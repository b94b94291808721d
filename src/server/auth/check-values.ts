// Refuses values that no database column takes before they get there: ids beyond 32 bits and texts with a null character.
import { invalid, notFound } from '../http/errors'

const maxId = 2 ** 31 - 1
/** Values looked at in a body: enough for forms; bulk data are checked where they are read. */
const maxChecked = 500

/** A number in whatever notation that is no id; words are left to whoever knows what they name. */
const isImpossibleId = (text: string) => !Number.isNaN(Number(text)) && !(/^\d+$/.test(text) && Number(text) <= maxId)

/** Name of the first field of a body that holds a null character. */
const findNull = (body: unknown): string | undefined => {
  let checked = 0
  const holdsNull = (value: unknown): boolean => {
    if (++checked > maxChecked) return false
    if (typeof value === 'string') return value.includes('\0')
    if (
      typeof value !== 'object' ||
      value === null ||
      !(Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
    )
      return false
    return Object.entries(value).some(([key, inner]) => key.includes('\0') || holdsNull(inner))
  }
  if (typeof body !== 'object' || body === null) return undefined
  return Object.entries(body).find(([key, value]) => key.includes('\0') || holdsNull(value))?.[0]
}

/** Throws 404 for an id that nothing can have, 400 naming the field for a text that cannot be kept. */
export const checkValues = ({ params, query, body }: { params?: unknown; query?: unknown; body?: unknown }) => {
  const texts = Object.values((params ?? {}) as Record<string, unknown>).map(String)
  if (texts.some((text) => isImpossibleId(text) || text.includes('\0'))) throw notFound()
  const field = findNull(query) ?? findNull(body)
  if (field !== undefined) throw invalid({ [field.replaceAll('\0', '')]: 'Null characters are not allowed.' })
}
