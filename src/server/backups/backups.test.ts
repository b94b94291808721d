// Backups: CVAT's own restore to what CVAT had, ours hold the same, and bad ones leave nothing behind.
import { beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { unzipSync } from 'fflate'
import { call, createBareTask, createPerson, type Person } from '../../../tests/api'
import { db } from '../db/open'
import { requests } from '../requests/schema'
import { storage } from '../storage/storage'
import { removeAbandonedRestores, runRestore } from './service'
import { changeBackup, readJson, restoreBackup, startBackup, takeBackup } from './testing'

const golden = join(import.meta.dir, '../../../tests/fixtures/golden')
const readGolden = (name: string) => Bun.file(join(golden, 'backups', `${name}.zip`)).bytes()

let person: Person
let images: Uint8Array
let film: Uint8Array
const get = async (path: string) => (await person.call('GET', path)).json

/** Attributes in the order of their names: CVAT keeps another. */
const sortAttributes = (value: any): any => {
  if (Array.isArray(value)) return value.map(sortAttributes)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    key === 'attributes' ? (one as { name: string }[]).toSorted((a, b) => (a.name < b.name ? -1 : 1)) : sortAttributes(one),
  ])
  return Object.fromEntries(entries)
}
const countFiles = async (folder: string) => (await Array.fromAsync(storage().list(folder))).length
const restoreTask = async (bytes: Uint8Array): Promise<number> => {
  const request = await restoreBackup(person, 'task', bytes)
  expect([request.status, request.message]).toEqual(['finished', ''])
  return request.result_id
}

beforeAll(async () => {
  person = await createPerson()
  images = await readGolden('task_images_all_kinds')
  film = await readGolden('task_video_tracks')
})

