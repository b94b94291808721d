// Credentials of buckets at rest.
import { readKey, seal, unseal } from '../seal'
import { StorageError } from '../storage/storage'

/** What a person enters, by the names of the API. Which are set depends on the type of credentials. */
export type Credentials = {
  key?: string
  secret_key?: string
  session_token?: string
  account_name?: string
  connection_string?: string
  /** The text of the key file. */
  key_file?: string
}
export const credentialFields = ['key', 'secret_key', 'session_token', 'account_name', 'connection_string', 'key_file'] as const

const mark = 'v1.'
const keyName = 'cloud-storages'

export const sealCredentials = async (credentials: Credentials): Promise<string> =>
  mark + seal(await readKey(keyName), JSON.stringify(credentials))

/** Throws StorageError when the key is not the one that sealed them. */
export const unsealCredentials = async (text: string): Promise<Credentials> => {
  const key = await readKey(keyName)
  try {
    return JSON.parse(unseal(key, text.slice(mark.length)))
  } catch {
    throw new StorageError('The stored credentials cannot be opened with the key of this server; enter them again', 'forbidden')
  }
}
