// How full the disk below the data directory is.
import { statfs } from 'node:fs/promises'
import { config } from '../config'

/** As df counts: what is reserved for root is neither taken nor free. Bytes, and whole percent. */
export const readDisk = async (): Promise<{ free: number; total: number; percent: number }> => {
  const disk = await statfs(config().dataDir)
  const taken = disk.blocks - disk.bfree
  return {
    free: disk.bavail * disk.bsize,
    total: disk.blocks * disk.bsize,
    percent: Math.round((taken / Math.max(1, taken + disk.bavail)) * 100),
  }
}
