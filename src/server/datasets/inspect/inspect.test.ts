// Dry runs of imports over the API, and imports that take up what they found: mappings, labels to be made, appending.
import { beforeEach, describe, expect, test } from 'bun:test'
import { createBareTask, createPerson, type Person } from '../../../../tests/api'
import { packZip } from '../../../formats/testing/sample'
import { runRequest } from '../../requests/service'
import { runImport, runInspection } from '../service'

let person: Person
let task: Awaited<ReturnType<typeof createBareTask>>
beforeEach(async () => {
  person = await createPerson()
  task = await createBareTask(person, { frames: 3, labels: [{ name: 'Car' }] })
})

const coco = (names: string[], labels: string[]) => ({
  images: names.map((file_name, at) => ({ id: at + 1, file_name, width: 100, height: 100 })),
  categories: labels.map((name, at) => ({ id: at + 1, name })),
  annotations: names.map((_, at) => ({
    id: at + 1,
    image_id: at + 1,
    category_id: (at % labels.length) + 1,
    bbox: [1, 2, 3, 4],
    segmentation: [],
    attributes: { wheels: '4' },
  })),
})

const form = (content: unknown, fields: Record<string, unknown> = {}, name = 'data.json') => {
  const body = new FormData()
  for (const [key, value] of Object.entries(fields)) body.set(key, typeof value === 'string' ? value : JSON.stringify(value))
  const bytes = content instanceof Uint8Array ? content : JSON.stringify(content)
  body.set('annotation_file', new File([bytes as BlobPart], name))
  return body
}

const finish = async ({ status, json }: { status: number; json: any }, work: Parameters<typeof runRequest>[1]) => {
  expect([status, json]).toEqual([202, { rq_id: expect.any(String) }])
  await runRequest(json.rq_id, work)
  return (await person.call('GET', `/api/requests/${encodeURIComponent(json.rq_id)}`)).json
}

const inspect = async (content: unknown, query = '', fields = {}, path = `/api/tasks/${task.id}`) => {
  const started = await person.call('POST', `${path}/dataset/inspect${query}`, { body: form(content, fields) })
  const request = await finish(started, runInspection)
  expect(request.status).toBe('finished')
  const { pathname, search } = new URL(request.result_url)
  return (await person.call('GET', pathname + search)).json
}

const importInto = async (body: FormData | undefined, query = '', headers: Record<string, string> = {}) =>
  finish(await person.call('POST', `/api/tasks/${task.id}/annotations?format=COCO%201.0${query}`, { body, headers }), runImport)

const frameNamesOf = async () =>
  (await person.call('GET', `/api/tasks/${task.id}/data/meta`)).json.frames.map(({ name }: { name: string }) => name)
const shapesOf = async () => (await person.call('GET', `/api/tasks/${task.id}/annotations`)).json.shapes

describe('a report', () => {
  test('tells what fits, what does not, and how it could', async () => {
    const [first, second] = await frameNamesOf()
    const report = await inspect(coco([first, `elsewhere/${second.toUpperCase()}`, 'strange.jpg'], ['car', 'bus']))
    expect(report).toMatchObject({
      format: 'COCO 1.0',
      detected: ['COCO 1.0'],
      items: { total: 3, matched: 1, unmatched: 2 },
      annotations: { total: 3, shapes: { rectangle: 3 } },
      problems: [],
      ready: false,
      mapping: { files: { [`elsewhere/${second.toUpperCase()}`]: second }, labels: { car: 'Car' } },
    })
    expect(report.labels.unmatched.map(({ name, proposal }: any) => [name, proposal])).toEqual([
      ['car', 'Car'],
      ['bus', null],
    ])
    expect(await shapesOf()).toEqual([])
  })

  test('names the place of a problem', async () => {
    const [first] = await frameNamesOf()
    const broken = coco([first], ['Car'])
    broken.annotations[0]!.bbox = [1, 2, -3, 4]
    const { problems, ready } = await inspect(broken)
    expect(problems).toEqual([
      expect.objectContaining({
        item: 'annotations[0]',
        field: 'bbox',
        message: expect.stringContaining('must not be negative'),
      }),
    ])
    expect(ready).toBe(false)
    const unknown = await inspect(await packZip({ 'readme.md': 'x' }))
    expect(unknown).toMatchObject({ format: null, detected: [], problems: [{ message: 'The files are of no known format' }] })
  })

  test('is for those who may import, and only for files that are there', async () => {
    const stranger = await createPerson()
    const path = `/api/tasks/${task.id}/dataset/inspect`
    expect((await stranger.call('POST', path, { body: form({}) })).status).toBe(403)
    expect((await person.call('POST', path)).status).toBe(400)
    expect((await person.call('POST', `${path}?format=Nonsense`, { body: form({}) })).json).toHaveProperty('format')
    expect((await person.call('POST', path, { body: form({}, { mapping: '{"files": 1}' }) })).json).toHaveProperty('mapping')
    expect((await person.call('POST', '/api/tasks/999999/dataset/inspect', { body: form({}) })).status).toBe(404)
  })

  test('of a project knows its labels and no frames', async () => {
    const project = (await person.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'Car' }] } })).json
    const report = await inspect(coco(['a.jpg', 'b.jpg'], ['Car']), '', {}, `/api/projects/${project.id}`)
    expect(report).toMatchObject({ items: { total: 2, unmatched: 0 }, labels: { unmatched: [] }, ready: true })
  })
})

