// Guides and assets through the API: shapes, permissions, bounds, and that an uploaded file never runs (CVE-2026-65986).
import { beforeAll, describe, expect, test } from 'bun:test'
import { utimesSync } from 'node:fs'
import { and, eq } from 'drizzle-orm'
import { app, call, createBareTask, createPerson, type Person, password } from '../../../tests/api'
import { db, tx } from '../db/open'
import { events } from '../events/schema'
import { storage } from '../storage/storage'
import { tasks } from '../tasks/schema'
import { assetFile } from './asset-files'
import { maxAssetBytes, maxAssetsPerGuide } from './assets'
import { assets } from './schema'
import { removeStrayAssets } from './service'

let person: Person
beforeAll(async () => {
  person = await createPerson()
})

const createProject = async (by = person) =>
  (await by.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'a' }] } })).json.id as number
const writeGuide = async (body: object, by = person) => by.call('POST', '/api/guides', { body })
const createGuide = async () => (await writeGuide({ project_id: await createProject(), markdown: '# How' })).json

const png = Uint8Array.from(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
)
const upload = (
  guideId: number | string,
  content: Uint8Array | string,
  { name = 'how.png', type = 'image/png', by = person } = {},
) => {
  const form = new FormData()
  form.set('guide_id', String(guideId))
  form.set('file', new File([content as Uint8Array<ArrayBuffer>], name, { type }))
  return by.call('POST', '/api/assets', { body: form })
}
const isStored = async (uuid: string) => (await storage().stat(assetFile(uuid))) !== undefined

describe('guides', () => {
  test('of a project: creation answers what a following GET does, Markdown stays as it is', async () => {
    const projectId = await createProject()
    const markdown = '# Guide\n\n<script>alert(1)</script> **bold** '
    const { status, json } = await writeGuide({ project_id: projectId, markdown })
    expect([status, Object.keys(json).sort()]).toEqual([201, ['created_date', 'id', 'markdown', 'project_id', 'task_id', 'updated_date']]) // biome-ignore format: keys
    expect(json).toMatchObject({ project_id: projectId, task_id: null, markdown })
    expect((await person.call('GET', `/api/guides/${json.id}`)).json).toEqual(json)
    expect((await person.call('GET', `/api/projects/${projectId}`)).json.guide_id).toBe(json.id)
  })

  test('of a task is told by the task and its jobs; one each', async () => {
    const { id, jobs } = await createBareTask(person)
    const { json } = await writeGuide({ task_id: id })
    expect(json).toMatchObject({ task_id: id, project_id: null, markdown: '' })
    for (const path of [`tasks/${id}`, `jobs/${jobs[0]!.id}`])
      expect((await person.call('GET', `/api/${path}`)).json.guide_id).toBe(json.id)
    const second = await writeGuide({ task_id: id })
    expect([second.status, second.json]).toEqual([400, ['A guide exists already for this task or project.']])
  })

  test('changes and goes', async () => {
    const guide = await createGuide()
    const path = `/api/guides/${guide.id}`
    const { json } = await person.call('PATCH', path, { body: { markdown: 'new', task_id: null, project_id: guide.project_id } })
    expect(json).toMatchObject({ id: guide.id, markdown: 'new', created_date: guide.created_date })
    expect((await person.call('DELETE', path)).status).toBe(204)
    expect((await person.call('GET', path)).status).toBe(404)
    expect((await person.call('GET', `/api/projects/${guide.project_id}`)).json.guide_id).toBeNull()
  })

  test('bad input is refused with the name of the field', async () => {
    const guide = await createGuide()
    const keys = async (answer: Promise<{ status: number; json: any }>) => {
      const { status, json } = await answer
      return [status, Object.keys(json)]
    }
    expect(await keys(writeGuide({ markdown: 'x' }))).toEqual([400, ['non_field_errors']])
    expect(await keys(writeGuide({ task_id: 1, project_id: 1 }))).toEqual([400, ['non_field_errors']])
    expect(await keys(writeGuide({ task_id: 1e9 }))).toEqual([400, ['task_id']])
    expect(await keys(writeGuide({ project_id: 1e9 }))).toEqual([400, ['project_id']])
    expect(await keys(writeGuide({ project_id: 'x' }))).toEqual([400, ['project_id']])
    expect(await keys(person.call('PATCH', `/api/guides/${guide.id}`, { body: { markdown: 5 } }))).toEqual([400, ['markdown']])
    const moved = person.call('PATCH', `/api/guides/${guide.id}`, { body: { project_id: await createProject() } })
    expect(await keys(moved)).toEqual([400, ['project_id']])
  })

  test('is logged with its place', async () => {
    const guide = await createGuide()
    await person.call('PATCH', `/api/guides/${guide.id}`, { body: { markdown: 'b' } })
    await person.call('DELETE', `/api/guides/${guide.id}`)
    const rows = await db
      .select()
      .from(events)
      .where(and(eq(events.projectId, guide.project_id), eq(events.objId, String(guide.id))))
      .orderBy(events.id)
    const own = rows.filter((row) => row.scope.endsWith(':annotationguide'))
    expect(own.map((row) => [row.scope, row.objName, row.objVal])).toEqual([
      ['create:annotationguide', null, null],
      ['update:annotationguide', 'markdown', 'b'],
      ['delete:annotationguide', null, null],
    ])
  })
})

