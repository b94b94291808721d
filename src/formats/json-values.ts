// Checked access to values that came out of a JSON file.

import { FormatError, type Place } from './format-error'

/** Gives the value in the wanted type, or nothing when it has another. */
type Convert<T> = (value: unknown) => T | undefined

/** A finite number. */
export const asNumber: Convert<number> = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)

export const asText: Convert<string> = (value) => (typeof value === 'string' ? value : undefined)

/** true, false, 1, 0, or their names as text. */
export const asBoolean: Convert<boolean> = (value) => {
  const text = String(value).toLowerCase()
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined
}

export const asObject: Convert<Record<string, unknown>> = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

/** A list of finite numbers. */
export const asNumbers: Convert<number[]> = (value) =>
  Array.isArray(value) && value.every((number) => asNumber(number) !== undefined) ? value : undefined

export type Members = {
  value(name: string): unknown
  /** Nothing when the member is missing or null. Throws FormatError when it has another type. */
  get<T>(name: string, convert: Convert<T>): T | undefined
  /** Throws FormatError when the member is missing or has another type. */
  require<T>(name: string, convert: Convert<T>): T
  fail(name: string, reason: string): FormatError
  /** Where the object lies. */
  place: Place
}

/** The members of an object that must be there. Throws FormatError for anything but an object. */
export function createMemberReader(value: unknown, place: Place): Members {
  const object = asObject(value)
  if (!object) throw new FormatError('an object is needed here', { ...place, file: place.file || undefined })
  const here = { ...place, file: place.file || undefined }
  const own = (name: string) => (Object.hasOwn(object, name) ? object[name] : undefined)
  const fail = (field: string, reason: string) => new FormatError(reason, { ...here, field })
  const require = <T>(name: string, convert: Convert<T>) => {
    const raw = own(name)
    const converted = convert(raw)
    if (converted === undefined) throw fail(name, raw === undefined ? 'is missing' : 'has an unusable value')
    return converted
  }
  return {
    value: own,
    fail,
    place: here,
    require,
    get: (name, convert) => (own(name) == null ? undefined : require(name, convert)),
  }
}
