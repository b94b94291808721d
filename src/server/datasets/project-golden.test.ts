// CVAT's own exports with pictures, each imported into a project without labels.
import { beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createPerson, type Person } from '../../../tests/api'
import { nameFormat } from '../../formats/format'
import { formats } from '../../formats/registry'
import { finishRequest } from '../backups/testing'
import { runProjectImport } from './service'

const folder = join(import.meta.dir, '../../../tests/fixtures/golden/exports')
const importers = formats.filter(({ read }) => read).map(nameFormat)
const importerOf = (file: string) => {
  const name = file.replace('+images.zip', '').replaceAll('_', ' ').replace('Market 1501', 'Market-1501')
  return /^CVAT for (images|video)/.test(name) ? 'CVAT 1.1' : importers.find((one) => one === name)
}
const archives = readdirSync(folder).flatMap((task) =>
  readdirSync(join(folder, task)).flatMap((file) => {
    const format = file.endsWith('+images.zip') ? importerOf(file) : undefined
    return format ? [{ task, file, format }] : []
  }),
)

/** Its faces are no skeletons. */
const withoutAnnotations = new Set(['COCO_Keypoints_1.0+images.zip'])

let person: Person
beforeAll(async () => {
  person = await createPerson()
})

describe.each(archives)('$task/$file', ({ task, file, format }) => {
  test('becomes a task with its pictures and annotations', async () => {
    const { id } = (await person.call('POST', '/api/projects', { body: { name: file } })).json
    const boundary = 'b0undary'
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="dataset_file"; filename="a.zip"\r\n\r\n`
    const bytes = await Bun.file(join(folder, task, file)).bytes()
    const body = new Uint8Array(Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]))
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
    const query = `format=${encodeURIComponent(format)}`
    const started = await person.call('POST', `/api/projects/${id}/dataset/?${query}`, { body, headers })
    const request = await finishRequest(person, started.json.rq_id, runProjectImport)
    expect([request.status, request.message]).toEqual(['finished', ''])
    const { results } = (await person.call('GET', `/api/tasks?project_id=${id}`)).json
    expect(results).toHaveLength(1)
    const [made] = results
    const isCloud = task === 'task_10_cloud'
    expect(made).toMatchObject({ subset: 'default', dimension: isCloud ? '3d' : '2d' })
    for (let number = 0; number < made.size; number++) {
      const frame = await person.call('GET', `/api/tasks/${made.id}/data?type=frame&number=${number}&quality=original`)
      const type = isCloud ? 'image/x.point-cloud-data' : expect.stringMatching(/^image\/(jpeg|png)$/)
      expect([frame.status, frame.headers.get('content-type')]).toEqual([200, type])
    }
    const { tags, shapes, tracks } = (await person.call('GET', `/api/tasks/${made.id}/annotations`)).json
    expect(tags.length + shapes.length + tracks.length > 0).toBe(!withoutAnnotations.has(file))
  })
})
