// How people call the providers and their kinds of credentials, and which fields each of them takes.
import type { Credentials } from './credentials'
import type { CredentialsType, ProviderType } from './schema'

export const providerNames: Record<ProviderType, string> = {
  AWS_S3_BUCKET: 'Amazon S3',
  AZURE_CONTAINER: 'Azure Blob Storage',
  GOOGLE_CLOUD_STORAGE: 'Google Cloud',
}

type Kind = { type: CredentialsType; label: string; fields: (keyof Credentials)[] }

/** In the order of the form. */
export const credentialKinds: Record<ProviderType, Kind[]> = {
  AWS_S3_BUCKET: [
    { type: 'KEY_SECRET_KEY_PAIR', label: 'Access key', fields: ['key', 'secret_key'] },
    { type: 'ANONYMOUS_ACCESS', label: 'Nobody (public bucket)', fields: [] },
  ],
  AZURE_CONTAINER: [
    { type: 'ACCOUNT_NAME_TOKEN_PAIR', label: 'Account and SAS token', fields: ['account_name', 'session_token'] },
    { type: 'CONNECTION_STRING', label: 'Connection string', fields: ['connection_string'] },
    { type: 'ANONYMOUS_ACCESS', label: 'Nobody (public container)', fields: ['account_name'] },
  ],
  GOOGLE_CLOUD_STORAGE: [
    { type: 'KEY_FILE_PATH', label: 'Key file of a service account', fields: ['key_file'] },
    { type: 'ANONYMOUS_ACCESS', label: 'Nobody (public bucket)', fields: [] },
  ],
}
