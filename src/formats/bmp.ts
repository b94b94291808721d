// Writes and reads uncompressed BMP pictures.

import { FormatError } from './format-error'

/** Pixels row by row from the top, each a number 0xrrggbb. */
export type BmpPicture = { width: number; height: number; colours: Uint32Array }

const headerBytes = 54

/** The picture as a file of 24 bits per pixel. */
export function encodeBmp({ width, height, colours }: BmpPicture): Uint8Array {
  const rowBytes = Math.ceil((width * 3) / 4) * 4
  const bytes = Buffer.alloc(headerBytes + rowBytes * height)
  bytes.write('BM', 0, 'latin1')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(headerBytes, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  bytes.writeUInt32LE(rowBytes * height, 34)
  for (let row = 0; row < height; row++) {
    let at = headerBytes + (height - 1 - row) * rowBytes
    for (let column = 0; column < width; column++, at += 3) bytes.writeUIntLE(colours[row * width + column]!, at, 3)
  }
  return bytes
}

/**
 * Reads a picture of 8 (palette), 24 or 32 bits per pixel. `expected` is the size that it must have, where it is known. Throws
 * FormatError for other kinds, other sizes and incomplete files.
 */
export function decodeBmp(file: Uint8Array, name: string, expected: { width: number; height: number }): BmpPicture {
  const fail = (reason: string) => new FormatError(reason, { file: name })
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, 2) !== 'BM') throw fail('This is not a BMP picture')
  const [width, signedHeight] = [bytes.readInt32LE(18), bytes.readInt32LE(22)]
  const height = Math.abs(signedHeight)
  const [bits, compression, start] = [bytes.readUInt16LE(28), bytes.readUInt32LE(30), bytes.readUInt32LE(10)]
  const isPlain = compression === 0 || (compression === 3 && bits === 32)
  if (![8, 24, 32].includes(bits) || !isPlain) throw fail('Only BMP pictures of 8, 24 or 32 bits without compression are read')
  if ((expected.width > 0 && width !== expected.width) || (expected.height > 0 && height !== expected.height)) {
    throw fail(`The picture has ${width}x${height} pixels, its frame ${expected.width}x${expected.height}`)
  }
  const pixelBytes = bits / 8
  const rowBytes = Math.ceil((width * pixelBytes) / 4) * 4
  const paletteAt = 14 + bytes.readUInt32LE(14)
  if (width < 1 || height < 1 || start + rowBytes * height > bytes.length || (bits === 8 && paletteAt + 1024 > start)) {
    throw fail('The BMP picture is incomplete')
  }
  const colours = new Uint32Array(width * height)
  for (let row = 0; row < height; row++) {
    let at = start + (signedHeight > 0 ? height - 1 - row : row) * rowBytes
    for (let column = 0; column < width; column++, at += pixelBytes) {
      colours[row * width + column] = bytes.readUIntLE(bits === 8 ? paletteAt + 4 * bytes[at]! : at, 3)
    }
  }
  return { width, height, colours }
}