describe('permissions', () => {
  const statuses = async (by: Person, id: number) => ({
    view: (await by.call('GET', `/api/guides/${id}`)).status,
    update: (await by.call('PATCH', `/api/guides/${id}`, { body: { markdown: 'x' } })).status,
    upload: (await upload(id, png, { by })).status,
    delete: (await by.call('DELETE', `/api/guides/${id}`)).status,
  })

  test('strangers get 403, those who are not signed in 401', async () => {
    const guide = await createGuide()
    const asset = (await upload(guide.id, png)).json
    const stranger = await createPerson()
    expect(await statuses(stranger, guide.id)).toEqual({ view: 403, update: 403, upload: 403, delete: 403 })
    for (const method of ['GET', 'DELETE']) {
      expect((await stranger.call(method, `/api/assets/${asset.uuid}`)).status).toBe(403)
      expect((await call(method, `/api/assets/${asset.uuid}`)).status).toBe(401)
    }
    expect((await writeGuide({ project_id: await createProject() }, stranger)).status).toBe(403)
    expect((await call('GET', `/api/guides/${guide.id}`)).status).toBe(401)
    expect(await isStored(asset.uuid)).toBe(true)
  })

  test("a job's assignee reads the guide of the task and of its project, with its pictures, and changes nothing", async () => {
    const worker = await createPerson({ groups: ['worker'] })
    const { id, jobs } = await createBareTask(person)
    const ofTask = (await writeGuide({ task_id: id })).json.id
    const projectId = await createProject()
    const ofProject = (await writeGuide({ project_id: projectId })).json.id
    await person.call('PATCH', `/api/jobs/${jobs[0]!.id}`, { body: { assignee: worker.user.id } })
    expect(await statuses(worker, ofTask)).toEqual({ view: 200, update: 403, upload: 403, delete: 403 })
    expect(await statuses(worker, ofProject)).toMatchObject({ view: 403 })
    await tx(async (t) => void (await t.update(tasks).set({ projectId }).where(eq(tasks.id, id))))
    expect(await statuses(worker, ofProject)).toEqual({ view: 200, update: 403, upload: 403, delete: 403 })
    const asset = (await upload(ofProject, png)).json
    expect((await worker.call('GET', `/api/assets/${asset.uuid}`)).status).toBe(200)
  })

  test('the assignee of a project writes its guide, a worker reads it', async () => {
    const guide = await createGuide()
    const user = await createPerson()
    const worker = await createPerson({ groups: ['worker'] })
    const assign = (to: Person) =>
      person.call('PATCH', `/api/projects/${guide.project_id}`, { body: { assignee_id: to.user.id } })
    await assign(worker)
    expect(await statuses(worker, guide.id)).toEqual({ view: 200, update: 403, upload: 403, delete: 403 })
    await assign(user)
    expect(await statuses(user, guide.id)).toEqual({ view: 200, update: 200, upload: 201, delete: 204 })
  })
})

