// Reads a picture of masks that belongs to a frame and must have its size.

import type { DatasetFile } from './io/dataset-files'
import type { FrameInfo, FrameLookup } from './match'
import { decodePng, type Picture } from './png-mask'

/** Throws FormatError for a damaged picture and for one of another size than its frame. */
export async function readFramePicture(file: DatasetFile, frame: FrameInfo, frames: FrameLookup): Promise<Picture> {
  const picture = decodePng(await file.bytes(), { file: file.name, width: frame.width, height: frame.height })
  frames.learn?.(frame, { width: picture.width, height: picture.height })
  return picture
}
