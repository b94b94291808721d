// Sign-in with the name and password of a directory (LDAP): the person is searched for, then bound as.
import { readFileSync } from 'node:fs'
import type { Client, Entry } from 'ldapts'
import { config } from '../../config'
import type { User } from '../../policy/who'
import type { Provider } from '../../sign-in-providers'
import { admit, type Profile } from './admit'

const timeoutMs = 10_000

const first = (entry: Entry, name: string): string | undefined => {
  const value = entry[name]
  const one = Array.isArray(value) ? value[0] : value
  return one === undefined ? undefined : Buffer.isBuffer(one) ? one.toString('hex') : one
}
const all = (entry: Entry, name: string): string[] => [entry[name] ?? []].flat().map(String)

const attributesOf = (provider: Provider) => ({
  username: provider.username ?? 'uid',
  email: provider.email ?? 'mail',
  firstName: provider.first_name ?? 'givenName',
  lastName: provider.last_name ?? 'sn',
  groups: provider.groups ?? 'memberOf',
  subject: provider.subject ?? 'entryUUID',
})

const readProfile = (provider: Provider, entry: Entry): Profile => {
  const names = attributesOf(provider)
  return {
    subject: first(entry, names.subject) ?? entry.dn.toLowerCase(),
    username: first(entry, names.username),
    email: first(entry, names.email),
    // What the directory of the house says about its people counts.
    emailVerified: true,
    firstName: first(entry, names.firstName),
    lastName: first(entry, names.lastName),
    groups: all(entry, names.groups),
  }
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
  const filter = (provider.filter ?? `(${attributesOf(provider).username}={login})`).replaceAll('{login}', escaped)
  const attributes = Object.values(attributesOf(provider))
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
      if (config().log !== 'silent') console.error(`sign-in provider ${provider.name}: ${(error as Error).message}`)
    }
  }
  return null
}
