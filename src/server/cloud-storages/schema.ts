// Cloud storages: buckets that people have connected, with their credentials.
import { id, index, int, json, table, text, time } from '../db/dialect'
import { organizations } from '../organizations/schema'
import { users } from '../users/schema'

export const providerTypes = ['AWS_S3_BUCKET', 'AZURE_CONTAINER', 'GOOGLE_CLOUD_STORAGE'] as const
export type ProviderType = (typeof providerTypes)[number]

export const credentialsTypes = [
  'KEY_SECRET_KEY_PAIR',
  'ACCOUNT_NAME_TOKEN_PAIR',
  'KEY_FILE_PATH',
  'ANONYMOUS_ACCESS',
  'CONNECTION_STRING',
] as const
export type CredentialsType = (typeof credentialsTypes)[number]

export const cloudStorages = table(
  'cloud_storages',
  {
    id: id(),
    providerType: text('provider_type').$type<ProviderType>().notNull(),
    /** Name of the bucket or container. */
    resource: text('resource').notNull(),
    displayName: text('display_name').notNull(),
    credentialsType: text('credentials_type').$type<CredentialsType>().notNull(),
    /** Sealed with the key in `secrets/`; opened by credentials.ts only. */
    credentials: text('credentials').notNull(),
    /** A query string: `endpoint_url=…&region=…&prefix=…`. */
    specificAttributes: text('specific_attributes').notNull().default(''),
    description: text('description').notNull().default(''),
    manifests: json('manifests').$type<string[]>().notNull(),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    organizationId: int('organization_id').references(() => organizations.id, { onDelete: 'cascade' }),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [index('cloud_storages_owner').on(t.ownerId), index('cloud_storages_org').on(t.organizationId)],
)
