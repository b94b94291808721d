// Streaming clouds: every layout gives the same points, and unusable files are named before anything is allocated.
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudBlock } from './cloud-stream'
import { readCloud } from './read-cloud'

const folder = mkdtempSync(join(tmpdir(), 'clouds-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
const save = async (extension: string, ...parts: (string | Uint8Array | ArrayBuffer)[]) => {
  const path = join(folder, `${++made}.${extension}`)
  await Bun.write(path, new Blob(parts as BlobPart[]))
  return path
}

const readAll = async (path: string, options?: Parameters<typeof readCloud>[1]) => {
  const cloud = await readCloud(path, options)
  const blocks: CloudBlock[] = []
  for await (const block of cloud) blocks.push(block)
  const join = (part: keyof Omit<CloudBlock, 'count'>) => blocks.flatMap((block) => Array.from(block[part] ?? []))
  return { cloud, positions: join('positions'), rows: join('rows'), intensity: join('intensity'), colour: join('colour'), blocks }
}

type Header = { fields?: string; size?: string; type?: string; count?: string; points?: number; data?: string }
const pcdHeader = ({
  fields = 'x y z intensity',
  size = '4 4 4 4',
  type = 'F F F F',
  count,
  points = 3,
  data = 'ascii',
}: Header) =>
  [
    `VERSION .7\nFIELDS ${fields}\nSIZE ${size}\nTYPE ${type}`,
    ...(count ? [`COUNT ${count}`] : []),
    `WIDTH ${points}\nHEIGHT 1\nPOINTS ${points}\nDATA ${data}\n`,
  ].join('\n')
const rows = [1, 2, 3, 0.5, -4, 5.25, 6, 0.25, 7, 8, -9.5, 1]
const places = [1, 2, 3, -4, 5.25, 6, 7, 8, -9.5]
const lights = [0.5, 0.25, 1]
const floats = new Uint8Array(Float32Array.from(rows).buffer)
const text = '1 2 3 0.5\n-4 5.25 6 0.25\n7 8 -9.5 1'

/** LZF that holds literals only. */
const pack = (bytes: Uint8Array) => {
  const parts: number[] = []
  for (let at = 0; at < bytes.length; at += 32) {
    const run = bytes.subarray(at, at + 32)
    parts.push(run.length - 1, ...run)
  }
  return Uint8Array.from(parts)
}
const columns = new Uint8Array(Float32Array.from([0, 1, 2, 3].flatMap((f) => [0, 1, 2].map((i) => rows[i * 4 + f]!))).buffer)
const compressed = (sizes?: [number, number]) => {
  const packed = pack(columns)
  return [new Uint32Array(sizes ?? [packed.length, columns.length]).buffer, packed] as const
}
const plyHead = (format: string) =>
  `ply\nformat ${format} 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nproperty float intensity\nend_header\n`
const bigEndian = () => {
  const view = new DataView(new ArrayBuffer(48))
  for (const [i, value] of rows.entries()) view.setFloat32(i * 4, value)
  return view.buffer as ArrayBuffer
}

const files: [string, () => Promise<string>][] = [
  ['PCD ascii', () => save('pcd', pcdHeader({}), text)],
  ['PCD binary', () => save('pcd', pcdHeader({ data: 'binary' }), floats)],
  ['PCD binary_compressed', () => save('pcd', pcdHeader({ data: 'binary_compressed' }), ...compressed())],
  ['KITTI', () => save('bin', floats)],
  ['PLY ascii', () => save('ply', plyHead('ascii'), text)],
  ['PLY binary, little-endian', () => save('ply', plyHead('binary_little_endian'), floats)],
  ['PLY binary, big-endian', () => save('ply', plyHead('binary_big_endian'), bigEndian())],
]

// Three points in a national grid, point format 2, as laspy 2.7 writes them, plain and packed.
const las =
  'TEFTRgAAAAAAAAAAAAAAAAAAAAAAAAAAAQJPVEhFUgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGxhc3B5IDIuNy4wAAAAAAAAAAAAAAAAAAAAAAAAAAAARgHqB+MA4wAAAAAAAAACGgADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD8qfHSTWJQP/yp8dJNYlA//Knx0k1iUD8AAAAAgIQeQQAAAACAhE5BAAAAAAAAAAAAAAAAj4QeQQAAAACFhB5BAAAAEIaETkEAAABAhYROQQAAAAAAAARAAAAAAAAACsDiBAAABCkAANwFAAAKAAAAAAAAAAD/AAAAAMQJAADsLAAAxAkAABQAAAAAAAAAAAAA/wAApg4AAF0vAABO8/////8AAAAAAAAAAQACAAM='
const laz =
  'TEFTRgAAAAAAAAAAAAAAAAAAAAAAAAAAAQJPVEhFUgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGxhc3B5IDIuNy4wAAAAAAAAAAAAAAAAAAAAAAAAAAAARgHqB+MARwEAAAEAAACCGgADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD8qfHSTWJQP/yp8dJNYlA//Knx0k1iUD8AAAAAgIQeQQAAAACAhE5BAAAAAAAAAAAAAAAAj4QeQQAAAACFhB5BAAAAEIaETkEAAABAhYROQQAAAAAAAARAAAAAAAAACsAAAGxhc3ppcCBlbmNvZGVkAAC8Vi4AaHR0cDovL2xhc3ppcC5vcmcAAAAAAAAAAAAAAAAAAAACAAAAAgIAAAAAAABQwwAA/////////////////////wIABgAUAAIACAAGAAIAgwEAAAAAAADiBAAABCkAANwFAAAKAAAAAAAAAAD/AAAAAEFRTP7wBoveCiDXcop3Cd+zZSvd7/K1AAAAAAAAAAEAAAA0uQAAAA=='

describe('layouts', () => {
  test.each(files)('%s', async (_, make) => {
    const { cloud, positions, intensity } = await readAll(await make())
    expect(positions).toEqual(places)
    expect(intensity).toEqual(lights)
    expect([cloud.declared, cloud.dropped, ...cloud.origin]).toEqual([3, 0, 0, 0, 0])
  })

  test('LAS: echoes and classes of both generations of records, colours, far away points moved', async () => {
    for (const [format, stride, echoAt, echo, classAt] of [
      [2, 26, 14, 0b11_010, 15],
      [7, 36, 14, 0x32, 16],
    ] as const) {
      const bytes = new DataView(new ArrayBuffer(375 + stride))
      new Uint8Array(bytes.buffer).set(new TextEncoder().encode('LASF'))
      bytes.setUint8(24, 1)
      bytes.setUint8(25, 4)
      bytes.setUint32(96, 375, true)
      bytes.setUint8(104, format)
      bytes.setUint16(105, stride, true)
      bytes.setBigUint64(247, 1n, true)
      for (const [i, value] of [0.01, 0.01, 0.01, 500_000, 4_000_000, 0].entries()) bytes.setFloat64(131 + i * 8, value, true)
      for (const [i, value] of [500_001, 500_001, 4_000_002, 4_000_002, 3, 3].entries())
        bytes.setFloat64(179 + i * 8, value, true)
      for (const [i, value] of [125, 225, 300].entries()) bytes.setInt32(375 + i * 4, value, true)
      bytes.setUint16(375 + 12, 77, true)
      bytes.setUint8(375 + echoAt, echo)
      bytes.setUint8(375 + classAt, 6)
      bytes.setUint16(375 + (format === 7 ? 30 : 20), 0xff00, true)
      const { cloud, positions, intensity, colour, blocks } = await readAll(await save('las', bytes.buffer as ArrayBuffer))
      expect(positions.map((value) => Math.round(value * 1000) / 1000)).toEqual([0.25, 0.25, 3])
      expect([...cloud.origin]).toEqual([500_001, 4_000_002, 0])
      expect([intensity, colour]).toEqual([[77], [255, 0, 0]])
      expect([[...blocks[0]!.return!], [...blocks[0]!.classification!]]).toEqual([[2], [6]])
    }
  })

  test('LAZ gives what LAS gives', async () => {
    const [plain, packed] = await Promise.all(
      [['las', las] as const, ['laz', laz] as const].map(async ([extension, content]) =>
        readAll(await save(extension, Buffer.from(content, 'base64'))),
      ),
    )
    expect(packed!.positions).toEqual([0.25, 0.5, 1.5, 1.5, 1.5, 2.5, 2.75, 2.125, -3.25])
    expect(packed!.positions).toEqual(plain!.positions)
    expect(packed!.colour).toEqual([255, 0, 0, 0, 255, 0, 1, 2, 3])
    expect([packed!.colour, packed!.intensity]).toEqual([plain!.colour, plain!.intensity])
    expect([...packed!.cloud.origin]).toEqual([500_001, 4_000_010, 0])
    const cut = await save('laz', Buffer.from(laz, 'base64').subarray(0, 380))
    await expect(readAll(cut, { name: 'x/cut.laz' })).rejects.toThrow(
      /^x\/cut\.laz: the compressed points are damaged or cut off/,
    )
  })

  test('PCD with doubles of a national grid keeps millimetres; colours are the bits of a float or a whole number', async () => {
    const view = new DataView(new ArrayBuffer(28 * 2))
    for (let i = 0; i < 2; i++) {
      view.setFloat64(i * 28, 500_000 + i * 0.001, true)
      view.setFloat64(i * 28 + 8, 4_000_000.5, true)
      view.setFloat64(i * 28 + 16, 1.25, true)
      view.setUint32(i * 28 + 24, 0x00_0a_14_1e, true)
    }
    for (const type of ['F', 'U']) {
      const header = pcdHeader({ fields: 'x y z rgb', size: '8 8 8 4', type: `F F F ${type}`, points: 2, data: 'binary' })
      const { cloud, positions, colour } = await readAll(await save('pcd', header, view.buffer as ArrayBuffer))
      expect([...cloud.origin]).toEqual([500_000, 4_000_000, 0])
      expect(positions[3]! - positions[0]!).toBeCloseTo(0.001, 6)
      expect(colour).toEqual([10, 20, 30, 10, 20, 30])
    }
  })

  test('points that are not finite are dropped and counted, with what belongs to them', async () => {
    const holed = text.replace('5.25', 'nan')
    for (const path of [
      await save('pcd', pcdHeader({}), holed),
      await save('ply', plyHead('ascii'), holed),
      await save('bin', Float32Array.from(rows.with(5, Number.POSITIVE_INFINITY)).buffer),
    ]) {
      const { cloud, positions, intensity, rows: kept } = await readAll(path)
      expect([positions, intensity, cloud.dropped, kept]).toEqual([[1, 2, 3, 7, 8, -9.5], [0.5, 1], 1, [0, 2]])
    }
  })

  test('a sample takes points from all over, in whatever blocks they lie', async () => {
    const count = 100_000
    const many = new Float32Array(count * 4)
    for (let i = 0; i < count; i++) many.set([i, i / 2, 0, 1], i * 4)
    const header = { points: count, data: 'binary' }
    const lines = Array.from({ length: count }, (_, i) => `${i} ${i / 2} 0 1`).join('\n')
    const byColumns = new Uint8Array(
      Float32Array.from([0, 1, 2, 3].flatMap((f) => Array.from({ length: count }, (_, i) => many[i * 4 + f]!))).buffer,
    )
    const packed = pack(byColumns)
    for (const path of [
      await save('bin', many.buffer),
      await save('pcd', pcdHeader(header), new Uint8Array(many.buffer)),
      await save('pcd', pcdHeader({ points: count }), lines),
      await save(
        'pcd',
        pcdHeader({ points: count, data: 'binary_compressed' }),
        new Uint32Array([packed.length, byColumns.length]).buffer,
        packed,
      ),
    ]) {
      const { positions, rows: picked } = await readAll(path, { every: 10 })
      const x = positions.filter((_, i) => i % 3 === 0)
      // The first coordinate of a point is its row here.
      expect(picked).toEqual(x)
      expect(Math.abs(x.length - count / 10)).toBeLessThan(300)
      expect(new Set(x).size).toBe(x.length)
      for (let tenth = 0; tenth < 10; tenth++)
        expect(x.some((value) => value >= tenth * 10_000 && value < (tenth + 1) * 10_000)).toBe(true)
    }
  })
})

/** A LAS file whose header tells another number of points. */
const declare = (base64: string, points: number): Uint8Array => {
  const bytes = Buffer.from(base64, 'base64')
  bytes.writeUInt32LE(points, 107)
  return bytes
}

describe('what is refused, by name', () => {
  const bad: [string, () => Promise<string>, RegExp][] = [
    ['an empty file', () => save('pcd', ''), /the file is empty/],
    ['another kind', () => save('txt', 'x'), /not a point cloud of a known kind/],
    ['a truncated header', () => save('pcd', 'VERSION .7\nFIELDS x y z\nSIZE 4 4'), /not a point cloud in PCD/],
    [
      'cut off text',
      () => save('pcd', pcdHeader({ points: 3 }), '1 2 3 400000000\n1 2 3 400000000\n'),
      /1 of 3 points are missing/,
    ],
    ['more points than declared', () => save('pcd', pcdHeader({}), `${text}\n1 2 3 4\n`), /more than the 3 points/],
    ['a short line', () => save('pcd', pcdHeader({}), text.replace(' 0.25', '    ')), /point 2 has 3 values instead of 4/],
    ['cut off binary', () => save('pcd', pcdHeader({ data: 'binary' }), floats.subarray(0, 40)), /cut off/],
    ['a declared 4 GB', () => save('pcd', pcdHeader({ data: 'binary', points: 268_435_456 }), floats), /cut off/],
    [
      'compressed 4 GB',
      () =>
        save(
          'pcd',
          pcdHeader({ data: 'binary_compressed', points: 268_435_455 }),
          new Uint32Array([8, 4294967280]).buffer,
          floats,
        ),
      /take 4294967280 bytes, more than 1073741824/,
    ],
    [
      'lengths that do not fit',
      () => save('pcd', pcdHeader({ data: 'binary_compressed' }), ...compressed([20, 999])),
      /not as many/,
    ],
    ['half a KITTI point', () => save('bin', floats.subarray(0, 20)), /no KITTI point cloud/],
    ['a PLY without its end', () => save('ply', 'ply\nformat ascii 1.0\n'), /not a PLY file/],
    ['a cut off PLY', () => save('ply', plyHead('binary_little_endian'), floats.subarray(0, 20)), /cut off/],
    ['a LAS that is none', () => save('las', 'LASF'.padEnd(400, 'x')), /./],
    ['a LAS without its last point', () => save('las', Buffer.from(las, 'base64').subarray(0, -1)), /cut off/],
    ['a LAS header cut off', () => save('las', Buffer.from(las, 'base64').subarray(0, 200)), /not a LAS file/],
    ['a LAS of a declared 4 GB', () => save('las', declare(las, 165_191_050)), /cut off/],
    ['a LAZ of a declared 10 GB', () => save('laz', declare(laz, 400_000_000)), /damaged or cut off/],
    ['a LAS of more points than any', () => save('las', declare(las, 4_294_967_295)), /4294967295 points are more than/],
    [
      'a PLY of a declared 4 GB',
      () => save('ply', plyHead('binary_little_endian').replace('vertex 3', 'vertex 268435456'), floats),
      /cut off/,
    ],
    [
      'a PLY of text that is short',
      () => save('ply', plyHead('ascii').replace('vertex 3', 'vertex 5'), text),
      /2 of 5 points are missing/,
    ],
    ['a line of a PLY that is short', () => save('ply', plyHead('ascii'), text.replace(' 0.25', '')), /fewer values/],
    ['an E57 header cut off', () => save('e57', 'ASTM-E57'.padEnd(40, '\0')), /not an E57 file/],
  ]
  test.each(bad)('%s', async (_, make, reason) => {
    const path = await make()
    const reading = readAll(path, { name: `scans/a.${path.split('.').at(-1)}` })
    await expect(reading).rejects.toThrow(reason)
    await expect(readAll(path, { name: `scans/a.${path.split('.').at(-1)}` })).rejects.toThrow(/^scans\/a\.\w+: /)
  })
})
