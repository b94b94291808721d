// Tasks of archives, documents, animations and several videos: what becomes a frame, under which name, and what is refused.
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { unzipSync, zipSync } from 'fflate'
import sharp from 'sharp'
import { config } from '../config'
import { tx } from '../db/open'
import { runRequest } from '../requests/service'
import { storage } from '../storage/storage'
import { ingestTask } from './service'
import { openContents } from './sources/contents/open-contents'
import {
  attach,
  type Bytes,
  createTask,
  get,
  getBytes,
  getMeta,
  type NamedBytes,
  namesOf,
  paint,
  pdfOf,
  sendFiles,
  tarOf,
  taskOf,
  tiffOf,
  zipOf,
} from './task-fixture'

setDefaultTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'annolith-contents-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const pictures = async (names: string[]): Promise<NamedBytes[]> =>
  Promise.all(names.map(async (name, i): Promise<NamedBytes> => [name, await paint('png', 0x111111 * (i + 1))]))
const rawFiles = (task: number) => {
  const raw = join(config().dataDir, `data/${task}/raw`)
  return existsSync(raw) ? readdirSync(raw, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : []
}
const compress = (program: string, bytes: Uint8Array): Bytes => {
  const { stdout, exitCode } = Bun.spawnSync([program, '-c'], { stdin: Buffer.from(bytes) })
  if (exitCode) throw new Error(`${program} failed`)
  return new Uint8Array(stdout)
}

/** A refusal: nothing of the task is left, and it can be given data again. */
const expectRefused = async (files: NamedBytes[], why: RegExp, fields: Record<string, string> = {}) => {
  const task = await createTask()
  const { status, message } = await attach(task, files, fields)
  expect([status, message]).toEqual(['failed', expect.stringMatching(why)])
  expect(rawFiles(task)).toEqual([])
  expect((await get(`/api/tasks/${task}/data/meta`)).status).toBe(404)
  expect(await attach(task, [['ok.png', await paint('png')]])).toMatchObject({ status: 'finished' })
}

describe('archives', () => {
  const names = ['b/2.png', 'b/10.png', 'a.png', 'b/1.png']

  test('a zip: paths inside are names, in lexicographical order, the bytes unchanged, the archive itself gone', async () => {
    const files = await pictures(names)
    const junk: NamedBytes[] = [
      ['__MACOSX/b/._1.png', new Uint8Array(5)],
      ['.hidden/x.png', new Uint8Array(5)],
      ['b/.DS_Store', new Uint8Array(5)],
      ['readme.txt', new Uint8Array(5)],
    ]
    const task = await taskOf([['set.zip', zipOf([...files, ...junk])]])
    expect(await namesOf(task)).toEqual(['a.png', 'b/1.png', 'b/10.png', 'b/2.png'])
    const { bytes } = await getBytes(`/api/tasks/${task}/data?type=chunk&number=0&quality=original`)
    const chunk = unzipSync(bytes)
    expect(Object.keys(chunk)).toEqual(['000000.png', '000001.png', '000002.png', '000003.png'])
    expect(Buffer.compare(chunk['000003.png']!, files[0]![1])).toBe(0)
    expect(
      rawFiles(task)
        .map(({ name }) => name)
        .filter((name) => name.endsWith('zip')),
    ).toEqual([])
    expect(rawFiles(task)).toHaveLength(4)
  })

  test('a run that was cut off after its commit is repeated: frames stay, the archive goes', async () => {
    const task = await createTask()
    const answer = await sendFiles(task, [['set.zip', zipOf(await pictures(names))]])
    const id = answer.json.rq_id as string
    await runRequest(id, ingestTask)
    await storage().put(`data/${task}/raw/left-set.zip`, 'left over')
    const { requests } = await import('../requests/schema')
    await tx(async (t) => void (await t.update(requests).set({ status: 'started' }).where(eq(requests.id, id))))
    await runRequest(id, ingestTask)
    expect((await get(`/api/requests/${encodeURIComponent(id)}`)).json).toMatchObject({ status: 'finished', message: '' })
    expect(rawFiles(task)).toHaveLength(4)
    expect(await namesOf(task)).toEqual(names.toSorted())
  })

  test('natural order, the order of the archive, and jobs by names inside', async () => {
    const files = await pictures(names)
    const natural = await taskOf([['set.zip', zipOf(files)]], { sorting_method: 'natural' })
    expect(await namesOf(natural)).toEqual(['a.png', 'b/1.png', 'b/2.png', 'b/10.png'])
    const kept = await taskOf([['set.tar', tarOf(files.map(([name, bytes]) => ({ name, bytes })))]], {
      sorting_method: 'predefined',
    })
    expect(await namesOf(kept)).toEqual(names)
    const mapping = JSON.stringify([['b/10.png'], ['a.png', 'b/1.png', 'b/2.png']])
    const jobs = await taskOf([['set.zip', zipOf(files)]], { job_file_mapping: mapping })
    expect(await namesOf(jobs)).toEqual(['b/10.png', 'a.png', 'b/1.png', 'b/2.png'])
  })

  test('tar, with every compression that is read, and several archives beside pictures', async () => {
    const files = await pictures(names)
    const tar = tarOf(files.map(([name, bytes]) => ({ name: `./${name}`, bytes })))
    const kinds: NamedBytes[] = [
      ['set.tar', tar],
      ['set.tar.gz', Bun.gzipSync(tar)],
      ['set.tgz', Bun.gzipSync(tar)],
      ['set.tar.zst', Bun.zstdCompressSync(tar)],
      ['set.tar.bz2', compress('bzip2', tar)],
      ['set.tar.xz', compress('xz', tar)],
    ]
    for (const kind of kinds) expect(await namesOf(await taskOf([kind]))).toEqual(names.toSorted())
    const mixed = await taskOf([
      ['one.zip', zipOf(await pictures(['one/x.png']))],
      ['two.tar', tarOf([{ name: 'two/x.png', bytes: files[0]![1] }])],
      ['x.png', files[1]![1]],
    ])
    expect(await namesOf(mixed)).toEqual(['one/x.png', 'two/x.png', 'x.png'])
  })

  test('long names in tar: pax headers and those of GNU', async () => {
    const long = `${'deep/'.repeat(40)}x.png`
    const [[, bytes]] = (await pictures(['x.png'])) as [NamedBytes]
    const line = ` path=${long}\n`
    const pax = `${line.length + 3}${line}`
    const text = (value: string) => new TextEncoder().encode(value)
    const gnu = tarOf([
      { name: '././@LongLink', type: 'L', bytes: text(`${long}\0`) },
      { name: long.slice(0, 99), bytes },
    ])
    const posix = tarOf([
      { name: 'pax', type: 'x', bytes: text(pax) },
      { name: 'short.png', bytes },
    ])
    for (const tar of [gnu, posix]) expect(await namesOf(await taskOf([['long.tar', tar]]))).toEqual([long])
  })

  test('what could do harm is refused, naming the archive, and leaves nothing', async () => {
    const [[, png]] = (await pictures(['x.png'])) as [NamedBytes]
    const tar = (file: Parameters<typeof tarOf>[0][number]) => tarOf([{ name: 'ok.png', bytes: png }, file])
    await expectRefused([['slip.zip', zipOf([['../../x.png', png]])]], /^slip\.zip: .*\.\./)
    await expectRefused([['slip.tar', tar({ name: '../x.png', bytes: png })]], /^slip\.tar: .*leads out/)
    await expectRefused([['root.tar', tar({ name: '/etc/x.png', bytes: png })]], /^root\.tar: .*absolute/)
    await expectRefused([['link.tar', tar({ name: 'x.png', type: '2', link: '/etc/passwd' })]], /^link\.tar: x\.png: .*link/)
    await expectRefused([['hard.tar', tar({ name: 'x.png', type: '1', link: 'ok.png' })]], /^hard\.tar: x\.png: .*link/)
    await expectRefused([['device.tar', tar({ name: 'x.png', type: '4' })]], /^device\.tar: x\.png: .*special/)
    await expectRefused(
      [['outer.zip', zipOf([['in/set.zip', zipOf([['x.png', png]])]])]],
      /^outer\.zip: in\/set\.zip: an archive inside/,
    )
    await expectRefused(
      [['outer.tar', tar({ name: 'in.tar.gz', bytes: Bun.gzipSync(new Uint8Array(png)) })]],
      /^outer\.tar: in\.tar\.gz: an archive inside/,
    )
    await expectRefused([['empty.zip', zipOf([['readme.txt', png]])]], /^empty\.zip: .*no pictures/)
    await expectRefused(
      [
        ['twice.zip', zipOf([['x.png', png]])],
        ['x.png', png],
      ],
      /^x\.png: two files/,
    )
    await expectRefused([['no.zip', png]], /^no\.zip: not a zip/)
    await expectRefused([['no.tar', new Uint8Array(2048).fill(7)]], /^no\.tar: not a tar/)
  })

  test('truncated archives of every kind', async () => {
    const noise = new Uint8Array(Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255)))
    const files: NamedBytes[] = [
      ['x.png', await paint('png')],
      ['y.png', noise],
    ]
    const tar = tarOf(files.map(([name, bytes]) => ({ name, bytes })))
    const cut = (bytes: Uint8Array) => bytes.slice(0, Math.floor(bytes.length / 2))
    await expectRefused([['a.zip', cut(zipOf(files))]], /^a\.zip: .*damaged/)
    await expectRefused([['a.tar', cut(tar)]], /^a\.tar: .*damaged/)
    await expectRefused([['a.tar.gz', cut(Bun.gzipSync(tar))]], /^a\.tar\.gz: .*damaged/)
    await expectRefused([['a.tar.zst', cut(Bun.zstdCompressSync(tar))]], /^a\.tar\.zst: .*damaged/)
    await expectRefused([['a.tar.bz2', cut(compress('bzip2', tar))]], /^a\.tar\.bz2: .*damaged/)
    await expectRefused([['a.tar.xz', cut(compress('xz', tar))]], /^a\.tar\.xz: .*damaged/)
  })

  test('bombs are stopped while they unpack', async () => {
    const zeros = new Uint8Array(8 * 2 ** 20)
    const tar = tarOf([{ name: 'bomb.bmp', bytes: zeros }])
    const bombs: NamedBytes[] = [
      ['bomb.zip', new Uint8Array(zipSync({ 'bomb.bmp': [zeros, { level: 9 }] }))],
      ['bomb.tar.gz', Bun.gzipSync(tar)],
      ['bomb.tar.xz', compress('xz', tar)],
    ]
    const limits = { entries: 10, totalBytes: 2 ** 30, ratio: 250, ratioFreeBytes: 2 ** 20 }
    const open = async ([name, bytes]: NamedBytes, changed: Partial<typeof limits> = {}) => {
      const file = `data/bombs/${name}`
      await storage().put(file, bytes)
      return openContents([{ name, file }], {
        folder: 'data/bombs/out',
        report: async () => {},
        limits: { ...limits, ...changed },
      })
    }
    for (const bomb of bombs) {
      const text = (await open(bomb).catch((error) => error)).message
      expect(text).toMatch(/^bomb\.[a-z.]+: .*unpacks to more than 250 times/)
      expect((await open(bomb, { ratio: 1e9, totalBytes: 2 ** 20 }).catch((error) => error)).message).toMatch(
        /unpacks to more than 1048576 bytes/,
      )
      expect((await open(bomb, { ratio: 1e9 })).files).toMatchObject([{ name: 'bomb.bmp' }])
    }
    const many: NamedBytes[] = Array.from({ length: 11 }, (_, i) => [`${i}.png`, new Uint8Array(1)])
    expect((await open(['many.zip', zipOf(many)]).catch((error) => error)).message).toMatch(/more than 10 entries/)
    const manyTar = tarOf(many.map(([name, bytes]) => ({ name, bytes })))
    expect((await open(['many.tar', manyTar]).catch((error) => error)).message).toMatch(/more than 10 entries/)
  })

  test('kinds that are not read are refused at once, with what to do', async () => {
    const task = await createTask()
    for (const [name, why] of [
      ['a.7z', /archives of this kind/],
      ['a.rar', /archives of this kind/],
      ['a.heic', /HEIC/],
      ['a.svg', /no pixels/],
      ['a.m3u8', /playlists/],
    ] as const) {
      const answer = await sendFiles(task, [[name, new Uint8Array(10)]])
      expect([answer.status, answer.json]).toEqual([400, { client_files: [expect.stringMatching(why)] }])
    }
  })
})

