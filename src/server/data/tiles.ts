// /api/jobs/:id/frames/:frame/tiles: huge pictures in pieces, for viewers that show a part of them.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { notFound } from '../http/errors'
import { getJob } from '../jobs/service'
import type { TaskMedia } from '../media/media'
import { describeTiles, readTile, type TileInfo } from '../media/tiles'
import { isInSpan } from './chunk-frames'
import { orRefuse } from './media-trouble'
import { requireData } from './send-media'
import { mediaOf } from './stored-media'

type Who = Parameters<typeof getJob>[0]
const frame = { id: t.Numeric(), frame: t.Numeric() }

/** The picture of a job's frame; 404 for a frame outside of the job and for one that is not cut into tiles. */
const findTiled = async (
  who: Who,
  { id, frame }: { id: number; frame: number },
): Promise<{ media: TaskMedia; info: TileInfo }> => {
  const { data, job } = await getJob(who, id)
  if (!isInSpan(frame, job)) throw notFound(`The job has no frame ${frame}.`)
  const media = await mediaOf(requireData(data))
  const info = await orRefuse(media.taskId, describeTiles(media, frame))
  if (typeof info === 'string') throw notFound(`Frame ${frame} has no tiles: ${info}.`)
  return { media, info }
}

export const tiles = new Elysia({ prefix: '/api/jobs', tags: ['jobs'] })
  .use(signedIn)
  .get(
    '/:id/frames/:frame/tiles',
    async ({ who, params }) => {
      const { width, height, tileSide, levels } = (await findTiled(who, params)).info
      // Level 0 is the full size; a tile is at `tiles/<level>/<column>_<row>`.
      return { width, height, tile_size: tileSide, overlap: 0, type: 'image/jpeg', levels }
    },
    { params: t.Object(frame) },
  )
  .get(
    '/:id/frames/:frame/tiles/:level/:tile',
    async ({ who, params, request }) => {
      const { media, info } = await findTiled(who, params)
      const [, column, row] = /^(\d{1,6})_(\d{1,6})$/.exec(params.tile) ?? []
      const level = info.levels[params.level]
      if (!level || !(Number(column) < level.columns && Number(row) < level.rows))
        throw notFound('There is no tile at this place.')
      const place = { level: params.level, column: Number(column), row: Number(row) }
      const tile = await orRefuse(media.taskId, readTile(media, params.frame, info, place))
      if (!tile) throw notFound('There is no tile at this place.')
      const headers = {
        'content-type': tile.type,
        etag: tile.etag,
        'cache-control': 'private, no-cache',
        'x-content-type-options': 'nosniff',
      }
      if (request.headers.get('if-none-match') === tile.etag) return new Response(null, { status: 304, headers })
      return new Response(new Uint8Array(tile.bytes), { headers })
    },
    { params: t.Object({ ...frame, level: t.Numeric(), tile: t.String() }) },
  )
