// A chunk of pictures: a zip with one stored entry per frame, named by its position in the chunk.
import { encodeBlackPixel, readCompressed, readOriginal, type SourceImage } from './encode-image'
import { isCloud, MediaError, type Quality } from './task-media'
import { writeStoredZip } from './zip-store'

/** Frames of a chunk; null stands for a frame that is not part of the job. */
export type ChunkImage = SourceImage & { /** Width times height. */ pixels: number }

const maxParallel = 4
/** Pixels that may be decoded at the same time, so that huge pictures do not fill the memory. */
const parallelPixels = 64_000_000

/** Runs `work` on several items at a time and yields the results in order. */
const mapAhead = async function* <I, O>(items: readonly I[], ahead: number, work: (item: I, index: number) => Promise<O>) {
  const started: Promise<O>[] = []
  try {
    for (let next = 0, done = 0; done < items.length; done++) {
      while (next < items.length && next - done < ahead) {
        const result = work(items[next]!, next++)
        result.catch(() => {})
        started.push(result)
      }
      yield await started.shift()!
    }
  } finally {
    await Promise.allSettled(started)
  }
}

export const positionName = (position: number, extension: string) => `${String(position).padStart(6, '0')}${extension}`

/** What a picture's own name ends with; nothing that could upset a program which unpacks the chunk. */
const originalExtension = (name: string) => /\.[a-z0-9]{1,8}$/.exec(name.toLowerCase())?.[0] ?? ''

/** Point clouds are the same in both qualities. */
const readCloud = ({ path, name }: SourceImage): Promise<Uint8Array> =>
  Bun.file(path)
    .bytes()
    .catch(() => {
      throw new MediaError(`${name}: the file is gone`)
    })

/** Writes the chunk to `target`. `imageQuality` (1…100) is of compressed frames; `isPicked` calls all pictures `.jpeg`. */
export const writeImageChunk = async (
  images: readonly (ChunkImage | null)[],
  quality: Quality,
  imageQuality: number,
  target: string,
  isPicked = false,
): Promise<void> => {
  const largest = Math.max(1, ...images.map((image) => image?.pixels ?? 1))
  // Originals are only copied, so a few at a time would only cost memory.
  const ahead = quality === 'original' ? 1 : Math.max(1, Math.min(maxParallel, Math.floor(parallelPixels / largest)))
  const extensionOf = (image: SourceImage | null) => {
    if (image && isCloud(image)) return '.pcd'
    return quality === 'compressed' || isPicked ? '.jpeg' : image ? originalExtension(image.name) : '.png'
  }
  const read = (image: SourceImage | null) => {
    if (!image) return encodeBlackPixel(quality === 'compressed' || isPicked ? 'jpeg' : 'png')
    if (isCloud(image)) return readCloud(image)
    return quality === 'compressed' ? readCompressed(image, imageQuality) : readOriginal(image)
  }
  const entries = mapAhead<SourceImage | null, { name: string; bytes: Uint8Array }>(images, ahead, async (image, position) => ({
    name: positionName(position, extensionOf(image)),
    bytes: await read(image),
  }))
  await writeStoredZip(target, entries)
}
