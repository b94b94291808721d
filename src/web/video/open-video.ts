// Opens a video of the server for decoding in the browser: bytes by range requests, numbers of frames by the server's index.
import { ALL_FORMATS, Input, UrlSource, type VideoSample, VideoSampleSink } from 'mediabunny'
import { FrameReader, type VideoTimes } from './frame-reader'

export type VideoAddress = {
  /** Original bytes; must answer range requests. */
  url: string
  index: VideoTimes & {
    /** Number in the source of the frame at the first time. */
    first: number
  }
  /** Pixels as the server shows them. */
  width: number
  height: number
}

export type OpenVideo = {
  /** The picture of a frame of the source. */
  get: (sourceFrame: number, signal?: AbortSignal) => Promise<ImageBitmap>
  close: () => Promise<void>
}

const bufferBytes = 32 * 1024 * 1024

/** Applies rotation and pixel shape, as the server does. */
const drawSample = (sample: VideoSample, { width, height }: VideoAddress): ImageBitmap => {
  const canvas = new OffscreenCanvas(width, height)
  sample.draw(canvas.getContext('2d')!, 0, 0, width, height)
  return canvas.transferToImageBitmap()
}

/**
 * Null when this browser cannot decode the video or would show it in another size than the server.
 * @param offer takes pictures of source frames that came up on the way
 */
export const openVideo = async (
  address: VideoAddress,
  offer?: (sourceFrame: number, picture: ImageBitmap) => void,
): Promise<OpenVideo | null> => {
  if (!('VideoDecoder' in globalThis)) return null
  const { url, index } = address
  const input = new Input({
    formats: ALL_FORMATS,
    source: new UrlSource(url, {
      maxCacheSize: bufferBytes,
      getRetryDelay: (attempts) => (attempts < 3 ? 0.5 * 2 ** attempts : null),
    }),
  })
  const track = await input.getPrimaryVideoTrack()
  const isSame = track && (await track.getDisplayWidth()) === address.width && (await track.getDisplayHeight()) === address.height
  if (!track || !isSame || !(await track.canDecode())) {
    input.dispose()
    return null
  }
  const sink = new VideoSampleSink(track)
  const reader = new FrameReader<ImageBitmap>({
    ...index,
    offer: (at, picture) => offer?.(index.first + at, picture),
    read: async function* (time) {
      for await (const sample of sink.samples(time)) {
        const picture = () => drawSample(sample, address)
        yield { time: sample.timestamp, toPicture: picture, close: () => sample.close() }
      }
    },
  })
  return {
    get: (sourceFrame, signal) => reader.get(sourceFrame - index.first, signal),
    close: async () => {
      await reader.close()
      input.dispose()
    },
  }
}
