// Growing tasks through the API: frames appended from uploads, the share and other servers, and watched folders.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { app, createPerson, origin, type Person, password } from '../../../../tests/api'
import { config, setConfig } from '../../config'
import * as queue from '../../queue/queue'
import { runRequest } from '../../requests/service'
import { openTransport } from '../../storage/object-http'
import { openObjectStore, type S3Location } from '../../storage/object-store'
import { isInstalled, standIns } from '../../storage/stand-ins'
import { storage } from '../../storage/storage'
import { ingestTask } from '../service'
import { appendId } from './append'
import { addDueScans, appendFrames, scanWatch } from './service'

const before = config()
const base = mkdtempSync(join(tmpdir(), 'annolith-growing-'))
const share = join(base, 'share')
let owner: Person
let stranger: Person

const bmp = (color: number, width = 12, height = 8) => {
  const stride = (width * 3 + 3) & ~3
  const bytes = Buffer.alloc(54 + stride * height, color)
  bytes.fill(0, 0, 54)
  bytes.write('BM')
  for (const [at, value] of [[2, bytes.length], [10, 54], [14, 40], [18, width], [22, height], [26, 1 | (24 << 16)]] as const) bytes.writeUInt32LE(value, at) // biome-ignore format: table
  return new Uint8Array(bytes)
}
const put = (name: string, color: number) => writeFileSync(join(share, name), bmp(color))

type File = [name: string, bytes: Uint8Array]
const send = (url: string, files: File[], fields: Record<string, string> = {}, person = owner) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  for (const [i, [name, bytes]] of files.entries())
    form.set(`client_files[${i}]`, new Blob([bytes as Uint8Array<ArrayBuffer>]), name)
  return person.call('POST', url, { body: form })
}
const dataUrl = (task: number) => `/api/tasks/${task}/data`
const appendUrl = (task: number) => `${dataUrl(task)}/append`
const requestOf = async (id: string) => (await owner.call('GET', `/api/requests/${encodeURIComponent(id)}`)).json
type Answer = Awaited<ReturnType<Person['call']>>
const run = async (answer: Answer, work: typeof ingestTask) => {
  expect([answer.status, answer.text]).toEqual([202, JSON.stringify({ rq_id: answer.json?.rq_id })])
  await runRequest(answer.json.rq_id, work)
  return (await requestOf(answer.json.rq_id)) as { id: string; status: string; message: string; operation: { type: string } }
}
const append = async (task: number, body: object) => run(await owner.call('POST', appendUrl(task), { body }), appendFrames)
const upload = async (task: number, files: File[], fields = {}) => run(await send(appendUrl(task), files, fields), appendFrames)

const createTask = async (more: object = {}): Promise<number> =>
  (await owner.call('POST', '/api/tasks', { body: { name: 'growing', labels: [{ name: 'car' }], ...more } })).json.id
const createWith = async (names: string[], more: object = {}, data: Record<string, string> = {}) => {
  const task = await createTask(more)
  const files = names.map((name, i): File => [name, bmp(10 * (i + 1))])
  expect(await run(await send(dataUrl(task), files, { image_quality: '70', ...data }), ingestTask)).toMatchObject({
    status: 'finished',
  })
  return task
}
const get = async (path: string) => (await owner.call('GET', path)).json
const metaOf = (task: number) => get(`${dataUrl(task)}/meta`)
const namesOf = async (task: number): Promise<string[]> => (await metaOf(task)).frames.map(({ name }: { name: string }) => name)
const jobsOf = async (task: number) => (await get(`/api/jobs?task_id=${task}&sort=id&page_size=all`)).results as { id: number; start_frame: number; stop_frame: number; type: string }[] // biome-ignore format: type
const rangesOf = async (task: number) => (await jobsOf(task)).map((job) => [job.start_frame, job.stop_frame])
const getRaw = async (url: string) => {
  const authorization = `Basic ${btoa(`${owner.username}:${password}`)}`
  const response = await app.handle(new Request(origin + url, { headers: { host: 'localhost', authorization } }))
  return { status: response.status, headers: response.headers, bytes: await response.bytes() }
}
const chunk = (task: number, number: number) => getRaw(`${dataUrl(task)}?type=chunk&quality=original&number=${number}`)

beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
  mkdirSync(join(share, 'new/deep'), { recursive: true })
  setConfig({ ...before, share_dir: share })
})
afterAll(() => {
  setConfig(before)
  rmSync(base, { recursive: true, force: true })
})

describe('appending', () => {
  test('uploads become new frames and a new job; frames, jobs and annotations that were there stay', async () => {
    const task = await createWith(['a.bmp', 'b.bmp', 'c.bmp'], {}, { chunk_size: '2' })
    const [job] = await jobsOf(task)
    const [label] = (await get(`/api/labels?task_id=${task}`)).results
    const shape = { type: 'rectangle', frame: 2, label_id: label.id, points: [1, 2, 3, 4], occluded: false, attributes: [] }
    await owner.call('PUT', `/api/jobs/${job!.id}/annotations`, { body: { shapes: [shape], tags: [], tracks: [] } })
    const annotations = await get(`/api/jobs/${job!.id}/annotations`)
    const shown = await get(`/api/jobs/${job!.id}`)
    const meta = await metaOf(task)
    const chunks = [await chunk(task, 0), await chunk(task, 1)]

    const done = await upload(task, [['e.bmp', bmp(50)], ['d.bmp', bmp(40)]]) // biome-ignore format: files
    expect(done).toMatchObject({ status: 'finished', message: '2 frames added', operation: { type: 'create:append', target: 'task', task_id: task } }) // biome-ignore format: line
    expect(await namesOf(task)).toEqual(['a.bmp', 'b.bmp', 'c.bmp', 'd.bmp', 'e.bmp'])
    expect(await rangesOf(task)).toEqual([[0, 2], [3, 4]]) // biome-ignore format: pairs
    expect(await get(`/api/tasks/${task}`)).toMatchObject({ size: 5, segment_size: 0, jobs: { count: 2 } })
    expect(await get(`/api/jobs/${job!.id}/annotations`)).toEqual(annotations)
    const { updated_date, ...rest } = shown
    expect(await get(`/api/jobs/${job!.id}`)).toMatchObject(rest)
    const grown = await metaOf(task)
    expect(grown).toMatchObject({ size: 5, stop_frame: 4, frames: expect.arrayContaining(meta.frames) })
    expect(Date.parse(grown.chunks_updated_date)).toBeGreaterThan(Date.parse(meta.chunks_updated_date))

    // The first chunk is the very same; the second, which gained a frame, is another; the third is new.
    const now = [await chunk(task, 0), await chunk(task, 1), await chunk(task, 2)]
    expect(now[0]!.headers.get('etag')).toBe(chunks[0]!.headers.get('etag')!)
    expect(now[1]!.headers.get('etag')).not.toBe(chunks[1]!.headers.get('etag')!)
    expect(now.map(({ bytes }) => Object.keys(unzipSync(bytes)).length)).toEqual([2, 2, 1])
    expect(unzipSync(now[1]!.bytes)['000001.bmp']).toEqual(bmp(40))
    const second = (await jobsOf(task))[1]!
    expect((await getRaw(`/api/jobs/${second.id}/data?type=frame&quality=original&number=4`)).bytes).toEqual(bmp(50))
    expect((await getRaw(`/api/jobs/${job!.id}/data?type=frame&quality=original&number=4`)).status).toBe(400)

    // Annotations of the new frames go to the new job, and the task knows them all.
    const more = { ...shape, frame: 4 }
    await owner.call('PATCH', `/api/jobs/${second.id}/annotations?action=create`, {
      body: { shapes: [more], tags: [], tracks: [] },
    })
    expect((await get(`/api/tasks/${task}/annotations`)).shapes.map(({ frame }: any) => frame).sort()).toEqual([2, 4])
  })

  test('jobs of one length go on with that length; the task reopens', async () => {
    const task = await createWith(['0.bmp', '1.bmp', '2.bmp', '3.bmp'], { segment_size: 2 })
    for (const { id } of await jobsOf(task)) await owner.call('PATCH', `/api/jobs/${id}`, { body: { stage: 'acceptance', state: 'completed' } }) // biome-ignore format: line
    expect((await get(`/api/tasks/${task}`)).status).toBe('completed')
    await upload(
      task,
      ['4.bmp', '5.bmp', '6.bmp'].map((name): File => [name, bmp(90)]),
    )
    expect(await get(`/api/tasks/${task}`)).toMatchObject({ segment_size: 2, jobs: { count: 4, completed: 2 } })
    expect((await get(`/api/tasks/${task}`)).status).not.toBe('completed')
    await upload(
      task,
      ['7.bmp', '8.bmp', '9.bmp'].map((name): File => [name, bmp(91)]),
    )
    expect(await rangesOf(task)).toEqual([[0, 1], [2, 3], [4, 5], [6, 6], [7, 8], [9, 9]]) // biome-ignore format: pairs
    expect((await get(`/api/tasks/${task}`)).segment_size).toBe(0)
    await upload(
      task,
      ['10.bmp', '11.bmp', '12.bmp'].map((name): File => [name, bmp(92)]),
      { segment_size: '1', sorting_method: 'natural' },
    )
    expect((await rangesOf(task)).slice(6)).toEqual([[10, 10], [11, 11], [12, 12]]) // biome-ignore format: pairs
    expect((await namesOf(task)).slice(10)).toEqual(['10.bmp', '11.bmp', '12.bmp'])
  })

  test('consensus replicas and the ground truth job follow', async () => {
    const task = await createWith(['a.bmp', 'b.bmp'], { consensus_replicas: 2 })
    await upload(task, [['c.bmp', bmp(5)]])
    expect((await jobsOf(task)).map(({ type, start_frame }) => [type, start_frame])).toEqual([['annotation', 0], ['replica', 0], ['replica', 0], ['annotation', 2], ['replica', 2], ['replica', 2]]) // biome-ignore format: pairs
    const checked = await createWith(['a.bmp', 'b.bmp', 'c.bmp'])
    await owner.call('POST', '/api/jobs', { body: { task_id: checked, type: 'ground_truth', frame_selection_method: 'manual', frames: [1] } }) // biome-ignore format: line
    await upload(checked, [['d.bmp', bmp(6)]])
    const truth = (await jobsOf(checked)).find(({ type }) => type === 'ground_truth')!
    expect(truth).toMatchObject({ start_frame: 0, stop_frame: 3, frame_count: 1 } as object)
  })

  test('from the share, linked or copied, and by name over jobs', async () => {
    for (const [i, name] of ['new/x1.bmp', 'new/x2.bmp', 'new/x10.bmp', 'new/deep/y.bmp'].entries()) put(name, 100 + i)
    const task = await createWith(['a.bmp'])
    expect(await append(task, { server_files: ['new/'], server_files_exclude: ['new/deep/'], sorting_method: 'natural' })).toMatchObject({ status: 'finished' }) // biome-ignore format: line
    expect(await namesOf(task)).toEqual(['a.bmp', 'new/x1.bmp', 'new/x2.bmp', 'new/x10.bmp'])
    // What is there already is passed over and told.
    expect(await append(task, { server_files: ['new/'], copy_data: true })).toMatchObject({
      status: 'finished',
      message: '1 frame added; 3 files skipped, whose names the task has already: new/x1.bmp, new/x10.bmp, new/x2.bmp',
    })
    const files = await Array.fromAsync(storage().list(`data/${task}/raw/appended`))
    expect(files.length).toBe(1)
    expect((await getRaw(`${dataUrl(task)}?type=frame&quality=original&number=4`)).bytes).toEqual(bmp(103))
    const failed = await append(task, { server_files: ['new/x1.bmp'] })
    expect(failed).toMatchObject({ status: 'failed', message: expect.stringContaining('new/x1.bmp') })
    const mapped = await createWith(['a.bmp', 'b.bmp'])
    await append(mapped, { server_files: ['new/x1.bmp', 'new/x2.bmp', 'new/x10.bmp'], job_file_mapping: [['new/x10.bmp'], ['new/x2.bmp', 'new/x1.bmp']] }) // biome-ignore format: line
    expect(await rangesOf(mapped)).toEqual([[0, 1], [2, 2], [3, 4]]) // biome-ignore format: pairs
    expect((await namesOf(mapped)).slice(2)).toEqual(['new/x10.bmp', 'new/x2.bmp', 'new/x1.bmp'])
  })

  test('start, stop and step choose among what is appended; numbers of the source go on', async () => {
    const task = await createWith(['a.bmp', 'b.bmp', 'c.bmp', 'd.bmp', 'e.bmp'], {}, { start_frame: '1', frame_filter: 'step=2' })
    expect(await namesOf(task)).toEqual(['b.bmp', 'd.bmp'])
    await upload(task, ['p', 'q', 'r', 's'].map((name): File => [`${name}.bmp`, bmp(7)]), { start_frame: '1', stop_frame: '3', frame_filter: 'step=2' }) // biome-ignore format: line
    expect(await namesOf(task)).toEqual(['b.bmp', 'd.bmp', 'q.bmp', 's.bmp'])
    expect(await metaOf(task)).toMatchObject({ start_frame: 1, stop_frame: 7, size: 4, frame_filter: 'step=2' })
  })

  test('in a conversation of resumable files and groups', async () => {
    const task = await createWith(['a.bmp'])
    const url = `${appendUrl(task)}/`
    expect((await owner.call('POST', url, { headers: { 'upload-start': '' } })).status).toBe(202)
    const created = await owner.call('POST', url, { headers: { 'upload-length': '342', 'upload-metadata': `filename ${btoa('tus.bmp')}` } }) // biome-ignore format: line
    const path = new URL(created.headers.get('location')!).pathname
    expect(path).toStartWith(`${appendUrl(task)}/`)
    const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    expect((await owner.call('PATCH', path, { body: bmp(60), headers })).status).toBe(204)
    const form = new FormData()
    form.set('client_files[0]', new Blob([bmp(61)]), 'group.bmp')
    expect((await owner.call('POST', url, { body: form, headers: { 'upload-multiple': '' } })).status).toBe(200)
    const finished = await owner.call('POST', url, { body: {}, headers: { 'upload-finish': '' } })
    expect(await run(finished, appendFrames)).toMatchObject({ status: 'finished', message: '2 frames added' })
    expect(await namesOf(task)).toEqual(['a.bmp', 'group.bmp', 'tus.bmp'])
  })

  test('exports have the new frames right away', async () => {
    const { runExport } = await import('../../datasets/service')
    const task = await createWith(['a.bmp'])
    const exported = async () => {
      const url = `/api/tasks/${task}/dataset/export?format=${encodeURIComponent('CVAT for images 1.1')}&save_images=true`
      const { id } = await run(await owner.call('POST', url), runExport)
      const { result_url } = await requestOf(id)
      const { bytes } = await getRaw(result_url.slice(origin.length))
      return Object.keys(unzipSync(bytes)).filter((name) => name.endsWith('.bmp')).sort() // biome-ignore format: line
    }
    expect(await exported()).toEqual(['images/a.bmp'])
    await upload(task, [['b.bmp', bmp(2)]])
    expect(await exported()).toEqual(['images/a.bmp', 'images/b.bmp'])
  })

  test('a run that was cut off after its commit is not repeated', async () => {
    const task = await createWith(['a.bmp'])
    put('new/once.bmp', 1)
    const done = await append(task, { server_files: ['new/once.bmp'] })
    const { requests } = await import('../../requests/schema')
    const { tx, db } = await import('../../db/open')
    const { eq } = await import('drizzle-orm')
    await tx(async (t) => void (await t.update(requests).set({ status: 'started' }).where(eq(requests.id, done.id))))
    const [row] = await db.select().from(requests).where(eq(requests.id, done.id))
    expect(row!.status).toBe('started')
    await runRequest(done.id, appendFrames)
    expect(await requestOf(done.id)).toMatchObject({ status: 'finished', message: '1 frame added' })
    expect(await namesOf(task)).toEqual(['a.bmp', 'new/once.bmp'])
  })

  test('what cannot grow is refused at once', async () => {
    const empty = await createTask()
    expect((await send(appendUrl(empty), [['a.bmp', bmp(1)]])).json[0]).toContain('no data yet')
    const path = join(base, 'clip.mp4')
    Bun.spawnSync(['ffmpeg', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5:duration=1', path])
    const clip = new Uint8Array(await Bun.file(path).bytes())
    const film = await createTask()
    expect(await run(await send(dataUrl(film), [['clip.mp4', clip]]), ingestTask)).toMatchObject({ status: 'finished' })
    expect((await send(appendUrl(film), [['a.bmp', bmp(1)]])).json[0]).toContain('video')
    const pool = await createWith(['a.bmp', 'b.bmp', 'c.bmp'], { segment_size: 1 }, { sorting_method: 'random', validation_params: JSON.stringify({ mode: 'gt_pool', frame_selection_method: 'manual', frames: ['a.bmp'], frames_per_job_count: 1 }) }) // biome-ignore format: line
    expect((await send(appendUrl(pool), [['d.bmp', bmp(1)]])).json[0]).toContain('honeypots')

    const task = await createWith(['a.bmp'])
    expect((await send(appendUrl(task), [['b.bmp', bmp(1)]], {}, stranger)).status).toBe(403)
    expect((await owner.call('POST', appendUrl(task), { body: { server_files: ['../x.bmp'] } })).json).toHaveProperty(
      'server_files',
    )
    expect((await send(appendUrl(task), [['b.bmp', bmp(1)]], { segment_size: 'many' })).json).toHaveProperty('segment_size')
    expect(await upload(task, [['clip.mp4', clip]])).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('clip.mp4'),
    })
    expect(await upload(task, [['good.bmp', bmp(1)], ['bad.png', bmp(1).slice(0, 20)]])).toMatchObject({ status: 'failed', message: expect.stringContaining('bad.png') }) // biome-ignore format: line
    expect(await append(task, {})).toMatchObject({ status: 'failed', message: expect.stringContaining('No media data found') })
    expect([await namesOf(task), await Array.fromAsync(storage().list(`data/${task}/raw/appended`))]).toEqual([['a.bmp'], []])

    // While one request is open there is no second.
    put('new/queued.bmp', 3)
    const first = await owner.call('POST', appendUrl(task), { body: { server_files: ['new/queued.bmp'] } })
    expect(first.status).toBe(202)
    expect((await owner.call('POST', appendUrl(task), { body: { server_files: ['new/x1.bmp'] } })).status).toBe(409)
    await run(first, appendFrames)
    expect(await namesOf(task)).toEqual(['a.bmp', 'new/queued.bmp'])
  })
})

