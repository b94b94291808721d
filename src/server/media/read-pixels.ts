// A picture as plain pixels, for models that look at it.
import { config } from '../config'
import { MediaError } from './task-media'

/** Red, green and blue, 8 bits each, row by row; upright. Throws MediaError when the bytes cannot be decoded. */
export const readPixels = async (picture: Uint8Array): Promise<{ width: number; height: number; data: Uint8Array }> => {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  try {
    const { data, info } = await sharp(picture, { failOn: 'none', limitInputPixels: config().image_pixels })
      .autoOrient()
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    if (info.channels === 3) return { width: info.width, height: info.height, data }
    const full = new Uint8Array(info.width * info.height * 3)
    for (let at = 0; at < info.width * info.height; at++) full.fill(data[at * info.channels]!, at * 3, at * 3 + 3)
    return { width: info.width, height: info.height, data: full }
  } catch (error) {
    throw new MediaError(`the picture cannot be decoded (${(error as Error).message.split('\n')[0]})`)
  }
}

/** The size of a picture as it is displayed, from its header. Throws MediaError when the bytes are no picture. */
export const probePicture = async (picture: Uint8Array): Promise<{ width: number; height: number }> => {
  const { default: sharp } = await import('sharp')
  try {
    const { autoOrient } = await sharp(picture, { limitInputPixels: config().image_pixels }).metadata()
    return { width: autoOrient.width, height: autoOrient.height }
  } catch (error) {
    throw new MediaError(`no picture that can be read (${(error as Error).message.split('\n')[0]})`)
  }
}
