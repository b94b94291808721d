// Frames, chunks and previews of picture tasks: exact originals, close compressed ones, orientation, odd formats.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import sharp from 'sharp'
import { storage } from '../storage/storage'
import { makeFolder, runTool } from './make-test-video'
import { getChunk, getFrame, getPreview, MediaError, type TaskMedia } from './media'
import { probeImage } from './probe-image'

const folder = makeFolder('media')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const [width, height] = [60, 40]
const plain = (r: number, g: number, b: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r, g, b, alpha: 1 } } })
const colour = [200, 40, 90] as const

/** Left half red, right half blue: tells how a picture is turned. */
const twoColours = () => {
  const raw = Buffer.alloc(width * height * 3)
  for (let i = 0; i < width * height; i++) raw[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255
  return sharp(raw, { raw: { width, height, channels: 3 } })
}

let count = 0
const mediaOf = async (files: Record<string, Uint8Array>, more: Partial<TaskMedia> = {}): Promise<TaskMedia> => {
  const version = `v${++count}`
  const frames = []
  for (const [name, bytes] of Object.entries(files)) {
    const file = `data/pictures/${version}/${name}`
    await storage().put(file, bytes)
    frames.push({ file, name, ...(await probeImage(storage().localPath(file), name)) })
  }
  const chunkType = { original: 'imageset', compressed: 'imageset' } as const
  return { taskId: 3, version, imageQuality: 70, chunkType, size: frames.length, frames, ...more }
}

const pixelsOf = async (bytes: Uint8Array | string) => {
  const { data, info } = await sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  return {
    data,
    width: info.width,
    height: info.height,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3).subarray(0, 3)],
  }
}
const worstFrom = (data: Uint8Array, [r, g, b]: readonly number[]) => {
  let worst = 0
  for (let i = 0; i < data.length; i += 3)
    worst = Math.max(worst, Math.abs(data[i]! - r!), Math.abs(data[i + 1]! - g!), Math.abs(data[i + 2]! - b!))
  return worst
}

let kinds: Record<string, Uint8Array>
beforeAll(async () => {
  kinds = {
    'a.jpg': await plain(...colour)
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer(),
    'b.png': await plain(...colour)
      .png()
      .toBuffer(),
    'c.webp': await plain(...colour)
      .webp({ lossless: true })
      .toBuffer(),
    'd.tiff': await plain(...colour)
      .tiff()
      .toBuffer(),
    'e.gif': await plain(...colour)
      .gif()
      .toBuffer(),
    'f.PNG': await plain(...colour, 4)
      .png()
      .toBuffer(),
    'h.avif': await plain(...colour)
      .avif({ lossless: true })
      .toBuffer(),
  }
  writeFileSync(join(folder, 'b.png'), kinds['b.png']!)
  for (const format of ['bgr24', 'bgra']) {
    await runTool('-i', join(folder, 'b.png'), '-pix_fmt', format, join(folder, `${format}.bmp`))
    kinds[`g-${format}.bmp`] = readFileSync(join(folder, `${format}.bmp`))
  }
})

