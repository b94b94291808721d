// Password hashes: argon2id for new ones; those that CVAT wrote are accepted and upgraded at sign-in.

import { pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import commonPasswords from '@zxcvbn-ts/language-common/src/passwords.json' with { type: 'file' }
import { config } from '../config'

const md5 = (salt: string, password: string) => new Bun.CryptoHasher('md5').update(salt + password).digest('hex')
const equal = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** Verifiers by the prefix of the stored text. Django's layouts: `md5$salt$hex`, `pbkdf2_sha256$iterations$salt$base64`. */
const verifiers: Record<string, (password: string, stored: string) => boolean | Promise<boolean>> = {
  $argon2id: (password, stored) => Bun.password.verify(password, stored),
  md5$: (password, stored) => {
    const [, salt, hex] = stored.split('$')
    return equal(md5(salt!, password), hex ?? '')
  },
  pbkdf2_sha256$: (password, stored) => {
    const [, iterations, salt, digest] = stored.split('$')
    return equal(pbkdf2Sync(password, salt!, Number(iterations), 32, 'sha256').toString('base64'), digest ?? '')
  },
}

/** What OWASP's password storage cheat sheet asks for: 19 MiB (here in KiB), two passes. */
const argon2id = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const

export const hashPassword = async (password: string): Promise<string> => {
  if (config().password_hasher === 'argon2id') return Bun.password.hash(password, argon2id)
  const salt = crypto.randomUUID().replaceAll('-', '')
  return `md5$${salt}$${md5(salt, password)}`
}

/** False for a wrong password and for a stored text that no verifier knows. */
export const verifyPassword = async (password: string, stored: string): Promise<boolean> => {
  const verify = Object.entries(verifiers).find(([prefix]) => stored.startsWith(prefix))?.[1]
  return verify ? verify(password, stored) : false
}

/** Whether a hash is of another kind than the one that new passwords get. */
export const isOutdated = (stored: string) => !stored.startsWith(config().password_hasher === 'argon2id' ? '$argon2id' : 'md5$')

/** What the list of everywhere does not know: the names of this program, and what is short or German. */
const ownWords = [
  'pass',
  'passwort',
  'annolith',
  'annolith1',
  'annolith123',
  'annotate',
  'annotate1',
  'annotation',
  'annotator',
  'annotator1',
]

/**
 * Whether it is one of some 49,000 that leaked or that everybody tries first. The list is read each time: new passwords are rare, and
 * as a set it would take twenty megabytes.
 */
const isCommon = async (password: string): Promise<boolean> => {
  const word = password.toLowerCase()
  if (ownWords.includes(word)) return true
  return (await Bun.file(commonPasswords as unknown as string).text()).includes(JSON.stringify(word))
}

/** What a new password must be, in words. */
export const passwordRules = [
  'It has at least 8 characters.',
  'It is no common password.',
  'It is not entirely numeric.',
  'It is not the username.',
]

/** What is wrong with a new password, in words; empty when it is fine. */
export const judgePassword = async (password: string, username: string): Promise<string[]> => {
  const problems: string[] = []
  if (password.length < 8) problems.push('This password is too short. It must contain at least 8 characters.')
  if (await isCommon(password)) problems.push('This password is too common.')
  if (/^\d+$/.test(password)) problems.push('This password is entirely numeric.')
  if (username && password.toLowerCase() === username.toLowerCase()) problems.push('The password is too similar to the username.')
  return problems
}
