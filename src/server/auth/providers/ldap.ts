// Sign-in with the name and password of a directory (LDAP): the person is searched for, then bound as.

import { readFileSync } from 'node:fs'
import type { Client, Entry } from 'ldapts'
import { config } from '../../config'
import { log } from '../../log'
import type { User } from '../../policy/who'
import type { Provider } from '../../sign-in-providers'
import { admit, type ClaimNames, claimNames, type Profile, readClaims } from './admit'

const timeoutMs = 10_000

const usual: ClaimNames = {
  subject: 'entryUUID',
  username: 'uid',
  email: 'mail',
  firstName: 'givenName',
  lastName: 'sn',
  groups: 'memberOf',
}

const readProfile = (provider: Provider, entry: Entry): Profile => {
  const names = claimNames(provider, usual)
  // Directories answer attribute names in a case of their own, and empty lists for what is not there.
  const byName = new Map(Object.entries(entry).map(([name, value]) => [name.toLowerCase(), value]))
  const readable = (value: unknown) => (Buffer.isBuffer(value) ? value.toString('hex') : value)
  const claims = Object.fromEntries(
    Object.values(names).map((name) => [name, [byName.get(name.toLowerCase()) ?? []].flat().map(readable)]),
  )
  if (!(claims[names.subject] as unknown[]).length) claims[names.subject] = [entry.dn.toLowerCase()]
  return { ...readClaims(claims, names), emailVerified: provider.trust_email === 'true' }
}

const open = async (provider: Provider): Promise<Client> => {
  const { Client } = await import('ldapts')
  const ca = provider.ca_file ? [readFileSync(provider.ca_file)] : undefined
  const isSecure = provider.url!.startsWith('ldaps:')
  const client = new Client({
    url: provider.url!,
    timeout: timeoutMs,
    connectTimeout: timeoutMs,
    ...(isSecure && { tlsOptions: { ca } }),
  })
  if (provider.start_tls === 'true') await client.startTLS({ ca })
  return client
}

/** The one entry that fits the login; several or none are nobody. `{login}` of the filter is replaced by the escaped login. */
const findEntry = async (provider: Provider, client: Client, login: string): Promise<Entry | undefined> => {
  const escaped = escapeFilter(login)
  const names = claimNames(provider, usual)
  const filter = (provider.filter ?? `(${names.username}={login})`).replaceAll('{login}', () => escaped)
  const attributes = Object.values(names)
  const { searchEntries } = await client.search(provider.base!, { scope: 'sub', filter, attributes, sizeLimit: 2 })
  return searchEntries.length === 1 ? searchEntries[0] : undefined
}

/** RFC 4515: what has a meaning in filters is written as `\xx`. */
export const escapeFilter = (text: string) =>
  [...new TextEncoder().encode(text)]
    .map((byte) => {
      const isPlain = byte >= 0x20 && byte < 0x7f && !'\\*()'.includes(String.fromCharCode(byte))
      return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, '0')}`
    })
    .join('')

const askOne = async (provider: Provider, login: string, password: string): Promise<User | null> => {
  const client = await open(provider)
  try {
    if (provider.bind_dn) await client.bind(provider.bind_dn, provider.bind_password ?? '')
    const entry = await findEntry(provider, client, login)
    if (!entry) return null
    const { InvalidCredentialsError } = await import('ldapts')
    try {
      await client.bind(entry.dn, password)
    } catch (error) {
      if (error instanceof InvalidCredentialsError) return null
      throw error
    }
    return await admit(provider, readProfile(provider, entry))
  } finally {
    await client.unbind().catch(() => {})
  }
}

/** The person whom one of the directories knows by this name and password, else null. A directory that does not answer knows nobody. */
export const signInByDirectory = async (login: string, password: string): Promise<User | null> => {
  // A bind without a password succeeds anonymously in many directories.
  if (!login || !password) return null
  for (const provider of config().providers.filter(({ kind }) => kind === 'ldap')) {
    try {
      const user = await askOne(provider, login, password)
      if (user) return user
    } catch (error) {
      log().error(`sign-in provider ${provider.name}: ${(error as Error).message}`)
    }
  }
  return null
}
