// Where the pictures of frames come from: decoded from the video in this browser, else from the server one by one.
import type { OpenVideo, VideoAddress } from '../../video/open-video'
import { call } from '../save/api'

export type LoadPicture = (frame: number, signal: AbortSignal) => Promise<ImageBitmap>

/** A picture that the server made. */
export const loadFromServer =
  (url: (frame: number) => string): LoadPicture =>
  async (frame, signal) => {
    const response = await fetch(url(frame), { credentials: 'same-origin', signal })
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    return createImageBitmap(await response.blob())
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