describe('documents and animations', () => {
  test('a PDF: one JPEG a page at 200 dots an inch, drawn as it looks', async () => {
    const task = await taskOf([
      [
        'two pages.pdf',
        pdfOf([
          [144, 72],
          [72, 144],
        ]),
      ],
    ])
    expect((await getMeta(task)).frames).toMatchObject([
      { name: 'two pages000000000.jpeg', width: 400, height: 200 },
      { name: 'two pages000000001.jpeg', width: 200, height: 400 },
    ])
    const { bytes } = await getBytes(`/api/tasks/${task}/data?type=frame&number=0&quality=original`)
    const { data } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) => data[y * 400 + x]!
    // The square lies in the lower left quarter.
    expect([at(100, 150) < 16, at(300, 150) > 240, at(100, 50) > 240, at(300, 50) > 240]).toEqual([true, true, true, true])
    expect(rawFiles(task)).toHaveLength(2)
    await expectRefused([['bad.pdf', new TextEncoder().encode('%PDF-1.4 nothing')]], /^bad\.pdf: .*(damaged|no PDF)/)
  })

  const animate = async (format: 'gif' | 'webp', colors: number[]) => {
    const frames = await Promise.all(colors.map((color) => paint('png', color, 32, 24)))
    const image =
      frames.length > 1 ? sharp(frames as unknown as string[], { join: { animated: true } } as object) : sharp(frames[0])
    return new Uint8Array(await (format === 'gif' ? image.gif() : image.webp({ lossless: true })).toBuffer())
  }

  test('animated GIF and WebP become frames; still ones stay as they are', async () => {
    const colors = [0xff0000, 0x00ff00, 0x0000ff]
    for (const format of ['gif', 'webp'] as const) {
      const task = await taskOf([[`walk.${format}`, await animate(format, colors)]])
      expect((await getMeta(task)).frames).toMatchObject(
        [0, 1, 2].map((n) => ({ name: `walk_00000${n}.png`, width: 32, height: 24 })),
      )
      for (const [number, color] of colors.entries()) {
        const { bytes } = await getBytes(`/api/tasks/${task}/data?type=frame&number=${number}&quality=original`)
        const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
        expect((data[0]! << 16) | (data[1]! << 8) | data[2]!).toBe(color)
      }
      const still = await taskOf([[`one.${format}`, await animate(format, [0xff0000])]])
      expect(await namesOf(still)).toEqual([`one.${format}`])
    }
  })

  test('pages of a TIFF, 16 bits kept, smaller copies left out', async () => {
    const task = await taskOf([['scan.tif', tiffOf(40, 30, [1000, 60000])]])
    expect(await namesOf(task)).toEqual(['scan_000000.png', 'scan_000001.png'])
    for (const [number, value] of [1000, 60000].entries()) {
      const { bytes } = await getBytes(`/api/tasks/${task}/data?type=frame&number=${number}&quality=original`)
      expect(await sharp(bytes).metadata()).toMatchObject({ depth: 'ushort', width: 40, height: 30 })
      const { data } = await sharp(bytes).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true })
      expect(data.readUInt16LE(0)).toBe(value)
    }
    // A turned page is made upright and keeps its bits.
    const turned = await taskOf([['turned.tif', tiffOf(40, 30, [60000], 6)]])
    expect((await getMeta(turned)).frames).toMatchObject([{ name: 'turned.tif', width: 30, height: 40 }])
    const upright = await getBytes(`/api/tasks/${turned}/data?type=frame&number=0&quality=original`)
    expect(upright.headers.get('content-type')).toBe('image/tiff')
    const shown = await sharp(upright.bytes).metadata()
    expect([shown.format, shown.depth, shown.width, shown.height, shown.orientation ?? 1]).toEqual(['tiff', 'ushort', 30, 40, 1])
    const pyramid = await sharp(await paint('png', 0x336699, 600, 400))
      .tiff({ tile: true, pyramid: true })
      .toBuffer()
    const whole = await taskOf([['map.tif', new Uint8Array(pyramid)]])
    expect((await getMeta(whole)).frames).toMatchObject([{ name: 'map.tif', width: 600, height: 400 }])
  })
})

