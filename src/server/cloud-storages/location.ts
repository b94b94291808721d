// Turns what people enter (provider, credentials, attributes) into the place that an object store opens, or says which field is wrong.
import { invalid } from '../http/errors'
import { readConnectionString } from '../storage/azure-signature'
import { readKeyFile } from '../storage/google-token'
import type { ObjectLocation } from '../storage/object-store'
import { StorageError } from '../storage/storage'
import type { Credentials } from './credentials'
import type { CredentialsType, ProviderType } from './schema'

type Field = keyof Credentials
type Need = { needs: Field[]; takes?: Field[] }

/** Which credentials a provider knows, and what each consists of. */
const known: Record<ProviderType, Partial<Record<CredentialsType, Need>>> = {
  AWS_S3_BUCKET: {
    KEY_SECRET_KEY_PAIR: { needs: ['key', 'secret_key'], takes: ['session_token'] },
    ANONYMOUS_ACCESS: { needs: [] },
  },
  AZURE_CONTAINER: {
    ACCOUNT_NAME_TOKEN_PAIR: { needs: ['account_name', 'session_token'] },
    CONNECTION_STRING: { needs: ['connection_string'] },
    ANONYMOUS_ACCESS: { needs: ['account_name'] },
  },
  GOOGLE_CLOUD_STORAGE: {
    KEY_FILE_PATH: { needs: ['key_file'] },
    ANONYMOUS_ACCESS: { needs: [] },
  },
}

/** The fields that belong to this type of credentials. Throws 400 naming the type or a missing field. */
export const pickCredentials = (provider: ProviderType, type: CredentialsType, given: Credentials): Credentials => {
  const need = known[provider][type]
  if (!need) throw invalid({ credentials_type: `${type} cannot be used with ${provider}.` })
  const missing = need.needs.filter((field) => !given[field])
  if (missing.length) throw invalid(Object.fromEntries(missing.map((field) => [field, 'This field is required.'])))
  return Object.fromEntries(
    [...need.needs, ...(need.takes ?? [])].flatMap((field) => (given[field] ? [[field, given[field]]] : [])),
  )
}

export type Attributes = { endpoint?: string; region?: string; prefix: string }

/** Reads `endpoint_url=…&region=…&prefix=…`. Throws 400 for what no request could be sent to. */
export const readAttributes = (text: string): Attributes => {
  const all = new URLSearchParams(text)
  const fail = (reason: string) => invalid({ specific_attributes: reason })
  const endpoint = all.get('endpoint_url') || undefined
  const region = all.get('region') || undefined
  const url = endpoint === undefined ? undefined : URL.parse(endpoint)
  if (endpoint !== undefined && (!url || !/^https?:$/.test(url.protocol)))
    throw fail('endpoint_url must be an http or https address.')
  if (url && (url.username || url.search || url.hash)) throw fail('endpoint_url must be a plain address.')
  if (region !== undefined && !/^[a-z0-9-]{1,64}$/i.test(region)) throw fail('region may hold letters, digits and hyphens only.')
  return { endpoint: url?.href.replace(/\/+$/, ''), region, prefix: (all.get('prefix') ?? '').replace(/^\/+/, '') }
}

const bucketName = /^[a-zA-Z0-9$][a-zA-Z0-9._-]{0,221}$/
const accountName = /^[a-z0-9]{1,24}$/

/** Runs what reads a credential; its complaint becomes a 400 about that field. */
const readField = <T>(field: Field, read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (error instanceof StorageError) throw invalid({ [field]: `${error.message}.` })
    throw error
  }
}

export type Place = { provider: ProviderType; resource: string; credentials: Credentials; attributes: string }

/** Where the bucket is. Throws 400 naming the field that is wrong. */
export const locate = ({ provider, resource: bucket, credentials, attributes }: Place): ObjectLocation => {
  const { endpoint, region } = readAttributes(attributes)
  if (!bucketName.test(bucket)) throw invalid({ resource: 'Not a name of a bucket or container.' })
  if (provider === 'AWS_S3_BUCKET') {
    const { key, secret_key: secret, session_token: sessionToken } = credentials
    return { provider: 's3', bucket, endpoint, region, ...(key && secret && { credentials: { key, secret, sessionToken } }) }
  }
  if (provider === 'GOOGLE_CLOUD_STORAGE') {
    const text = credentials.key_file
    const serviceAccount = text === undefined ? undefined : readField('key_file', () => readKeyFile(text))
    return { provider: 'gcs', bucket, endpoint, serviceAccount }
  }
  const { connection_string: connection, account_name: account = '', session_token: sas } = credentials
  if (connection !== undefined)
    return { provider: 'azure', bucket, ...readField('connection_string', () => readConnectionString(connection)) }
  if (!accountName.test(account)) throw invalid({ account_name: 'Not a name of a storage account.' })
  return { provider: 'azure', bucket, account, endpoint, sas }
}