describe('assets', () => {
  test('are made, served and removed', async () => {
    const guide = await createGuide()
    const { status, json } = await upload(guide.id, png, { name: 'C:\\pictures\\../how to.png' })
    expect([status, Object.keys(json).sort()]).toEqual([201, ['created_date', 'filename', 'guide_id', 'owner', 'uuid']])
    expect(json).toMatchObject({ filename: 'how to.png', guide_id: guide.id })
    expect(json.owner.username).toBe(person.username)
    const path = `/api/assets/${json.uuid}`
    const authorization = `Basic ${btoa(`${person.username}:${password}`)}`
    const answer = await app.handle(new Request(`http://localhost${path}`, { headers: { authorization } }))
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(png)
    const again = await person.call('GET', path, { headers: { 'if-none-match': answer.headers.get('etag')! } })
    expect(again.status).toBe(304)
    expect((await person.call('DELETE', path)).status).toBe(204)
    expect((await person.call('GET', path)).status).toBe(404)
    expect(await isStored(json.uuid)).toBe(false)
  })

  describe('CVE-2026-65986: stored XSS through the type that the uploader chose', () => {
    const script = '<script>alert(1)</script>'
    const svg = `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`
    test.each([
      ['a picture is what its bytes say', png, 'x.html', 'text/html', 'image/png'],
      ['a page', `<!doctype html>${script}`, 'x.html', 'text/html', null],
      ['a page that says it is a picture', script, 'x.png', 'image/png', null],
      ['a drawing', svg, 'x.svg', 'image/svg+xml', null],
      ['a drawing with a header', `<?xml version="1.0"?>${svg}`, 'x.svg', 'image/svg+xml', null],
      ['a script', 'alert(1)', 'x.js', 'text/javascript', null],
      ['a document', '%PDF-1.7 (x)', 'x.pdf', 'application/pdf', null],
      ['XML', `<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`, 'x.xml', 'application/xhtml+xml', null],
    ])('%s', async (_, content, name, type, shown) => {
      const { uuid } = (await upload((await createGuide()).id, content, { name, type })).json
      const { headers, status } = await person.call('GET', `/api/assets/${uuid}`)
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe(shown ?? 'application/octet-stream')
      expect(headers.get('content-disposition')).toBe(shown ? null : `attachment; filename="${name}"`)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
    })

    test('a name cannot break the header', async () => {
      const { uuid, filename } = (await upload((await createGuide()).id, 'x', { name: 'a"; x="\u202egnp.exe' })).json
      expect(filename).not.toMatch(/[\u202a-\u202e]/)
      const { headers } = await person.call('GET', `/api/assets/${uuid}`)
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[A-Za-z0-9_. -]+"$/)
    })
  })

  test('bad input is refused with the name of the field, and nothing is kept', async () => {
    const { id } = await createGuide()
    const keys = ({ status, json }: { status: number; json: any }) => [status, Object.keys(json)]
    expect(keys(await upload('x', png))).toEqual([400, ['guide_id']])
    expect((await upload(1e8, png)).status).toBe(404)
    expect(keys(await upload(id, ''))).toEqual([400, ['file']])
    const form = new FormData()
    form.set('guide_id', String(id))
    expect(keys(await person.call('POST', '/api/assets', { body: form }))).toEqual([400, ['file']])
    form.set('file', 'text')
    expect(keys(await person.call('POST', '/api/assets', { body: form }))).toEqual([400, ['file']])
    form.delete('guide_id')
    expect(keys(await person.call('POST', '/api/assets', { body: form }))).toEqual([400, ['guide_id']])
    expect(keys(await person.call('POST', '/api/assets', { body: { guide_id: id } }))).toEqual([400, ['file']])
    const torn = { body: '--x\r\nnonsense', headers: { 'content-type': 'multipart/form-data; boundary=x' } }
    expect((await person.call('POST', '/api/assets', torn)).status).toBe(400)
    expect(await db.select().from(assets).where(eq(assets.guideId, id))).toEqual([])
  })

  test('are bounded in size and number', async () => {
    const { id } = await createGuide()
    for (const extra of [1, 2 ** 17]) {
      const tooBig = await upload(id, new Uint8Array(maxAssetBytes + extra))
      expect([tooBig.status, Object.keys(tooBig.json)]).toEqual([400, ['file']])
    }
    expect((await upload(id, new Uint8Array(maxAssetBytes))).status).toBe(201)
    const now = new Date()
    const rows = Array.from({ length: maxAssetsPerGuide - 2 }, () => ({
      uuid: crypto.randomUUID(),
      guideId: id,
      ownerId: person.user.id,
      filename: 'x',
      bytes: 1,
      createdDate: now,
    }))
    await tx(async (t) => void (await t.insert(assets).values(rows)))
    const last = await Promise.all([upload(id, png), upload(id, png), upload(id, png)])
    expect(last.map(({ status }) => status).sort()).toEqual([201, 400, 400])
    expect((await db.select().from(assets).where(eq(assets.guideId, id))).length).toBe(maxAssetsPerGuide)
  })

  test('ids that are none name nothing', async () => {
    for (const uuid of ['x', '..%2f..%2fsecrets', crypto.randomUUID(), `${crypto.randomUUID()}x`])
      expect((await person.call('GET', `/api/assets/${uuid}`)).status).toBe(404)
  })

  test('go with their guide, task or project', async () => {
    const projectId = await createProject()
    const task = (await person.call('POST', '/api/tasks', { body: { name: 't', project_id: projectId } })).json.id as number
    const alone = (await createBareTask(person)).id
    const guide = await createGuide()
    const uuids: string[] = []
    for (const id of [
      guide.id,
      (await writeGuide({ task_id: alone })).json.id,
      (await writeGuide({ project_id: projectId })).json.id,
      (await writeGuide({ task_id: task })).json.id,
    ])
      uuids.push((await upload(id, png)).json.uuid)
    const stored = () => Promise.all(uuids.map(isStored))
    expect(await stored()).toEqual([true, true, true, true])
    await person.call('DELETE', `/api/guides/${guide.id}`)
    expect(await stored()).toEqual([false, true, true, true])
    await person.call('DELETE', `/api/tasks/${alone}`)
    expect(await stored()).toEqual([false, false, true, true])
    await person.call('DELETE', `/api/projects/${projectId}`)
    expect(await stored()).toEqual([false, false, false, false])
  })

  test('files that no row knows are swept when they are old', async () => {
    const { uuid } = (await upload((await createGuide()).id, png)).json
    const [old, fresh] = [crypto.randomUUID(), crypto.randomUUID()]
    for (const stray of [old, fresh]) await storage().put(assetFile(stray), png)
    const long = new Date(Date.now() - 2 * 3_600_000)
    for (const name of [old, uuid]) utimesSync(storage().localPath(assetFile(name)), long, long)
    await removeStrayAssets()
    expect(await Promise.all([old, fresh, uuid].map(isStored))).toEqual([false, true, true])
  })

  test('are logged', async () => {
    const guide = await createGuide()
    const { uuid } = (await upload(guide.id, png)).json
    await person.call('DELETE', `/api/assets/${uuid}`)
    const rows = await db.select().from(events).where(eq(events.objId, uuid)).orderBy(events.id)
    expect(rows.map((row) => [row.scope, row.objName, row.projectId])).toEqual([
      ['create:asset', 'how.png', guide.project_id],
      ['delete:asset', 'how.png', guide.project_id],
    ])
  })
})
