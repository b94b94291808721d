// Sizes, orientation and refusals of pictures, with real files.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { probeImage, readImageHeader } from './probe-image'
import { MediaError } from './task-media'

const folder = mkdtempSync(join(tmpdir(), 'annolith-probe-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const write = (name: string, bytes: Uint8Array | string) => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

const noise = Buffer.from(Array.from({ length: 61 * 40 * 3 }, (_, i) => (i * 7919) % 251))
const picture = () => sharp(noise, { raw: { width: 61, height: 40, channels: 3 } })

/** 24-bit BMP, rows from the bottom, padded to 4 bytes. */
const makeBmp = (width: number, height: number) => {
  const stride = Math.ceil((width * 3) / 4) * 4
  const bytes = Buffer.alloc(54 + stride * height, 90)
  bytes.fill(0, 0, 54)
  bytes.write('BM')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  return bytes
}

const pngHeader = (width: number, height: number) => {
  const bytes = Buffer.alloc(8 + 25 + 12)
  bytes.write('\x89PNG\r\n\x1a\n', 'latin1')
  bytes.writeUInt32BE(13, 8)
  bytes.write('IHDR', 12)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  bytes.write('\x08\x02\0\0\0', 24, 'latin1')
  bytes.write('\0\0\0\0IEND\xae\x42\x60\x82', 33, 'latin1')
  return bytes
}

let files: Record<string, Uint8Array>
beforeAll(async () => {
  files = {
    jpeg: await picture().jpeg().toBuffer(),
    progressive: await picture().jpeg({ progressive: true }).toBuffer(),
    png: await picture().png().toBuffer(),
    webp: await picture().webp().toBuffer(),
    'webp-lossless': await picture().webp({ lossless: true }).toBuffer(),
    tiff: await picture().tiff().toBuffer(),
    'tiff-tiled': await picture().tiff({ tile: true, tileWidth: 16, tileHeight: 16, bigtiff: true }).toBuffer(),
    gif: await picture().gif().toBuffer(),
    avif: await picture().avif().toBuffer(),
    bmp: makeBmp(61, 40),
  }
})

describe('sizes', () => {
  test('of every kind of picture', async () => {
    for (const [kind, bytes] of Object.entries(files)) {
      const found = await probeImage(write(kind, bytes))
      expect({ kind, ...found }).toMatchObject({ kind, width: 61, height: 40, orientation: 1 })
    }
  })

  test('as displayed, for every EXIF orientation and kind', async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const turned = picture().withMetadata({ orientation })
      for (const bytes of [await turned.jpeg().toBuffer(), await turned.tiff().toBuffer(), await turned.webp().toBuffer()]) {
        const { width, height, ...rest } = await probeImage(write('turned', bytes))
        expect(rest.orientation).toBe(orientation)
        expect([width, height]).toEqual(orientation >= 5 ? [40, 61] : [61, 40])
      }
    }
  })

  test('bytes behind the end of a picture do no harm', async () => {
    const trailing = Buffer.alloc(10_000, 7)
    for (const kind of ['jpeg', 'png']) {
      expect(await probeImage(write('trailing', Buffer.concat([files[kind]!, trailing])))).toMatchObject({ width: 61 })
    }
  })

  test('the quality of a JPEG is read from its tables', async () => {
    for (const quality of [50, 70, 95]) {
      const header = await readImageHeader(write('quality', await picture().jpeg({ quality }).toBuffer()))
      expect(Math.abs(header!.quality! - quality)).toBeLessThanOrEqual(1)
    }
  })
})

describe('refusals name the file', () => {
  const refuse = async (bytes: Uint8Array | string, message: RegExp) => {
    const error = await probeImage(write('bad', bytes), 'a/bad picture.jpg').catch((e) => e)
    expect(error).toBeInstanceOf(MediaError)
    expect(error.message).toStartWith('a/bad picture.jpg: ')
    expect(error.message).toMatch(message)
  }

  test('empty', () => refuse('', /empty/))
  test('not a picture', async () => {
    await refuse('hello, this is text', /not a picture/)
    await refuse('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /not a picture/)
    await refuse(new Uint8Array([0xff, 0xd8, 0xff]), /not a picture/)
    await refuse('BM', /not a picture/)
  })
  test('cut off', async () => {
    for (const kind of ['jpeg', 'progressive', 'png', 'webp', 'tiff', 'bmp', 'avif']) {
      const bytes = files[kind]!
      await refuse(bytes.subarray(0, Math.floor(bytes.length * 0.7)), /cut off|not a picture/)
      // The last bytes of a TIFF need not belong to the picture.
      if (kind !== 'tiff') await refuse(bytes.subarray(0, bytes.length - 3), /cut off/)
    }
  })
  test('a cut JPEG whose thumbnail is whole', async () => {
    const exif = Buffer.alloc(34)
    exif.set([0xff, 0xd8, 0xff, 0xe1, 0, 30])
    exif.write('Exif\0\0II*\0', 6, 'latin1')
    exif.set([0xff, 0xd8, 0xff, 0xd9], 24)
    await refuse(Buffer.concat([exif, files.jpeg!.subarray(2, 900)]), /cut off/)
  })
  test('too large, from the header alone', async () => {
    await refuse(pngHeader(40_000, 40_000), /more than the 500000000/)
    await refuse(pngHeader(70_000, 10), /at most 65500/)
    await refuse(pngHeader(0, 10), /no area/)
  })
})

test('bytes are only read', async () => {
  const path = write('same', files.jpeg!)
  await probeImage(path)
  expect(readFileSync(path).equals(Buffer.from(files.jpeg!))).toBe(true)
})
