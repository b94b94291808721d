// Cuts the stream of pictures that ffmpeg writes to a pipe into single ones.

export type PipedFormat = 'png' | 'jpeg'

// Neither mark can stand inside the coded data of ffmpeg's own encoders: JPEG stuffs 0xff, and this chunk of PNG has a fixed checksum.
const endMarks: Record<PipedFormat, Buffer> = {
  jpeg: Buffer.from([0xff, 0xd9]),
  png: Buffer.from('IEND\xae\x42\x60\x82', 'latin1'),
}

/** Answers a function that takes bytes in order and gives back the pictures that are complete. */
export const splitImages = (format: PipedFormat) => {
  const mark = endMarks[format]
  let parts: Buffer[] = []
  let overlap = Buffer.alloc(0)
  return (bytes: Uint8Array): Uint8Array[] => {
    const images: Uint8Array[] = []
    let data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (;;) {
      // The mark may be cut by the end of a block, so the last bytes of the one before are looked at again.
      const joined = overlap.length ? Buffer.concat([overlap, data.subarray(0, mark.length - 1)]) : overlap
      const across = overlap.length ? joined.indexOf(mark) : -1
      const found = across >= 0 ? across - overlap.length : data.indexOf(mark)
      if (found < 0 && across < 0) break
      const end = found + mark.length
      images.push(Buffer.concat([...parts, data.subarray(0, end)]))
      data = data.subarray(end)
      parts = []
      overlap = Buffer.alloc(0)
    }
    if (data.length) {
      parts.push(Buffer.from(data))
      overlap = Buffer.concat([overlap, data.subarray(-mark.length)]).subarray(-(mark.length - 1))
    }
    return images
  }
}
