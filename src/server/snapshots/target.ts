// Where backups of the server are kept: a folder, or a bucket of an S3 store.
import { readdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ConfigError } from '../config'
import { openDisk } from '../storage/disk'
import { openTransport } from '../storage/object-http'
import { openObjectStorage } from '../storage/object-storage'
import { openObjectStore } from '../storage/object-store'
import type { Storage } from '../storage/storage'

const openBucket = async (address: URL): Promise<Storage> => {
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: sessionToken } = process.env
  if (!key || !secret) throw new ConfigError('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set for a backup in a bucket')
  const store = await openObjectStore(
    {
      provider: 's3',
      bucket: address.hostname,
      region: address.searchParams.get('region') ?? process.env.AWS_REGION,
      endpoint: address.searchParams.get('endpoint') ?? undefined,
      credentials: { key, secret, sessionToken },
    },
    // The address is the administrator's, who may well mean a private one.
    { transport: openTransport },
  )
  const prefix = address.pathname.replace(/^\/+|\/+$/g, '')
  return openObjectStorage(store, prefix && `${prefix}/`)
}

/** `s3://bucket/prefix?endpoint=https://…&region=…`, anything else is the path of a folder. Throws ConfigError when it cannot be used. */
export const openTarget = async (text: string): Promise<Storage> => {
  if (text.startsWith('s3://')) return openBucket(new URL(text))
  if (/^[a-z0-9]+:\/\//.test(text)) throw new ConfigError(`"${text}" is neither a folder nor an s3:// address`)
  return openDisk(resolve(text))
}

/** Removes what a killed writer left half written in a folder; buckets keep no such thing. Only while nobody else writes there. */
export const tidyTarget = async (text: string): Promise<void> => {
  if (text.startsWith('s3://')) return
  const names = await readdir(resolve(text), { recursive: true }).catch(() => [])
  for (const name of names) if (basename(name).startsWith('.tmp-')) await rm(join(resolve(text), name), { force: true })
}
