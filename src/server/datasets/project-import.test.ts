// Datasets imported into projects: what one project exports another takes in, subset by subset; bad ones change nothing.
import { beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { createPerson, type Person } from '../../../tests/api'
import { nameFormat } from '../../formats/format'
import { formats } from '../../formats/registry'
import { finishRequest, restoreBackup } from '../backups/testing'
import { storage } from '../storage/storage'
import { runExport, runProjectImport } from './service'

let person: Person
let projectId: number
const get = async (path: string) => (await person.call('GET', path)).json
const golden = join(import.meta.dir, '../../../tests/fixtures/golden/backups/task_images_all_kinds.zip')

type Labels = { name: string }[]
const createProject = async (labels: Labels = []): Promise<number> =>
  (await person.call('POST', '/api/projects', { body: { name: 'p', labels } })).json.id

/** Two subsets with equal names of pictures, a few annotations each. */
beforeAll(async () => {
  person = await createPerson()
  const backup = unzipSync(await Bun.file(golden).bytes())
  const labels = JSON.parse(new TextDecoder().decode(backup['task.json'])).labels
  projectId = await createProject(labels)
  for (const subset of ['Train', 'Validation']) {
    const restored = await restoreBackup(person, 'task', await Bun.file(golden).bytes())
    const body = { project_id: projectId, subset }
    expect((await person.call('PATCH', `/api/tasks/${restored.result_id}`, { body })).status).toBe(200)
    if (subset === 'Validation') {
      const { shapes } = await get(`/api/tasks/${restored.result_id}/annotations`)
      const few = { shapes: shapes.filter(({ frame }: any) => frame === 0), tags: [], tracks: [] }
      expect((await person.call('PUT', `/api/tasks/${restored.result_id}/annotations`, { body: few })).status).toBe(200)
    }
  }
})

const exportProject = async (format: string): Promise<Uint8Array> => {
  const started = await person.call(
    'POST',
    `/api/projects/${projectId}/dataset/export?format=${encodeURIComponent(format)}&save_images=True`,
  )
  const request = await finishRequest(person, started.json.rq_id, runExport)
  expect([request.status, request.message]).toEqual(['finished', ''])
  const key = new URL(request.result_url).searchParams.get('key')
  return storage().get(`results/${key}.zip`)
}
const send = (project: number, format: string, bytes: Uint8Array, name = 'dataset.zip') => {
  const boundary = 'b0undary'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="dataset_file"; filename="${name}"\r\n\r\n`
  const body = new Uint8Array(Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]))
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return person.call('POST', `/api/projects/${project}/dataset/?format=${encodeURIComponent(format)}`, { body, headers })
}
const importInto = async (project: number, format: string, bytes: Uint8Array) => {
  const started = await send(project, format, bytes)
  expect([started.status, started.text]).toEqual([202, expect.stringContaining('rq_id')])
  return finishRequest(person, started.json.rq_id, runProjectImport)
}
const listTasks = async (project: number) => (await get(`/api/tasks?project_id=${project}&sort=id`)).results as any[]
const count = async (task: number) => {
  const { tags, shapes, tracks } = await get(`/api/tasks/${task}/annotations`)
  return tags.length + shapes.length + tracks.length
}
const labelsOf = async (project: number) => (await get(`/api/labels?project_id=${project}&page_size=all`)).results as any[]

const importerOf: Record<string, string> = { 'CVAT for images 1.1': 'CVAT 1.1', 'CVAT for video 1.1': 'CVAT 1.1' }
const importers = new Set(formats.filter(({ read }) => read).map(nameFormat))
const pairs = formats
  .filter(({ write, dimension }) => write && dimension === '2d')
  .map(nameFormat)
  .filter((name) => importers.has(importerOf[name] ?? name))

/** Exports that cannot be made of this project, whose subsets share names of pictures and whose labels lack what they ask for. */
const impossible = new Set(['Segmentation mask 1.1', 'MOT 1.1', 'PASCAL VOC 1.1', 'VGGFace2 1.0', 'ICDAR Segmentation 1.0'])
/** Their archives do not say which subset a picture is of. */
const withoutSubsets = new Set([
  'MOTS PNG 1.0',
  'Ultralytics YOLO Classification 1.0',
  'ImageNet 1.0',
  'Market-1501 1.0',
  'LFW 1.0',
])
/** Annotations are looked for by names that are the same in both subsets. */
const oneName = new Set(['Open Images V6 1.0'])
/** Hold nothing of what is drawn here. */
const empty = new Set(['MOTS PNG 1.0', 'Market-1501 1.0', 'ICDAR Recognition 1.0'])

const describeShapes = async (task: number) => {
  const { shapes } = await get(`/api/tasks/${task}/annotations`)
  return shapes
    .map(({ type, frame, points }: any) => JSON.stringify([type, frame, points.map((n: number) => Math.round(n * 100) / 100)]))
    .sort()
}

describe.each(pairs.filter((name) => !impossible.has(name)))('%s', (name) => {
  test('an exported project comes back, subset by subset', async () => {
    const target = await createProject()
    const request = await importInto(target, importerOf[name] ?? name, await exportProject(name))
    expect([request.status, request.message, request.operation.type]).toEqual(['finished', '', 'import:dataset'])
    const made = await listTasks(target)
    expect(made.map(({ subset, name }) => [subset, name])).toEqual(
      withoutSubsets.has(name)
        ? [['default', 'default']]
        : [
            ['Train', 'Train'],
            ['Validation', 'Validation'],
          ],
    )
    for (const { id } of made) {
      const meta = await get(`/api/tasks/${id}/data/meta`)
      const frame = await person.call('GET', `/api/tasks/${id}/data?type=frame&number=${meta.size - 1}&quality=original`)
      expect(frame.status).toBe(200)
      if (!empty.has(name) && !(oneName.has(name) && id !== made[0].id)) expect(await count(id)).toBeGreaterThan(0)
      if (!withoutSubsets.has(name)) expect(meta.frames[7].name).toMatch(/img_07(_leftImg8bit)?\.png$/)
    }
    expect((await labelsOf(target)).length > 0).toBe(!empty.has(name) || name === 'MOTS PNG 1.0')
  })
})

test('what CVAT XML holds comes back as it was, into labels that are there', async () => {
  const target = await createProject(await withoutIds(await labelsOf(projectId)))
  const request = await importInto(target, 'CVAT 1.1', await exportProject('CVAT for images 1.1'))
  expect([request.status, request.message]).toEqual(['finished', ''])
  expect(await labelsOf(target)).toHaveLength((await labelsOf(projectId)).length)
  const [before, after] = [await listTasks(projectId), await listTasks(target)]
  for (const [i, { id }] of before.entries()) {
    expect(await describeShapes(after[i].id)).toEqual(await describeShapes(id))
    expect(await count(after[i].id)).toBe(await count(id))
  }
  // A second time: the tasks of the first stay.
  await importInto(target, 'CVAT 1.1', await exportProject('CVAT for images 1.1'))
  expect((await listTasks(target)).map(({ subset }) => subset)).toEqual(['Train', 'Validation', 'Train', 'Validation'])
})

const withoutIds = (labels: any[]): any[] =>
  labels.map(({ name, type, attributes, sublabels, svg }) => ({
    name,
    type,
    attributes: attributes.map(({ id: _, ...attribute }: any) => attribute),
    sublabels: sublabels ? withoutIds(sublabels) : [],
    ...(svg && {
      svg: svg.replace(/data-label-id="(\d+)"/g, (_: string, id: string) => {
        return `data-label-name="${sublabels.find((one: any) => String(one.id) === id).name}"`
      }),
    }),
  }))

describe('what cannot be imported', () => {
  const text = (value: string) => new TextEncoder().encode(value)
  const picture = async () => unzipSync(await Bun.file(golden).bytes())['data/img_07.png']!
  const coco = (label: string) =>
    text(
      JSON.stringify({
        categories: [{ id: 1, name: label }],
        images: [{ id: 1, file_name: 'a.png', width: 320, height: 240 }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4] }],
      }),
    )

  test('bare files, unknown formats and strangers are refused at once', async () => {
    const target = await createProject()
    const bare = await send(target, 'COCO 1.0', text('{}'), 'annotations.json')
    expect([bare.status, bare.json]).toEqual([400, ['Dataset file should be zip archive']])
    const unknown = await send(target, 'Nothing 1.0', text('{}'))
    expect([unknown.status, unknown.json]).toEqual([400, ["Unknown input format 'Nothing 1.0'"]])
    const stranger = await createPerson()
    expect((await stranger.call('POST', `/api/projects/${target}/dataset?format=COCO+1.0`, { body: {} })).status).toBe(403)
    expect((await person.call('POST', `/api/projects/${target}/dataset?format=COCO+1.0`, { body: {} })).json).toEqual({
      dataset_file: ['No file was submitted.'],
    })
  })

  const cases: [string, string, () => Promise<Uint8Array>, string][] = [
    ['a damaged archive', 'COCO 1.0', async () => text('PK\u0003\u0004nothing'), 'The archive is damaged or incomplete'],
    ['another format', 'YOLO 1.1', async () => zipSync({ 'x/a.png': await picture(), 'b.txt': text('') }), 'Check [format docs]'],
    [
      'no pictures',
      'COCO 1.0',
      async () => zipSync({ 'annotations/instances_train.json': coco('car') }),
      "has no picture for item 'a.png'",
    ],
    [
      'nothing but names',
      'COCO 1.0',
      async () =>
        zipSync({
          'annotations/instances_train.json': text('{"categories":[{"id":1,"name":"car"}],"images":[],"annotations":[]}'),
        }),
      'The dataset holds no pictures',
    ],
    [
      'a label that the project lacks',
      'COCO 1.0',
      async () => zipSync({ 'annotations/instances_train.json': coco('truck'), 'images/train/a.png': await picture() }),
      'Target project does not have label with name "truck"',
    ],
    [
      'no picture',
      'COCO 1.0',
      async () => zipSync({ 'annotations/instances_train.json': coco('car'), 'images/train/a.png': text('x') }),
      'images/train/a.png',
    ],
  ]
  for (const [title, format, make, message] of cases)
    test(title, async () => {
      const target = await createProject([{ name: 'car' }])
      const before = (await Array.fromAsync(storage().list('data'))).length
      const request = await importInto(target, format, await make())
      expect([request.status, request.message]).toEqual(['failed', expect.stringContaining(message)])
      expect(await listTasks(target)).toEqual([])
      expect((await labelsOf(target)).map(({ name }) => name)).toEqual(['car'])
      expect((await Array.fromAsync(storage().list('data'))).length).toBe(before)
    })

  test('a plain COCO dataset makes its labels and a task of the subset in the name of its file', async () => {
    const target = await createProject()
    const archive = zipSync({
      'annotations/instances_val.json': coco('truck'),
      'images/a.png': await picture(),
      'images/b.png': await picture(),
    })
    expect((await importInto(target, 'COCO 1.0', archive)).status).toBe('finished')
    const [task, ...rest] = await listTasks(target)
    expect([task.subset, task.size, rest]).toEqual(['val', 2, []])
    expect((await labelsOf(target)).map(({ name, type }) => [name, type])).toEqual([['truck', 'any']])
    expect(await describeShapes(task.id)).toEqual(['["rectangle",0,[1,2,4,6]]'])
  })
})
