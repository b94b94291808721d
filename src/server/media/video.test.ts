// Videos of many kinds: probing, the index, exact frames and chunks, and refusals.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { config, readConfig, setConfig } from '../config'
import { storage } from '../storage/storage'
import { makeFolder, makeVideo, readNumbers, runTool, testFrames } from './make-test-video'
import { getChunk, getFrame, getPreview, type TaskMedia } from './media'
import { probeImage } from './probe-image'
import { loadIndex, probeVideo } from './probe-video'
import { MediaError } from './task-media'
import { buildIndex, decodeIndex, encodeIndex } from './video-index'

// Many short runs of ffmpeg: slow on a busy machine.
setDefaultTimeout(120_000)
const folder = makeFolder('video')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '5', '-pix_fmt', 'yuv420p']
const bFrames = [...x264, '-bf', '3', '-g', '12', '-x264-params', 'b-adapt=0:scenecut=0']

/** How each video is made. */
const recipes: Record<string, () => Promise<unknown>> = {
  'b-frames.mp4': () => makeVideo([...bFrames, at('b-frames.mp4')]),
  'one-key.mp4': () => makeVideo([...x264, '-g', '9999', at('one-key.mp4')]),
  'late.mp4': () => runTool('-itsoffset', '1.5', '-i', at('b-frames.mp4'), '-c', 'copy', at('late.mp4')),
  'b-frames.mkv': () => runTool('-i', at('b-frames.mp4'), '-c', 'copy', at('b-frames.mkv')),
  'b-frames.ts': () => runTool('-i', at('b-frames.mp4'), '-c', 'copy', at('b-frames.ts')),
  'vp9.webm': () => makeVideo(['-c:v', 'libvpx-vp9', '-crf', '10', '-b:v', '0', '-cpu-used', '8', '-g', '20', at('vp9.webm')]),
  'vp8-hidden.webm': () =>
    makeVideo([
      '-c:v',
      'libvpx',
      '-crf',
      '4',
      '-b:v',
      '4M',
      '-auto-alt-ref',
      '1',
      '-lag-in-frames',
      '16',
      '-g',
      '20',
      at('vp8-hidden.webm'),
    ]),
  'old.avi': () => makeVideo(['-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', '-g', '10', at('old.avi')]),
  'fast.mp4': () => makeVideo([...bFrames, at('fast.mp4')], { rate: 60 }),
  'slow.mp4': () => makeVideo([...bFrames, at('slow.mp4')], { rate: 7 }),
  'uneven.mp4': () => makeVideo(['-vf', 'settb=1/1000,setpts=N*40+17*mod(N\\,3)', '-vsync', 'vfr', ...bFrames, at('uneven.mp4')]),
  'no-key.mp4': () => runTool('-i', at('b-frames.mp4'), '-c', 'copy', '-bsf:v', 'noise=drop=not(n)', at('no-key.mp4')),
}
const exact = [
  'b-frames.mp4',
  'one-key.mp4',
  'late.mp4',
  'b-frames.mkv',
  'b-frames.ts',
  'vp9.webm',
  'vp8-hidden.webm',
  'old.avi',
  'fast.mp4',
  'slow.mp4',
  'uneven.mp4',
]

beforeAll(async () => {
  for (const make of Object.values(recipes)) await make()
  for (const name of Object.keys(recipes)) await storage().put(`data/${name}`, Bun.file(at(name)))
})

const mediaOf = async (name: string, more: Partial<TaskMedia> = {}, step = 1): Promise<TaskMedia> => {
  const file = `data/${name}`
  const { width, height, frames } = await probeVideo(storage().localPath(file), name, file)
  return {
    taskId: 1,
    version: name,
    imageQuality: 70,
    chunkType: { original: 'video', compressed: 'video' },
    size: Math.ceil(frames / step),
    video: { file, name, width, height, startFrame: 0, step },
    ...more,
  }
}
const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i)

