// Tasks of point clouds: every format, the four layouts of related pictures, chunks, previews and what is refused.
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { unzipSync } from 'fflate'
import sharp from 'sharp'
import { unpackLzf } from '../media/clouds/lzf'
import { samplePoints } from '../media/clouds/sample-points'
import { storage } from '../storage/storage'
import { frameNames, relatedOf } from './service'
import {
  attach,
  type Bytes,
  createTask,
  get,
  getBytes,
  getMeta,
  getOwner,
  kittiOf,
  type NamedBytes,
  namesOf,
  paint,
  pcdOf,
  taskOf,
  zipOf,
} from './task-fixture'

setDefaultTimeout(60_000)

const points = Array.from({ length: 400 }, (_, i) => [i / 10, (i * 37) % 40, Math.sin(i / 20) * 5])
const text = (value: string): Bytes => new TextEncoder().encode(value)
const pcdHeader = (count: number, data: string, more: Record<string, string> = {}) => {
  const lines = {
    ...{ VERSION: '0.7', FIELDS: 'x y z intensity', SIZE: '4 4 4 4', TYPE: 'F F F F', COUNT: '1 1 1 1', WIDTH: `${count}` },
    ...{ HEIGHT: '1', VIEWPOINT: '0 0 0 1 0 0 0', POINTS: `${count}`, DATA: data, ...more },
  }
  return text(
    `${Object.entries(lines)
      .map(([key, value]) => `${key} ${value}\n`)
      .join('')}`,
  )
}
const join = (...parts: Uint8Array[]): Bytes => new Uint8Array(Buffer.concat(parts))
const withLight = points.map((point, i) => [...point, i % 256])
const binaryPcd = join(pcdHeader(400, 'binary'), kittiOf(withLight))

/** LZF with literals only, and once a run of zeros written as a reference. */
const compressedPcd = (() => {
  const columns = [0, 1, 2, 3].flatMap((field) => withLight.map((point) => (field === 3 ? 0 : point[field]!)))
  const bytes = new Uint8Array(Float32Array.from(columns).buffer)
  const plain = bytes.subarray(0, 4800)
  const parts: number[] = []
  for (let at = 0; at < plain.length; at += 32) parts.push(31, ...plain.subarray(at, at + 32))
  parts.push(0, 0)
  // 1599 zeros are left: references to the byte before, 264 at most.
  for (let left = 1599; left > 0; ) {
    const length = Math.min(264, left)
    const most = left - length > 0 && left - length < 3 ? length - 3 : length
    if (most - 2 >= 7) parts.push(0xe0, most - 9, 0)
    else parts.push((most - 2) << 5, 0)
    left -= most
  }
  const sizes = new Uint32Array([parts.length, bytes.length])
  return join(pcdHeader(400, 'binary_compressed'), new Uint8Array(sizes.buffer), Uint8Array.from(parts))
})()

const frameOf = async (task: number, number = 0) => {
  const { bytes, headers } = await getBytes(`/api/tasks/${task}/data?type=frame&number=${number}&quality=original`)
  expect(headers.get('content-type')).toBe('image/x.point-cloud-data')
  const name = `data/clouds-test/${crypto.randomUUID()}.pcd`
  await storage().put(name, bytes)
  return {
    bytes,
    sample: await samplePoints(storage().localPath(name), 1e6),
    head: Buffer.from(bytes).toString('latin1', 0, 400),
  }
}

