// Validation of tasks through the API: made with the media, honeypots changed, frames disabled, deleted and restored.
import { beforeAll, describe, expect, test } from 'bun:test'
import { createPerson, type Person } from '../../../../tests/api'
import { ingestTask } from '../../data/service'
import { runRequest } from '../../requests/service'

let owner: Person
beforeAll(async () => {
  owner = await createPerson()
})

/** A picture of 2 × 2 pixels of one grey, so that its bytes tell which one it is. */
const paint = (grey: number) => {
  const bmp = new Uint8Array(70).fill(grey, 54)
  const view = new DataView(bmp.buffer)
  bmp.set([0x42, 0x4d])
  for (const [at, value] of [
    [2, 70],
    [10, 54],
    [14, 40],
    [18, 2],
    [22, 2],
  ])
    view.setUint32(at!, value!, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  return bmp
}
const nameOf = (i: number) => `${String(i).padStart(2, '0')}.bmp`

const create = async (
  params: object,
  { count = 12, task = {}, more = {} }: { count?: number; task?: object; more?: object } = {},
) => {
  const body = { name: 'validated', labels: [{ name: 'car' }], segment_size: 4, ...task }
  const { id } = (await owner.call('POST', '/api/tasks', { body })).json
  const form = new FormData()
  const fields = { image_quality: '70', sorting_method: 'random', validation_params: JSON.stringify(params), ...more }
  for (const [name, value] of Object.entries(fields)) form.set(name, value as string)
  for (let i = 0; i < count; i++) form.set(`client_files[${i}]`, new File([paint(i)], nameOf(i)))
  const answer = await owner.call('POST', `/api/tasks/${id}/data/`, { body: form })
  if (answer.status === 202) await runRequest(answer.json.rq_id, ingestTask)
  return { id: id as number, answer }
}
const get = async (path: string, person = owner) => (await person.call('GET', `/api${path}`)).json
const patch = (path: string, body: object, person = owner) => person.call('PATCH', `/api${path}`, { body })
const requestOf = async ({ answer }: Awaited<ReturnType<typeof create>>) =>
  get(`/requests/${encodeURIComponent(answer.json.rq_id)}`)
const jobsOf = async (id: number) => {
  const all = (await get(`/jobs?task_id=${id}&sort=id&page_size=100`)).results as any[]
  return { own: all.filter(({ type }) => type === 'annotation'), groundTruth: all.find(({ type }) => type === 'ground_truth') }
}
const gt = { mode: 'gt', frame_selection_method: 'random_uniform', frame_count: 3 }
const pool = {
  mode: 'gt_pool',
  frame_selection_method: 'random_uniform',
  frame_count: 4,
  frames_per_job_count: 2,
  random_seed: 3,
}

describe('at creation', () => {
  test('a ground truth job holds the chosen frames; the same seed chooses the same', async () => {
    const layouts = []
    for (let i = 0; i < 2; i++) {
      const { id } = await create({ ...gt, random_seed: 42 }, { more: { sorting_method: 'natural' } })
      const { own, groundTruth } = await jobsOf(id)
      expect(own.map(({ frame_count }) => frame_count)).toEqual([4, 4, 4])
      expect(groundTruth).toMatchObject({ start_frame: 0, stop_frame: 11, frame_count: 3 })
      const layout = await get(`/tasks/${id}/validation_layout`)
      expect(layout).toEqual({
        mode: 'gt',
        frames_per_job_count: null,
        validation_frames: expect.any(Array),
        disabled_frames: [],
      })
      expect((await get(`/jobs/${groundTruth.id}/data/meta`)).included_frames).toEqual(layout.validation_frames)
      expect(await get(`/jobs/${own[0].id}/validation_layout`)).toEqual({})
      expect((await get(`/tasks/${id}`)).validation_mode).toBe('gt')
      layouts.push(layout)
    }
    expect(layouts[0]).toEqual(layouts[1])
  })

  test('named frames follow start and step', async () => {
    const params = { mode: 'gt', frame_selection_method: 'manual', frames: ['08.bmp', '02.bmp'] }
    const { id } = await create(params, { more: { sorting_method: 'natural', start_frame: '2', frame_filter: 'step=3' } })
    expect((await get(`/tasks/${id}/validation_layout`)).validation_frames).toEqual([0, 2])
    const { groundTruth } = await jobsOf(id)
    expect((await get(`/jobs/${groundTruth.id}/data/meta`)).included_frames).toEqual([2, 8])
  })

  test('the preview of ground truth is its first frame', async () => {
    const params = { mode: 'gt', frame_selection_method: 'manual', frames: ['05.bmp'] }
    const { id } = await create(params, { task: { segment_size: 1 }, more: { sorting_method: 'natural' } })
    const { own, groundTruth } = await jobsOf(id)
    const previewOf = async (job: { id: number }) => (await owner.call('GET', `/api/jobs/${job.id}/preview`)).text
    expect(await previewOf(groundTruth)).toBe(await previewOf(own[5]))
    expect(await previewOf(groundTruth)).not.toBe(await previewOf(own[0]))
  })

  test('honeypots: sizes, metas and bytes fit together', async () => {
    const { id } = await create(pool)
    const task = await get(`/tasks/${id}`)
    expect(task).toMatchObject({
      size: 8 + 2 * 2 + 4,
      segment_size: 0,
      overlap: 0,
      validation_mode: 'gt_pool',
      jobs: { count: 3 },
    })
    const layout = await get(`/tasks/${id}/validation_layout`)
    expect(layout).toMatchObject({
      mode: 'gt_pool',
      frames_per_job_count: 2,
      validation_frames: [12, 13, 14, 15],
      honeypot_count: 4,
    })
    const { frames, ...meta } = await get(`/tasks/${id}/data/meta`)
    expect(meta).toMatchObject({ size: 16, start_frame: 0, stop_frame: 15, deleted_frames: [] })
    const { own, groundTruth } = await jobsOf(id)
    expect(groundTruth).toMatchObject({ start_frame: 12, stop_frame: 15, frame_count: 4 })
    for (const [i, frame] of layout.honeypot_frames.entries()) {
      const real = layout.honeypot_real_frames[i]
      expect(frames[frame]).toEqual(frames[real])
      const [shown, wanted] = await Promise.all(
        [frame, real].map((number) => owner.call('GET', `/api/tasks/${id}/data?type=frame&number=${number}&quality=original`)),
      )
      expect(shown!.text).toBe(wanted!.text)
    }
    for (const job of own) {
      const ofJob = await get(`/jobs/${job.id}/validation_layout`)
      expect(ofJob.honeypot_count).toBe(2)
      expect(new Set(ofJob.honeypot_real_frames).size).toBe(2)
    }
    expect(new Set(frames.map(({ name }: { name: string }) => name)).size).toBe(12)
    expect((await owner.call('DELETE', `/api/jobs/${groundTruth.id}`)).status).toBe(400)
  })

  test('replicas stand beside the jobs, not beside the ground truth, and show what their job shows', async () => {
    const { id } = await create(pool, { task: { consensus_replicas: 2 } })
    const all = (await get(`/jobs?task_id=${id}&page_size=100`)).results as any[]
    const replicas = all.filter(({ parent_job_id }) => parent_job_id !== null)
    expect([all.length, replicas.length]).toEqual([2 * 3 + 1, 4])
    for (const replica of replicas)
      expect(await get(`/jobs/${replica.id}/data/meta`)).toEqual(await get(`/jobs/${replica.parent_job_id}/data/meta`))
  })

  test.each([
    [{ ...gt, frame_count: 13 }, 'from 1 to 12, not 13'],
    [{ mode: 'gt', frame_selection_method: 'manual', frames: ['x.bmp'] }, 'Unknown validation frames requested: x.bmp'],
    [{ ...pool, frame_count: 12 }, 'must be less than the number of task frames'],
    [{ ...pool, frames_per_job_count: 5 }, 'greater than the validation pool size'],
  ])('%j fails and leaves the task without data', async (params, message) => {
    const made = await create(params)
    expect(await requestOf(made)).toMatchObject({ status: 'failed', message: expect.stringContaining(message) })
    expect(await get(`/tasks/${made.id}`)).toMatchObject({ size: 0, validation_mode: null })
  })

  test('what can be told at once is refused at once', async () => {
    const { answer } = await create({ ...pool, frame_share: 0.5 })
    expect([answer.status, Object.keys(answer.json)]).toEqual([400, ['validation_params']])
    expect((await create(pool, { more: { sorting_method: 'natural' } })).answer.status).toBe(400)
  })
})

describe('the layout', () => {
  test('a task without validation has none, and none can be changed', async () => {
    const { id } = await create({}, { more: { sorting_method: 'natural' } })
    expect(await get(`/tasks/${id}/validation_layout`)).toEqual({ mode: null })
    expect((await patch(`/tasks/${id}/validation_layout`, { disabled_frames: [] })).status).toBe(400)
    const { own } = await jobsOf(id)
    expect((await patch(`/jobs/${own[0].id}/validation_layout`, { frame_selection_method: 'random_uniform' })).status).toBe(400)
  })

  test('other honeypots for a job: picture, version and annotations change; the others stay', async () => {
    const { id } = await create(pool)
    const { own, groundTruth } = await jobsOf(id)
    const [job] = own
    const before = await get(`/jobs/${job.id}/validation_layout`)
    const metaBefore = await get(`/jobs/${job.id}/data/meta`)
    const [first, second] = before.honeypot_frames as [number, number]
    const [label] = (await get(`/labels?task_id=${id}`)).results
    const regular = Array.from({ length: 6 }, (_, i) => i).find((frame) => !before.honeypot_frames.includes(frame))!
    const shape = { type: 'rectangle', label_id: label.id, points: [0, 0, 1, 1] }
    const body = {
      shapes: [first, second, regular].map((frame) => ({ ...shape, frame })),
      tags: [{ frame: first, label_id: label.id }],
    }
    expect((await owner.call('PUT', `/api/jobs/${job.id}/annotations`, { body })).status).toBe(200)
    const saved = await owner.call('GET', `/api/jobs/${job.id}/annotations`)

    const kept = before.honeypot_real_frames[1]
    const other = [12, 13, 14, 15].find((frame) => !before.honeypot_real_frames.includes(frame))!
    const wanted = { frame_selection_method: 'manual', honeypot_real_frames: [other, kept] }
    const { status, json } = await patch(`/jobs/${job.id}/validation_layout`, wanted)
    expect([status, json]).toEqual([200, { ...before, honeypot_real_frames: [other, kept] }])
    expect(await get(`/jobs/${job.id}/validation_layout`)).toEqual(json)

    const meta = await get(`/jobs/${job.id}/data/meta`)
    expect(meta.chunks_updated_date > metaBefore.chunks_updated_date).toBe(true)
    const frames = (await get(`/tasks/${id}/data/meta`)).frames
    expect(meta.frames[first]).toEqual(frames[other])
    const [shown, real] = await Promise.all([
      owner.call('GET', `/api/jobs/${job.id}/data?type=frame&number=${first}&quality=original`),
      owner.call('GET', `/api/jobs/${groundTruth.id}/data?type=frame&number=${other}&quality=original`),
    ])
    expect(shown.text).toBe(real.text)

    const left = await owner.call('GET', `/api/jobs/${job.id}/annotations`)
    expect(left.json.shapes.map(({ frame }: { frame: number }) => frame).sort()).toEqual([second, regular].sort())
    expect(left.json.tags).toEqual([])
    expect(left.headers.get('etag')).not.toBe(saved.headers.get('etag'))
    // What was removed is in the history of the job.
    expect((await get(`/jobs/${job.id}/revisions`)).results[0]).toMatchObject({
      user: { username: owner.username },
      action: 'delete',
      deleted: { shapes: 1, tags: 1, tracks: 0 },
    })
    const updated = (await get(`/jobs/${job.id}`)).updated_date
    expect(updated > job.updated_date).toBe(true)

    expect((await patch(`/jobs/${job.id}/validation_layout`, {})).json).toEqual({
      frame_selection_method: ['This field is required.'],
    })
    // The same again is no change.
    await patch(`/jobs/${job.id}/validation_layout`, wanted)
    expect((await get(`/jobs/${job.id}`)).updated_date).toBe(updated)
  })

  test('disabled frames leave all metas with their honeypots, cannot be chosen, and come back', async () => {
    const { id } = await create({ ...pool, frame_count: 3 }, { count: 15 })
    const path = `/tasks/${id}/validation_layout`
    const before = await get(path)
    const { own, groundTruth } = await jobsOf(id)
    const [disabled, active, another] = before.validation_frames as [number, number, number]
    const copies = before.honeypot_frames.filter((_: number, i: number) => before.honeypot_real_frames[i] === disabled)
    expect((await patch(path, { disabled_frames: [disabled] })).json.disabled_frames).toEqual([disabled])
    expect((await get(`/tasks/${id}/data/meta`)).deleted_frames).toEqual([...copies, disabled])
    expect((await get(`/jobs/${groundTruth.id}/data/meta`)).deleted_frames).toEqual([disabled])
    const inJobs = await Promise.all(own.map(async (job) => (await get(`/jobs/${job.id}/data/meta`)).deleted_frames))
    expect(inJobs.flat()).toEqual(copies)

    const all = (frame: number) => Array.from({ length: before.honeypot_count }, () => frame)
    const refusals: [object, RegExp][] = [
      [{ frame_selection_method: 'manual', honeypot_real_frames: all(disabled) }, /are disabled\. Restore them/],
      [{ frame_selection_method: 'manual', honeypot_real_frames: all(0) }, /not from the validation pool/],
      [{ frame_selection_method: 'manual', honeypot_real_frames: [active] }, /must remain the same/],
      [{ frame_selection_method: 'manual' }, /field is required/],
      [{ honeypot_real_frames: all(active) }, /can only be used/],
      [{ disabled_frames: [0] }, /Unknown frames requested for exclusion/],
      [{ disabled_frames: [disabled, active], frame_selection_method: 'random_uniform' }, /less than the number of honeypots/],
    ]
    for (const [body, why] of refusals) {
      const answer = await patch(path, body)
      expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(why)])
    }
    // Refused as a whole: the second frame was not disabled.
    expect((await get(path)).disabled_frames).toEqual([disabled])

    // Drawn from the active ones, evenly, none twice in a job; changed honeypots are there again.
    const drawn = (await patch(path, { frame_selection_method: 'random_uniform' })).json
    expect(new Set(drawn.honeypot_real_frames)).toEqual(new Set([active, another]))
    expect((await get(`/tasks/${id}/data/meta`)).deleted_frames).toEqual([disabled])

    const both = await patch(path, { disabled_frames: [], frame_selection_method: 'manual', honeypot_real_frames: all(disabled) })
    expect([both.status, both.json.honeypot_real_frames, both.json.disabled_frames]).toEqual([200, all(disabled), []])
    expect((await get(`/tasks/${id}/data/meta`)).deleted_frames).toEqual([])
  })

  test('who annotates a job learns nothing of its honeypots; the ground truth has none; strangers nothing', async () => {
    const { id } = await create(pool)
    const { own, groundTruth } = await jobsOf(id)
    const annotator = await createPerson()
    await patch(`/jobs/${own[0].id}`, { assignee: annotator.user.id })
    const path = `/jobs/${own[0].id}/validation_layout`
    const draw = { frame_selection_method: 'random_uniform' }
    expect((await annotator.call('GET', `/api/jobs/${own[0].id}`)).status).toBe(200)
    expect((await annotator.call('GET', `/api${path}`)).status).toBe(403)
    expect((await patch(path, draw, annotator)).status).toBe(403)
    expect((await annotator.call('GET', `/api/tasks/${id}/validation_layout`)).status).toBe(403)
    expect((await patch(`/tasks/${id}/validation_layout`, draw, annotator)).status).toBe(403)
    const refused = await patch(`/jobs/${groundTruth.id}/validation_layout`, draw)
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('cannot exist in ground_truth jobs')])
    expect((await owner.call('GET', '/api/jobs/999999/validation_layout')).status).toBe(404)
  })
})

