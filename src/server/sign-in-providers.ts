// The sign-in providers that an administrator configures: which kinds there are, what each needs, and the check of it all.

const fieldsOf = {
  oidc: { required: ['issuer', 'client_id'], optional: ['client_secret', 'scope'] },
  ldap: { required: ['url', 'base'], optional: ['bind_dn', 'bind_password', 'filter', 'start_tls', 'ca_file'] },
  saml: { required: ['entry_point', 'idp_cert'], optional: ['issuer', 'idp_issuer'] },
} as const
/** Claims or attributes to read names from, and which group of the provider means which group here. */
const commonFields = [
  'name',
  'kind',
  'title',
  'username',
  'email',
  'first_name',
  'last_name',
  'subject',
  'groups',
  'group_map',
  'trust_email',
]

export type ProviderKind = keyof typeof fieldsOf
/**
 * One provider. `name` is part of addresses and of stored identities: it never changes. `username`, `email`, `first_name`, `last_name`,
 * `subject` and `groups` name claims or attributes; `trust_email` "true": people cannot choose their addresses there; `group_map` is "theirs=ours;theirs=ours" with ours of user, worker.
 */
export type Provider = { name: string; kind: ProviderKind; title: string } & Record<string, string>

/** Groups that a provider may give; administrators are made by administrators only. */
export const mappableGroups = ['user', 'worker']

const judge = (entry: unknown): string | undefined => {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return 'is not a table'
  const { name, kind } = entry as Record<string, unknown>
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,32}$/.test(name))
    return 'needs a name of up to 32 lower-case letters, digits, hyphens'
  if (typeof kind !== 'string' || !Object.hasOwn(fieldsOf, kind)) return `needs a kind of ${Object.keys(fieldsOf).join(', ')}`
  const { required, optional } = fieldsOf[kind as ProviderKind]
  const missing = required.find((key) => !(entry as Record<string, unknown>)[key])
  if (missing) return `needs "${missing}"`
  const unknown = Object.keys(entry).find((key) => ![...commonFields, ...required, ...optional].includes(key))
  if (unknown) return `has the unknown key "${unknown}"`
  const map = String((entry as Record<string, unknown>).group_map ?? '')
  const wrong = readGroupMap(map).find(([, ours]) => !mappableGroups.includes(ours))
  return wrong && `maps a group to "${wrong[1]}", not one of ${mappableGroups.join(', ')}`
}

/** The pairs of a `group_map`. */
export const readGroupMap = (text: string): [theirs: string, ours: string][] =>
  text.split(';').flatMap((pair) => {
    // The name of a group may be a DN with "=" and "," in it.
    const at = pair.lastIndexOf('=')
    return pair.trim() ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as [string, string]] : []
  })

/** Reads a JSON list of providers. Throws an Error that says what is wrong with which. */
export const parseProviders = (text: string): Provider[] => {
  let entries: unknown
  try {
    entries = JSON.parse(text)
  } catch {
    throw new Error('must be a JSON list')
  }
  if (!Array.isArray(entries)) throw new Error('must be a JSON list')
  return entries.map((entry, i) => {
    const problem = judge(entry)
    if (problem) throw new Error(`provider ${entry?.name ?? i + 1} ${problem}`)
    if (entries.findIndex((other) => other.name === entry.name) !== i) throw new Error(`provider ${entry.name} is there twice`)
    const texts = Object.entries(entry).map(([key, value]) => [key, String(value)])
    return { title: entry.name, ...Object.fromEntries(texts) } as Provider
  })
}
