// Frames of tasks as functions look at them, whole or cut to a region of interest.
import { loadTaskMedia } from '../data/service'
import { invalid, refused } from '../http/errors'
import { encodeRegion, getFrame, isCloud, MediaError } from '../media/media'
import type { Box, FrameImage } from './contract'

/** Pixels of a region that its sides must have at least. */
const minSide = 2

/** Throws 400 unless the region is one of whole pixels inside of the picture. */
export const readRoi = (roi: unknown, size?: { width: number; height: number }): Box | null => {
  if (roi === undefined || roi === null) return null
  if (!Array.isArray(roi) || roi.length !== 4 || !roi.every((value) => Number.isInteger(value) && value >= 0))
    throw invalid({ roi: 'Four whole numbers are required: left, top, right, bottom.' })
  const [left, top, right, bottom] = roi as Box
  if (right - left < minSide || bottom - top < minSide) throw invalid({ roi: 'The region is empty.' })
  if (size && (right > size.width || bottom > size.height))
    throw invalid({ roi: `The region reaches out of the picture, which has ${size.width} × ${size.height} pixels.` })
  return [left, top, right, bottom]
}

/** What a function looks at, and the whole picture that it is of. */
export type LoadedFrame = { image: FrameImage; full: { width: number; height: number }; roi: Box | null }

/** Throws 400 for a frame that the task does not have, or that is no picture. */
export const loadFrameImage = async (
  taskId: number,
  frame: number,
  givenRoi: unknown = null,
  userId = 0,
): Promise<LoadedFrame> => {
  const media = await loadTaskMedia(taskId)
  const file = media.video ?? media.frames?.[frame]
  if (!Number.isInteger(frame) || frame < 0 || frame >= media.size || !file)
    throw invalid({ frame: `Task #${taskId} has no frame ${frame}.` })
  if (isCloud(file)) throw refused('Functions look at pictures; this task has point clouds.')
  const roi = readRoi(givenRoi, file)
  const [left, top, right, bottom] = roi ?? [0, 0, file.width, file.height]
  const [width, height] = [right - left, bottom - top]
  const read = async () => {
    try {
      const { path } = await getFrame(media, frame, 'original')
      if (!roi) return await Bun.file(path).bytes()
      return await encodeRegion({ path, name: file.name }, { left, top, width, height })
    } catch (error) {
      if (error instanceof MediaError) throw refused(error.message)
      throw error
    }
  }
  const key = `${taskId} ${media.version} ${media.frames?.[frame]?.file ?? ''} ${frame} ${roi ?? ''}`
  return {
    image: { key, width, height, read, place: { taskId, frame, roi, userId } },
    full: { width: file.width, height: file.height },
    roi,
  }
}
