// Password hashes: argon2id for new ones; those that CVAT wrote are accepted and upgraded at sign-in.
import { pbkdf2Sync, timingSafeEqual } from 'node:crypto'
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

/** Those that everybody tries first. */
const commonPasswords = new Set(
  `pass password passwort 12345678 123456789 1234567890 0123456789 11111111 00000000 88888888 87654321 987654321 1q2w3e4r 1qaz2wsx
  1q2w3e4r5t q1w2e3r4 qwertyui qwertyuiop qwerty123 qwerty12 qwer1234 asdfghjkl asdfasdf zxcvbnm1 password1 password12 password123
  passw0rd p@ssw0rd p@ssword pa55word iloveyou sunshine princess football baseball basketball superman batman123 starwars trustno1
  welcome1 welcome123 letmein1 letmein123 changeme changeme1 admin123 admin1234 administrator abcd1234 abc12345 abcdefgh aa123456
  a1234567 monkey123 dragon123 michelle jennifer victoria computer internet whatever corvette mercedes midnight liverpool chocolate
  shadow12 master12 secret12 test1234 testtest temp1234 default1 guest123 annotate annolith qazwsxedc zaq12wsx`.split(/\s+/),
)

/** What a new password must be, in words. */
export const passwordRules = [
  'It has at least 8 characters.',
  'It is no common password.',
  'It is not entirely numeric.',
  'It is not the username.',
]

/** What is wrong with a new password, in words; empty when it is fine. */
export const judgePassword = (password: string, username: string): string[] => {
  const problems: string[] = []
  if (password.length < 8) problems.push('This password is too short. It must contain at least 8 characters.')
  if (commonPasswords.has(password.toLowerCase())) problems.push('This password is too common.')
  if (/^\d+$/.test(password)) problems.push('This password is entirely numeric.')
  if (username && password.toLowerCase() === username.toLowerCase()) problems.push('The password is too similar to the username.')
  return problems
}