describe('several videos', () => {
  const film = async (name: string, size: string, frames: number) => {
    const path = join(folder, name)
    const made = Bun.spawnSync(
      `ffmpeg -v error -y -f lavfi -i testsrc=size=${size}:rate=10 -frames:v ${frames} -pix_fmt yuv420p ${path}`.split(' '),
    )
    if (made.exitCode) throw new Error(made.stderr.toString())
    return Bun.file(path).bytes()
  }

  test('are one row of frames, each named by its video; chunks are pictures, also across the border', async () => {
    const task = await taskOf(
      [
        ['b.mp4', await film('b.mp4', '64x48', 5)],
        ['a.mp4', await film('a.mp4', '96x64', 7)],
      ],
      { chunk_size: '8' },
    )
    const { frames, size } = await getMeta(task)
    expect(size).toBe(12)
    expect(frames[0]).toMatchObject({ name: 'a.mp4/frame_000000.png', width: 96, height: 64 })
    expect(frames[7]).toMatchObject({ name: 'b.mp4/frame_000000.png', width: 64, height: 48 })
    expect(await (await get(`/api/tasks/${task}`)).json).toMatchObject({
      mode: 'annotation',
      data_compressed_chunk_type: 'imageset',
      data_original_chunk_type: 'imageset',
    })
    for (const quality of ['original', 'compressed']) {
      const { bytes, status } = await getBytes(`/api/tasks/${task}/data?type=chunk&number=0&quality=${quality}`)
      expect(status).toBe(200)
      const sizes = await Promise.all(Object.values(unzipSync(bytes)).map(async (one) => (await sharp(one).metadata()).width))
      expect(sizes).toEqual([96, 96, 96, 96, 96, 96, 96, 64])
    }
    const frame = await getBytes(`/api/tasks/${task}/data?type=frame&number=8&quality=original`)
    expect(frame.headers.get('content-type')).toBe('image/png')
    // The same pixels as frame 1 of the second video alone.
    const alone = await taskOf([['b.mp4', await Bun.file(join(folder, 'b.mp4')).bytes()]])
    const same = await getBytes(`/api/tasks/${alone}/data?type=frame&number=1&quality=original`)
    expect(Buffer.compare(await sharp(frame.bytes).raw().toBuffer(), await sharp(same.bytes).raw().toBuffer())).toBe(0)
    expect((await getBytes(`/api/jobs?task_id=${task}`)).status).toBe(200)
    expect((await getMeta(alone)).frames).toHaveLength(1)
  })

  test('videos and pictures together, and playlists under a false name, are refused by name', async () => {
    const video = await film('c.mp4', '64x48', 3)
    await expectRefused(
      [
        ['c.mp4', video],
        ['x.png', await paint('png')],
      ],
      /c\.mp4.*x\.png/,
    )
    const list = new TextEncoder().encode('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n')
    await expectRefused([['list.mp4', list]], /^list\.mp4: /)
    const concat = new TextEncoder().encode("ffconcat version 1.0\nfile '/etc/passwd'\n")
    await expectRefused([['list.mkv', concat]], /^list\.mkv: /)
    await expectRefused([['cut.mp4', video.slice(0, 300)]], /^cut\.mp4: /)
  })
})