describe('chunks', () => {
  test('originals are the uploaded bytes, named by position with their own extension', async () => {
    const media = await mediaOf(kinds)
    const names = Object.keys(kinds)
    const chunk = await getChunk(media, [...names.keys()], 'original')
    expect(chunk.type).toBe('application/zip')
    const entries = Object.entries(unzipSync(await Bun.file(chunk.path).bytes()))
    expect(entries.map(([name]) => name)).toEqual(names.map((name, i) => `00000${i}.${name.split('.').at(-1)!.toLowerCase()}`))
    for (const [i, [, bytes]] of entries.entries()) expect(Buffer.from(bytes).equals(Buffer.from(kinds[names[i]!]!))).toBe(true)
  })

  test('compressed ones are JPEGs close to the source, in order', async () => {
    const media = await mediaOf(kinds)
    const numbers = [...Object.keys(kinds).keys()].reverse()
    const chunk = await getChunk(media, numbers, 'compressed')
    const entries = Object.entries(unzipSync(await Bun.file(chunk.path).bytes()))
    expect(entries.map(([name]) => name)).toEqual(numbers.map((_, i) => `00000${i}.jpeg`))
    for (const [i, [, bytes]] of entries.entries()) {
      expect(bytes[0]).toBe(0xff)
      const found = await pixelsOf(bytes)
      const name = Object.keys(kinds)[numbers[i]!]
      expect({ name, width: found.width, height: found.height, close: worstFrom(found.data, colour) <= 2 }).toEqual({
        name,
        width,
        height,
        close: true,
      })
    }
  })

  test('many frames keep their order, and the same chunk comes from the cache', async () => {
    const files: Record<string, Uint8Array> = {}
    for (let i = 0; i < 20; i++)
      files[`${i}.png`] = await plain(i * 12, i * 12, i * 12)
        .png()
        .toBuffer()
    const media = await mediaOf(files)
    const chunk = await getChunk(media, [...Array(20).keys()], 'compressed')
    const entries = Object.values(unzipSync(await Bun.file(chunk.path).bytes()))
    for (const [i, bytes] of entries.entries())
      expect(worstFrom((await pixelsOf(bytes)).data, [i * 12, i * 12, i * 12])).toBeLessThanOrEqual(2)
    expect(await getChunk(media, [...Array(20).keys()], 'compressed')).toEqual(chunk)
    expect((await getChunk({ ...media, version: 'other' }, [0], 'compressed')).etag).not.toBe(
      (await getChunk(media, [0], 'compressed')).etag,
    )
  })

  test('a null stands for one black pixel', async () => {
    const media = await mediaOf({ 'a.png': kinds['b.png']! })
    for (const [quality, name] of [
      ['compressed', '000001.jpeg'],
      ['original', '000001.png'],
    ] as const) {
      const entries = unzipSync(await Bun.file((await getChunk(media, [0, null], quality)).path).bytes())
      const black = await pixelsOf(entries[name]!)
      expect([black.width, black.height, black.at(0, 0)]).toEqual([1, 1, [0, 0, 0]])
    }
  })

  test('a JPEG that is compressed enough is passed through', async () => {
    const small = await twoColours().jpeg({ quality: 60 }).toBuffer()
    const large = await twoColours().jpeg({ quality: 95 }).toBuffer()
    const media = await mediaOf({ 'small.jpg': small, 'large.jpg': large })
    const entries = Object.values(unzipSync(await Bun.file((await getChunk(media, [0, 1], 'compressed')).path).bytes()))
    expect(Buffer.from(entries[0]!).equals(small)).toBe(true)
    expect(Buffer.from(entries[1]!).equals(large)).toBe(false)
    expect((await getFrame(media, 0, 'compressed')).path).toBe(storage().localPath(media.frames![0]!.file))
  })
})

describe('orientation', () => {
  test('is applied in both qualities, and the mark is gone', async () => {
    // Where the red half of the picture is seen: [x, y] of a red and of a blue pixel, for each orientation.
    const red: Record<number, [number, number]> = {
      1: [5, 20],
      2: [55, 20],
      3: [55, 20],
      4: [5, 20],
      5: [20, 5],
      6: [20, 5],
      7: [20, 55],
      8: [20, 55],
    }
    for (const format of ['jpeg', 'tiff', 'webp', 'png'] as const) {
      for (let orientation = 2; orientation <= 8; orientation++) {
        const turned = await twoColours().withMetadata({ orientation })[format]().toBuffer()
        const media = await mediaOf({ [`turned.${format}`]: turned })
        for (const quality of ['original', 'compressed'] as const) {
          const frame = await getFrame(media, 0, quality)
          expect(frame.type).toBe(quality === 'original' ? `image/${format}` : 'image/jpeg')
          expect((await sharp(frame.path).metadata()).orientation ?? 1).toBe(1)
          const found = await pixelsOf(frame.path)
          expect([found.width, found.height]).toEqual(orientation >= 5 ? [height, width] : [width, height])
          const [x, y] = red[orientation]!
          expect({ format, orientation, quality, red: found.at(x, y)[0]! > 240 }).toEqual({
            format,
            orientation,
            quality,
            red: true,
          })
          const entries = Object.values(unzipSync(await Bun.file((await getChunk(media, [0], quality)).path).bytes()))
          expect((await sharp(entries[0]!).metadata()).width).toBe(found.width)
        }
      }
    }
  })
})

