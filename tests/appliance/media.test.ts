// Proves that what reads rare media is in the one executable (PDF, LAZ, xz), and that a save reaches who watches through it.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { type Client, signIn, uploadMedia } from '../../scripts/client.ts'
import { type ServedProgram, serveProgram } from './program.ts'

const picture = join(import.meta.dir, '../../public/demo/chelsea.jpg')
let served: ServedProgram
let program: ServedProgram['program']
let url: string
let client: Client

beforeAll(async () => {
  served = await serveProgram()
  ;({ program, url, client } = served)
})
afterAll(() => served?.stop())

const createTask = async (files: [name: string, content: Blob][]): Promise<number> => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'media', labels: [{ name: 'thing' }] })
  await uploadMedia(client, id, files)
  return id
}
const namesOf = async (id: number): Promise<string[]> =>
  (await client.get(`/api/tasks/${id}/data/meta`)).frames.map(({ name }: { name: string }) => name)
const frameOf = async (id: number, number: number) => {
  const response = await client.raw(`/api/tasks/${id}/data?type=frame&number=${number}&quality=original`)
  expect(response.status).toBe(200)
  return response.bytes()
}

/** One page of an inch by half an inch, white. */
const pdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 36]>>endobj
trailer<</Root 1 0 R/Size 4>>
%%EOF
`

test('a page of a PDF becomes a picture of 200 dots an inch', async () => {
  const id = await createTask([['page.pdf', new Blob([pdf])]])
  expect(await namesOf(id)).toHaveLength(1)
  const { width, height } = await sharp(await frameOf(id, 0)).metadata()
  expect([width, height]).toEqual([200, 100])
})

/** Three points in a national grid, point format 2, as laspy 2.7 writes them. */
const laz =
  'TEFTRgAAAAAAAAAAAAAAAAAAAAAAAAAAAQJPVEhFUgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGxhc3B5IDIuNy4wAAAAAAAAAAAAAAAAAAAAAAAAAAAARgHqB+MARwEAAAEAAACCGgADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD8qfHSTWJQP/yp8dJNYlA//Knx0k1iUD8AAAAAgIQeQQAAAACAhE5BAAAAAAAAAAAAAAAAj4QeQQAAAACFhB5BAAAAEIaETkEAAABAhYROQQAAAAAAAARAAAAAAAAACsAAAGxhc3ppcCBlbmNvZGVkAAC8Vi4AaHR0cDovL2xhc3ppcC5vcmcAAAAAAAAAAAAAAAAAAAACAAAAAgIAAAAAAABQwwAA/////////////////////wIABgAUAAIACAAGAAIAgwEAAAAAAADiBAAABCkAANwFAAAKAAAAAAAAAAD/AAAAAEFRTP7wBoveCiDXcop3Cd+zZSvd7/K1AAAAAAAAAAEAAAA0uQAAAA=='

test('a LAZ scan becomes a PCD cloud', async () => {
  const id = await createTask([['scan.laz', new Blob([Buffer.from(laz, 'base64')])]])
  expect(await namesOf(id)).toEqual(['scan.pcd'])
  const head = new TextDecoder('latin1').decode(await frameOf(id, 0)).split('DATA')[0]
  expect(head).toContain('FIELDS x y z intensity rgb')
  expect(head).toContain('POINTS 3')
})

test('a tar.xz is opened', async () => {
  const folder = join(program.folder, 'set')
  mkdirSync(folder)
  await Bun.write(join(folder, 'a.jpg'), Bun.file(picture))
  const packed = Bun.spawnSync(['tar', '-cJf', '-', '-C', folder, 'a.jpg'])
  expect([packed.exitCode, packed.stderr.toString()]).toEqual([0, ''])
  const id = await createTask([['set.tar.xz', new Blob([Uint8Array.from(packed.stdout)])]])
  expect(await namesOf(id)).toEqual(['a.jpg'])
  expect(Buffer.from(await frameOf(id, 0)).equals(Buffer.from(await Bun.file(picture).bytes()))).toBe(true)
})

test('a save of one client reaches the stream of another', async () => {
  const id = await createTask([['a.jpg', Bun.file(picture)]])
  const [job] = (await client.get(`/api/jobs?task_id=${id}`)).results
  const [label] = (await client.get(`/api/labels?task_id=${id}`)).results
  const watcher = await signIn(url, 'admin', 'appliance-admin')
  const stream = await watcher.raw(`/api/stream?job_id=${job.id}`)
  expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const reader = stream.body!.pipeThrough(new TextDecoderStream() as any).getReader() as ReadableStreamDefaultReader<string>
  let text = ''
  /** The data of the next event of a type, whenever it comes; others are passed over. */
  const next = async (type: string): Promise<any> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end < 0) {
        const { done, value } = await reader.read()
        if (done) throw new Error(`the stream ended before ${type}`)
        text += value
        continue
      }
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      if (lines.includes(`event: ${type}`)) return JSON.parse(lines.find((line) => line.startsWith('data: '))!.slice(6))
    }
  }
  try {
    const { revision } = await next('hello')
    const shape = { type: 'rectangle', label_id: label.id, frame: 0, points: [1, 1, 5, 5] }
    const saved = await client.send('PATCH', `/api/jobs/${job.id}/annotations?action=create`, { shapes: [shape] })
    expect(await next('save')).toMatchObject({
      job_id: job.id,
      revision: revision + 1,
      ids: { created: { shapes: [saved.shapes[0].id] } },
    })
  } finally {
    await reader.cancel()
  }
})
