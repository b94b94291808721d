// The packet index of a video: when each frame is shown and which frames can be decoded alone; kept in a compact binary file.

export type VideoIndex = {
  /** Seconds at which frame n is shown, ascending; its length is the number of frames. */
  times: Float64Array
  /** 1 where frame n is a key frame. */
  keys: Uint8Array
  /** Whether `times` can be trusted for seeking; else frames are found by counting from the start. */
  exact: boolean
}

const magic = 0x31495641 // "AVI1" in little endian
const headerBytes = 16

/** Layout, little endian: magic u32, flags u32 (1 = exact), frames u32, 0 u32, times f64 × frames, key bits. */
export const encodeIndex = ({ times, keys, exact }: VideoIndex): Uint8Array => {
  const count = times.length
  const bytes = new Uint8Array(headerBytes + 8 * count + Math.ceil(count / 8))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic, true)
  view.setUint32(4, exact ? 1 : 0, true)
  view.setUint32(8, count, true)
  for (let n = 0; n < count; n++) {
    view.setFloat64(headerBytes + 8 * n, times[n]!, true)
    if (keys[n]) bytes[headerBytes + 8 * count + (n >> 3)]! |= 1 << (n & 7)
  }
  return bytes
}

/** Undefined when the bytes are no index. */
export const decodeIndex = (bytes: Uint8Array): VideoIndex | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < headerBytes || view.getUint32(0, true) !== magic) return undefined
  const count = view.getUint32(8, true)
  if (bytes.length !== headerBytes + 8 * count + Math.ceil(count / 8)) return undefined
  const times = Float64Array.from({ length: count }, (_, n) => view.getFloat64(headerBytes + 8 * n, true))
  const keys = Uint8Array.from({ length: count }, (_, n) => (bytes[headerBytes + 8 * count + (n >> 3)]! >> (n & 7)) & 1)
  return { times, keys, exact: (view.getUint32(4, true) & 1) === 1 }
}

/** Orders packets as they are shown. `time` in seconds; undefined times make the index inexact and keep the stored order. */
export const buildIndex = (packets: { time: number | undefined; key: boolean }[]): VideoIndex => {
  const known = packets.every(({ time }) => time !== undefined)
  const ordered = known ? [...packets].sort((a, b) => a.time! - b.time!) : packets
  return {
    times: Float64Array.from(ordered, ({ time }, n) => (known ? time! : n)),
    keys: Uint8Array.from(ordered, ({ key }) => (key ? 1 : 0)),
    exact: known && ordered.every(({ time }, n) => n === 0 || time! > ordered[n - 1]!.time!),
  }
}

/** The last key frame at or before `frame`, or 0. */
export const keyBefore = ({ keys }: VideoIndex, frame: number): number => {
  for (let n = frame; n > 0; n--) if (keys[n]) return n
  return 0
}
