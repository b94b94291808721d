// The picture of a suspicious object with its surroundings, cut when it is asked for.
import { uniteBounds } from '../../formats/geometry/box'
import { loadTaskMedia, orRefuse } from '../data/service'
import { cropAround } from '../find/service'
import { sendFile } from '../http/downloads'
import { getCrop, getPreview, type Region } from '../media/media'
import type { Who } from '../policy/who'
import { getSuspect } from './list'
import type { Details } from './thing'

/** The part of the picture that shows the object, and the one that it is compared with; nothing for tags. */
export const regionOf = ({ box, other, picture }: Details): Region | undefined =>
  box && picture ? cropAround(other ? uniteBounds(box, other.box) : box, picture) : undefined

/** A JPEG of at most 320 × 240 pixels. Errors: 400 when the media cannot be read, 403 or 404 when it is not the person's to see. */
export const sendThumbnail = async (who: Who, request: Request, id: number): Promise<Response> => {
  const { taskId, frame, details } = await getSuspect(who, id)
  const media = await loadTaskMedia(taskId)
  const region = regionOf(details)
  const cut = region ? getCrop(media, frame, region) : getPreview(media, frame)
  const { path, type, etag } = await orRefuse(taskId, cut)
  return sendFile(request, { path, type, etag, headers: { 'cache-control': 'private, max-age=300' } })
}
