// What the server keeps to itself about functions: keys of HTTP functions at rest, and signed states of trackers.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { refused } from '../http/errors'
import { keyBytes, readKey, seal, unseal } from '../seal'

const deriveKey = async (purpose: string) => Buffer.from(hkdfSync('sha256', await readKey('functions'), '', purpose, keyBytes))

export const sealKey = async (apiKey: string): Promise<string> => seal(await deriveKey('api keys'), apiKey)
export const openKey = async (text: string): Promise<string> => unseal(await deriveKey('api keys'), text)

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