describe('probing', () => {
  test('counts the frames that are shown', async () => {
    for (const name of exact) {
      const probe = await probeVideo(at(name))
      expect({ name, ...probe }).toMatchObject({ name, width: 64, height: 48, frames: testFrames })
    }
    expect((await probeVideo(at('b-frames.mp4'))).codec).toBe('avc')
    expect((await probeVideo(at('old.avi'))).codec).toBe('mpeg4')
  })

  test('sizes are those of display', async () => {
    await runTool('-i', at('b-frames.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4'))
    expect(await probeVideo(at('turned.mp4'))).toMatchObject({ width: 48, height: 64 })
    await makeVideo(['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv444p', at('odd.webm')], { width: 61, height: 41, frames: 3 })
    expect(await probeVideo(at('odd.webm'))).toMatchObject({ width: 61, height: 41, frames: 3 })
  })

  test('the index survives writing and reading', async () => {
    const index = buildIndex(range(0, 21).map((n) => ({ time: (20 - n) / 30, key: n % 7 === 0 })))
    expect(index.times[0]).toBe(0)
    expect([...index.keys]).toEqual(range(0, 21).map((n) => (n % 7 === 6 ? 1 : 0)))
    expect(decodeIndex(encodeIndex(index))).toEqual(index)
    expect(decodeIndex(encodeIndex(index).subarray(1))).toBeUndefined()
  })

  test('refusals name the file', async () => {
    const refuse = async (path: string, message: RegExp) => {
      const error = await probeVideo(path, 'my clip.mp4').catch((e) => e)
      expect(error).toBeInstanceOf(MediaError)
      expect(error.message).toMatch(message)
      expect(error.message).toStartWith('my clip.mp4: ')
    }
    await runTool('-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', at('sound.mp4'))
    await refuse(at('sound.mp4'), /no video stream/)
    await runTool('-f', 'lavfi', '-i', 'sine=duration=1', at('sound.avi'))
    await refuse(at('sound.avi'), /no video stream/)
    writeFileSync(at('text.mp4'), 'this is no video')
    await refuse(at('text.mp4'), /cannot be read/)
    writeFileSync(at('empty.mp4'), '')
    await refuse(at('empty.mp4'), /empty/)
    writeFileSync(at('cut.mp4'), new Uint8Array(await Bun.file(at('b-frames.mp4')).slice(0, 3000).arrayBuffer()))
    await refuse(at('cut.mp4'), /cannot be read/)
  })

  test('playlists are never followed', async () => {
    writeFileSync(at('list.m3u8'), `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${at('b-frames.ts')}\n#EXT-X-ENDLIST\n`)
    writeFileSync(at('list.txt'), `ffconcat version 1.0\nfile b-frames.mp4\n`)
    for (const name of ['list.m3u8', 'list.txt']) expect(probeVideo(at(name))).rejects.toThrow(MediaError)
  })
})

describe('chunks', () => {
  test('hold exactly the frames asked for, close to the source, in every kind of file', async () => {
    for (const name of exact) {
      const media = await mediaOf(name)
      for (const numbers of [range(0, 20), range(29, 49), range(57, 60)]) {
        const chunk = await getChunk(media, numbers, 'compressed')
        expect(chunk.type).toBe('video/mp4')
        const found = await readNumbers(chunk.path)
        expect({ name, ...found, worst: found.worst <= 2 }).toEqual({ name, numbers, worst: true, width: 64, height: 48 })
      }
    }
  })

  test('steps and gaps', async () => {
    const media = await mediaOf('b-frames.mp4', {}, 7)
    expect((await readNumbers((await getChunk(media, [1, 2, 3, 5], 'original')).path)).numbers).toEqual([7, 14, 21, 35])
    expect((await readNumbers((await getChunk(media, [4], 'compressed')).path)).numbers).toEqual([28])
  })

  test('a file without usable key frames works, with the count kept', async () => {
    const media = await mediaOf('no-key.mp4')
    const { numbers } = await readNumbers((await getChunk(media, range(0, media.size), 'compressed')).path)
    // What stood before the first key frame left is lost; the rest is there, in order.
    expect(numbers).toEqual(range(testFrames - media.size, testFrames))
    expect((await readNumbers((await getFrame(media, 5, 'original')).path)).numbers).toEqual([numbers[5]!])
    expect((await getFrame(media, media.size - 1, 'original')).type).toBe('image/png')
  })

  test('as zips of pictures, with black ones for frames outside the job', async () => {
    const media = await mediaOf('b-frames.mp4', { chunkType: { original: 'imageset', compressed: 'imageset' } })
    for (const [quality, extension] of [
      ['compressed', '.jpeg'],
      ['original', '.png'],
    ] as const) {
      const chunk = await getChunk(media, [3, null, 40], quality)
      expect(chunk.type).toBe('application/zip')
      const { unzipSync } = await import('fflate')
      const entries = unzipSync(await Bun.file(chunk.path).bytes())
      expect(Object.keys(entries)).toEqual([0, 1, 2].map((n) => `00000${n}${extension}`))
      const levels = []
      for (const [name, bytes] of Object.entries(entries)) {
        writeFileSync(at(name), bytes)
        levels.push((await readNumbers(at(name))).numbers[0])
      }
      expect(levels).toEqual([3, 0, 40])
      expect(await probeImage(at(`000001${extension}`))).toMatchObject({ width: 1, height: 1 })
    }
  })

  test('odd sizes become even, turned videos upright', async () => {
    await storage().put('data/odd.webm', Bun.file(at('odd.webm')))
    await storage().put('data/turned.mp4', Bun.file(at('turned.mp4')))
    expect(await readNumbers((await getChunk(await mediaOf('odd.webm'), [0, 2], 'compressed')).path)).toMatchObject({
      width: 62,
      height: 42,
    })
    expect(await readNumbers((await getChunk(await mediaOf('turned.mp4'), [9], 'compressed')).path)).toMatchObject({
      width: 48,
      height: 64,
    })
  })

  test('wrong frames are refused', async () => {
    const media = await mediaOf('b-frames.mp4')
    expect(getChunk(media, [], 'compressed')).rejects.toThrow(MediaError)
    expect(getChunk(media, [testFrames], 'compressed')).rejects.toThrow(MediaError)
    expect(getFrame(media, testFrames, 'compressed')).rejects.toThrow(MediaError)
    expect(getFrame(media, -1, 'compressed')).rejects.toThrow(MediaError)
  })
})

