// Tiles of huge pictures: where they are, what they show, and how little memory they take.
import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { createPerson } from '../../../tests/api'
import { type Bytes, get, getBytes, paint, pcdOf, taskOf } from './task-fixture'

setDefaultTimeout(240_000)

const width = 9000
const height = 1300
/** Colours that tell the place: red grows to the right, green downwards. */
const colorAt = (x: number, y: number) => [Math.floor((x / width) * 255), Math.floor((y / height) * 255), 128]

const paintWide = async (format: 'jpeg' | 'png' | 'tiff', orientation = 1): Promise<Bytes> => {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at += 3) pixels.set(colorAt(x, y), at)
  const image = sharp(pixels, { raw: { width, height, channels: 3 } }).withMetadata({ orientation })
  return new Uint8Array(await image[format]({ quality: 95 }).toBuffer())
}
const jobOf = async (task: number) => (await get(`/api/jobs?task_id=${task}`)).json.results[0].id as number

test('levels halve until one tile holds all; every tile shows its place', async () => {
  for (const format of ['jpeg', 'png', 'tiff'] as const) {
    const job = await jobOf(await taskOf([[`wide.${format}`, await paintWide(format)]]))
    const { json } = await get(`/api/jobs/${job}/frames/0/tiles`)
    expect(json).toEqual({
      width,
      height,
      tile_size: 512,
      overlap: 0,
      type: 'image/jpeg',
      levels: [
        { level: 0, width: 9000, height: 1300, columns: 18, rows: 3 },
        { level: 1, width: 4500, height: 650, columns: 9, rows: 2 },
        { level: 2, width: 2250, height: 325, columns: 5, rows: 1 },
        { level: 3, width: 1125, height: 163, columns: 3, rows: 1 },
        { level: 4, width: 563, height: 82, columns: 2, rows: 1 },
        { level: 5, width: 282, height: 41, columns: 1, rows: 1 },
      ],
    })
    for (const { level, columns, rows, width: w, height: h } of json.levels)
      for (const { column, row } of [
        { column: 0, row: 0 },
        { column: columns - 1, row: rows - 1 },
      ]) {
        const { status, headers, bytes } = await getBytes(`/api/jobs/${job}/frames/0/tiles/${level}/${column}_${row}`)
        expect([status, headers.get('content-type')]).toEqual([200, 'image/jpeg'])
        const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
        expect([info.width, info.height]).toEqual([Math.min(512, w - 512 * column), Math.min(512, h - 512 * row)])
        const [x, y] = [Math.floor(info.width / 2), Math.floor(info.height / 2)]
        const found = [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
        const wanted = colorAt((512 * column + x) * 2 ** level, (512 * row + y) * 2 ** level)
        expect(found.every((value, i) => Math.abs(value - wanted[i]!) <= 6)).toBe(true)
      }
  }
})

test('turned pictures are cut upright, tags answer 304, places that are not there 404, strangers 403', async () => {
  const job = await jobOf(await taskOf([['turned.jpg', await paintWide('jpeg', 6)]]))
  const base = `/api/jobs/${job}/frames/0/tiles`
  expect((await get(base)).json).toMatchObject({ width: height, height: width })
  const first = await getBytes(`${base}/0/2_17`)
  // Turned clockwise, the upper right corner shows what was at the upper left.
  const { data, info } = await sharp((await getBytes(`${base}/0/2_0`)).bytes)
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([...data.subarray((info.width - 1) * 3, info.width * 3)].every((v, i) => Math.abs(v - [0, 0, 128][i]!) <= 8)).toBe(true)
  const etag = first.headers.get('etag')!
  expect((await getBytes(`${base}/0/2_17`, { 'if-none-match': etag })).status).toBe(304)
  for (const place of ['0/3_0', '0/0_18', '9/0_0', '0/x', '0/-1_0', '-1/0_0'])
    expect((await getBytes(`${base}/${place}`)).status).toBe(404)
  expect((await get(`/api/jobs/${job}/frames/1/tiles`)).status).toBe(404)
  const stranger = await createPerson()
  expect((await stranger.call('GET', base)).status).toBe(403)
})

test('what is small, a cloud or a video has none, and it is said why', async () => {
  const small = await jobOf(await taskOf([['a.png', await paint('png')]]))
  const cloud = await jobOf(await taskOf([['a.pcd', pcdOf([[1, 2, 3]])]]))
  expect([await get(`/api/jobs/${small}/frames/0/tiles`), await get(`/api/jobs/${cloud}/frames/0/tiles`)]).toMatchObject([
    { status: 404, json: { detail: expect.stringContaining('small enough') } },
    { status: 404, json: { detail: expect.stringContaining('only pictures') } },
  ])
})

/** A white PNG with one bit a pixel: a few kB, however large the picture is. */
const hugePng = (side: number): Bytes => {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const whole = Buffer.alloc(body.length + 8)
    whole.writeUInt32BE(data.length)
    body.copy(whole, 4)
    whole.writeUInt32BE(Bun.hash.crc32(body), body.length + 4)
    return whole
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const rows = Buffer.alloc((side / 8 + 1) * side, 255)
  for (let row = 0; row < side; row++) rows[(side / 8 + 1) * row] = 0
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', new Uint8Array(0))]
  return new Uint8Array(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]))
}

test('20,000 × 20,000 pixels are cut with less than 500 MB', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'annolith-tiles-'))
  try {
    const path = join(folder, 'huge.png')
    await Bun.write(path, hugePng(20_000))
    const program = `
      const { runMediaJob } = await import(${JSON.stringify(join(import.meta.dir, '../media/jobs.ts'))})
      const image = { path: ${JSON.stringify(path)}, name: 'huge.png' }
      await runMediaJob({ kind: 'tiles', image, imageQuality: 70, target: ${JSON.stringify(join(folder, 'huge.zip'))} })
      console.log(/VmHWM:\\s+(\\d+)/.exec(await Bun.file('/proc/self/status').text())[1])
    `
    const run = Bun.spawn([process.execPath, '-e', program], { env: { ...process.env }, stdout: 'pipe', stderr: 'pipe' })
    const [output, errors] = await Promise.all([new Response(run.stdout).text(), new Response(run.stderr).text()])
    expect([await run.exited, errors]).toEqual([0, ''])
    expect(Number(output) / 1024).toBeLessThan(500)
    expect(Bun.file(join(folder, 'huge.zip')).size).toBeGreaterThan(1_000_000)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