describe('formats', () => {
  test('PCD in its three layouts: the task is 3D, sizes are those of the header, chunks hold the bytes as they came', async () => {
    const files: NamedBytes[] = [
      ['a/1.pcd', pcdOf(points)],
      ['a/2.pcd', binaryPcd],
      ['a/3.pcd', compressedPcd],
    ]
    const task = await taskOf([['clouds.zip', zipOf(files)]])
    expect((await get(`/api/tasks/${task}`)).json).toMatchObject({
      dimension: '3d',
      media_type: 'point_cloud',
      mode: 'annotation',
      size: 3,
    })
    expect((await get(`/api/jobs?task_id=${task}`)).json.results).toMatchObject([
      { dimension: '3d', data_original_chunk_type: 'imageset' },
    ])
    expect((await getMeta(task)).frames).toMatchObject(files.map(([name]) => ({ name, width: 400, height: 1, related_files: 0 })))
    for (const quality of ['compressed', 'original']) {
      const { bytes, headers } = await getBytes(`/api/tasks/${task}/data?type=chunk&number=0&quality=${quality}`)
      expect(headers.get('content-type')).toBe('application/zip')
      const entries = Object.entries(unzipSync(bytes))
      expect(entries.map(([name]) => name)).toEqual(['000000.pcd', '000001.pcd', '000002.pcd'])
      for (const [i, [, content]] of entries.entries()) expect(Buffer.compare(content, files[i]![1])).toBe(0)
    }
    for (let number = 0; number < 3; number++) {
      const { sample } = await frameOf(task, number)
      expect(sample.length).toBe(1600)
      for (const at of [0, 7, 399])
        expect([...sample.subarray(at * 4, at * 4 + 3)].map((v, i) => Math.abs(v - points[at]![i]!) < 1e-4)).toEqual([
          true,
          true,
          true,
        ])
    }
  })

  test('a preview is drawn from above', async () => {
    const task = await taskOf([['1.pcd', binaryPcd]])
    for (const path of [
      `/api/tasks/${task}/preview`,
      `/api/jobs/${(await get(`/api/jobs?task_id=${task}`)).json.results[0].id}/preview`,
    ]) {
      const { bytes, headers } = await getBytes(path)
      expect(headers.get('content-type')).toBe('image/jpeg')
      expect(await sharp(bytes).metadata()).toMatchObject({ width: 256, height: 192 })
      const { channels } = await sharp(bytes).stats()
      expect(channels.some(({ stdev }) => stdev > 10)).toBe(true)
    }
  })

  test('KITTI .bin becomes a binary PCD of the same values', async () => {
    const task = await taskOf([['000.bin', kittiOf(withLight)]])
    expect(await namesOf(task)).toEqual(['000.pcd'])
    expect(await (await getMeta(task)).frames[0]).toMatchObject({ width: 400, height: 1 })
    const { bytes, head } = await frameOf(task)
    expect(head).toStartWith(
      'VERSION 0.7\nFIELDS x y z intensity\nSIZE 4 4 4 4\nTYPE F F F F\nCOUNT 1 1 1 1\nWIDTH 400\nHEIGHT 1\n',
    )
    expect(Buffer.compare(bytes.subarray(-6400), kittiOf(withLight))).toBe(0)
  })

  test('PLY, ASCII and binary in both orders, with colours and intensity', async () => {
    const head = (format: string) =>
      `ply\nformat ${format} 1.0\ncomment made by hand\nelement vertex 2\nproperty double x\nproperty double y\nproperty float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\nproperty float intensity\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n`
    const rows = [
      [1.5, -2.25, 3, 255, 0, 16, 0.5],
      [10, 20, 30.5, 1, 2, 3, 7],
    ]
    const pack = (little: boolean) => {
      const view = new DataView(new ArrayBuffer(54))
      for (const [i, [x, y, z, r, g, b, light]] of (
        rows as [number, number, number, number, number, number, number][]
      ).entries()) {
        view.setFloat64(i * 27, x, little)
        view.setFloat64(i * 27 + 8, y, little)
        view.setFloat32(i * 27 + 16, z, little)
        for (const [j, value] of [r, g, b].entries()) view.setUint8(i * 27 + 20 + j, value)
        view.setFloat32(i * 27 + 23, light, little)
      }
      return join(text(head(little ? 'binary_little_endian' : 'binary_big_endian')), new Uint8Array(view.buffer))
    }
    const files = [text(`${head('ascii')}${rows.map((row) => row.join(' ')).join('\n')}\n3 0 1 0\n`), pack(true), pack(false)]
    for (const bytes of files) {
      const task = await taskOf([['scan.ply', bytes]])
      expect(await namesOf(task)).toEqual(['scan.pcd'])
      const { head: header, sample, bytes: pcd } = await frameOf(task)
      expect(header).toContain('FIELDS x y z intensity rgb\n')
      expect([...sample]).toEqual([1.5, -2.25, 3, 0.5, 10, 20, 30.5, 7])
      const last = new DataView(pcd.buffer, pcd.byteOffset + pcd.length - 40, 40)
      expect([last.getUint32(16, true), last.getUint32(36, true)]).toEqual([0xff0010, 0x010203])
    }
  })

  // Three points in a national grid, point format 2, as laspy 2.7 writes them.
  const las =
    'TEFTRgAAAAAAAAAAAAAAAAAAAAAAAAAAAQJPVEhFUgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGxhc3B5IDIuNy4wAAAAAAAAAAAAAAAAAAAAAAAAAAAARgHqB+MA4wAAAAAAAAACGgADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD8qfHSTWJQP/yp8dJNYlA//Knx0k1iUD8AAAAAgIQeQQAAAACAhE5BAAAAAAAAAAAAAAAAj4QeQQAAAACFhB5BAAAAEIaETkEAAABAhYROQQAAAAAAAARAAAAAAAAACsDiBAAABCkAANwFAAAKAAAAAAAAAAD/AAAAAMQJAADsLAAAxAkAABQAAAAAAAAAAAAA/wAApg4AAF0vAABO8/////8AAAAAAAAAAQACAAM='
  const laz =
    'TEFTRgAAAAAAAAAAAAAAAAAAAAAAAAAAAQJPVEhFUgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGxhc3B5IDIuNy4wAAAAAAAAAAAAAAAAAAAAAAAAAAAARgHqB+MARwEAAAEAAACCGgADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD8qfHSTWJQP/yp8dJNYlA//Knx0k1iUD8AAAAAgIQeQQAAAACAhE5BAAAAAAAAAAAAAAAAj4QeQQAAAACFhB5BAAAAEIaETkEAAABAhYROQQAAAAAAAARAAAAAAAAACsAAAGxhc3ppcCBlbmNvZGVkAAC8Vi4AaHR0cDovL2xhc3ppcC5vcmcAAAAAAAAAAAAAAAAAAAACAAAAAgIAAAAAAABQwwAA/////////////////////wIABgAUAAIACAAGAAIAgwEAAAAAAADiBAAABCkAANwFAAAKAAAAAAAAAAD/AAAAAEFRTP7wBoveCiDXcop3Cd+zZSvd7/K1AAAAAAAAAAEAAAA0uQAAAA=='

  test('LAS and LAZ hold the same points; far away ones are moved, and it is told where from', async () => {
    const cut = new Uint8Array(Buffer.from(laz, 'base64')).slice(0, 380)
    expect((await attach(await createTask(), [['cut.laz', cut]])).message).toMatch(/^cut\.laz: .*damaged or cut off/)
    for (const [name, content] of [
      ['s.las', las],
      ['s.laz', laz],
    ] as const) {
      const task = await taskOf([[name, new Uint8Array(Buffer.from(content, 'base64'))]])
      expect(await namesOf(task)).toEqual(['s.pcd'])
      const { head, sample, bytes } = await frameOf(task)
      expect(head).toStartWith('# ORIGIN 500001 4000010 0\nVERSION 0.7\nFIELDS x y z intensity rgb return classification\n')
      expect([...sample]).toEqual([0.25, 0.5, 1.5, 10, 1.5, 1.5, 2.5, 20, 2.75, 2.125, -3.25, 65535])
      const colors = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 84, 84)
      expect([0, 1, 2].map((i) => colors.getUint32(i * 28 + 16, true))).toEqual([0xff0000, 0x00ff00, 0x010203])
    }
  })
})

