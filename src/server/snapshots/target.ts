// Where backups of the server are kept: a folder, or a bucket of an S3 store.
import { readdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ConfigError } from '../config'
import { openBucketAddress } from '../storage/bucket-address'
import { openDisk } from '../storage/disk'
import { openObjectStorage } from '../storage/object-storage'
import type { Storage } from '../storage/storage'

const openBucket = async (text: string): Promise<Storage> => {
  const { store, prefix } = await openBucketAddress(text)
  return openObjectStorage(store, prefix)
}

/** `s3://bucket/prefix?endpoint=https://…&region=…`, anything else is the path of a folder. Throws ConfigError when it cannot be used. */
export const openTarget = async (text: string): Promise<Storage> => {
  if (text.startsWith('s3://')) return openBucket(text)
  if (/^[a-z0-9]+:\/\//.test(text)) throw new ConfigError(`"${text}" is neither a folder nor an s3:// address`)
  return openDisk(resolve(text))
}

/** Removes what a killed writer left half written in a folder; buckets keep no such thing. Only while nobody else writes there. */
export const tidyTarget = async (text: string): Promise<void> => {
  if (text.startsWith('s3://')) return
  const names = await readdir(resolve(text), { recursive: true }).catch(() => [])
  for (const name of names) if (basename(name).startsWith('.tmp-')) await rm(join(resolve(text), name), { force: true })
}
