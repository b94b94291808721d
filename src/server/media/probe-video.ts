// Reads what a video is and where its frames lie, by demuxing in this process; ffmpeg only helps with containers we cannot read.
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { config } from '../config'
import { storage } from '../storage/storage'
import { inputLimits, lastLine, runFfmpeg } from './ffmpeg'
import { mediaPath } from './media-path'
import { followTimes } from './showinfo'
import { MediaError, type VideoProbe } from './task-media'
import { buildIndex, decodeIndex, encodeIndex, type VideoIndex } from './video-index'

type Read = Omit<VideoProbe, 'frames' | 'duration'> & { index: VideoIndex }

const demuxTimeoutMs = 600_000

// VP8 stores frames that are never shown as packets of their own: RFC 6386, section 9.1, bit 4 of the first byte.
const isShownVp8 = (data: Uint8Array) => data.length > 0 && ((data[0]! >> 4) & 1) === 1

const explain = (error: unknown, name: string): never => {
  if (!(error instanceof MediaError) || !error.message.startsWith('ffmpeg failed')) throw error
  if (/matches no streams/.test(error.message)) throw new MediaError(`${name}: the file has no video stream`)
  // ffmpeg puts the name of the file before what is wrong.
  const why = lastLine(error).replace(/^.*?: (?=[^:]*$)/, '')
  throw new MediaError(`${name}: cannot be read as a video (${why})`)
}

/** Slow, and right for any file that ffmpeg plays. */
const indexByDecoding = async (path: string, name: string): Promise<VideoIndex> => {
  const log = followTimes()
  const args = [...inputLimits, '-copyts', '-i', path, '-map', '0:V:0', '-vf', 'showinfo=checksum=0', '-f', 'null', '-']
  await runFfmpeg({ args, timeoutMs: demuxTimeoutMs, onLine: log.read }).catch((error) => explain(error, name))
  return { ...buildIndex(log.times.map((time, n) => ({ time, key: log.keys[n]! }))), exact: false }
}

/** Undefined when mediabunny does not know the container or the codec. */
const readInProcess = async (path: string, name: string): Promise<Read | undefined> => {
  const { FilePathSource, Input, EncodedPacketSink, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } = await import('mediabunny')
  const input = new Input({ formats: [MP4, QTFF, WEBM, MATROSKA, MPEG_TS], source: new FilePathSource(path) })
  try {
    if (!(await input.canRead())) return undefined
    const track = await input.getPrimaryVideoTrack()
    if (!track && !(await input.getTracks()).length) return undefined
    if (!track) throw new MediaError(`${name}: the file has no video stream`)
    const codec = await track.getCodec()
    if (!codec) return undefined
    const turned = (await track.getRotation()) % 180 !== 0
    const [width, height] = [await track.getCodedWidth(), await track.getCodedHeight()]
    const hidden = codec === 'vp8'
    const packets: { time: number; key: boolean }[] = []
    const sink = new EncodedPacketSink(track)
    const first = await sink.getFirstPacket()
    // The container may call the first packet a key frame although it is none.
    const startsWithKey = !first || (await track.determinePacketType(first)) !== 'delta'
    for await (const packet of sink.packets(undefined, undefined, { metadataOnly: !hidden })) {
      // Packets that end before zero are decoded but not shown (edit lists).
      if (packet.timestamp < 0 && packet.timestamp + packet.duration <= 1e-6) continue
      if (hidden && !isShownVp8(packet.data)) continue
      packets.push({ time: packet.timestamp, key: packet.type === 'key' })
    }
    // Decoders leave out what they cannot decode before the first key frame: only decoding tells how many frames there are.
    const index = startsWithKey ? buildIndex(packets) : await indexByDecoding(path, name)
    return { width: turned ? height : width, height: turned ? width : height, codec, index }
  } finally {
    input.dispose()
  }
}

