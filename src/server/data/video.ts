// /api/jobs/:id/video: the original bytes of a job's video and when its frames are shown, for browsers that decode by themselves.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { sendFile } from '../http/downloads'
import { notFound } from '../http/errors'
import { getJob } from '../jobs/service'
import { mediaPath } from '../media/media'
import { loadIndex } from '../media/probe-video'
import type { Who } from '../policy/who'
import { getTask } from '../tasks/service'
import { requireData } from './send-media'
import { mediaOf, sourceFrame } from './stored-media'

/** The video of a job, for those who may see every frame of it: their job has them all, or the whole task is theirs to see. */
const findVideo = async (who: Who, id: number) => {
  const { job, data: found } = await getJob(who, id)
  const data = requireData(found)
  const isWhole = job.startFrame === 0 && job.stopFrame === data.size - 1 && !job.frames
  if (!isWhole) await getTask(who, job.taskId)
  const media = await mediaOf(data)
  if (!media.video) throw notFound('The job has no video.')
  return { job, data, video: media.video, version: media.version }
}

const typeOf = (name: string) => Bun.file(name).type.replace(/^(?!video\/).*/, 'application/octet-stream')

/** Six digits are finer than any clock that videos use. */
const round = (seconds: number) => Math.round(seconds * 1e6) / 1e6

const showIndex = async (who: Who, id: number) => {
  const { job, data, video, version } = await findVideo(who, id)
  const { times, keys, exact } = await loadIndex(video.file, version)
  if (!exact) throw notFound('The frames of this video can only be found by counting.')
  const stop = Math.min(sourceFrame(data, job.stopFrame), times.length - 1)
  let first = sourceFrame(data, job.startFrame)
  while (first > 0 && !keys[first]) first--
  const places = Array.from({ length: stop - first + 1 }, (_, i) => first + i)
  return {
    width: video.width,
    height: video.height,
    start: video.startFrame,
    step: video.step,
    first,
    times: places.map((place) => round(times[place]!)),
    keys: places.flatMap((place, i) => (keys[place] ? i : [])),
  }
}

const params = t.Object({ id: t.Numeric() })
const detail = { hide: false, tags: ['jobs'] }

export const jobVideo = new Elysia({ prefix: '/api/jobs' })
  .use(signedIn)
  .get(
    '/:id/video',
    async ({ who, params: { id }, request }) => {
      const { video, version } = await findVideo(who, id)
      return sendFile(request, { path: await mediaPath(video.file), type: typeOf(video.name), etag: `"${version}.video"` })
    },
    { params, detail: { ...detail, description: 'Original bytes of the video; answers range requests.' } },
  )
  .get('/:id/video/index', ({ who, params: { id } }) => showIndex(who, id), {
    params,
    detail: {
      ...detail,
      description:
        'When the frames of the job are shown: `times` in seconds from source frame `first` on, `keys` are places in `times` that decode alone; task frame n is source frame `start` + n · `step`.',
    },
  })
