// Backups: CVAT's own restore to what CVAT had, ours hold the same, and bad ones leave nothing behind.
import { beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { createPerson, type Person } from '../../../tests/api'
import { storage } from '../storage/storage'
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
