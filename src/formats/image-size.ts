// Width and height from the first bytes of a picture, for datasets whose annotations are relative to them.

/** Bytes that are enough for all but JPEGs with very large headers. */
export const imageHeadBytes = 1 << 18

type Size = { width: number; height: number }

/** The size of a PNG, JPEG, GIF, BMP or WebP as it is displayed; nothing for other bytes. */
export function readImageSize(head: Uint8Array): Size | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  for (const read of [readPng, readJpeg, readGif, readBmp, readWebp]) {
    try {
      const size = read(bytes)
      if (size) return size.width > 0 && size.height > 0 ? size : undefined
    } catch {
      // The head ends too early; no other kind starts alike.
      return undefined
    }
  }
  return undefined
}

function readPng(bytes: Buffer): Size | undefined {
  if (bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return undefined
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

function readGif(bytes: Buffer): Size | undefined {
  if (!/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return undefined
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
}

function readBmp(bytes: Buffer): Size | undefined {
  if (bytes.toString('latin1', 0, 2) !== 'BM') return undefined
  return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) }
}

function readWebp(bytes: Buffer): Size | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') return undefined
  const kind = bytes.toString('latin1', 12, 16)
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8L') {
    const bits = bytes.readUInt32LE(21)
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
}

function readJpeg(bytes: Buffer): Size | undefined {
  if (bytes.readUInt16BE(0) !== 0xffd8) return undefined
  let isTurned = false
  for (let at = 2; ; ) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++
    const marker = bytes.readUInt16BE(at)
    const length = bytes.readUInt16BE(at + 2)
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)
    if (isFrame) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)]
      return isTurned ? { width: height, height: width } : { width, height }
    }
    if (marker < 0xff00 || marker === 0xffda) return undefined
    if (marker === 0xffe1) isTurned ||= readOrientation(bytes.subarray(at + 4, at + 2 + length)) >= 5
    at += 2 + length
  }
}

/** The orientation that EXIF gives, 1 when it gives none. */
function readOrientation(segment: Buffer): number {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0') return 1
  const tiff = segment.subarray(6)
  const isLittle = tiff.toString('latin1', 0, 2) === 'II'
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const long = (at: number) => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
  try {
    const table = long(4)
    for (let entry = 0; entry < short(table); entry++) {
      const at = table + 2 + 12 * entry
      if (short(at) === 0x0112) return short(at + 8)
    }
  } catch {
    // A damaged table says nothing.
  }
  return 1
}