describe('deleted frames', () => {
  test('of a plain ground truth: its job only counts without them, an annotation job takes them from everywhere', async () => {
    const { id } = await create(
      { mode: 'gt', frame_selection_method: 'manual', frames: ['01.bmp', '05.bmp'] },
      { more: { sorting_method: 'natural' } },
    )
    const { own, groundTruth } = await jobsOf(id)
    const meta = `/jobs/${groundTruth.id}/data/meta`
    expect((await patch(meta, { deleted_frames: [5] })).json.deleted_frames).toEqual([5])
    expect((await get(`/tasks/${id}/data/meta`)).deleted_frames).toEqual([])
    expect((await get(`/tasks/${id}/validation_layout`)).disabled_frames).toEqual([5])
    expect((await get(`/jobs/${own[1].id}/data/meta`)).deleted_frames).toEqual([])
    await patch(`/jobs/${own[0].id}/data/meta`, { deleted_frames: [1] })
    expect((await get(meta)).deleted_frames).toEqual([1, 5])
    expect((await patch(meta, { deleted_frames: [2] })).text).toContain('do not belong to the job')
    expect((await patch(`/jobs/${own[0].id}/data/meta`, { deleted_frames: [4] })).status).toBe(400)
  })

  test('of a pool: single ones through the ground truth job, all of them through the task; other frames stay deleted', async () => {
    const { id } = await create(pool)
    const { own, groundTruth } = await jobsOf(id)
    const before = await get(`/tasks/${id}/validation_layout`)
    const regular = [0, 1, 2, 3, 4, 5].find((frame) => !before.honeypot_frames.includes(frame))!
    await patch(`/jobs/${own[0].id}/data/meta`, { deleted_frames: [regular] })
    const copies = before.honeypot_frames.filter((_: number, i: number) => before.honeypot_real_frames[i] === 12)
    await patch(`/jobs/${groundTruth.id}/data/meta`, { deleted_frames: [12] })
    const task = `/tasks/${id}/data/meta`
    const all = [...new Set([regular, ...copies, 12])].sort((a, b) => a - b)
    expect((await get(task)).deleted_frames).toEqual(all)
    const refused = await patch(task, { deleted_frames: [12, 13] })
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('GT frames can only be deleted')])
    expect((await patch(task, { deleted_frames: [12, 12] })).text).toContain('cannot repeat')
    expect((await patch(task, { deleted_frames: [99] })).text).toContain('do not belong to the task')
    expect((await patch(task, { deleted_frames: [...all, 0, 1].filter((f, i, list) => list.indexOf(f) === i) })).status).toBe(200)
    expect((await patch(task, { deleted_frames: [] })).json.deleted_frames).toEqual([])
    expect((await get(`/tasks/${id}/validation_layout`)).disabled_frames).toEqual([])
    expect((await get(`/jobs/${groundTruth.id}/data/meta`)).deleted_frames).toEqual([])

    await patch(`/jobs/${own[0].id}/data/meta`, { deleted_frames: [regular] })
    await patch(`/jobs/${groundTruth.id}/data/meta`, { deleted_frames: [12] })
    await patch(`/jobs/${groundTruth.id}/data/meta`, { deleted_frames: [] })
    expect((await get(task)).deleted_frames).toEqual([regular])
  })

  test('taken from many jobs at once: none is lost', async () => {
    const { id } = await create({}, { task: { segment_size: 1 }, more: { sorting_method: 'natural' } })
    const { own } = await jobsOf(id)
    const answers = await Promise.all(own.map((job) => patch(`/jobs/${job.id}/data/meta`, { deleted_frames: [job.start_frame] })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await get(`/tasks/${id}/data/meta`)).deleted_frames).toEqual(own.map((job) => job.start_frame))
  })
})