describe('watched folders', () => {
  const watchUrl = (task: number, id?: number) => `/api/tasks/${task}/watches${id === undefined ? '' : `/${id}`}`
  const watch = async (task: number, body: object) => (await owner.call('POST', watchUrl(task), { body })).json.id as number
  const look = async (task: number, id: number) => {
    await scanWatch(id)
    const open = await requestOf(appendId(task))
    if (open?.status === 'queued') await runRequest(open.id, appendFrames)
    return get(watchUrl(task, id))
  }

  test('are made, changed and removed by those who may upload, and seen by those who see the task', async () => {
    mkdirSync(join(share, 'crud'), { recursive: true })
    const task = await createWith(['a.bmp'])
    const created = await owner.call('POST', watchUrl(task), { body: { origin: 'share', path: '/crud/', pattern: '*.bmp' } })
    expect([created.status, created.json]).toEqual([
      201,
      {
        id: created.json.id,
        task_id: task,
        owner: expect.objectContaining({ username: owner.username }),
        origin: 'share',
        cloud_storage_id: null,
        path: 'crud',
        pattern: '*.bmp',
        copy_data: false,
        interval: 60,
        enabled: true,
        waiting: 0,
        unusable: [],
        last_scan_date: null,
        last_message: '',
        problem: '',
        created_date: expect.any(String),
      },
    ])
    const { id } = created.json
    expect((await get(watchUrl(task))).results).toEqual([created.json])
    expect((await owner.call('PATCH', watchUrl(task, id), { body: { interval: 5, enabled: false } })).json).toMatchObject({ interval: 5, enabled: false, path: 'crud' }) // biome-ignore format: line
    for (const [method, path] of [['GET', watchUrl(task)], ['POST', watchUrl(task)], ['GET', watchUrl(task, id)], ['PATCH', watchUrl(task, id)], ['DELETE', watchUrl(task, id)]] as const) // biome-ignore format: table
      expect([method, (await stranger.call(method, path, { body: method === 'GET' || method === 'DELETE' ? undefined : { origin: 'share' } })).status]).toEqual([method, 403]) // biome-ignore format: line
    for (const [field, body] of [
      ['origin', { path: '' }],
      ['origin', { origin: 'ftp' }],
      ['server_files', { origin: 'share', path: '../x' }],
      ['server_files', { origin: 'share', path: 'none' }],
      ['cloud_storage_id', { origin: 'cloud_storage' }],
      ['pattern', { origin: 'share', pattern: '[b-a]' }],
      ['interval', { origin: 'share', interval: 1 }],
    ] as const) {
      const answer = await owner.call('POST', watchUrl(task), { body })
      expect([body, answer.status, Object.keys(answer.json)]).toEqual([body, 400, [field]])
    }
    expect((await owner.call('GET', watchUrl(task + 1, id))).status).not.toBe(200)
    expect((await owner.call('DELETE', watchUrl(task, id))).status).toBe(204)
    expect((await owner.call('GET', watchUrl(task, id))).status).toBe(404)
    expect((await owner.call('POST', watchUrl(await createTask()), { body: { origin: 'share' } })).status).toBe(400)
  })

  test('files are appended once they no longer change; bad ones are passed over until they change', async () => {
    mkdirSync(join(share, 'inbox'), { recursive: true })
    const task = await createWith(['a.bmp'])
    put('inbox/1.bmp', 21)
    writeFileSync(join(share, 'inbox/notes.txt'), 'no picture')
    const id = await watch(task, { origin: 'share', path: 'inbox', pattern: '*.bmp', interval: 5 })
    expect(await look(task, id)).toMatchObject({ waiting: 1, problem: '', last_message: '' })
    expect(await namesOf(task)).toEqual(['a.bmp'])
    writeFileSync(join(share, 'inbox/2.bmp'), bmp(22).slice(0, 100))
    put('inbox/skipped.png', 23)
    expect(await look(task, id)).toMatchObject({ last_message: '1 frame added' })
    expect(await namesOf(task)).toEqual(['a.bmp', 'inbox/1.bmp'])
    // The second file is still being written.
    appendFileSync(join(share, 'inbox/2.bmp'), bmp(22).slice(100))
    expect(await look(task, id)).toMatchObject({ waiting: 1, last_message: '1 frame added' })
    await look(task, id)
    expect(await namesOf(task)).toEqual(['a.bmp', 'inbox/1.bmp', 'inbox/2.bmp'])

    writeFileSync(join(share, 'inbox/broken.bmp'), bmp(24).slice(0, 60))
    put('inbox/3.bmp', 25)
    await look(task, id)
    const seen = await look(task, id)
    expect(seen.unusable).toEqual(['inbox/broken.bmp'])
    expect(seen.last_message).toMatch(/^1 frame added; 1 file not usable: inbox\/broken.bmp/)
    expect(await look(task, id)).toMatchObject({ waiting: 0, unusable: ['inbox/broken.bmp'] })
    put('inbox/broken.bmp', 26)
    utimesSync(join(share, 'inbox/broken.bmp'), new Date(), new Date(Date.now() + 5000))
    await look(task, id)
    expect(await look(task, id)).toMatchObject({ unusable: [] })
    expect((await namesOf(task)).at(-1)).toBe('inbox/broken.bmp')
    expect(await look(task, id)).toMatchObject({ waiting: 0 })
    expect((await jobsOf(task)).length).toBe(5)
  })

  test('trouble is noted and ends when its reason does', async () => {
    mkdirSync(join(share, 'moody'), { recursive: true })
    const task = await createWith(['a.bmp'])
    const id = await watch(task, { origin: 'share', path: 'moody' })
    rmSync(join(share, 'moody'), { recursive: true })
    expect((await look(task, id)).problem).toContain('moody: not in the connected share')
    mkdirSync(join(share, 'moody'))
    expect(await look(task, id)).toMatchObject({ problem: '', last_scan_date: expect.any(String) })
  })

  test('a look is due when its time has come, once however many servers ask', async () => {
    mkdirSync(join(share, 'due'), { recursive: true })
    const task = await createWith(['a.bmp'])
    const id = await watch(task, { origin: 'share', path: 'due', interval: 30 })
    await addDueScans()
    await addDueScans()
    expect(await queue.get(`scan-watch-${id}-0`)).toMatchObject({ name: 'scan-watch', payload: { watchId: id } })
    const { last_scan_date } = await look(task, id)
    const last = Date.parse(last_scan_date)
    await addDueScans(last + 29_000)
    expect(await queue.get(`scan-watch-${id}-${last}`)).toBeUndefined()
    await addDueScans(last + 30_000)
    expect(await queue.get(`scan-watch-${id}-${last}`)).toBeDefined()
    await owner.call('DELETE', `/api/tasks/${task}`)
    await scanWatch(id)
  })

  test.skipIf(!isInstalled('s3'))(
    'the beginning of names in a bucket: objects are appended at first sight',
    async () => {
      setConfig({ ...config(), outbound_allow: ['127.0.0.1'] })
      const standIn = await standIns.s3.start()
      try {
        await standIn.createBucket('inbox')
        const store = await openObjectStore(standIn.locate('inbox'), { transport: openTransport })
        const specific_attributes = `endpoint_url=${encodeURIComponent((standIn.locate('inbox') as S3Location).endpoint!)}`
        const body = { provider_type: 'AWS_S3_BUCKET', resource: 'inbox', display_name: 'inbox', credentials_type: 'KEY_SECRET_KEY_PAIR', key: 'k', secret_key: 's', specific_attributes } // biome-ignore format: body
        const cloud_storage_id = (await owner.call('POST', '/api/cloudstorages', { body })).json.id
        const foreign = (await stranger.call('POST', '/api/cloudstorages', { body })).json.id
        const task = await createWith(['a.bmp'])
        expect((await owner.call('POST', watchUrl(task), { body: { origin: 'cloud_storage', cloud_storage_id: foreign } })).status).toBe(403) // biome-ignore format: line
        const id = await watch(task, { origin: 'cloud_storage', cloud_storage_id, path: 'cam/', pattern: 'x*' })
        await store.put('cam/x1.bmp', new Blob([bmp(31)]))
        await store.put('cam/y.bmp', new Blob([bmp(32)]))
        await store.put('other/x.bmp', new Blob([bmp(33)]))
        expect(await look(task, id)).toMatchObject({ last_message: '1 frame added' })
        await store.put('cam/x2.bmp', new Blob([bmp(34)]))
        await store.put('cam/xbad.bmp', new Blob([bmp(35).slice(0, 30)]))
        expect((await look(task, id)).unusable).toEqual(['cam/xbad.bmp'])
        expect((await look(task, id)).waiting).toBe(0)
        await store.remove('cam/xbad.bmp')
        expect(await namesOf(task)).toEqual(['a.bmp', 'cam/x1.bmp', 'cam/x2.bmp'])
        expect((await getRaw(`${dataUrl(task)}?type=frame&quality=original&number=2`)).bytes).toEqual(bmp(34))
        expect(await append(task, { cloud_storage_id, filename_pattern: '*', sorting_method: 'predefined' })).toMatchObject({
          message: '2 frames added; 2 files skipped, whose names the task has already: cam/x1.bmp, cam/x2.bmp',
        })
        await owner.call('DELETE', `/api/cloudstorages/${cloud_storage_id}`)
        expect((await get(watchUrl(task))).count).toBe(0)
      } finally {
        await standIn.stop()
      }
    },
    60_000,
  )
})