describe('single frames', () => {
  test('the original is the stored file itself', async () => {
    const types = ['jpeg', 'png', 'webp', 'tiff', 'gif', 'png', 'avif', 'bmp', 'bmp']
    const media = await mediaOf(kinds)
    for (const [number, name] of Object.keys(kinds).entries()) {
      const frame = await getFrame(media, number, 'original')
      expect(frame).toMatchObject({
        path: storage().localPath(media.frames![number]!.file),
        type: `image/${types[number]}`,
        size: kinds[name]!.length,
      })
      expect(await getFrame(media, number, 'original')).toEqual(frame)
    }
  })

  test('grey pictures of 16 bits are stretched to what can be seen', async () => {
    const raw = new Uint16Array(width * height).fill(1000)
    raw.fill(4000, 0, raw.length / 2)
    const bytes = await sharp(raw, { raw: { width, height, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer()
    expect((await sharp(bytes).metadata()).depth).toBe('ushort')
    const found = await pixelsOf((await getFrame(await mediaOf({ 'x.png': bytes }), 0, 'compressed')).path)
    expect(found.at(30, 5)[0]).toBeGreaterThan(250)
    expect(Math.abs(found.at(30, 35)[0]! - 64)).toBeLessThanOrEqual(2)
  })

  test('CMYK pictures are shown in RGB', async () => {
    const bytes = await plain(...colour)
      .toColourspace('cmyk')
      .jpeg({ quality: 95 })
      .toBuffer()
    expect((await sharp(bytes).metadata()).space).toBe('cmyk')
    const frame = await getFrame(await mediaOf({ 'x.jpg': bytes }), 0, 'compressed')
    expect((await sharp(frame.path).metadata()).channels).toBe(3)
  })

  test('previews fit into 256 pixels and are never enlarged', async () => {
    const large = await plain(...colour)
      .resize(1200, 300, { fit: 'fill' })
      .png()
      .toBuffer()
    const media = await mediaOf({
      'large.png': large,
      'small.png': kinds['b.png']!,
      'large.jpg': await sharp(large).jpeg().toBuffer(),
    })
    expect(await sharp((await getPreview(media, 0)).path).metadata()).toMatchObject({ width: 256, height: 64, format: 'jpeg' })
    expect(await sharp((await getPreview(media, 1)).path).metadata()).toMatchObject({ width, height })
    expect(await sharp((await getPreview(media, 2)).path).metadata()).toMatchObject({ width: 256, height: 64 })
  })

  test('errors name the picture', async () => {
    const media = await mediaOf({ 'good.png': kinds['b.png']!, 'gone.png': kinds['b.png']! })
    await storage().remove(media.frames![1]!.file)
    const gone = await getFrame(media, 1, 'compressed').catch((e) => e)
    expect(gone).toBeInstanceOf(MediaError)
    expect(gone.message).toBe('gone.png: the file is gone')
    expect(await getChunk(media, [0, 1], 'compressed').catch((e) => e.message)).toBe('gone.png: the file is gone')
    expect(await getFrame(media, 2, 'original').catch((e) => e.message)).toBe('there is no frame 2')
    const damaged = Buffer.from(kinds['b.png']!)
    damaged.fill(0, 50, damaged.length - 12)
    await storage().put(media.frames![0]!.file, damaged)
    expect((await getFrame(media, 0, 'compressed').catch((e) => e)).message ?? 'shown').toMatch(
      /^good\.png: cannot be decoded|shown/,
    )
  })
})
