// Opens the bucket that an s3:// address names, with the keys of AWS_ variables.
import { ConfigError, readSecret } from '../config'
import { openTransport } from './object-http'
import { type ObjectStore, openObjectStore } from './object-store'

export type Bucket = { store: ObjectStore /** '' or with `/` at the end. */; prefix: string }

/** `s3://bucket/prefix?endpoint=https://…&region=…`. Throws ConfigError without keys; nothing is sent before the first use. */
export const openBucketAddress = async (text: string): Promise<Bucket> => {
  const address = new URL(text)
  const [key, secret] = [readSecret('AWS_ACCESS_KEY_ID'), readSecret('AWS_SECRET_ACCESS_KEY')]
  if (!key || !secret) throw new ConfigError(`AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set for ${address.host}`)
  const store = await openObjectStore(
    {
      provider: 's3',
      bucket: address.hostname,
      region: address.searchParams.get('region') ?? process.env.AWS_REGION,
      endpoint: address.searchParams.get('endpoint') ?? undefined,
      credentials: { key, secret, sessionToken: process.env.AWS_SESSION_TOKEN },
    },
    // The address is the administrator's, who may well mean a private one.
    { transport: openTransport },
  )
  const prefix = address.pathname.replace(/^\/+|\/+$/g, '')
  return { store, prefix: prefix && `${prefix}/` }
}
