// Cuts a part out of a picture, small enough for a gallery.
import { openShown, type SourceImage } from './encode-image'
import { MediaError } from './task-media'

/** Whole pixels of a picture as it is displayed; lies inside of it. */
export type Region = { left: number; top: number; width: number; height: number }

const longestSides = { width: 320, height: 240 }
const quality = 78

/** A JPEG of the region that fits into 320 × 240 pixels. */
export const encodeCrop = async ({ path, name }: SourceImage, region: Region): Promise<Uint8Array> => {
  try {
    const image = (await openShown(path)).extract(region)
    return await image
      .resize({ ...longestSides, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality })
      .toBuffer()
  } catch (error) {
    throw new MediaError(`${name}: cannot be decoded (${(error as Error).message.split('\n')[0]})`)
  }
}

/** A PNG of the region as it is, for models: nothing is made smaller or lossy. */
export const encodeRegion = async ({ path, name }: SourceImage, region: Region): Promise<Uint8Array> => {
  try {
    return await (await openShown(path)).extract(region).png({ compressionLevel: 1 }).toBuffer()
  } catch (error) {
    throw new MediaError(`${name}: cannot be decoded (${(error as Error).message.split('\n')[0]})`)
  }
}