describe('related pictures', () => {
  const layouts: { [name: string]: { files: string[]; frames: string[]; related: string[][] } } = {
    'a folder beside the clouds': {
      files: [
        'pointcloud/1.pcd',
        'pointcloud/2.pcd',
        'related_images/1_pcd/b.png',
        'related_images/1_pcd/a.png',
        'related_images/9_pcd/a.png',
      ],
      frames: ['pointcloud/1.pcd', 'pointcloud/2.pcd'],
      related: [['related_images/1_pcd/a.png', 'related_images/1_pcd/b.png'], []],
    },
    'KITTI: cameras beside velodyne_points': {
      files: ['k/velodyne_points/data/01.bin', 'k/IMAGE_00/data/01.png', 'k/image_01/data/01.png', 'k/image_01/data/02.png'],
      frames: ['k/velodyne_points/data/01.pcd'],
      related: [['k/IMAGE_00/data/01.png', 'k/image_01/data/01.png']],
    },
    'a picture of the same name': { files: ['d/x.pcd', 'd/x.png', 'd/y.png'], frames: ['d/x.pcd'], related: [['d/x.png']] },
    'a folder named like the cloud': {
      files: ['d/x/x.pcd', 'd/x/one.png', 'd/x/two.png', 'd/y/y.pcd'],
      frames: ['d/x/x.pcd', 'd/y/y.pcd'],
      related: [['d/x/one.png', 'd/x/two.png'], []],
    },
    'pictures of pictures': {
      files: ['s/1.png', 's/2.png', 's/related_images/1_png/r.png', 's/related_images/1_png/l.png'],
      frames: ['s/1.png', 's/2.png'],
      related: [['s/related_images/1_png/l.png', 's/related_images/1_png/r.png'], []],
    },
  }
  for (const [what, { files, frames, related }] of Object.entries(layouts))
    test(what, async () => {
      const contents = await Promise.all(
        files.map(async (name): Promise<NamedBytes> => {
          if (name.endsWith('.pcd')) return [name, pcdOf(points)]
          return [name, name.endsWith('.bin') ? kittiOf(withLight) : await paint('png')]
        }),
      )
      const task = await taskOf([['set.zip', zipOf(contents)]])
      expect(await namesOf(task)).toEqual(frames)
      const meta = await getMeta(task)
      expect(meta.frames.map((frame: any) => [frame.related_files, frame.has_related_context])).toEqual(
        related.map(({ length }) => [length, length > 0]),
      )
      const job = (await get(`/api/jobs?task_id=${task}`)).json.results[0].id
      for (const [number, names] of related.entries())
        for (const base of [`/api/tasks/${task}`, `/api/jobs/${job}`]) {
          const { status, headers, bytes } = await getBytes(`${base}/data?type=context_image&number=${number}&quality=original`)
          if (!names.length) expect(status).toBe(404)
          else {
            expect([status, headers.get('content-type')]).toEqual([200, 'application/zip'])
            const entries = unzipSync(bytes)
            expect(Object.keys(entries)).toHaveLength(names.length)
            for (const name of Object.keys(entries)) expect(name).toEndWith('.png.jpg')
            for (const picture of Object.values(entries)) expect((await sharp(picture).metadata()).format).toBe('jpeg')
          }
        }
      expect((await getBytes(`/api/tasks/${task}/data?type=context_image&number=${frames.length}`)).status).toBe(400)
      const named = await Array.fromAsync(frameNames(task))
      expect(named.map((frame) => frame.related.map(({ name }) => name))).toEqual(related)
      const byFile = await relatedOf(task)
      expect(named.map(({ file }) => byFile.get(file)?.length ?? 0)).toEqual(related.map(({ length }) => length))
    })

  test('names in the zip are paths below what the pictures have in common', async () => {
    const set = await Promise.all(
      ['k/velodyne_points/data/01.pcd', 'k/image_00/data/01.png', 'k/image_01/data/01.png'].map(
        async (name): Promise<NamedBytes> => [name, name.endsWith('.pcd') ? pcdOf(points) : await paint('png')],
      ),
    )
    const task = await taskOf([['set.zip', zipOf(set)]])
    const { bytes } = await getBytes(`/api/tasks/${task}/data?type=context_image&number=0`)
    expect(Object.keys(unzipSync(bytes))).toEqual(['image_00/data/01.png.jpg', 'image_01/data/01.png.jpg'])
  })
})

