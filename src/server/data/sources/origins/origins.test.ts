// Tasks out of the connected share, of other servers and of buckets, through the API.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { app, createPerson, origin, type Person, password } from '../../../../../tests/api'
import { config, setConfig } from '../../../config'
import { runRequest } from '../../../requests/service'
import { openTransport } from '../../../storage/object-http'
import { type ObjectStore, openObjectStore, type S3Location } from '../../../storage/object-store'
import { isInstalled, type StandIn, standIns } from '../../../storage/stand-ins'
import { storage } from '../../../storage/storage'
import { ingestTask, loadTaskMedia, readFrame } from '../../service'

const before = config()
const base = mkdtempSync(join(tmpdir(), 'annolith-origins-'))
const share = join(base, 'share')
let owner: Person

/** A picture of one colour, 16 × 8 unless said otherwise. */
const paint = async (color: number, width = 16, height = 8) => {
  const stride = (width * 3 + 3) & ~3
  const bmp = new Uint8Array(54 + stride * height)
  const view = new DataView(bmp.buffer)
  bmp.set([0x42, 0x4d])
  for (const [at, value] of [[2, bmp.length], [10, 54], [14, 40], [18, width], [22, height]] as const) view.setUint32(at, value, true) // biome-ignore format: table
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) bmp.set([color, color, color], 54 + y * stride + x * 3)
  return new Uint8Array(await new Bun.Image(bmp).png().bytes())
}

const dataUrl = (task: number) => `/api/tasks/${task}/data`
const createTask = async (more: object = {}): Promise<number> =>
  (await owner.call('POST', '/api/tasks', { body: { name: 'origin', labels: [{ name: 'car' }], ...more } })).json.id
const attach = async (task: number, body: object) => {
  const answer = await owner.call('POST', dataUrl(task), { body })
  expect([answer.status, answer.text]).toEqual([202, JSON.stringify({ rq_id: answer.json?.rq_id })])
  await runRequest(answer.json.rq_id, ingestTask)
  return (await owner.call('GET', `/api/requests/${encodeURIComponent(answer.json.rq_id)}`)).json as {
    status: string
    message: string
  }
}
const createWith = async (body: object, more: object = {}) => {
  const task = await createTask(more)
  expect(await attach(task, body)).toMatchObject({ status: 'finished', message: '' })
  return task
}
const failWith = async (body: object) => {
  const task = await createTask()
  const { status, message } = await attach(task, body)
  expect([status, await Array.fromAsync(storage().list(`data/${task}`))]).toEqual(['failed', []])
  return message
}
const metaOf = async (task: number) => (await owner.call('GET', `${dataUrl(task)}/meta`)).json
const namesOf = async (task: number): Promise<string[]> => (await metaOf(task)).frames.map(({ name }: { name: string }) => name)
const namesWith = async (body: object) => namesOf(await createWith(body))
const getBytes = async (url: string) => {
  const authorization = `Basic ${btoa(`${owner.username}:${password}`)}`
  const response = await app.handle(new Request(origin + url, { headers: { host: 'localhost', authorization } }))
  return { status: response.status, bytes: await response.bytes() }
}
const lines = (...all: object[]) => all.map((line) => JSON.stringify(line)).join('\n')
const imagesManifest = (...names: string[]) =>
  lines({ version: '1.1' }, { type: 'images' }, ...names.map((name) => ({ name, extension: '.png', width: 16, height: 8 })))

