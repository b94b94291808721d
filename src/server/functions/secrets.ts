// What the server keeps to itself about functions: keys of HTTP functions at rest, and signed states of trackers.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { config } from '../config'
import { refused } from '../http/errors'

const keyBytes = 32
const keyFile = () => join(config().dataDir, 'secrets/functions.key')

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

const deriveKey = async (purpose: string) => Buffer.from(hkdfSync('sha256', await readKey(), '', purpose, keyBytes))

export const sealKey = async (apiKey: string): Promise<string> => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await deriveKey('api keys'), nonce)
  const sealed = Buffer.concat([cipher.update(apiKey), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}
export const openKey = async (text: string): Promise<string> => {
  const bytes = Buffer.from(text, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', await deriveKey('api keys'), bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()
}

/** A state is worth nothing after this time. */
const stateHours = 8

/** What a state is bound to: nobody else, no other function and no other task can go on with it. */
export type StateScope = { functionId: string; version: number; taskId: number; userId: number }

const mark = async (text: string, scope: StateScope) => {
  const { functionId, version, taskId, userId } = scope
  const key = await deriveKey('tracker states')
  return createHmac('sha256', key)
    .update(JSON.stringify([functionId, version, taskId, userId, text]))
    .digest('base64url')
}

/** The state as a text that a client can carry and cannot change. */
export const signState = async (state: unknown, scope: StateScope, now = Date.now()): Promise<string> => {
  const text = `${now.toString(36)}:${JSON.stringify(state)}`
  return `${await mark(text, scope)}:${text}`
}

/** Throws 400 for a state that we did not make, for somebody or something else, or too long ago. */
export const openState = async (signed: unknown, scope: StateScope, now = Date.now()): Promise<unknown> => {
  const failure = refused('Invalid or expired tracker state')
  if (typeof signed !== 'string') throw failure
  const at = signed.indexOf(':')
  const text = signed.slice(at + 1)
  const [given, wanted] = [Buffer.from(signed.slice(0, at)), Buffer.from(await mark(text, scope))]
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw failure
  const colon = text.indexOf(':')
  if (now - Number.parseInt(text.slice(0, colon), 36) > stateHours * 3_600_000) throw failure
  return JSON.parse(text.slice(colon + 1))
}