describe('single frames', () => {
  test('original as PNG, compressed as JPEG, with the next ones made along', async () => {
    const media = await mediaOf('b-frames.mp4', { version: 'frames' })
    for (const [quality, type] of [
      ['original', 'image/png'],
      ['compressed', 'image/jpeg'],
    ] as const) {
      for (const number of [30, 31, 33, 29, 0, 59]) {
        const frame = await getFrame(media, number, quality)
        expect(frame.type).toBe(type)
        const found = await readNumbers(frame.path)
        expect({ number, quality, numbers: found.numbers, close: found.worst <= 2 }).toEqual({
          number,
          quality,
          numbers: [number],
          close: true,
        })
      }
    }
  })

  test('in order, for any frame rate', async () => {
    for (const name of ['fast.mp4', 'slow.mp4', 'uneven.mp4']) {
      const media = await mediaOf(name, { version: `order ${name}` })
      const frames = await Promise.all(range(20, 40).map((number) => getFrame(media, number, 'compressed')))
      const found = await Promise.all([0, 7, 19].map(async (i) => (await readNumbers(frames[i]!.path)).numbers[0]))
      expect({ name, found }).toEqual({ name, found: [20, 27, 39] })
    }
  })

  test('the same frame asked for many times at once is made once and has one ETag', async () => {
    const media = await mediaOf('b-frames.mp4', { version: 'at once' })
    const frames = await Promise.all([12, 12, 13, 12, 14].map((n) => getFrame(media, n, 'compressed')))
    expect(new Set([frames[0]!.etag, frames[1]!.etag, frames[3]!.etag]).size).toBe(1)
    expect(await Promise.all(frames.map(async ({ path }) => (await readNumbers(path)).numbers[0]))).toEqual([12, 12, 13, 12, 14])
  })

  test('previews fit into 256 pixels', async () => {
    const preview = await getPreview(await mediaOf('b-frames.mp4'), 10)
    expect(preview.type).toBe('image/jpeg')
    expect((await readNumbers(preview.path)).numbers).toEqual([10])
  })
})

test('a lost index is made again', async () => {
  const media = await mediaOf('b-frames.mp4')
  await storage().remove(`${media.video!.file}.index`)
  expect((await loadIndex(media.video!.file, 'again')).times).toHaveLength(testFrames)
  expect(await storage().stat(`${media.video!.file}.index`)).toBeDefined()
})

test('files of the share are read, but nothing outside it', async () => {
  const before = config()
  setConfig({ ...readConfig(), share_dir: folder })
  try {
    expect((await loadIndex('share:b-frames.mp4')).times).toHaveLength(testFrames)
    expect(loadIndex('share:../../etc/passwd')).rejects.toThrow()
  } finally {
    setConfig(before)
  }
})

test('without ffmpeg the error says so', async () => {
  const media = await mediaOf('b-frames.mp4', { version: 'no ffmpeg' })
  const path = process.env.PATH
  process.env.PATH = folder
  try {
    const error = await getFrame(media, 0, 'compressed').catch((e) => e)
    expect(error).toBeInstanceOf(MediaError)
    expect(error.message).toContain('ffmpeg, which is not installed')
  } finally {
    process.env.PATH = path
  }
})