beforeAll(async () => {
  owner = await createPerson()
  for (const folder of ['images/deep', 'mixed', 'outside-of-nothing']) mkdirSync(join(share, folder), { recursive: true })
  mkdirSync(join(base, 'outside'))
  const files = ['images/c.png', 'images/a.png', 'images/b.png', 'images/deep/d.png', 'images/deep/a10.png', 'images/deep/a2.png', 'mixed/x.png', '../outside/secret.png'] // biome-ignore format: files
  for (const [i, file] of files.entries()) writeFileSync(join(share, file), await paint(20 * (i + 1)))
  writeFileSync(join(share, 'mixed/notes.txt'), 'no picture')
  writeFileSync(join(share, 'notes.txt'), 'no picture')
  writeFileSync(join(share, 'order.jsonl'), imagesManifest('images/b', 'images/c', 'images/a'))
  writeFileSync(join(share, 'images/own.jsonl'), imagesManifest('c', 'a', 'b'))
  writeFileSync(join(share, 'wrong.jsonl'), imagesManifest('images/b', 'images/gone'))
  writeFileSync(join(share, 'no.jsonl'), '{"version": "1.1"}\n{"type": "images"}\nnot json')
  writeFileSync(join(share, 'huge.jsonl'), lines({ version: '1.1' }, { type: 'images' }, { name: 'a', extension: '.png', width: 9e9, height: 1 })) // biome-ignore format: line
  symlinkSync(join(base, 'outside'), join(share, 'out'))
  symlinkSync(join(base, 'outside/secret.png'), join(share, 'images/deep/secret.png'))
  symlinkSync(share, join(share, 'images/deep/loop'))
  setConfig({ ...before, share_dir: share, outbound_allow: ['127.0.0.1'] })
})
afterAll(() => {
  setConfig(before)
  rmSync(base, { recursive: true, force: true })
})

