// Connected buckets out of a dump, with their credentials, which are sealed anew.
import { type CredentialsType, cloudStorages, type ProviderType } from '../cloud-storages/schema'
import { type Credentials, sealCredentials } from '../cloud-storages/service'
import { type Dump, groupByField, readTime } from './dump'
import { rowsOf, type TableRows } from './rows'

/** CVAT keeps the parts of credentials as one text, apart by blanks. */
const readers: Record<CredentialsType, (text: string) => Credentials | undefined> = {
  KEY_SECRET_KEY_PAIR: (text) => {
    const [key, secret_key] = text.split(' ')
    return key && secret_key ? { key, secret_key } : undefined
  },
  ACCOUNT_NAME_TOKEN_PAIR: (text) => {
    const [account_name, session_token] = text.split(' ')
    return account_name && session_token ? { account_name, session_token } : undefined
  },
  ANONYMOUS_ACCESS: (text) => (text ? { account_name: text } : {}),
  CONNECTION_STRING: (text) => (text ? { connection_string: text } : undefined),
  // The text may be the key itself; a path leads to a file that is not in the data volume.
  KEY_FILE_PATH: (text) => (text.trim().startsWith('{') ? { key_file: text } : undefined),
}

export const readCloudStorages = async (dump: Dump): Promise<TableRows> => {
  const manifests = groupByField(dump.take('engine.manifest'), 'cloud_storage')
  const rows: (typeof cloudStorages.$inferInsert)[] = []
  let locked = 0
  for (const { id, fields } of dump.take('engine.cloudstorage')) {
    const credentials = readers[fields.credentials_type as CredentialsType]?.(String(fields.credentials ?? ''))
    if (!credentials) locked++
    rows.push({
      id,
      providerType: fields.provider_type as ProviderType,
      resource: fields.resource,
      displayName: fields.display_name,
      credentialsType: fields.credentials_type,
      credentials: await sealCredentials(credentials ?? {}),
      specificAttributes: fields.specific_attributes,
      description: fields.description,
      manifests: (manifests.get(id) ?? []).map((row) => row.fields.filename as string),
      ownerId: dump.person(fields.owner),
      organizationId: fields.organization,
      createdDate: readTime(fields.created_date),
      updatedDate: readTime(fields.updated_date),
    })
  }
  dump.leaveOut('engine.cloudstorage', locked, 'its credentials must be entered again; the rest of it is there')
  return rowsOf(cloudStorages, rows)
}
