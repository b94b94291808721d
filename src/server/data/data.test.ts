// Media of tasks through the API: every way to upload, what becomes of it, bad input, frames, chunks, meta and who may see them.
import { beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { createPerson, type Person } from '../../../tests/api'
import { config } from '../config'
import { sendFile } from '../http/downloads'
import { localUpload } from '../http/uploads'
import { getChunk } from '../media/media'
import { runRequest } from '../requests/service'
import { storage } from '../storage/storage'
import { makeChunksAhead } from './make-chunks'
import { sendMedia, sendPreview } from './send-media'
import { frameNames, ingestTask, loadTaskMedia, mediaFacts, readFrame, removeAbandonedUploads } from './service'
import { findTaskData } from './stored-media'

let owner: Person
let stranger: Person
type Bytes = Uint8Array<ArrayBuffer>
let video: Bytes

const folder = mkdtempSync(join(tmpdir(), 'annolith-data-'))

/** A picture of one colour; `size` in pixels. */
const paint = async (format: 'jpeg' | 'png', width = 64, height = 48, color = 0x3366ff): Promise<Bytes> => {
  const bmp = new Uint8Array(54 + ((width * 3 + 3) & ~3) * height)
  const view = new DataView(bmp.buffer)
  bmp.set([0x42, 0x4d])
  view.setUint32(2, bmp.length, true)
  view.setUint32(10, 54, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, width, true)
  view.setInt32(22, height, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  const stride = (width * 3 + 3) & ~3
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) bmp.set([color & 255, (color >> 8) & 255, (color >> 16) & 255], 54 + y * stride + x * 3)
  return new Uint8Array(await new Bun.Image(bmp)[format]().bytes())
}

const film = async (name: string, args: string[]) => {
  const path = join(folder, name)
  const made = Bun.spawnSync(['ffmpeg', '-v', 'error', '-y', ...args, path])
  if (made.exitCode) throw new Error(made.stderr.toString())
  return Bun.file(path).bytes()
}

beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
  video = await film('clip.mp4', ['-f', 'lavfi', '-i', 'testsrc=size=96x64:rate=10:duration=2', '-pix_fmt', 'yuv420p'])
})

const createTask = async (more: object = {}, person = owner): Promise<number> =>
  (await person.call('POST', '/api/tasks', { body: { name: 'media', labels: [{ name: 'car' }], ...more } })).json.id

type File = [name: string, bytes: Bytes]

