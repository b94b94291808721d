// A video and the times of its frames for browsers that decode by themselves: who gets them, and what is in them.
import { beforeAll, expect, test } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app, createBareTask, createPerson, origin, type Person, password } from '../../../tests/api'
import { runRequest } from '../requests/service'
import { ingestTask } from './service'

let owner: Person
let worker: Person
let video: Blob
let jobs: { id: number; start_frame: number; stop_frame: number }[]

const createVideoTask = async (more: object, fields: Record<string, string>) => {
  const { id } = (await owner.call('POST', '/api/tasks', { body: { name: 'film', labels: [{ name: 'car' }], ...more } })).json
  const form = new FormData()
  form.set('client_files[0]', new File([video], 'film.mp4'))
  for (const [name, value] of Object.entries({ image_quality: '70', ...fields })) form.set(name, value)
  const { json } = await owner.call('POST', `/api/tasks/${id}/data`, { body: form })
  await runRequest(json.rq_id, ingestTask)
  return (await owner.call('GET', `/api/jobs?task_id=${id}&sort=id`)).json.results
}

beforeAll(async () => {
  owner = await createPerson()
  worker = await createPerson()
  const path = join(mkdtempSync(join(tmpdir(), 'annolith-video-')), 'film.mp4')
  const args = ['-f', 'lavfi', '-i', 'testsrc=size=96x64:rate=10:duration=4', '-pix_fmt', 'yuv420p', '-g', '10', path]
  expect(Bun.spawnSync(['ffmpeg', '-v', 'error', ...args]).exitCode).toBe(0)
  video = new Blob([await Bun.file(path).bytes()])
  jobs = await createVideoTask({ segment_size: 8, overlap: 0 }, { start_frame: '4', frame_filter: 'step=2' })
})

test('the times begin at the key frame before the job and end with its last frame', async () => {
  expect(jobs.map((job) => [job.start_frame, job.stop_frame])).toEqual([
    [0, 7],
    [8, 15],
    [16, 17],
  ])
  const { status, json } = await owner.call('GET', `/api/jobs/${jobs[1]!.id}/video/index`)
  expect(status).toBe(200)
  expect(json).toMatchObject({ width: 96, height: 64, start: 4, step: 2, first: 20, keys: [0, 10] })
  expect(json.times).toHaveLength(15)
  expect([json.times[0], json.times[14]]).toEqual([2, 3.4])
})

test('its bytes are those that were uploaded, whole or a range', async () => {
  const url = `${origin}/api/jobs/${jobs[0]!.id}/video`
  const authorization = `Basic ${btoa(`${owner.username}:${password}`)}`
  const get = (headers: Record<string, string>) =>
    app.handle(new Request(url, { headers: { host: 'localhost', authorization, ...headers } }))
  const whole = await get({})
  expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'video/mp4'])
  expect(await whole.bytes()).toEqual(await video.bytes())
  const part = await get({ range: 'bytes=10-19' })
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${video.size}`])
  expect(await part.bytes()).toEqual((await video.bytes()).slice(10, 20))
})

test('a worker with a part of the video does not get all of it; with all of it in the job, they do', async () => {
  const [whole] = await createVideoTask({}, {})
  for (const { id } of [jobs[0]!, whole]) await owner.call('PATCH', `/api/jobs/${id}`, { body: { assignee: worker.user.id } })
  expect((await worker.call('GET', `/api/jobs/${jobs[0]!.id}`)).status).toBe(200)
  for (const path of ['video', 'video/index']) {
    expect((await worker.call('GET', `/api/jobs/${jobs[0]!.id}/${path}`)).status).toBe(403)
    expect((await worker.call('GET', `/api/jobs/${jobs[1]!.id}/${path}`)).status).toBe(403)
    expect((await worker.call('GET', `/api/jobs/${whole.id}/${path}`)).status).toBe(200)
  }
})

test('pictures have none', async () => {
  const { jobs: bare } = await createBareTask(owner)
  expect((await owner.call('GET', `/api/jobs/${bare[0]!.id}/video`)).status).toBe(404)
})
