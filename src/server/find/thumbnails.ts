// Pictures of results, cut when they are asked for: of an object with its surroundings, or of a whole frame.
import { loadTaskMedia, orRefuse } from '../data/service'
import { sendFile } from '../http/downloads'
import { invalid, notFound } from '../http/errors'
import { getJob } from '../jobs/service'
import { getCrop, getPreview, type MediaFile } from '../media/media'
import type { Who } from '../policy/who'
import type { Hit } from './search'
import { findHit, type HitName, showHits } from './show'

export type ThumbnailQuery = { type?: string; id?: string; job_id?: string; frame?: string }

const types: readonly string[] = ['shape', 'track', 'tag', 'frame'] satisfies HitName[]

const readWhole = (name: string, text: string | undefined): number => {
  if (!/^\d{1,9}$/.test(text ?? '')) throw invalid({ [name]: 'A valid integer is required.' })
  return Number(text)
}

const findAsked = async ({ type = '', id, job_id, frame }: ThumbnailQuery): Promise<Hit> => {
  if (!types.includes(type)) throw invalid({ type: `One of ${types.join(', ')} is required.` })
  if (type === 'frame') return { kind: 'frames', id: null, jobId: readWhole('job_id', job_id), frame: readWhole('frame', frame) }
  const hit = await findHit(type, readWhole('id', id))
  if (!hit) throw notFound()
  return hit
}

const cut = async (hit: Hit, taskId: number): Promise<MediaFile> => {
  const [shown] = hit.kind === 'frames' ? [] : await showHits([hit])
  const media = await loadTaskMedia(taskId)
  return shown?.region ? getCrop(media, hit.frame, shown.region) : getPreview(media, hit.frame)
}

/** A JPEG of at most 320 × 240 pixels. Errors: 400 when the media cannot be read, 403 or 404 when the job is not the person's to see. */
export const sendThumbnail = async (who: Who, request: Request, query: ThumbnailQuery): Promise<Response> => {
  const hit = await findAsked(query)
  const { job, task } = await getJob(who, hit.jobId)
  const isOutside = hit.frame < job.startFrame || hit.frame > job.stopFrame || (job.frames && !job.frames.includes(hit.frame))
  if (hit.kind === 'frames' && isOutside) throw notFound(`The job has no frame ${hit.frame}.`)
  const { path, type, etag } = await orRefuse(task.id, cut(hit, task.id))
  return sendFile(request, { path, type, etag, headers: { 'cache-control': 'private, max-age=300' } })
}