/** Multipart written by hand: names go out as they are, as the Python client sends them. */
const formOf = (files: File[], fields: Record<string, string> = {}) => {
  const boundary = 'b0undary'
  const parts: Bytes[] = []
  const text = (part: string) => parts.push(new TextEncoder().encode(part))
  for (const [name, value] of Object.entries(fields))
    text(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  for (const [i, [name, bytes]] of files.entries()) {
    text(`--${boundary}\r\nContent-Disposition: form-data; name="client_files[${i}]"; filename="${name}"\r\n`)
    text('Content-Type: application/octet-stream\r\n\r\n')
    parts.push(bytes)
    text('\r\n')
  }
  text(`--${boundary}--\r\n`)
  return { body: new Uint8Array(Buffer.concat(parts)), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}

const dataUrl = (task: number) => `/api/tasks/${task}/data/`
const postForm = (task: number, files: File[], fields: Record<string, string> = {}, header?: string, person = owner) => {
  const { body, headers } = formOf(files, fields)
  return person.call('POST', dataUrl(task), { body, headers: { ...headers, ...(header && { [header]: '' }) } })
}
const finish = (task: number, body: object = {}, person = owner) =>
  person.call('POST', dataUrl(task), { body, headers: { 'upload-finish': '' } })

/** Runs the work that an answer of 202 has announced, here instead of in a worker. */
const ingest = async (answer: { status: number; json: any; text: string }) => {
  expect([answer.status, answer.text]).toEqual([202, JSON.stringify({ rq_id: answer.json?.rq_id })])
  const id = answer.json.rq_id as string
  await runRequest(id, ingestTask)
  return (await owner.call('GET', `/api/requests/${encodeURIComponent(id)}`)).json as { status: string; message: string }
}

const attach = async (task: number, files: File[], fields: Record<string, string> = {}) => {
  const result = await ingest(await postForm(task, files, { image_quality: '70', ...fields }))
  expect(result).toMatchObject({ status: 'finished', message: '' })
}
const getTask = async (task: number) => (await owner.call('GET', `/api/tasks/${task}`)).json
const getMeta = async (task: number) => (await owner.call('GET', `/api/tasks/${task}/data/meta`)).json
const jobsOf = async (task: number) => (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results
const namesOf = async (task: number) => (await getMeta(task)).frames.map((frame: { name: string }) => frame.name)

const someJpegs = (names: string[]) =>
  Promise.all(names.map(async (name, i): Promise<File> => [name, await paint('jpeg', 64, 48, 0x101010 * (i + 1))]))

const getBytes = async (url: string, headers: Record<string, string> = {}, person = owner) => {
  const { app, origin, password } = await import('../../../tests/api')
  const authorization = `Basic ${btoa(`${person.username}:${password}`)}`
  const response = await app.handle(new Request(origin + url, { headers: { host: 'localhost', authorization, ...headers } }))
  return { status: response.status, headers: response.headers, bytes: await response.bytes() }
}

describe('uploads', () => {
  test('a conversation of announced groups: absolute paths lose their folders, the order is by name', async () => {
    const task = await createTask()
    expect(
      (await owner.call('POST', dataUrl(task), { headers: { 'upload-start': '', 'content-type': 'application/json' } })).status,
    ).toBe(202)
    const [b, a, ten] = await someJpegs(['/home/me/pics/b ü.jpg', 'C:\\pics\\a.jpg', 'a10.jpg'])
    expect((await postForm(task, [b!, a!], { image_quality: '70' }, 'upload-multiple')).status).toBe(200)
    expect((await postForm(task, [ten!], {}, 'upload-multiple')).status).toBe(200)
    expect(await ingest(await finish(task, { image_quality: 55, use_cache: true }))).toMatchObject({ status: 'finished' })
    expect(await getTask(task)).toMatchObject({
      size: 3,
      mode: 'annotation',
      image_quality: 55,
      segment_size: 3,
      overlap: 0,
      data_chunk_size: 72,
      data_original_chunk_type: 'imageset',
      data_compressed_chunk_type: 'imageset',
    })
    expect(await namesOf(task)).toEqual(['a.jpg', 'a10.jpg', 'b ü.jpg'])
    expect((await owner.call('GET', `/api/tasks/${task}/status`)).json).toEqual({ state: 'Finished', message: '', progress: 0 })
    expect((await finish(task)).status).toBe(400)
    expect((await postForm(task, [a!])).status).toBe(400)
  })

  test('a resumable file goes on after a break, from the offset that the server names', async () => {
    const task = await createTask()
    const bytes = await paint('png', 300, 200)
    const metadata = `filename ${Buffer.from('dir/wide é.png').toString('base64')}`
    const created = await owner.call('POST', dataUrl(task), {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': String(bytes.length),
        'upload-metadata': metadata,
        'content-type': 'application/json',
      },
    })
    expect(created.status).toBe(201)
    const location = created.headers.get('location')!
    expect(location).toMatch(new RegExp(`^http://localhost/api/tasks/${task}/data/${owner.user.id}_[0-9a-f-]{36}$`))
    const path = new URL(location).pathname
    const patch = (offset: number, body: Uint8Array, person = owner) =>
      person.call('PATCH', path, {
        body,
        headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      })

    // The connection breaks within the first piece: what has arrived counts.
    const { app, origin, password } = await import('../../../tests/api')
    let pulls = 0
    const broken = new ReadableStream(
      {
        // Breaks when more is asked for, which is after the first piece has been taken.
        pull: (controller) => (pulls++ ? controller.error(new Error('gone')) : controller.enqueue(bytes.slice(0, 100))),
      },
      { highWaterMark: 0 },
    )
    await app.handle(
      new Request(origin + path, {
        method: 'PATCH',
        body: broken,
        headers: {
          host: 'localhost',
          authorization: `Basic ${btoa(`${owner.username}:${password}`)}`,
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
        },
      }),
    )
    const head = await owner.call('HEAD', path)
    expect([
      head.status,
      head.headers.get('upload-offset'),
      head.headers.get('upload-length'),
      head.headers.get('cache-control'),
    ]).toEqual([200, '100', String(bytes.length), 'no-store'])
    const wrong = await patch(50, bytes.slice(50, 90))
    expect([wrong.status, wrong.headers.get('upload-offset')]).toEqual([409, '100'])
    expect((await patch(100, new Uint8Array(bytes.length))).status).toBe(413)
    expect((await finish(task)).json[0]).toContain('dir/wide é.png')
    const [one, other] = await Promise.all([patch(100, bytes.slice(100)), patch(100, bytes.slice(100))])
    expect([one.status, other.status].sort()).toContain(204)
    expect((await owner.call('HEAD', path)).headers.get('upload-offset')).toBe(String(bytes.length))
    expect((await owner.call('HEAD', `${dataUrl(task)}1_none`)).status).toBe(404)
    expect(await ingest(await finish(task))).toMatchObject({ status: 'finished' })
    expect((await getBytes(`${dataUrl(task)}?type=frame&number=0&quality=original`)).bytes).toEqual(bytes)
    expect(await namesOf(task)).toEqual(['dir/wide é.png'])
  })

  test('uploads belong to their person; options and removal', async () => {
    const task = await createTask()
    const admin = await createPerson({ superuser: true })
    const headers = { 'upload-length': '10', 'upload-metadata': `filename ${btoa('a.jpg')}` }
    const path = new URL((await owner.call('POST', dataUrl(task), { headers })).headers.get('location')!).pathname
    expect((await admin.call('HEAD', path)).status).toBe(403)
    expect((await stranger.call('HEAD', path)).status).toBe(403)
    expect((await stranger.call('POST', dataUrl(task), { headers })).status).toBe(403)
    const options = await owner.call('OPTIONS', path)
    expect([options.status, options.headers.get('tus-version'), options.headers.get('tus-max-size')]).toEqual([
      204,
      '1.0.0',
      String(config().upload_bytes),
    ])
    const huge = { ...headers, 'upload-length': String(config().upload_bytes + 1) }
    expect((await owner.call('POST', dataUrl(task), { headers: huge })).status).toBe(413)
    expect((await owner.call('POST', dataUrl(task), { headers: { 'upload-length': '10' } })).status).toBe(400)
    expect((await owner.call('DELETE', path)).status).toBe(204)
    expect((await owner.call('HEAD', path)).status).toBe(404)
    await postForm(task, await someJpegs(['mine.jpg']), {}, 'upload-multiple')
    const foreign = await finish(task, {}, admin)
    expect([foreign.status, foreign.text]).toEqual([400, expect.stringContaining('no such file were uploaded')])
    expect(await ingest(await finish(task))).toMatchObject({ status: 'finished' })
  })

  test('a name that comes twice: the same file counts once, another one is refused', async () => {
    const task = await createTask()
    const [one] = await someJpegs(['x.jpg'])
    await postForm(task, [one!], {}, 'upload-multiple')
    expect((await postForm(task, [one!], {}, 'upload-multiple')).status).toBe(200)
    const other = await postForm(task, [['x.jpg', await paint('png')]], {}, 'upload-multiple')
    expect([other.status, other.text]).toEqual([400, expect.stringContaining('x.jpg')])
    expect((await postForm(task, [one!, ['folder/x.jpg', await paint('png')]], {}, 'upload-multiple')).status).toBe(400)
    expect(await ingest(await finish(task))).toMatchObject({ status: 'finished' })
    expect((await getBytes(`${dataUrl(task)}?type=frame&number=0&quality=original`)).bytes).toEqual(one![1])
  })

  test.each([
    ['../../evil.jpg'],
    ['..\\evil.jpg'],
    ['a/../../evil.jpg'],
    ['ev\u0001il.jpg'],
    ['ev\u202egpj.exe'],
    [`${'x'.repeat(300)}.jpg`],
  ])('the name %j is refused and named', async (name) => {
    const task = await createTask()
    const [good] = await someJpegs(['good.jpg'])
    const answer = await postForm(task, [good!, [name, good![1]]])
    expect(answer.status).toBe(400)
    expect(answer.json.client_files[0]).toContain(JSON.stringify(name).slice(1, 100))
    const tus = await owner.call('POST', dataUrl(task), {
      headers: { 'upload-length': '1', 'upload-metadata': `filename ${Buffer.from(name).toString('base64')}` },
    })
    expect(tus.status).toBe(400)
    await attach(task, [good!])
  })

  test('abandoned uploads go, those of others stay', async () => {
    const task = await createTask()
    const create = async (name: string) => {
      const headers = { 'upload-length': '10', 'upload-metadata': `filename ${btoa(name)}` }
      return new URL((await owner.call('POST', dataUrl(task), { headers })).headers.get('location')!).pathname
    }
    const [old, fresh] = [await create('old.jpg'), await create('fresh.jpg')]
    const before = new Date(Date.now() - 2 * config().import_cache_clean_delay * 1000)
    const file = await localUpload(old.split('/').at(-1)!)
    utimesSync(file, before, before)
    const orphan = await localUpload('1_orphan')
    await Bun.write(orphan, 'x')
    utimesSync(orphan, before, before)
    await removeAbandonedUploads()
    expect((await owner.call('HEAD', old)).status).toBe(404)
    expect([await Bun.file(file).exists(), await Bun.file(orphan).exists()]).toEqual([false, false])
    expect((await owner.call('HEAD', fresh)).status).toBe(200)
  })
})

describe('parameters', () => {
  test('one form with Python booleans; every step of the frames, several jobs', async () => {
    const task = await createTask({ segment_size: 2, overlap: 1 })
    const files = await someJpegs(['i10.jpg', 'i9.jpg', 'i8.jpg', 'i7.jpg', 'i6.jpg', 'i5.jpg', 'i4.jpg'])
    await attach(task, files, {
      use_cache: 'False',
      use_zip_chunks: 'True',
      sorting_method: 'natural',
      start_frame: '1',
      stop_frame: '5',
      frame_filter: 'step=2',
      chunk_size: '2',
    })
    expect(await getMeta(task)).toMatchObject({
      size: 3,
      start_frame: 1,
      stop_frame: 5,
      frame_filter: 'step=2',
      chunk_size: 2,
      image_quality: 70,
    })
    expect(await namesOf(task)).toEqual(['i5.jpg', 'i7.jpg', 'i9.jpg'])
    const jobs = await jobsOf(task)
    expect(jobs.map((job: any) => [job.start_frame, job.stop_frame])).toEqual([
      [0, 1],
      [1, 2],
    ])
    const meta = (await owner.call('GET', `/api/jobs/${jobs[1].id}/data/meta`)).json
    expect(meta).toMatchObject({ size: 2, start_frame: 3, stop_frame: 5, included_frames: null })
    expect(meta.frames.map((frame: any) => frame.name)).toEqual(['i7.jpg', 'i9.jpg'])
  })

  test('chunks that are made ahead are the ones that are asked for', async () => {
    const task = await createTask()
    await attach(task, await someJpegs(['a.jpg', 'b.jpg', 'c.jpg']), { chunk_size: '2' })
    await makeChunksAhead(task)
    const made = await getChunk(await loadTaskMedia(task), [2], 'compressed')
    const sent = await getBytes(`${dataUrl(task)}?type=chunk&number=1`)
    expect([sent.headers.get('etag'), sent.bytes]).toEqual([made.etag, await Bun.file(made.path).bytes()])
  })

  test('orders of files: predefined, by jobs, random', async () => {
    const files = await someJpegs(['c.jpg', 'a.jpg', 'b.jpg'])
    const given = await createTask()
    await attach(given, files, {
      sorting_method: 'predefined',
      'upload_file_order[0]': 'b.jpg',
      'upload_file_order[1]': 'c.jpg',
      'upload_file_order[2]': 'a.jpg',
    })
    expect(await namesOf(given)).toEqual(['b.jpg', 'c.jpg', 'a.jpg'])
    const arrived = await createTask()
    await attach(arrived, files, { sorting_method: 'predefined' })
    expect(await namesOf(arrived)).toEqual(['c.jpg', 'a.jpg', 'b.jpg'])
    const mapped = await createTask({ segment_size: 2 })
    await attach(mapped, files, { job_file_mapping: '[["b.jpg"],["c.jpg","a.jpg"]]' })
    expect(await namesOf(mapped)).toEqual(['b.jpg', 'c.jpg', 'a.jpg'])
    expect((await jobsOf(mapped)).map((job: any) => [job.start_frame, job.stop_frame])).toEqual([
      [0, 0],
      [1, 2],
    ])
    expect((await getTask(mapped)).segment_size).toBe(0)
    const random = await createTask()
    await attach(random, files, { sorting_method: 'random' })
    expect((await namesOf(random)).sort()).toEqual(['a.jpg', 'b.jpg', 'c.jpg'])
    const lost = await createTask()
    const result = await ingest(await postForm(lost, files, { sorting_method: 'predefined', 'upload_file_order[0]': 'z.jpg' }))
    expect(result).toMatchObject({ status: 'failed', message: expect.stringContaining('z.jpg') })
  })

  test.each([
    ['server_files', { server_files: ['../a.jpg'] }],
    ['server_files', { server_files: ['images/', 'a\\b.jpg'] }],
    ['server_files_exclude', { server_files_exclude: ['a/'] }],
    ['filename_pattern', { filename_pattern: '[z-a]' }],
    ['filename_pattern', { filename_pattern: '*', server_files: ['a/'], server_files_exclude: ['a/b'] }],
    ['filename_pattern', { filename_pattern: '*', server_files: ['a/'], cloud_storage_id: 1 }],
    ['remote_files', { remote_files: ['ftp://localhost/a.jpg'] }],
    ['remote_files', { remote_files: ['http://localhost/'] }],
    ['remote_files', { remote_files: ['http://a.example/x.jpg', 'http://b.example/x.jpg?size=2'] }],
    ['cloud_storage_id', { cloud_storage_id: 'first' }],
    ['copy_data', { copy_data: 'yes please' }],
    ['validation_params', { validation_params: { mode: 'gt' } }],
    ['image_quality', { image_quality: 101 }],
    ['image_quality', { image_quality: 'high' }],
    ['chunk_size', { chunk_size: -1 }],
    ['frame_filter', { frame_filter: 'step=0' }],
    ['stop_frame', { start_frame: 5, stop_frame: 2 }],
    ['sorting_method', { sorting_method: 'best' }],
    ['use_cache', { use_cache: 'perhaps' }],
    ['job_file_mapping', { job_file_mapping: [['a.jpg'], ['a.jpg']] }],
  ])('%s is refused as %j and the task stays empty', async (field, body) => {
    const task = await createTask()
    const answer = await owner.call('POST', dataUrl(task), { body })
    expect([answer.status, Object.keys(answer.json)]).toEqual([400, [field]])
    await attach(task, await someJpegs(['a.jpg']))
  })
})

describe('files that cannot be used', () => {
  test('a request without files fails by itself, and the task can be given some', async () => {
    const task = await createTask()
    const nothing = await ingest(await owner.call('POST', dataUrl(task), { body: {} }))
    expect(nothing).toMatchObject({ status: 'failed', message: expect.stringContaining('No media data found') })
    await attach(task, await someJpegs(['a.jpg']))
  })

  const header = (width: number, height: number) => {
    const png = new Uint8Array(64)
    png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
    new DataView(png.buffer).setUint32(16, width)
    new DataView(png.buffer).setUint32(20, height)
    png.set([8, 2], 24)
    return png
  }
  const cases: [string, () => Promise<File[]>][] = [
    ['notes.txt', async () => [['notes.txt', new TextEncoder().encode('not a picture')]]],
    ['lie.jpg', async () => [['lie.jpg', new TextEncoder().encode('not a picture')]]],
    ['cut.jpg', async () => [['cut.jpg', (await paint('jpeg', 200, 200)).slice(0, 300)]]],
    ['empty.jpg', async () => [['empty.jpg', new Uint8Array()]]],
    ['empty', async () => [['empty', new Uint8Array()]]],
    ['huge.png', async () => [['huge.png', header(40_000, 40_000)]]],
    ['sound.mp4', async () => [['sound.mp4', await film('sound.mp4', ['-f', 'lavfi', '-i', 'sine=duration=1'])]]],
    ['clip.mp4', async () => [['clip.mp4', video], ...(await someJpegs(['a.jpg']))]],
    ['list.ts', async () => [['list.ts', new TextEncoder().encode('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')]]],
  ]
  test.each(cases)('%s fails, is named, and the task can be used', async (name, files) => {
    const task = await createTask()
    const result = await ingest(await postForm(task, await files()))
    expect([result.status, result.message]).toEqual(['failed', expect.stringContaining(name)])
    expect(result.message).not.toContain(config().dataDir)
    expect(await getTask(task)).toMatchObject({ size: 0, mode: '', data_chunk_size: null })
    expect((await owner.call('GET', `/api/tasks/${task}/status`)).json).toMatchObject({
      state: 'Failed',
      message: result.message,
    })
    expect(await Array.fromAsync(storage().list(`data/${task}`))).toEqual([])
    await attach(task, await someJpegs(['a.jpg']))
  })

  test.each([['a.7z'], ['a.m3u8'], ['a.svg'], ['a.heic']])('%s is refused at once', async (name) => {
    const task = await createTask()
    const answer = await postForm(task, [[name, new Uint8Array(10)]])
    expect([answer.status, answer.json.client_files[0]]).toEqual([400, expect.stringContaining(name)])
    await attach(task, await someJpegs(['a.jpg']))
  })

  test('a body that is no form', async () => {
    const task = await createTask()
    const send = (body: string, type: string) => owner.call('POST', dataUrl(task), { body, headers: { 'content-type': type } })
    expect((await send('--x\r\nbroken', 'multipart/form-data; boundary=x')).status).toBe(400)
    expect((await send('broken', 'multipart/form-data')).status).toBe(400)
    expect((await send('[1]', 'application/json')).status).toBe(400)
    expect((await send('{', 'application/json')).status).toBe(400)
    await attach(task, await someJpegs(['a.jpg']))
  })
})

test('a run that was cut off goes on where it was, also after its commit', async () => {
  const task = await createTask()
  await postForm(task, await someJpegs(['a.jpg', 'b.jpg', 'c.jpg']), {}, 'upload-multiple')
  const id = (await finish(task)).json.rq_id
  const busy = await postForm(task, await someJpegs(['d.jpg']), {}, 'upload-multiple')
  expect([busy.status, busy.text]).toEqual([400, expect.stringContaining('already')])
  // The first run ends after it has adopted one file.
  const { listUploads } = await import('../http/uploads')
  const [, second] = await listUploads(owner.user.id, `task-data:${task}`)
  await storage().adopt(`data/${task}/raw/${second!.id.split('_')[1]}-b.jpg`, await localUpload(second!.id))
  await removeAbandonedUploads()
  await runRequest(id, ingestTask)
  expect(await namesOf(task)).toEqual(['a.jpg', 'b.jpg', 'c.jpg'])
  // The commit is there but not the end of the request: the work is done again.
  const { requests } = await import('../requests/schema')
  const { tx } = await import('../db/open')
  const { eq } = await import('drizzle-orm')
  await tx(async (t) => void (await t.update(requests).set({ status: 'started' }).where(eq(requests.id, id))))
  await runRequest(id, ingestTask)
  expect((await owner.call('GET', `/api/tasks/${task}/status`)).json.state).toBe('Finished')
  expect(await jobsOf(task)).toHaveLength(1)
  expect((await Array.fromAsync(storage().list(`data/${task}`))).length).toBe(3)
})

describe('pictures of a task', () => {
  let task: number
  let jobs: { id: number }[]
  const files: File[] = []
  beforeAll(async () => {
    task = await createTask({ segment_size: 3, overlap: 1 })
    files.push(...(await someJpegs(['0.jpg', '1.jpg', '2.jpg', '3.jpg'])), ['4.png', await paint('png', 40, 30)])
    await attach(task, files, { chunk_size: '2' })
    jobs = await jobsOf(task)
  })
  const get = (query: string, headers = {}) => getBytes(`${dataUrl(task)}?${query}`, headers)
  const entries = (zip: Uint8Array) => Object.entries(unzipSync(zip))

  test('frames in both qualities, with the headers that caches need', async () => {
    const original = await get('type=frame&number=4&quality=original')
    expect([original.status, original.headers.get('content-type'), original.headers.get('content-disposition')]).toEqual([
      200,
      'image/png',
      null,
    ])
    expect(original.bytes).toEqual(files[4]![1])
    const compressed = await get('type=frame&number=4&quality=compressed')
    expect(compressed.headers.get('content-type')).toBe('image/jpeg')
    const etag = compressed.headers.get('etag')!
    expect(etag).toMatch(/^"[^"]+"$/)
    expect((await get('type=frame&number=4', { 'if-none-match': etag })).status).toBe(304)
    const part = await get('type=frame&number=4', { range: 'bytes=0-9' })
    expect([part.status, part.bytes]).toEqual([206, compressed.bytes.slice(0, 10)])
    expect(compressed.headers.get('cache-control')).toContain('private')
  })

  test('chunks of the task by number, of a job by number and by index', async () => {
    const last = await get('type=chunk&number=2&quality=original')
    expect([last.status, last.headers.get('content-type')]).toEqual([200, 'application/zip'])
    expect(last.headers.get('x-checksum')).toBe(String(Bun.hash.crc32(last.bytes)))
    expect(last.headers.get('x-updated-date')).toBe((await getMeta(task)).chunks_updated_date)
    expect(entries(last.bytes)).toEqual([['000000.png', files[4]![1]]])
    const job = `/api/jobs/${jobs[1]!.id}/data`
    const of = async (query: string) =>
      entries((await getBytes(`${job}?type=chunk&quality=original&${query}`)).bytes).map(([, bytes]) => bytes)
    // Job 2 holds frames 2, 3, 4: chunk 1 of the task is 2, 3; its own chunk 1 is 4.
    expect(await of('number=1')).toEqual([files[2]![1], files[3]![1]])
    expect(await of('number=2')).toEqual([files[4]![1]])
    expect(await of('index=0')).toEqual([files[2]![1], files[3]![1]])
    expect(await of('index=1')).toEqual([files[4]![1]])
    const first = `/api/jobs/${jobs[0]!.id}/data`
    expect(entries((await getBytes(`${first}?type=chunk&quality=original&number=1`)).bytes)).toEqual([
      ['000000.jpg', files[2]![1]],
    ])
    const compressed = entries((await get('type=chunk&number=0')).bytes)
    expect(compressed.map(([name]) => name)).toEqual(['000000.jpeg', '000001.jpeg'])
  })

  test.each([
    ['type=frame', 'Number is not specified'],
    ['number=0', 'Data type not specified or has wrong value'],
    ['type=toString&number=0', 'Data type not specified or has wrong value'],
    ['type=frame&number=x', 'number must be a whole number'],
    ['type=frame&number=5', 'Incorrect requested frame number'],
    ['type=frame&number=-1', 'Incorrect requested frame number'],
    ['type=chunk&number=3', 'The chunk number should be in the [0, 2] range'],
    ['type=frame&number=0&quality=best', 'Quality must be'],
  ])('?%s is refused', async (query, message) => {
    const answer = await owner.call('GET', `${dataUrl(task)}?${query}`)
    expect([answer.status, answer.json[0]]).toEqual([400, expect.stringContaining(message)])
  })

  test('a job refuses frames and chunks outside of it', async () => {
    const ask = async (query: string) => (await owner.call('GET', `/api/jobs/${jobs[1]!.id}/data?${query}`)).status
    expect(await ask('type=frame&number=1')).toBe(400)
    expect(await ask('type=frame&number=2')).toBe(200)
    expect(await ask('type=chunk&number=0')).toBe(400)
    expect(await ask('type=chunk&index=2')).toBe(400)
    expect(await ask('type=chunk&index=0&number=1')).toBe(400)
  })

  test('deleted frames of the task and of a job; times move', async () => {
    const before = await getTask(task)
    await Bun.sleep(2)
    const set = await owner.call('PATCH', `/api/tasks/${task}/data/meta`, { body: { deleted_frames: [0, 4] } })
    expect(set.json.deleted_frames).toEqual([0, 4])
    expect((await getTask(task)).updated_date > before.updated_date).toBe(true)
    const job = `/api/jobs/${jobs[1]!.id}/data/meta`
    expect((await owner.call('GET', job)).json.deleted_frames).toEqual([4])
    expect((await owner.call('PATCH', job, { body: { deleted_frames: [2] } })).json.deleted_frames).toEqual([2])
    expect((await getMeta(task)).deleted_frames).toEqual([0, 2])
    for (const [url, frame] of [
      [job, 0],
      [`/api/tasks/${task}/data/meta`, 5],
    ] as const)
      expect((await owner.call('PATCH', url, { body: { deleted_frames: [frame] } })).status).toBe(400)
    expect((await owner.call('PATCH', job, { body: { deleted_frames: ['x'] } })).status).toBe(400)
    expect(await getMeta(task)).toMatchObject({ size: 5, deleted_frames: [0, 2] })
  })

  test('previews and strangers', async () => {
    for (const url of [`/api/tasks/${task}/preview`, `/api/jobs/${jobs[0]!.id}/preview`]) {
      const preview = await getBytes(url)
      expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    }
    const empty = await createTask()
    expect((await owner.call('GET', `/api/tasks/${empty}/preview`)).status).toBe(404)
    expect((await owner.call('GET', `/api/tasks/${empty}/data/meta`)).status).toBe(404)
    expect((await owner.call('GET', `${dataUrl(empty)}?type=frame&number=0`)).status).toBe(404)
    const job = jobs[0]!.id
    const urls = [
      `${dataUrl(task)}?type=frame&number=0`,
      `/api/tasks/${task}/data/meta`,
      `/api/tasks/${task}/preview`,
      `/api/tasks/${task}/status`,
    ]
    for (const url of [
      ...urls,
      `/api/jobs/${job}/data?type=frame&number=0`,
      `/api/jobs/${job}/data/meta`,
      `/api/jobs/${job}/preview`,
    ])
      expect([url, (await stranger.call('GET', url)).status]).toEqual([url, 403])
    expect((await stranger.call('PATCH', `/api/tasks/${task}/data/meta`, { body: { deleted_frames: [] } })).status).toBe(403)
  })

  test('what is removed while it is asked for is not there, which is no failure of the server', async () => {
    const gone = await createTask()
    await attach(gone, await someJpegs(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']))
    const data = (await findTaskData(gone))!
    const urls = ['preview', 'data?type=frame&number=0', 'data?type=frame&number=1&quality=original', 'data?type=chunk&number=0']
    // A file that goes after its answer has begun breaks that answer off.
    const brokenOff = (error: { code?: string }) => {
      if (error.code !== 'ENOENT') throw error
      return { status: 404 }
    }
    const ask = (url: string) => owner.call('GET', `/api/tasks/${gone}/${url}`).catch(brokenOff)
    const asked = Array.from({ length: 24 }, (_, i) => ask(urls[i % urls.length]!))
    const [removed, ...answers] = await Promise.all([owner.call('DELETE', `/api/tasks/${gone}`), ...asked])
    expect(removed.status).toBe(204)
    expect(answers.filter(({ status }) => status !== 200 && status !== 404)).toEqual([])
    // The row was read before the task went, everything else after.
    const request = new Request('http://localhost/')
    await expect(sendPreview(request, data, 3)).rejects.toMatchObject({ status: 404 })
    await expect(sendMedia(request, data, { type: 'frame', number: '2' })).rejects.toMatchObject({ status: 404 })
    // Nobody asked for this quality, so that it cannot have been kept.
    const chunk = { type: 'chunk', number: '0', quality: 'original' }
    await expect(sendMedia(request, data, chunk)).rejects.toMatchObject({ status: 404 })
    await expect(sendFile(request, { path: '/nowhere/at-all.jpg', type: 'image/jpeg' })).rejects.toMatchObject({ status: 404 })
  })

  test('for exports: names, original bytes and facts', async () => {
    const media = await loadTaskMedia(task)
    const named = await Array.fromAsync(frameNames(task))
    expect(named.map(({ number, name, width, height }) => [number, name, width, height])).toContainEqual([4, '4.png', 40, 30])
    expect(await readFrame(media, 4)).toEqual({ bytes: files[4]![1], extension: '.png' })
    expect(await mediaFacts(task)).toMatchObject({
      mode: 'annotation',
      size: 5,
      startFrame: 0,
      stopFrame: 4,
      step: 1,
      video: null,
    })
    // The same object again: nothing is read twice.
    expect(await loadTaskMedia(task)).toBe(media)
  })

  test('a removed task takes its files along', async () => {
    const doomed = await createTask()
    await attach(doomed, await someJpegs(['a.jpg']))
    await owner.call('DELETE', `/api/tasks/${doomed}`)
    expect(await Array.fromAsync(storage().list(`data/${doomed}`))).toEqual([])
  })
})

describe('a video', () => {
  test('its jobs overlap, its meta has one frame, its chunks are films or pictures', async () => {
    const project = (await owner.call('POST', '/api/projects', { body: { name: 'films', labels: [{ name: 'car' }] } })).json.id
    expect((await owner.call('GET', `/api/projects/${project}/preview`)).status).toBe(404)
    const task = (await owner.call('POST', '/api/tasks', { body: { name: 'film', project_id: project, segment_size: 8 } })).json
      .id
    await attach(task, [['film.mp4', video]], { start_frame: '2', frame_filter: 'step=2' })
    expect(await getTask(task)).toMatchObject({
      size: 9,
      mode: 'interpolation',
      overlap: 4,
      segment_size: 8,
      data_chunk_size: 36,
      data_original_chunk_type: 'video',
      data_compressed_chunk_type: 'video',
    })
    const meta = await getMeta(task)
    expect(meta).toMatchObject({ size: 9, start_frame: 2, stop_frame: 18, frame_filter: 'step=2' })
    expect(meta.frames).toEqual([{ width: 96, height: 64, name: 'film.mp4', related_files: 0, has_related_context: false }])
    const jobs = await jobsOf(task)
    expect(jobs.map((job: any) => [job.start_frame, job.stop_frame])).toEqual([
      [0, 7],
      [4, 8],
    ])
    expect((await owner.call('GET', `/api/jobs/${jobs[1].id}/data/meta`)).json).toMatchObject({
      start_frame: 10,
      stop_frame: 18,
      size: 5,
    })
    const chunk = await getBytes(`/api/jobs/${jobs[1].id}/data?type=chunk&index=0`)
    expect([chunk.status, chunk.headers.get('content-type')]).toEqual([200, 'video/mp4'])
    const frame = await getBytes(`${dataUrl(task)}?type=frame&number=8&quality=original`)
    expect([frame.status, frame.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect((await getBytes(`/api/projects/${project}/preview`)).headers.get('content-type')).toBe('image/jpeg')
    expect((await Array.fromAsync(frameNames(task))).map(({ name }) => name)).toContain('frame_000004')
    expect((await readFrame(await loadTaskMedia(task), 0)).extension).toBe('.png')
  })

  test('chunks of pictures when asked for; the whole film in one job', async () => {
    const task = await createTask()
    await attach(task, [['film.mp4', video]], { use_zip_chunks: 'true' })
    expect(await getTask(task)).toMatchObject({
      size: 20,
      segment_size: 20,
      overlap: 5,
      data_compressed_chunk_type: 'imageset',
      data_chunk_size: 72,
    })
    expect(await jobsOf(task)).toHaveLength(1)
    const answer = await getBytes(`${dataUrl(task)}?type=chunk&number=0&quality=compressed`)
    const zip = unzipSync(answer.bytes)
    expect(Object.keys(zip)).toHaveLength(20)
  })
})
