// Names of stored files: which are allowed, and the error for those that are not.

/** What kind of trouble it is: `missing` and `forbidden` are the store's answers, `unreachable` means that there was none. */
export type StorageReason = 'missing' | 'forbidden' | 'unreachable' | 'failed'

/** Why a name or file was refused; the message may be shown to people. */
export class StorageError extends Error {
  constructor(
    message: string,
    readonly reason: StorageReason = 'failed',
  ) {
    super(message)
  }
}

/** Answers the name in its shortest form, or throws StorageError when it is not a plain relative name. */
export const checkName = (name: string): string => {
  const shown = JSON.stringify(name.slice(0, 200))
  if (name === '' || Buffer.byteLength(name) > 2000) throw new StorageError(`file name ${shown} is empty or too long`)
  if (/[\0-\x1f\x7f\\]/.test(name)) throw new StorageError(`file name ${shown} contains a backslash or control character`)
  if (name.startsWith('/') || /^[a-zA-Z]:/.test(name)) throw new StorageError(`file name ${shown} is absolute`)
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (!parts.length) throw new StorageError(`file name ${shown} is empty`)
  for (const part of parts) {
    if (part === '..') throw new StorageError(`file name ${shown} leaves its folder`)
    if (Buffer.byteLength(part) > 255) throw new StorageError(`file name ${shown} has a part that is too long`)
  }
  return parts.join('/')
}