describe('the connected share', () => {
  test('files are linked where they lie; nothing is copied', async () => {
    const task = await createWith({ server_files: ['images/b.png', '/images/a.png'], image_quality: 70 })
    expect(await namesOf(task)).toEqual(['images/a.png', 'images/b.png'])
    expect(await metaOf(task)).toMatchObject({ storage: 'share', cloud_storage_id: null, size: 2 })
    expect(await Array.fromAsync(storage().list(`data/${task}`))).toEqual([])
    const original = await Bun.file(join(share, 'images/a.png')).bytes()
    expect((await getBytes(`${dataUrl(task)}?type=frame&number=0&quality=original`)).bytes).toEqual(original)
    const chunk = unzipSync((await getBytes(`${dataUrl(task)}?type=chunk&number=0&quality=original`)).bytes)
    expect(chunk['000000.png']).toEqual(original)
    expect((await readFrame(await loadTaskMedia(task), 0)).bytes).toEqual(original)
  })

  test('copy_data makes the task independent of the share', async () => {
    writeFileSync(join(share, 'mixed/soon-gone.png'), await paint(77))
    const task = await createWith({ server_files: ['mixed/soon-gone.png'], copy_data: true })
    rmSync(join(share, 'mixed/soon-gone.png'))
    expect(await metaOf(task)).toMatchObject({ storage: 'local' })
    expect((await getBytes(`${dataUrl(task)}?type=frame&number=0`)).status).toBe(200)
    const linked = await createTask()
    writeFileSync(join(share, 'mixed/soon-gone.png'), await paint(78))
    await attach(linked, { server_files: ['mixed/soon-gone.png'] })
    rmSync(join(share, 'mixed/soon-gone.png'))
    const gone = await getBytes(`${dataUrl(linked)}?type=frame&number=0`)
    expect([gone.status, new TextDecoder().decode(gone.bytes)]).toEqual([400, expect.stringContaining('mixed/soon-gone.png')])
  })

  test('folders with everything below, without what leads out, round in circles or is no media', async () => {
    const images = ['images/a.png', 'images/b.png', 'images/c.png', 'images/deep/a10.png', 'images/deep/a2.png', 'images/deep/d.png'] // biome-ignore format: names
    for (const folder of ['images', 'images/', '/images/']) expect(await namesWith({ server_files: [folder] })).toEqual(images)
    expect(await namesWith({ server_files: ['/'] })).toEqual([...images, 'mixed/x.png'])
    // A folder and a file in it: each file once.
    expect(await namesWith({ server_files: ['images/deep/a2.png', 'images/deep/'] })).toEqual(images.slice(3))
  })

  test('exclusions and patterns', async () => {
    const server_files = ['images/']
    expect(await namesWith({ server_files, server_files_exclude: ['images/deep/', 'images/a.png'] })).toEqual(['images/b.png', 'images/c.png']) // biome-ignore format: line
    expect(await namesWith({ server_files, filename_pattern: 'images/[a-b].*' })).toEqual(['images/a.png', 'images/b.png'])
    expect(await namesWith({ filename_pattern: '*/?.png', server_files: ['images/deep'] })).toEqual(['images/deep/d.png'])
    expect(await namesWith({ filename_pattern: '*x*' })).toEqual(['mixed/x.png'])
    expect(await failWith({ filename_pattern: 'nothing*' })).toContain('No media data found')
    expect(await failWith({ server_files, server_files_exclude: ['images/'] })).toContain('No media data found')
  })

  test('the predefined order is that of the request, folder by folder; the others sort', async () => {
    const server_files = ['images/deep/', 'images/c.png', 'images/a.png']
    const deep = ['images/deep/a10.png', 'images/deep/a2.png', 'images/deep/d.png']
    expect(await namesWith({ server_files, sorting_method: 'predefined' })).toEqual([...deep, 'images/c.png', 'images/a.png'])
    expect(await namesWith({ server_files: ['images/deep'], sorting_method: 'natural' })).toEqual([
      'images/deep/a2.png',
      'images/deep/a10.png',
      'images/deep/d.png',
    ])
    const random = await namesWith({ server_files, sorting_method: 'random' })
    expect(random.toSorted()).toEqual(['images/a.png', 'images/c.png', ...deep])
  })

  test('a manifest gives the order and must fit; its names count from the root or from its own folder', async () => {
    const server_files = ['images/a.png', 'images/b.png', 'images/c.png']
    const ordered = ['images/b.png', 'images/c.png', 'images/a.png']
    const predefined = { sorting_method: 'predefined' }
    expect(await namesWith({ server_files: [...server_files, 'order.jsonl'], ...predefined })).toEqual(ordered)
    expect(await namesWith({ server_files: [...server_files, 'images/own.jsonl'], ...predefined })).toEqual([
      'images/c.png',
      'images/a.png',
      'images/b.png',
    ])
    expect(await namesWith({ server_files: [...server_files, 'order.jsonl'] })).toEqual(server_files)
    const wrong = await failWith({ server_files: [...server_files, 'wrong.jsonl'] })
    expect(wrong).toContain('wrong.jsonl')
    expect(wrong).toContain('images/gone.png (only in the manifest)')
    expect(wrong).toContain('images/a.png (not in the manifest)')
    expect(await failWith({ server_files: [...server_files, 'no.jsonl'] })).toContain('no.jsonl: not a valid manifest, line 3')
    expect(await failWith({ server_files: [...server_files, 'huge.jsonl'] })).toContain('line 3 has an impossible size')
    expect(await failWith({ server_files: [...server_files, 'order.jsonl', 'wrong.jsonl'] })).toContain('Only one manifest')
    expect(await failWith({ server_files: [...server_files, 'order.jsonl'], sorting_method: 'random' })).toContain('random')
  })

  test('files are distributed over jobs by their names', async () => {
    const job_file_mapping = [['images/c.png'], ['images/b.png', 'images/a.png']]
    const task = await createWith({ server_files: ['images/a.png', 'images/b.png', 'images/c.png'], job_file_mapping })
    expect(await namesOf(task)).toEqual(job_file_mapping.flat())
    const jobs = (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results
    expect(jobs.map((job: any) => [job.start_frame, job.stop_frame])).toEqual([[0, 0], [1, 2]]) // biome-ignore format: pairs
  })

  test('what is not there, not inside or no media is named', async () => {
    expect(await failWith({ server_files: ['images/none.png'] })).toContain('images/none.png: not in the connected share')
    for (const name of ['out/secret.png', 'out/', 'images/deep/secret.png'])
      expect(await failWith({ server_files: [name] })).toContain(`${name}: not in the connected share`)
    expect(await failWith({ server_files: ['notes.txt'] })).toContain('notes.txt')
    const task = await createTask()
    for (const name of ['../outside/secret.png', 'images/../../outside/', 'a\\b', 'a\0b']) {
      const answer = await owner.call('POST', dataUrl(task), { body: { server_files: [name] } })
      expect([name, answer.status, Object.keys(answer.json)]).toEqual([name, 400, ['server_files']])
    }
    setConfig({ ...config(), share_dir: '' })
    expect(await failWith({ server_files: ['images/a.png'] })).toContain('No file share is connected')
    setConfig({ ...config(), share_dir: share })
  })
})

describe('other servers', () => {
  let server: ReturnType<typeof Bun.serve>
  let site: string
  beforeAll(async () => {
    const picture = await paint(99)
    server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) => {
        const { pathname, search } = new URL(request.url)
        if (pathname === '/moved.png') return Response.redirect('/pictures/one%20picture.png', 302)
        if (pathname === '/inside.png') return Response.redirect('http://10.0.0.1/secret.png', 302)
        if (pathname === '/page.html') return new Response('<html>', { headers: { 'content-type': 'text/html' } })
        if (pathname === '/large.png') return new Response(new Uint8Array(5000))
        return /pictures/.test(pathname) || search ? new Response(picture) : new Response('', { status: 404 })
      },
    })
    site = `http://127.0.0.1:${server.port}`
  })
  afterAll(() => server.stop(true))

  test('files are fetched, named by their addresses and kept here', async () => {
    const task = await createWith({ remote_files: [`${site}/pictures/one%20picture.png`, `${site}/moved.png`, `${site}/b.png?key=secret`] }) // biome-ignore format: line
    expect(await namesOf(task)).toEqual(['b.png', 'moved.png', 'one picture.png'])
    expect(await metaOf(task)).toMatchObject({ storage: 'local' })
    expect((await getBytes(`${dataUrl(task)}?type=frame&number=1`)).status).toBe(200)
  })

  test('addresses inside the network are refused, behind redirects too', async () => {
    setConfig({ ...config(), outbound_allow: [] })
    for (const host of ['localhost', '127.0.0.1', '[::1]', '169.254.169.254', '10.1.2.3', '0.0.0.0'])
      expect(await failWith({ remote_files: [`http://${host}:${server.port}/pictures/a.png`] })).toContain('not allowed')
    setConfig({ ...config(), outbound_allow: ['127.0.0.1'] })
    expect(await failWith({ remote_files: [`${site}/inside.png`] })).toContain('not allowed')
  })

  test('a connection that breaks is told, and nothing of the file stays', async () => {
    const cut = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        data: (socket) => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\nonly this')
          socket.flush()
          socket.end()
        },
      },
    })
    expect(await failWith({ remote_files: [`http://127.0.0.1:${cut.port}/cut.png`] })).toContain('cut.png: the connection broke')
    cut.stop(true)
  })

  test('what is missing, too large or no media is named, without what is secret in its address', async () => {
    const missing = await failWith({ remote_files: [`${site}/pictures/a.png`, `${site}/none.png`] })
    expect(missing).toContain(`${site}/none.png: the server answered 404`)
    expect(await failWith({ remote_files: [`${site}/page.html`] })).toContain('page.html')
    setConfig({ ...config(), upload_bytes: 2000 })
    expect(await failWith({ remote_files: [`http://name:pass@127.0.0.1:${server.port}/large.png?key=1`] })).toBe(
      `${site}/large.png: The answer has more than 2000 bytes.`,
    )
    setConfig({ ...config(), upload_bytes: before.upload_bytes })
  })
})