/** One line per packet: stream, dts, pts, duration, size, checksum, and flags unless it is a plain key frame. */
const readByFfmpeg = async (path: string, name: string): Promise<Read> => {
  const packets: { time: number | undefined; key: boolean }[] = []
  const found = { width: 0, height: 0, codec: '', second: 0, turned: false }
  let rest = ''
  const readLine = (line: string) => {
    const [, base, one] = /^#tb 0: (\d+)\/(\d+)/.exec(line) ?? []
    if (base && one) found.second = Number(base) / Number(one)
    const [, width, height] = /^#dimensions 0: (\d+)x(\d+)/.exec(line) ?? []
    if (width && height) Object.assign(found, { width: Number(width), height: Number(height) })
    found.codec ||= /^#codec_id 0: (\w+)/.exec(line)?.[1] ?? ''
    if (!/^\d/.test(line)) return
    const fields = line.split(',').map((field) => field.trim())
    const pts = Number(fields[2])
    packets.push({ time: Math.abs(pts) > 2 ** 62 ? undefined : pts * found.second, key: !fields.some((f) => f.startsWith('F=')) })
  }
  const decoder = new TextDecoder()
  try {
    await runFfmpeg({
      args: [...inputLimits, '-i', path, '-map', '0:V:0', '-c', 'copy', '-copyts', '-f', 'framecrc', 'pipe:1'],
      timeoutMs: demuxTimeoutMs,
      onOutput: (bytes) => {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) readLine(line)
      },
      onLine: (line) => {
        const angle = /rotation of (-?[\d.]+) degrees/.exec(line)?.[1]
        if (angle && Math.round(Math.abs(Number(angle))) % 180 === 90) found.turned = true
      },
    })
  } catch (error) {
    explain(error, name)
  }
  const { width, height, codec, turned } = found
  // Old containers number frames by storage order, so their times are not those of display.
  const index = { ...buildIndex(packets), exact: false }
  return { width: turned ? height : width, height: turned ? width : height, codec, index }
}

const read = async (path: string, name: string): Promise<Read> => {
  if (Bun.file(path).size === 0) throw new MediaError(`${name}: the file is empty`)
  const found = await readInProcess(path, name).catch((error) => {
    if (error instanceof MediaError) throw error
    return undefined
  })
  const result = found ?? (await readByFfmpeg(path, name))
  if (!result.index.times.length || !result.width || !result.height) throw new MediaError(`${name}: the video has no frames`)
  const { width, height } = result
  if (width * height > config().image_pixels)
    throw new MediaError(
      `${name}: ${width} × ${height} pixels are more than the ${config().image_pixels} that this server allows`,
    )
  return result
}

/** Storage name of the index of a media file; one for files of the share, which is not written to. */
const indexName = async (file: string): Promise<string> => {
  if (!file.startsWith('share:')) return `${file}.index`
  const { size, mtimeMs } = await stat(await mediaPath(file))
  return `cache/video-index/${createHash('sha256').update(`${file} ${size} ${mtimeMs}`).digest('hex')}.index`
}

/**
 * Size as displayed (rotation applied), codec and number of frames, without decoding.
 * Throws MediaError, which names the file, when it has no video stream or cannot be read.
 * @param file its media name (see FrameFile), if it has one already: the index is kept beside it
 */
export const probeVideo = async (path: string, name = basename(path), file?: string): Promise<VideoProbe> => {
  const { index, ...rest } = await read(path, name)
  if (file) await storage().put(await indexName(file), encodeIndex(index), { sync: false })
  const { times } = index
  return { ...rest, frames: times.length, duration: index.exact ? times.at(-1)! - times[0]! : 0 }
}

const loaded = new Map<string, Promise<VideoIndex>>()
const keepLoaded = 8

const load = async (file: string): Promise<VideoIndex> => {
  const name = await indexName(file)
  const saved = (await storage().stat(name)) ? decodeIndex(await storage().get(name)) : undefined
  if (saved) return saved
  const { index } = await read(await mediaPath(file), basename(file))
  await storage().put(name, encodeIndex(index), { sync: false })
  return index
}

/** The index of a video file; made again when it is missing. The last few stay in memory. */
export const loadIndex = (file: string, version = ''): Promise<VideoIndex> => {
  const key = `${file}\n${version}`
  const known = loaded.get(key)
  loaded.delete(key)
  const index = known ?? load(file)
  loaded.set(key, index)
  index.catch(() => loaded.delete(key))
  if (loaded.size > keepLoaded) loaded.delete(loaded.keys().next().value!)
  return index
}
