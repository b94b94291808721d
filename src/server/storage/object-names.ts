// Names of objects in buckets: how they travel in addresses, and which may become files here.
import { checkName, StorageError } from './name'

const encodePart = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** A query value as signatures want it: everything but letters, digits and `-_.~` is escaped. */
export const encodeQuery = (query: Record<string, string>) =>
  Object.entries(query)
    .map(([key, value]) => `${encodePart(key)}=${encodePart(value)}`)
    .sort()
    .join('&')

/** The name as a part of a path. Throws for names that every client would shorten on the way, so that none reaches another object. */
export const encodeObjectName = (name: string) => {
  if (name === '' || name.split('/').some((part) => part === '.' || part === '..'))
    throw new StorageError(`The object name ${JSON.stringify(name.slice(0, 200))} cannot be used`)
  return name.split('/').map(encodePart).join('/')
}
/** The same with slashes escaped, as Google's addresses want it. */
export const encodeWholeName = (name: string) => encodePart(name)

/** Whether an object of this name may become a file: plain, relative, without `..`. */
export const isFileName = (name: string): boolean => {
  try {
    checkName(name)
    return true
  } catch {
    return false
  }
}

/** The storage name under which an object is kept in `folder`. Throws StorageError for absolute names and those with `..`. */
export const fileNameOf = (folder: string, objectName: string) => `${checkName(folder)}/${checkName(objectName)}`
