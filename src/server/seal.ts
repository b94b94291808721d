// Secrets at rest: sealed with AES-256-GCM under keys that lie in `secrets/`.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { config } from './config'

export const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** The key of a name out of the secret that all hosts have. */
const deriveKey = async (name: string, file: string) =>
  Buffer.from(hkdfSync('sha256', (await readFile(file, 'utf8')).trim(), '', `annolith ${name}`, keyBytes))

/** The key of a name, made on first use. A link never overwrites, so processes that start together agree on one. */
export const readKey = async (name: string): Promise<Buffer> => {
  if (config().secret_key_file) return deriveKey(name, config().secret_key_file)
  const path = join(config().dataDir, 'secrets', `${name}.key`)
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

/** Base64 of nonce, tag and sealed bytes. */
export const seal = (key: Buffer, text: string): string => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** What was sealed. Throws when another key sealed it, or it was changed. */
export const unseal = (key: Buffer, sealed: string): string => {
  const bytes = Buffer.from(sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString()
}
