// Pictures are found again however the stream is cut into blocks.
import { expect, test } from 'bun:test'
import sharp from 'sharp'
import { type PipedFormat, splitImages } from './split-images'

test('pictures come out whole for any size of blocks', async () => {
  for (const format of ['jpeg', 'png'] as PipedFormat[]) {
    const pictures: Buffer[] = []
    for (const side of [1, 9, 40]) {
      const noise = Buffer.from(Array.from({ length: side * side * 3 }, (_, i) => (i * 7919) % 253))
      pictures.push(
        await sharp(noise, { raw: { width: side, height: side, channels: 3 } })
          .toFormat(format)
          .toBuffer(),
      )
    }
    const stream = Buffer.concat(pictures)
    for (const block of [1, 2, 3, 5, 7, 8, 9, 64, 1000, stream.length]) {
      const split = splitImages(format)
      const found: Uint8Array[] = []
      for (let start = 0; start < stream.length; start += block) found.push(...split(stream.subarray(start, start + block)))
      expect(found.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(pictures.map((bytes) => bytes.toString('hex')))
    }
  }
})