describe("CVAT's backups", () => {
  test('a task of pictures comes back with its frames, jobs, labels, guide and annotations', async () => {
    const id = await restoreTask(images)
    const task = await get(`/api/tasks/${id}`)
    const data = { size: 10, mode: 'annotation', image_quality: 75, data_chunk_size: 72, bug_tracker: 'http://example.com/x' }
    expect(task).toMatchObject({ name: 'images all kinds', ...data, assignee: null, project_id: null, validation_mode: 'gt' })
    expect(task.owner.username).toBe(person.username)
    const meta = await get(`/api/tasks/${id}/data/meta`)
    const { frames } = readJson(await Bun.file(join(golden, 'api/task_1_meta.json')).bytes())
    expect(meta.frames.map(({ name, width, height }: any) => ({ name, width, height }))).toEqual(
      frames.map(({ name, width, height }: any) => ({ name, width, height })),
    )
    const { results: jobs } = await get(`/api/jobs?task_id=${id}&sort=id`)
    expect(jobs.map(({ type, status, stage, state }: any) => [type, status, stage, state])).toEqual([
      ['annotation', 'validation', 'annotation', 'new'],
      ['ground_truth', 'annotation', 'annotation', 'new'],
    ])
    expect((await get(`/api/jobs/${jobs[1].id}/data/meta`)).included_frames).toEqual([0, 2, 4])
    const guide = await get(`/api/guides/${task.guide_id}`)
    expect(guide.markdown).toBe('# Guide\n\ntext')
    const frame = await person.call('GET', `/api/tasks/${id}/data?type=frame&number=7&quality=original`)
    expect([frame.status, frame.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect((await storage().get(`data/${id}/raw/img_07.png`)).length).toBe(1645)
    const annotations = await get(`/api/tasks/${id}/annotations`)
    const expected = readJson(await Bun.file(join(golden, 'api/task_1_annotations.json')).bytes())
    for (const kind of ['tags', 'shapes', 'tracks']) expect(annotations[kind].length).toBe(expected[kind].length)
    const pick = (shapes: any[]) =>
      shapes.map(({ type, frame, points, rotation }) => JSON.stringify({ type, frame, points, rotation })).sort()
    expect(pick(annotations.shapes)).toEqual(pick(expected.shapes))
  })

  for (const name of ['task_images_all_kinds', 'task_video_tracks'])
    test(`${name}: restored and backed up again it holds the same`, async () => {
      const original = await readGolden(name)
      const id = await restoreTask(original)
      const { files, request } = await takeBackup(person, 'task', id)
      const before = unzipSync(original)
      expect(Object.keys(files).sort()).toEqual(
        Object.keys(before)
          .filter((file) => file !== 'data/index.json')
          .sort(),
      )
      for (const file of Object.keys(files))
        if (file.startsWith('data/') || file.endsWith('.md')) expect([file, files[file]]).toEqual([file, before[file]!])
      expect(sortAttributes(readJson(files['task.json']))).toEqual(sortAttributes(readJson(before['task.json'])))
      expect(sortAttributes(readJson(files['annotations.json']))).toEqual(sortAttributes(readJson(before['annotations.json'])))
      expect(request.operation).toMatchObject({ type: 'export:backup', target: 'task', task_id: id, lightweight: true })
    })

  test('a video shows its frames and keeps its range', async () => {
    const task = readJson(unzipSync(film)['task.json'])
    const data = { ...task.data, start_frame: 4, stop_frame: 30, frame_filter: 'step=2' }
    const jobs = [{ start_frame: 0, stop_frame: 13, frames: [], status: 'annotation', type: 'annotation' }]
    const id = await restoreTask(changeBackup(film, { 'task.json': { ...task, data, jobs }, 'annotations.json': '[]' }))
    expect(await get(`/api/tasks/${id}/data/meta`)).toMatchObject({
      size: 14,
      start_frame: 4,
      stop_frame: 30,
      frame_filter: 'step=2',
    })
    const { files } = await takeBackup(person, 'task', id)
    expect(readJson(files['task.json']).data).toEqual(data)
    const frame = await person.call('GET', `/api/tasks/${id}/data?type=frame&number=13&quality=original`)
    expect([frame.status, frame.headers.get('content-type')]).toEqual([200, 'image/png'])
  })
})

describe('what tasks may have', () => {
  const taskOf = (bytes: Uint8Array) => readJson(unzipSync(bytes)['task.json'])
  const nothing = (jobs: number) =>
    JSON.stringify(Array.from({ length: jobs }, () => ({ version: 0, tags: [], shapes: [], tracks: [] })))
  const job = (start_frame: number, stop_frame: number, more: object = {}) => {
    return { start_frame, stop_frame, frames: [], status: 'annotation', type: 'annotation', ...more }
  }
  /** Restores a changed golden backup, takes one of the new task and answers both descriptions. */
  const roundTrip = async (more: { data?: object; jobs: object[]; consensus_replicas?: number }) => {
    const task = taskOf(images)
    const changed = { ...task, ...more, data: { ...task.data, ...more.data } }
    const id = await restoreTask(changeBackup(images, { 'task.json': changed, 'annotations.json': nothing(more.jobs.length) }))
    const { files } = await takeBackup(person, 'task', id)
    return { id, changed, again: readJson(files['task.json']), files }
  }

  test('replicas, a range of frames, deleted frames and ground truth of source frames', async () => {
    const { id, changed, again } = await roundTrip({
      consensus_replicas: 2,
      data: { start_frame: 1, stop_frame: 9, frame_filter: 'step=2', deleted_frames: [3] },
      jobs: [
        job(0, 2),
        job(0, 2, { type: 'consensus_replica' }),
        job(0, 2, { type: 'consensus_replica' }),
        job(3, 4),
        job(3, 4, { type: 'consensus_replica' }),
        job(3, 4, { type: 'consensus_replica' }),
        job(0, 4, { type: 'ground_truth', frames: [3, 7] }),
      ],
    })
    expect({ ...again, labels: [] }).toEqual({ ...changed, labels: [] })
    const meta = await get(`/api/tasks/${id}/data/meta`)
    expect(meta.frames.map(({ name }: any) => name)).toEqual([
      'img_01.jpg',
      'img_03.jpg',
      'img_05.jpg',
      'img_07.png',
      'img_09.jpg',
    ])
    expect(meta).toMatchObject({ start_frame: 1, stop_frame: 9, frame_filter: 'step=2', deleted_frames: [3] })
    const { results } = await get(`/api/jobs?task_id=${id}&sort=id`)
    expect(results.map((one: any) => [one.type, one.parent_job_id === null])).toEqual([
      ['annotation', true],
      ['replica', false],
      ['replica', false],
      ['annotation', true],
      ['replica', false],
      ['replica', false],
      ['ground_truth', true],
    ])
    expect((await get(`/api/jobs/${results[6].id}/data/meta`)).included_frames).toEqual([3, 7])
    expect(await get(`/api/tasks/${id}`)).toMatchObject({ segment_size: 3, overlap: 0, consensus_enabled: true })
  })

  test('jobs that name their files, in any order', async () => {
    const files = ['img_05.jpg', 'img_00.jpg', 'img_07.png']
    const { id, changed, again } = await roundTrip({
      data: { custom_segments: true, stop_frame: 2 },
      jobs: [job(0, 1, { files: files.slice(0, 2) }), job(2, 2, { files: files.slice(2) })],
    })
    expect((await get(`/api/tasks/${id}/data/meta`)).frames.map(({ name }: any) => name)).toEqual(files)
    expect({ ...again, labels: [] }).toEqual({ ...changed, labels: [] })
    expect(await get(`/api/tasks/${id}`)).toMatchObject({ segment_size: 0, overlap: 0, size: 3 })
  })

  test('honeypots show the validation frames of their names', async () => {
    const { id, changed, again } = await roundTrip({
      data: {
        custom_segments: true,
        stop_frame: 5,
        validation_layout: {
          mode: 'gt_pool',
          frames: ['img_08.jpg', 'img_09.jpg'],
          frames_per_job_count: 1,
          disabled_frames: ['img_09.jpg'],
        },
      },
      jobs: [
        job(0, 1, { files: ['img_00.jpg', 'img_09.jpg'] }),
        job(2, 3, { files: ['img_08.jpg', 'img_01.jpg'] }),
        job(4, 5, { type: 'ground_truth', files: ['img_08.jpg', 'img_09.jpg'] }),
      ],
    })
    expect({ ...again, labels: [] }).toEqual({ ...changed, labels: [] })
    const layout = await get(`/api/tasks/${id}/validation_layout`)
    expect(layout).toMatchObject({
      mode: 'gt_pool',
      frames_per_job_count: 1,
      validation_frames: [4, 5],
      disabled_frames: [5],
      honeypot_frames: [1, 2],
      honeypot_real_frames: [5, 4],
    })
  })

  test('point clouds keep the pictures beside them', async () => {
    const points =
      'x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 2\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 2\nDATA ascii\n'
    const cloud = `# .PCD v0.7\nVERSION 0.7\nFIELDS ${points}0 0 0\n1 1 1\n`
    const picture = unzipSync(images)['data/img_07.png']!
    const names = Object.keys(unzipSync(images)).filter((name) => name.startsWith('data/'))
    const task = taskOf(images)
    const changed = { ...task, data: { ...task.data, stop_frame: 0 }, jobs: [job(0, 0)] }
    const id = await restoreTask(
      changeBackup(images, {
        ...Object.fromEntries(names.map((name) => [name, null])),
        'task.json': changed,
        'annotations.json': nothing(1),
        'data/pointcloud/1.pcd': cloud,
        'data/related_images/1_pcd/cam.png': picture,
      }),
    )
    expect(await get(`/api/tasks/${id}`)).toMatchObject({ dimension: '3d', size: 1, media_type: 'point_cloud' })
    expect((await get(`/api/tasks/${id}/data/meta`)).frames).toMatchObject([{ name: 'pointcloud/1.pcd', related_files: 1 }])
    const { files } = await takeBackup(person, 'task', id)
    expect(files['data/related_images/1_pcd/cam.png']).toEqual(picture)
    const manifest = new TextDecoder().decode(files['data/manifest.jsonl']).trim().split('\n')
    expect(JSON.parse(manifest[2]!)).toMatchObject({
      name: 'pointcloud/1',
      extension: '.pcd',
      meta: { related_images: ['related_images/1_pcd/cam.png'] },
    })
  })
})

describe('projects', () => {
  test('a project comes back with its labels, guide and tasks; tasks without data are passed over', async () => {
    const labels = readJson(unzipSync(images)['task.json']).labels
    const { id } = (await person.call('POST', '/api/projects', { body: { name: 'p\u0007 "x"', labels } })).json
    const guide = await person.call('POST', '/api/guides', { body: { project_id: id, markdown: 'Look' } })
    expect(guide.status).toBe(201)
    await person.call('POST', '/api/tasks', { body: { name: 'empty', project_id: id } })
    for (const bytes of [images, images]) {
      const task = await restoreTask(bytes)
      expect((await person.call('PATCH', `/api/tasks/${task}`, { body: { project_id: id, subset: 'Train' } })).status).toBe(200)
    }
    const { files, bytes, request, answer } = await takeBackup(person, 'project', id)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="project_p_ _x__backup_[\d_]+\.zip"$/)
    expect(request.operation).toMatchObject({ type: 'export:backup', target: 'project', project_id: id, task_id: null })
    expect(Object.keys(files).filter((name) => !name.includes('/data/'))).toEqual([
      'annotation_guide.md',
      'project.json',
      ...[1, 2].flatMap((n) => ['task.json', 'annotations.json', 'annotation_guide.md'].map((name) => `task_${n}/${name}`)),
    ])
    const restored = await restoreBackup(person, 'project', bytes)
    expect([restored.status, restored.message, restored.operation.type]).toEqual(['finished', '', 'import:backup'])
    const project = await get(`/api/projects/${restored.result_id}`)
    expect(project).toMatchObject({ name: 'p\u0007 "x"', tasks: { count: 2 }, task_subsets: ['Train'] })
    expect((await get(`/api/guides/${project.guide_id}`)).markdown).toBe('Look')
    const again = await takeBackup(person, 'project', restored.result_id)
    for (const n of [1, 2])
      for (const name of ['task.json', 'annotations.json'])
        expect(sortAttributes(readJson(again.files[`task_${n - 1}/${name}`]))).toEqual(
          sortAttributes(readJson(files[`task_${n}/${name}`])),
        )
  })

  test('an empty project can be backed up', async () => {
    const { id } = (await person.call('POST', '/api/projects', { body: { name: 'empty' } })).json
    expect(Object.keys((await takeBackup(person, 'project', id)).files)).toEqual(['project.json'])
  })
})

describe('requests', () => {
  test('a task without data is refused; strangers may not; ids are readable', async () => {
    const { id } = (await person.call('POST', '/api/tasks', { body: { name: 't', labels: [{ name: 'car' }] } })).json
    const refused = await startBackup(person, 'task', id)
    expect([refused.status, refused.json]).toEqual([400, ['Backup of a task without data is not allowed']])
    const bare = await createBareTask(person)
    const stranger = await createPerson()
    expect((await startBackup(stranger, 'task', bare.id)).status).toBe(403)
    expect((await startBackup(person, 'task', 999_999)).status).toBe(404)
    expect((await call('POST', `/api/tasks/${bare.id}/backup/export`)).status).toBe(401)
    const started = await startBackup(person, 'task', bare.id, '?lightweight=False')
    expect([started.status, started.json.rq_id]).toEqual([
      202,
      `action=export&target=task&target_id=${bare.id}&user_id=${person.user.id}&subresource=backup`,
    ])
    const legacy = await get(`/api/requests/export:task-${bare.id}-backup-by-${person.user.id}`)
    expect(legacy).toMatchObject({ id: started.json.rq_id, operation: { lightweight: false } })
    const worker = await createPerson({ groups: ['worker'] })
    expect((await worker.call('POST', '/api/tasks/backup', { body: {} })).status).toBe(403)
    expect((await person.call('POST', '/api/tasks/backup', { body: {} })).json).toEqual({ task_file: ['No file was submitted.'] })
    const foreign = await person.call('POST', '/api/tasks/backup?filename=x.zip', { headers: { 'upload-finish': '' } })
    expect([foreign.status, foreign.json]).toEqual([400, ['No such file were uploaded']])
  })

  test('a backup whose frames have no files fails and says which', async () => {
    const bare = await createBareTask(person)
    await expect(takeBackup(person, 'task', bare.id)).rejects.toThrow('0.jpg: the file of this frame is gone')
  })
})

describe('bad backups leave nothing behind', () => {
  const task = () => readJson(unzipSync(images)['task.json'])
  const annotations = () => readJson(unzipSync(images)['annotations.json'])
  const cases: [string, () => Uint8Array, string][] = [
    ['no archive', () => new TextEncoder().encode('{}'), 'A backup must be a zip archive'],
    ['cut off', () => images.subarray(0, images.length - 400), 'The archive is damaged or incomplete'],
    ['no task.json', () => changeBackup(images, { 'task.json': null }), 'task.json: This file of a backup is missing'],
    [
      'no annotations',
      () => changeBackup(images, { 'annotations.json': null }),
      'annotations.json: This file of a backup is missing',
    ],
    ['no JSON', () => changeBackup(images, { 'task.json': '{' }), 'task.json: The file is not JSON'],
    [
      'version',
      () => changeBackup(images, { 'task.json': { ...task(), version: '9' } }),
      "task.json, field 'version': Version 9 of backups is not supported",
    ],
    [
      'no name',
      () => changeBackup(images, { 'task.json': { ...task(), name: 5 } }),
      "task.json, field 'name': has an unusable value",
    ],
    [
      'no jobs',
      () => changeBackup(images, { 'task.json': { ...task(), jobs: [] } }),
      "field 'jobs': there is no job to annotate",
    ],
    [
      'two labels',
      () => changeBackup(images, { 'task.json': { ...task(), labels: [task().labels[0], task().labels[0]] } }),
      'All label names must be unique',
    ],
    [
      'a missing picture',
      () => changeBackup(images, { 'data/img_03.jpg': null }),
      'data/img_03.jpg: The manifest names this file, but it is not there',
    ],
    ['no picture', () => changeBackup(images, { 'data/img_03.jpg': 'hello' }), 'img_03.jpg'],
    [
      'a range beyond',
      () => changeBackup(images, { 'task.json': { ...task(), data: { ...task().data, stop_frame: 10 } } }),
      "field 'data.stop_frame': 10 is beyond the 10 frames",
    ],
    [
      'a job beyond',
      () => changeBackup(images, { 'task.json': { ...task(), jobs: [{ start_frame: 0, stop_frame: 10 }] } }),
      "field 'jobs[0].stop_frame'",
    ],
    [
      'a filter',
      () => changeBackup(images, { 'task.json': { ...task(), data: { ...task().data, frame_filter: 'x' } } }),
      'frame_filter',
    ],
    [
      'annotations of no job',
      () => changeBackup(images, { 'annotations.json': [...annotations(), ...annotations()] }),
      'annotations.json: There are more lists than the 2 jobs',
    ],
    [
      'an unknown label',
      () => changeBackup(images, { 'annotations.json': [{ shapes: [{ label: 'x' }] }] }),
      `annotations.json, field '[0].shapes[0].label': there is no label "x"`,
    ],
    [
      'coordinates',
      () =>
        changeBackup(images, {
          'annotations.json': [
            { shapes: [{ label: 'person', type: 'rectangle', frame: 0, points: [1, 2, null, 4], attributes: [] }] },
          ],
        }),
      "annotations.json, job 0, field 'shapes[0].points': Every point must be a finite number",
    ],
    [
      'a frame beyond',
      () => changeBackup(images, { 'annotations.json': [{ tags: [{ label: 'scene', frame: 10, attributes: [] }] }] }),
      "field 'tags[0].frame'",
    ],
    ['a path that climbs', () => climb(images), "The archive has a path with '..'"],
  ]
  /** `data/img_00.jpg` becomes `../../img_00.jp` everywhere. */
  const climb = (bytes: Uint8Array) => {
    const climbing = Buffer.from(bytes)
    const [name, path] = [Buffer.from('data/img_00.jpg'), Buffer.from('../../img_0.jpg')]
    for (let at = climbing.indexOf(name); at >= 0; at = climbing.indexOf(name, at + 1)) path.copy(climbing, at)
    return new Uint8Array(climbing)
  }

  for (const [title, make, message] of cases)
    test(title, async () => {
      const count = async (path: string) => (await get(`/api/${path}?page_size=1`)).count
      const folders = async () => [await countFiles('data'), await countFiles('assets')]
      const before = [await count('tasks'), await count('labels'), await count('jobs'), await folders()]
      const request = await restoreBackup(person, 'task', make())
      expect([request.status, request.result_id]).toEqual(['failed', null])
      expect(request.message).toContain(message)
      expect([await count('tasks'), await count('labels'), await count('jobs'), await folders()]).toEqual(before)
    })
})

test('what a crash has left of a restore goes after two days', async () => {
  const [old, other] = [`data/restore-${crypto.randomUUID()}/0/a.jpg`, `data/restore/a.jpg`]
  for (const name of [old, other]) await storage().put(name, 'x')
  await removeAbandonedRestores()
  expect(await storage().stat(old)).toBeDefined()
  await removeAbandonedRestores(Date.now() + 49 * 3_600_000)
  expect([await storage().stat(old), await storage().stat(other)]).toEqual([undefined, expect.anything()])
})

test('a restore that a crash has cut off after its commit is not done twice', async () => {
  const first = await restoreBackup(person, 'task', images)
  const [row] = await db.select().from(requests).where(eq(requests.id, first.id))
  const { count } = await get('/api/tasks?page_size=1')
  expect(await runRestore(row!, async () => {})).toEqual({ id: first.result_id })
  expect((await get('/api/tasks?page_size=1')).count).toBe(count)
})
