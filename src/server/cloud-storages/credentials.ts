// Credentials at rest: sealed with AES-256-GCM under a key that lies in `secrets/`.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { config } from '../config'
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

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const mark = 'v1.'

const keyFile = () => join(config().dataDir, 'secrets/cloud-storages.key')

/** The key, made on first use. A link never overwrites, so processes that start together agree on one. */
const readKey = async (): Promise<Buffer> => {
  const path = keyFile()
  const there = await readFile(path).catch(() => undefined)
  if (there?.length === keyBytes) return there
  if (there) throw new Error(`${path} is damaged: it must hold ${keyBytes} bytes`)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${crypto.randomUUID()}`
  try {
    await writeFile(temporary, randomBytes(keyBytes), { mode: 0o600, flush: true })
    await link(temporary, path).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(temporary, { force: true })
  }
  return readFile(path)
}

export const sealCredentials = async (credentials: Credentials): Promise<string> => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', await readKey(), nonce)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(credentials)), cipher.final()])
  return mark + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** Throws StorageError when the key is not the one that sealed them. */
export const unsealCredentials = async (text: string): Promise<Credentials> => {
  const bytes = Buffer.from(text.slice(mark.length), 'base64')
  const decipher = createDecipheriv('aes-256-gcm', await readKey(), bytes.subarray(0, nonceBytes))
  try {
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString())
  } catch {
    throw new StorageError('The stored credentials cannot be opened with the key of this server; enter them again', 'forbidden')
  }
}
