// Pictures that are shown beside a frame, packed into a zip.
import { encodeJpeg, type SourceImage } from './encode-image'
import { writeStoredZip } from './zip-store'

/** A picture that belongs to a frame: the name people know, and its media name. */
export type Related = { name: string; file: string }
export type ContextImage = SourceImage & { /** Name in the zip. */ entry: string }

const jpegQuality = 95

/** Names in the zip: the paths below the folder that all have in common, with `.jpg` behind. */
export const nameContextImages = (names: readonly string[]): string[] => {
  const folders = names.map((name) => name.split('/').slice(0, -1))
  const first = folders[0] ?? []
  let common = 0
  while (common < first.length && folders.every((parts) => parts[common] === first[common])) common++
  return names.map((name) => `${name.split('/').slice(common).join('/')}.jpg`)
}

export const writeContextImages = async (images: readonly ContextImage[], target: string): Promise<void> => {
  const entries = async function* () {
    for (const image of images) yield { name: image.entry, bytes: await encodeJpeg(image, jpegQuality) }
  }
  await writeStoredZip(target, entries())
}
