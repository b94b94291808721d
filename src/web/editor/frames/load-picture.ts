// Where the pictures of frames come from: decoded from the video in this browser, else from the server one by one.
import type { OpenVideo, VideoAddress } from '../../video/open-video'
import { call } from '../save/api'
import { type Tile, type TileInfo, TileSet } from '../tiles/tile-set'

/** A picture that may bring tiles. */
export type TiledBitmap = ImageBitmap & { tiles?: TileSet<ImageBitmap> }
export type LoadPicture = (frame: number, signal: AbortSignal) => Promise<TiledBitmap>

/** A picture that the server made. */
export const loadFromServer =
  (url: (frame: number) => string): LoadPicture =>
  async (frame, signal) => {
    const response = await fetch(url(frame), { credentials: 'same-origin', signal })
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    return createImageBitmap(await response.blob())
  }

/** The picture as it was uploaded when `isWanted` and the browser can show it, else the other way. */
export const loadOriginal =
  (isWanted: () => boolean, original: LoadPicture, otherwise: LoadPicture): LoadPicture =>
  async (frame, signal) => {
    if (!isWanted()) return otherwise(frame, signal)
    try {
      return await original(frame, signal)
    } catch (error) {
      if (signal.aborted) throw error
      return otherwise(frame, signal)
    }
  }

/** The original of a shown picture for tools that look at pixels, where blocks of a JPEG are outlines; else a copy of what is shown. */
export const copyOriginal = async (url: string, shown: ImageBitmap): Promise<ImageBitmap> => {
  try {
    const response = await fetch(url, { credentials: 'same-origin' })
    const original = response.ok ? await createImageBitmap(await response.blob()) : null
    if (original?.width === shown.width && original.height === shown.height) return original
  } catch {}
  return createImageBitmap(shown)
}

/** From the video as soon as it is open; the other way before, and for good when the video fails. */
export const loadFromVideo = (opening: Promise<Pick<OpenVideo, 'get'> | null>, otherwise: LoadPicture): LoadPicture => {
  let video: Pick<OpenVideo, 'get'> | null = null
  opening.then(
    (opened) => {
      video = opened
    },
    () => {},
  )
  return async (frame, signal) => {
    if (!video) return otherwise(frame, signal)
    try {
      return await video.get(frame, signal)
    } catch (error) {
      if (signal.aborted) throw error
      video = null
      return otherwise(frame, signal)
    }
  }
}

/** Pieces that stay in memory for a huge picture. */
const tileBytes = 160 * 1024 * 1024

/** A huge picture as its smallest level, with tiles that bring the rest; null when the server does not cut it. */
export const openTiled = async (jobId: number, frame: number, signal: AbortSignal): Promise<TiledBitmap | null> => {
  const url = `/api/jobs/${jobId}/frames/${frame}/tiles`
  const answer = await fetch(url, { credentials: 'same-origin', signal })
  if (!answer.ok) return null
  const info = (await answer.json()) as TileInfo
  const load = async ({ level, column, row }: Tile, abort: AbortSignal) => {
    const tile = await fetch(`${url}/${level}/${column}_${row}`, { credentials: 'same-origin', signal: abort })
    if (!tile.ok) throw new Error(`the server answered ${tile.status}`)
    return createImageBitmap(await tile.blob())
  }
  const small = await load({ level: info.levels.length - 1, column: 0, row: 0 }, signal)
  return Object.assign(small, { tiles: new TileSet(info, { load, limitBytes: tileBytes }) })
}

/** Pictures above this size are asked for in tiles; the server has the last word. */
const askFromSide = 4096

/** Tiles for what is huge, else the other way. */
export const loadHuge =
  (
    jobId: number,
    sizeOf: (frame: number) => { width: number; height: number } | undefined,
    otherwise: LoadPicture,
  ): LoadPicture =>
  async (frame, signal) => {
    const size = sizeOf(frame)
    const isLarge = size !== undefined && Math.max(size.width, size.height) > askFromSide
    return (isLarge ? await openTiled(jobId, frame, signal) : null) ?? otherwise(frame, signal)
  }

type VideoBundle = { openVideo: typeof import('../../video/open-video')['openVideo'] }
type VideoIndex = Omit<VideoAddress, 'url' | 'index'> & VideoAddress['index'] & { start: number; step: number }

/**
 * The video of a job by task frames; null when the server does not give it or the browser cannot decode it.
 * @param bundle address of the script that decodes
 * @param offer takes pictures of task frames that came up on the way
 */
export const openJobVideo = async (
  jobId: number,
  bundle: string,
  offer: (frame: number, picture: ImageBitmap) => void,
): Promise<Pick<OpenVideo, 'get'> | null> => {
  const index = (await (await call(`/api/jobs/${jobId}/video/index`)).json()) as VideoIndex
  const { openVideo } = (await import(bundle)) as VideoBundle
  const { width, height, start, step } = index
  const offerSource = (source: number, picture: ImageBitmap) =>
    (source - start) % step === 0 ? offer((source - start) / step, picture) : picture.close()
  const video = await openVideo({ url: `/api/jobs/${jobId}/video`, index, width, height }, offerSource)
  return video && { get: (frame, signal) => video.get(start + frame * step, signal) }
}
