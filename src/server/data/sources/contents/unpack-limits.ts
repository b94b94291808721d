// How much an archive may unpack to, counted while it is unpacked.
import { statfs } from 'node:fs/promises'
import { config } from '../../../config'
import { MediaError } from '../../../media/media'

export type UnpackLimits = {
  entries: number
  /** Unpacked bytes of all entries together. */
  totalBytes: number
  /** Unpacked to packed size; only looked at above `ratioFreeBytes` unpacked. */
  ratio: number
  ratioFreeBytes: number
}

/** Part of the free disk that an archive may fill. */
const diskShare = 0.8

export const chooseUnpackLimits = async (): Promise<UnpackLimits> => {
  const { bavail, bsize } = await statfs(config().dataDir)
  return { entries: 1_000_000, totalBytes: Math.floor(bavail * bsize * diskShare), ratio: 250, ratioFreeBytes: 256 * 2 ** 20 }
}

/** Passes bytes on and throws MediaError as soon as they are more than the limits allow for `packedBytes`. */
export const countUnpacked = async function* (
  bytes: AsyncIterable<Uint8Array>,
  packedBytes: number,
  { totalBytes, ratio, ratioFreeBytes }: UnpackLimits,
): AsyncGenerator<Uint8Array> {
  let total = 0
  for await (const part of bytes) {
    total += part.length
    if (total > totalBytes) throw new MediaError(`the archive unpacks to more than ${totalBytes} bytes`)
    if (total > ratioFreeBytes && total > packedBytes * ratio)
      throw new MediaError(`the archive unpacks to more than ${ratio} times its size`)
    yield part
  }
}
