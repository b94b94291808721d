// Finds the picture or point cloud of a frame among the files of a dataset.

import { imageHeadBytes, readImageSize } from '../image-size'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { dropExtension } from '../match'

const mediaPattern = /\.(jpe?g|jfif|png|bmp|gif|webp|tiff?|pcd|bin)$/i
/** Folders of pictures that show masks, not frames; files that do. */
const maskPattern =
  /(^|\/)(SegmentationClass|SegmentationObject|masks?|instances?|semantic(_rgb)?|gtFine|[^/]*annot|related_images)\/|_GT\.bmp$/i

export type Pictures = {
  /** The file of a frame, by its name with or without extension. */
  find(name: string): DatasetFile | undefined
}

/** The longest end of a path that names only one file decides. */
export function indexPictures({ list }: DatasetFiles): Pictures {
  const byEnd = new Map<string, DatasetFile | null>()
  for (const file of list) {
    if (!mediaPattern.test(file.name) || maskPattern.test(file.name)) continue
    const parts = file.name.split('/')
    for (let from = 0; from < parts.length; from++) {
      const end = parts.slice(from).join('/')
      for (const key of [end, dropExtension(end)]) byEnd.set(key, byEnd.has(key) ? null : file)
    }
  }
  return {
    find: (name) => {
      const parts = name.split('/')
      for (let from = 0; from < parts.length; from++) {
        const end = parts.slice(from).join('/')
        const found = byEnd.get(end) ?? byEnd.get(dropExtension(end))
        if (found) return found
      }
      return undefined
    },
  }
}

/** Pixels of a picture by its header; nothing when it tells none. */
export async function probePicture(file: DatasetFile): Promise<{ width: number; height: number } | undefined> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of file.stream()) {
    parts.push(part)
    bytes += part.length
    if (bytes >= imageHeadBytes) break
  }
  return readImageSize(Buffer.concat(parts))
}
