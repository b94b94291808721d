// Parts of frames as small pictures.
import type { Region } from './encode-crop'
import { findOrMake, keyOf } from './made-files'
import { MediaError, type MediaFile, type TaskMedia } from './task-media'
import { getVideoFrame, videoOf } from './video-frames'

export type { Region } from './encode-crop'

/** A JPEG of a region of a frame, at most 320 × 240 pixels; made once. Not for point clouds. */
export const getCrop = async (media: TaskMedia, number: number, region: Region): Promise<MediaFile> => {
  const video = videoOf(media, number)
  const frame = media.frames?.[number]
  const source = video ? `${video.frame} ${video.file}` : frame?.file
  if (source === undefined) throw new MediaError(`there is no frame ${number}`)
  const { left, top, width, height } = region
  const key = keyOf(media, `crop ${left} ${top} ${width} ${height} ${source}`, '.jpg')
  const name = frame?.name ?? media.video!.name
  const files = video ? [] : [frame!.file]
  const still = video ? (await getVideoFrame(media, number, 'compressed', true)).path : undefined
  return findOrMake(key, files, (target, [path]) => ({ kind: 'crop', image: { path: still ?? path!, name }, region, target }))
}
