// How full the disk below the data directory is, and whether it is so full that nothing large may come.
import { statfs } from 'node:fs/promises'
import { config } from '../config'

export type DiskUse = { free: number; total: number; percent: number }

/** As df counts: what is reserved for root is neither taken nor free. Bytes, and whole percent. */
export const readDisk = async (): Promise<DiskUse> => {
  const disk = await statfs(config().dataDir)
  const taken = disk.blocks - disk.bfree
  return {
    free: disk.bavail * disk.bsize,
    total: disk.blocks * disk.bsize,
    percent: Math.round((taken / Math.max(1, taken + disk.bavail)) * 100),
  }
}

const freshMs = 5000
let recent: { at: number; reading: Promise<DiskUse> } | undefined

/** The reading of the last seconds: cheap enough for every page and upload. */
export const readRecentDisk = (): Promise<DiskUse> => {
  const now = performance.now()
  if (!recent || now - recent.at > freshMs) recent = { at: now, reading: readDisk() }
  return recent.reading
}

/**
 * The percentage that is used, when `disk_usage_max` is reached; undefined below it, at a limit of 100, and when the disk cannot be read:
 * what cannot be known must not lock anybody out.
 */
export const findFullDisk = async (): Promise<number | undefined> => {
  const limit = config().disk_usage_max
  if (limit >= 100) return undefined
  const percent = await readRecentDisk().then(
    (disk) => disk.percent,
    () => 0,
  )
  return percent >= limit ? percent : undefined
}
