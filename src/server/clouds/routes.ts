// /api/jobs/:id/cloud: the point cloud of a frame in pieces, coarse ones first, for viewers that show a part of them.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { isInSpan, mediaOf } from '../data/service'
import { sendFile } from '../http/downloads'
import { ApiError, notFound, refused } from '../http/errors'
import { getJob } from '../jobs/service'
import type { Hierarchy } from '../media/clouds/tiles/tile-file'
import { MediaError, type MediaFile, type TaskMedia } from '../media/task-media'
import type { Who } from '../policy/who'
import { findTiles, getSample, orderTiles, readText, requireCloud } from './service'

const id = t.Object({ id: t.Numeric() })
const number = t.Numeric({ minimum: 0, multipleOf: 1 })

const orRefuse = async <T>(work: () => Promise<T> | T): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof MediaError) throw new ApiError(400, [error.message])
    throw error
  }
}

/** The media of a job's frame; 404 for a frame outside of the job, 400 for one that is no cloud. */
const findMedia = async (who: Who, jobId: number, frame: number): Promise<TaskMedia> => {
  const { data, job } = await getJob(who, jobId)
  if (!data) throw notFound('The task has no data.')
  if (!isInSpan(frame, job)) throw notFound(`The job has no frame ${frame}.`)
  const media = await mediaOf(data)
  await orRefuse(() => requireCloud(media, frame))
  return media
}

/** Parsed hierarchies, by ETag. */
const parsed = new Map<string, Hierarchy>()
const keptParsed = 8

const nodesOf = async (file: MediaFile) => {
  const known = parsed.get(file.etag) ?? (JSON.parse(await readText(file)) as Hierarchy)
  parsed.delete(file.etag)
  parsed.set(file.etag, known)
  if (parsed.size > keptParsed) parsed.delete(parsed.keys().next().value!)
  return known.nodes
}

const pointsType = 'application/octet-stream'

/** Sends the points of one node. */
const sendNode = async (request: Request, file: MediaFile, text: string): Promise<Response> => {
  const node = /^\d{1,9}$/.test(text) ? (await nodesOf(file))[Number(text)] : undefined
  if (!node) throw notFound(`The cloud has no node ${text}.`)
  const etag = `${file.etag.slice(0, -1)}-${text}"`
  const headers = { 'content-type': pointsType, etag, 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return new Response(Bun.file(file.path).slice(node.offset, node.offset + node.bytes), { headers })
}

export const clouds = new Elysia({ prefix: '/api/jobs', tags: ['jobs'] })
  .use(signedIn)
  .get(
    '/:id/cloud',
    async ({ who, params, query, request }) => {
      const media = await findMedia(who, params.id, query.number)
      const tiling = await orRefuse(() => orderTiles(media, query.number))
      const json = {
        'content-type': 'application/json',
        'cache-control': 'private, no-cache',
        'x-content-type-options': 'nosniff',
      }
      if (tiling.state === 'ready') {
        const headers = { ...json, etag: tiling.file.etag }
        if (request.headers.get('if-none-match') === tiling.file.etag) return new Response(null, { status: 304, headers })
        return new Response(await readText(tiling.file), { headers })
      }
      // A hierarchy of one node, whose points are those of `node=sample`, and how far the tiles are.
      const sample = await orRefuse(() => getSample(media, query.number))
      const known: Hierarchy = JSON.parse(await readText(sample))
      return new Response(JSON.stringify({ ...known, progress: tiling.progress }), {
        status: 202,
        headers: { ...json, 'retry-after': '1' },
      })
    },
    { params: id, query: t.Object({ number }) },
  )
  .get(
    '/:id/cloud/points',
    async ({ who, params, query, request }) => {
      const media = await findMedia(who, params.id, query.number)
      if (query.node === 'sample') return sendNode(request, await orRefuse(() => getSample(media, query.number)), '0')
      const file = await orRefuse(() => findTiles(media, query.number))
      if (!file) throw refused('The cloud is not cut into tiles yet; ask for its hierarchy first.')
      if (query.node !== undefined) return sendNode(request, file, query.node)
      // The whole file, of which ranges can be asked for: offsets of the hierarchy count from its start.
      return sendFile(request, { path: file.path, type: pointsType, etag: file.etag })
    },
    { params: id, query: t.Object({ number, node: t.Optional(t.String()) }) },
  )