describe.skipIf(!isInstalled('s3'))('buckets', () => {
  let standIn: StandIn
  let store: ObjectStore
  let id: number
  const keys = ['a_1.png', 'b_1.png', 'd_1.png', 'test/sub_0/img_1.png', 'test/sub_0/img_10.png', 'test/sub_0/img_2.png', 'test/sub_1/img_1.png'] // biome-ignore format: keys
  const from = (more: object = {}) => ({ cloud_storage_id: id, image_quality: 70, ...more })
  const connect = async (person: Person, bucket: string, attributes = '') => {
    const { endpoint } = standIn.locate(bucket) as S3Location
    const specific_attributes = `endpoint_url=${encodeURIComponent(endpoint!)}${attributes}`
    const body = { provider_type: 'AWS_S3_BUCKET', resource: bucket, display_name: bucket, credentials_type: 'KEY_SECRET_KEY_PAIR', key: 'k', secret_key: 's', specific_attributes } // biome-ignore format: body
    return (await person.call('POST', '/api/cloudstorages', { body })).json.id as number
  }

  beforeAll(async () => {
    standIn = await standIns.s3.start()
    await standIn.createBucket('media')
    store = await openObjectStore(standIn.locate('media'), { transport: openTransport })
    for (const [i, key] of keys.entries()) await store.put(key, new Blob([await paint(10 * (i + 1), 20 + i, 10)]))
    await store.put('test/notes.txt', new Blob(['text']))
    await store.put('test/', new Blob([]))
    await store.put('test/manifest.jsonl', new Blob([lines({ version: '1.1' }, { type: 'images' }, { name: 'sub_1/img_1', extension: '.png', width: 26, height: 10 }, { name: 'sub_0/img_2', extension: '.png' })])) // biome-ignore format: line
    id = await connect(owner, 'media')
  }, 60_000)
  afterAll(() => standIn?.stop())

  test('pictures stay in the bucket and are fetched when a frame is asked for', async () => {
    const task = await createWith(from({ server_files: ['test/sub_0/img_2.png', 'a_1.png'] }))
    expect(await metaOf(task)).toMatchObject({ storage: 'cloud_storage', cloud_storage_id: id })
    expect((await metaOf(task)).frames.map(({ name, width }: any) => [name, width])).toEqual([['a_1.png', 20], ['test/sub_0/img_2.png', 25]]) // biome-ignore format: pairs
    expect((await owner.call('GET', `/api/tasks/${task}`)).json.data_cloud_storage_id).toBe(id)
    expect(await Array.fromAsync(storage().list(`data/${task}`))).toEqual([])
    const original = await paint(10, 20, 10)
    expect((await getBytes(`${dataUrl(task)}?type=frame&number=0&quality=original`)).bytes).toEqual(original)
    const compressed = unzipSync((await getBytes(`${dataUrl(task)}?type=chunk&number=0&quality=compressed`)).bytes)
    expect(Object.keys(compressed)).toEqual(['000000.jpeg', '000001.jpeg'])
    expect((await getBytes(`/api/tasks/${task}/preview`)).status).toBe(200)
    expect((await readFrame(await loadTaskMedia(task), 0)).bytes).toEqual(original)
  })

  test('WebP stays there unless it is an animation; what is no picture is named', async () => {
    const { default: sharp } = await import('sharp')
    const still = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#123' } })
      .webp()
      .toBuffer()
    const frames = await sharp([0, 1, 2].map((red) => ({ create: { width: 30, height: 20, channels: 3 as const, background: { r: red * 90, g: 0, b: 0 } } })) as any, { join: { animated: true } }).webp().toBuffer() // biome-ignore format: line
    await store.put('webp/still.webp', new Blob([new Uint8Array(still)]))
    const task = await createWith(from({ server_files: ['webp/'] }))
    expect(await metaOf(task)).toMatchObject({
      storage: 'cloud_storage',
      frames: [{ name: 'webp/still.webp', width: 30, height: 20 }],
    })
    await store.put('webp/moves.webp', new Blob([new Uint8Array(frames)]))
    const moving = await createWith(from({ server_files: ['webp/'] }))
    expect(await metaOf(moving)).toMatchObject({ storage: 'local', size: 4 })
    await store.put('bad/empty.png', new Blob([]))
    await store.put('bad/text.png', new Blob(['no picture']))
    for (const name of ['bad/empty.png', 'bad/text.png']) expect(await failWith(from({ server_files: [name] }))).toContain(name)
    for (const name of ['webp/still.webp', 'webp/moves.webp', 'bad/empty.png', 'bad/text.png']) await store.remove(name)
  })

  test('copies when the cache is not used or copies are wanted', async () => {
    for (const more of [{ use_cache: false }, { copy_data: true }]) {
      const task = await createWith(from({ server_files: ['a_1.png'], ...more }))
      expect(await metaOf(task)).toMatchObject({ storage: 'local', cloud_storage_id: id })
      expect((await Array.fromAsync(storage().list(`data/${task}/raw`))).length).toBe(1)
    }
  })

  test('folders, exclusions and shell patterns', async () => {
    expect(await namesWith(from({ server_files: ['test/'] }))).toEqual(keys.slice(3))
    expect(await namesWith(from({ server_files: ['test/'], server_files_exclude: ['test/sub_0/'] }))).toEqual(keys.slice(6))
    expect(await namesWith(from({ filename_pattern: '*' }))).toEqual(keys)
    expect(await namesWith(from({ filename_pattern: '[a-c]*' }))).toEqual(keys.slice(0, 2))
    expect(await namesWith(from({ filename_pattern: 'test/sub*1.png' }))).toEqual(['test/sub_0/img_1.png', 'test/sub_1/img_1.png']) // biome-ignore format: line
    expect(await failWith(from({ filename_pattern: '[e-z]*.jpeg' }))).toContain('No media data found')
    expect(await failWith(from())).toContain('No media data found')
  })

  test('order: predefined as the request has it, natural, lexicographical', async () => {
    const server_files = ['test/sub_1/', 'test/sub_0/']
    expect(await namesWith(from({ server_files, sorting_method: 'predefined' }))).toEqual([keys[6]!, ...keys.slice(3, 6)])
    expect(await namesWith(from({ server_files: ['test/sub_0/'], sorting_method: 'natural' }))).toEqual([keys[3]!, keys[5]!, keys[4]!]) // biome-ignore format: line
    expect(await namesWith(from({ server_files, job_file_mapping: [['test/sub_0/img_2.png'], ['test/sub_1/img_1.png']] }))).toEqual([keys[5]!, keys[6]!]) // biome-ignore format: line
  })

  test('a manifest lists what there is, in its own folder, and tells sizes', async () => {
    const manifest = 'test/manifest.jsonl'
    const both = ['test/sub_0/img_2.png', 'test/sub_1/img_1.png']
    expect(await namesWith(from({ server_files: [manifest] }))).toEqual(both)
    expect(await namesWith(from({ server_files: [manifest, 'test/sub_1/'] }))).toEqual([both[1]!])
    expect(await namesWith(from({ server_files: [manifest], filename_pattern: '*img_2*' }))).toEqual([both[0]!])
    expect(await failWith(from({ server_files: [manifest, 'a_1.png'] }))).toContain('a_1.png: not in the manifest')
    expect(await failWith(from({ server_files: ['none.jsonl'] }))).toContain('none.jsonl')
    await store.put('test/evil.jsonl', new Blob([imagesManifest('../../etc/passwd')]))
    expect(await failWith(from({ server_files: ['test/evil.jsonl'] }))).toContain('test/evil.jsonl: not a valid manifest')
    await store.remove('test/evil.jsonl')
  })

  test('only what starts with the default prefix is taken', async () => {
    const narrow = await connect(owner, 'media', `&prefix=${encodeURIComponent('test/sub_0/img_1')}`)
    expect(await namesWith({ cloud_storage_id: narrow, server_files: ['test/'] })).toEqual(keys.slice(3, 5))
    expect(await namesWith({ cloud_storage_id: narrow, filename_pattern: '*' })).toEqual(keys.slice(3, 5))
  })

  test('a vanished object is a 404 that names it; another bucket takes over', async () => {
    await store.put('short.png', new Blob([await paint(50, 33, 10)]))
    const task = await createWith(from({ server_files: ['short.png'] }))
    await store.remove('short.png')
    const gone = await owner.call('GET', `${dataUrl(task)}?type=chunk&number=0&quality=compressed`)
    expect([gone.status, gone.text]).toEqual([404, expect.stringContaining('short.png')])
    expect(await failWith(from({ server_files: ['never.png'] }))).toContain('never.png')

    await standIn.createBucket('spare')
    const spare = await openObjectStore(standIn.locate('spare'), { transport: openTransport })
    await spare.put('short.png', new Blob([await paint(51, 33, 10)]))
    const other = await connect(owner, 'spare')
    const stranger = await createPerson()
    const foreign = await connect(stranger, 'spare')
    const patch = (storage: unknown) => owner.call('PATCH', `${dataUrl(task)}/meta`, { body: { cloud_storage_id: storage } })
    expect([(await patch(foreign)).status, (await patch(null)).status, (await patch(999_999)).status]).toEqual([403, 400, 404])
    expect((await patch(other)).json).toMatchObject({ cloud_storage_id: other, deleted_frames: [] })
    expect((await getBytes(`${dataUrl(task)}?type=chunk&number=0&quality=original`)).status).toBe(200)
    await owner.call('DELETE', `/api/cloudstorages/${other}`)
    expect(await metaOf(task)).toMatchObject({ cloud_storage_id: null, size: 1 })
    expect((await patch(other)).status).toBe(404)
    expect((await patch(id)).json.cloud_storage_id).toBe(id)
    const local = await createWith({ server_files: ['images/a.png'] })
    expect((await owner.call('PATCH', `${dataUrl(local)}/meta`, { body: { cloud_storage_id: id } })).status).toBe(400)
  })

  test('a bucket that one may not see is 403 on the first request', async () => {
    const foreign = await connect(await createPerson(), 'media')
    const task = await createTask()
    const answer = await owner.call('POST', dataUrl(task), { body: { cloud_storage_id: foreign, server_files: ['a_1.png'] } })
    expect(answer.status).toBe(403)
    const place = { location: 'cloud_storage', cloud_storage_id: foreign }
    for (const field of ['source_storage', 'target_storage'])
      expect((await owner.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'a' }], [field]: place } })).status).toBe(403) // biome-ignore format: line
  })

  test('the cache of fetched pictures keeps its limit, and a chunk larger than it is still made', async () => {
    await standIn.createBucket('large')
    const large = await openObjectStore(standIn.locate('large'), { transport: openTransport })
    const noise = (seed: number) => {
      const bmp = new Uint8Array(54 + 600 * 3 * 400)
      for (let i = 54, state = seed; i < bmp.length; i++) bmp[i] = (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16
      bmp.set([0x42, 0x4d])
      const view = new DataView(bmp.buffer)
      for (const [at, value] of [[2, bmp.length], [10, 54], [14, 40], [18, 600], [22, 400], [26, 1 | (24 << 16)]] as const) view.setUint32(at, value, true) // biome-ignore format: table
      return bmp
    }
    for (let i = 0; i < 4; i++) await large.put(`${i}.bmp`, new Blob([noise(i)]))
    const task = await createWith({ cloud_storage_id: await connect(owner, 'large'), server_files: ['/'] })
    const folder = join(config().dataDir, 'cache/media-limit')
    const { withLocalFiles, cloudName } = await import('../../../media/remote-file')
    const { openCache } = await import('../../../media/cache')
    const cache = openCache(folder, 1 << 20)
    const media = await loadTaskMedia(task)
    const files = [0, 1, 2, 3].map((number) => media.frames![number]!.file)
    expect(files[0]).toMatch(new RegExp(`^${cloudName(0, '').slice(0, 6)}\\d+/0.bmp$`))
    const sizes = await withLocalFiles(cache, folder, files, async (paths) => paths.map((path) => Bun.file(path).size))
    expect(sizes).toEqual(files.map(() => 54 + 600 * 3 * 400))
    let left = 0
    for await (const name of storage().list('cache/media-limit')) left += Bun.file(storage().localPath(name)).size
    expect(left).toBeLessThanOrEqual(1 << 20)
    expect((await getBytes(`${dataUrl(task)}?type=chunk&number=0&quality=original`)).status).toBe(200)
  })
})