describe('an import', () => {
  test('takes the inspected file with the mapping that was found', async () => {
    const [first, second] = await frameNamesOf()
    const content = coco([first, `x/${second}`, 'strange.jpg'], ['car'])
    const report = await inspect(content)
    const mapping = { ...report.mapping, files: { ...report.mapping.files, 'strange.jpg': null } }
    expect(await inspect(content, '', { mapping })).toMatchObject({ items: { unmatched: 0 }, ready: true })
    const query = `&filename=${encodeURIComponent(report.file)}&mapping=${encodeURIComponent(JSON.stringify(mapping))}`
    expect(await importInto(undefined, query, { 'upload-finish': '' })).toMatchObject({ status: 'finished' })
    expect((await shapesOf()).map(({ frame }: { frame: number }) => frame)).toEqual([0, 1])
  })

  test('leaves out what the task does not have when it is told to', async () => {
    const [first] = await frameNamesOf()
    const mapping = { files: { '*': null }, labels: { '*': null } }
    expect(await importInto(form(coco([first, 'strange.jpg', 'other.jpg'], ['Car', 'bus']), { mapping }))).toMatchObject({
      status: 'finished',
    })
    expect(await shapesOf()).toMatchObject([{ frame: 0 }])
    const all = await importInto(form(coco(['strange.jpg'], ['bus']), { mapping }))
    expect(all).toMatchObject({ status: 'failed', message: expect.stringContaining('Nothing was imported') })
  })

  test('makes labels that are missing, and only when nothing else fails', async () => {
    const [first] = await frameNamesOf()
    const lost = await importInto(form(coco([first, 'strange.jpg'], ['bus']), { create_labels: 'true' }))
    expect(lost).toMatchObject({ status: 'failed', message: "Could not match item id: 'strange.jpg' with any task frame" })
    const labels = async () =>
      (await person.call('GET', `/api/labels?task_id=${task.id}`)).json.results.map((label: any) => [
        label.name,
        label.attributes.map(({ name }: { name: string }) => name),
      ])
    expect(await labels()).toEqual([['Car', []]])
    expect(await importInto(form(coco([first], ['bus']), { create_labels: ['bus'] }))).toMatchObject({ status: 'finished' })
    expect(await labels()).toEqual([
      ['Car', []],
      ['bus', ['wheels']],
    ])
    expect(await shapesOf()).toMatchObject([{ frame: 0, attributes: [{ value: '4' }] }])
  })

  test('appends when it is told to', async () => {
    const [first] = await frameNamesOf()
    await importInto(form(coco([first], ['Car'])))
    await importInto(form(coco([first], ['Car']), { mode: 'append' }))
    expect(await shapesOf()).toHaveLength(2)
    await importInto(form(coco([first], ['Car'])))
    expect(await shapesOf()).toHaveLength(1)
    const wrong = await person.call('POST', `/api/tasks/${task.id}/annotations?format=COCO%201.0&mode=x`, { body: form({}) })
    expect([wrong.status, wrong.json]).toEqual([400, { mode: ['"x" is not a valid choice.'] }])
  })

  test('of nothing fails and keeps what is there', async () => {
    const [first] = await frameNamesOf()
    await importInto(form(coco([first], ['Car'])))
    const failed = await importInto(form(coco([], ['Car'])))
    expect(failed).toMatchObject({ status: 'failed', message: expect.stringContaining('Nothing was imported: it names no item') })
    const foreign = await importInto(form(await packZip({ 'obj.data': 'x', 'readme.md': '' }), {}, 'data.zip'))
    expect(foreign.message).toContain('Failed to find dataset')
    expect(foreign.message).toContain('The files look like YOLO 1.1')
    expect(await shapesOf()).toHaveLength(1)
  })

  test('of frames without annotations says so and clears them', async () => {
    const [first] = await frameNamesOf()
    await importInto(form(coco([first], ['Car'])))
    const empty = await importInto(form({ ...coco([first], ['Car']), annotations: [] }))
    expect([empty.status, empty.message]).toEqual(['finished', 'The file holds no annotations: 1 of its 1 items match frames.'])
    expect(await shapesOf()).toEqual([])
  })
})