describe('refusals name the file', () => {
  const expectRefused = async (name: string, bytes: Uint8Array, why: RegExp) => {
    const task = await createTask()
    const { status, message } = await attach(task, [[name, bytes]])
    expect([status, message]).toEqual(['failed', expect.stringMatching(why)])
    expect((await get(`/api/tasks/${task}/data/meta`)).status).toBe(404)
  }
  const cases: [name: string, bytes: Uint8Array, why: RegExp][] = [
    ['no.pcd', text('hello'), /^no\.pcd: not a point cloud/],
    ['empty.pcd', new Uint8Array(0), /^empty\.pcd: the file is empty/],
    ['cut.pcd', binaryPcd.slice(0, -10), /^cut\.pcd: the file is cut off/],
    ['packed.pcd', compressedPcd.slice(0, -10), /^packed\.pcd: the file is cut off/],
    [
      'many.pcd',
      join(pcdHeader(400, 'binary', { WIDTH: '99999999999', POINTS: '99999999999' })),
      /^many\.pcd: WIDTH is 99999999999, more than/,
    ],
    ['nan.pcd', pcdHeader(4, 'ascii', { WIDTH: 'NaN', POINTS: 'NaN' }), /^nan\.pcd: .*WIDTH/],
    ['minus.pcd', pcdHeader(4, 'ascii', { POINTS: '-1' }), /^minus\.pcd: .*POINTS/],
    ['odd.pcd', pcdHeader(4, 'ascii', { HEIGHT: '3' }), /^odd\.pcd: WIDTH times HEIGHT is 12, but POINTS is 4/],
    ['size.pcd', pcdHeader(4, 'ascii', { SIZE: '4 4 3 4' }), /^size\.pcd: .*F3/],
    ['count.pcd', pcdHeader(4, 'ascii', { COUNT: '1 1 1 99999999' }), /^count\.pcd: COUNT/],
    ['flat.pcd', pcdHeader(4, 'ascii', { FIELDS: 'x y w intensity' }), /^flat\.pcd: .*no z/],
    ['zero.pcd', pcdHeader(0, 'ascii'), /^zero\.pcd: .*no points/],
    ['odd.bin', new Uint8Array(17), /^odd\.bin: 17 bytes are no KITTI/],
    ['program.bin', new Uint8Array(1600).fill(255), /^program\.bin: .*no coordinates/],
    [
      'cut.ply',
      text(
        'ply\nformat binary_little_endian 1.0\nelement vertex 9\nproperty float x\nproperty float y\nproperty float z\nend_header\n123',
      ),
      /^cut\.ply: .*cut off/,
    ],
    ['cut.las', text('LASF'.padEnd(400, 'x')), /^cut\.las: /],
    ['cut.laz', text('short'), /^cut\.laz: not a LAS file/],
  ]
  for (const [name, bytes, why] of cases) test(name, () => expectRefused(name, bytes, why))

  test('a related picture that is cut off', async () => {
    const set: NamedBytes[] = [
      ['x.pcd', pcdOf(points)],
      ['x.png', (await paint('png')).slice(0, -20)],
    ]
    expect((await attach(await createTask(), [['set.zip', zipOf(set)]])).message).toMatch(/^x\.png: the file is cut off/)
  })

  test('clouds and videos or documents together', async () => {
    const task = await createTask()
    const pdf = text('%PDF-1.4')
    expect(
      (
        await attach(task, [
          ['a.pcd', pcdOf(points)],
          ['b.pdf', pdf],
        ])
      ).message,
    ).toMatch(/^b\.pdf: /)
  })

  test('a project holds 2D or 3D tasks, not both', async () => {
    const project = (await (await getOwner()).call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }] } }))
      .json.id
    await taskOf([['a.png', await paint('png')]], {}, { project_id: project, labels: undefined })
    const task = await createTask({ project_id: project, labels: undefined })
    expect((await attach(task, [['a.pcd', pcdOf(points)]])).message).toMatch(/Dimension \(3d\).*\(2d\)/)
  })
})

test('damaged LZF never writes outside of its target', () => {
  for (const bytes of [[31, 1], [0xe0, 255, 0], [0x20, 5], [0xe0], [0, 1, 0x20, 0, 0xe0, 255, 0]])
    expect(() => unpackLzf(Uint8Array.from(bytes), 8)).toThrow('damaged')
})
