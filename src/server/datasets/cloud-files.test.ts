// Exports that go to cloud storages and imports that come from them.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { runRequest } from '../requests/service'
import { openTransport } from '../storage/object-http'
import { type ObjectStore, openObjectStore, type S3Location } from '../storage/object-store'
import { isInstalled, type StandIn, standIns } from '../storage/stand-ins'
import { runExport, runImport } from './service'

const before = config()
const format = encodeURIComponent('COCO 1.0')

describe.skipIf(!isInstalled('s3'))('cloud files', () => {
  let standIn: StandIn
  let store: ObjectStore
  let person: Person
  let storageId: number
  let task: Awaited<ReturnType<typeof createBareTask>>
  const path = (rest: string) => `/api/tasks/${task.id}/${rest}`
  const inCloud = (filename: string) => `location=cloud_storage&cloud_storage_id=${storageId}&filename=${filename}`

  const connect = async () => {
    const { endpoint } = standIn.locate('results') as S3Location
    const body = {
      provider_type: 'AWS_S3_BUCKET',
      resource: 'results',
      display_name: 'Results',
      credentials_type: 'KEY_SECRET_KEY_PAIR',
      key: 'k',
      secret_key: 's',
      specific_attributes: `endpoint_url=${endpoint}`,
    }
    return (await person.call('POST', '/api/cloudstorages', { body })).json.id as number
  }
  const finish = async (started: { json: any }, work: Parameters<typeof runRequest>[1]) => {
    const { rq_id } = started.json
    await runRequest(rq_id, work)
    return (await person.call('GET', `/api/requests/${encodeURIComponent(rq_id)}`)).json
  }

  beforeAll(async () => {
    setConfig({ ...before, outbound_allow: ['127.0.0.1'] })
    standIn = await standIns.s3.start()
    await standIn.createBucket('results')
    store = await openObjectStore(standIn.locate('results'), { transport: openTransport })
    person = await createPerson()
    storageId = await connect()
    task = await createBareTask(person)
    const shape = { type: 'rectangle', frame: 3, label_id: task.labels[0]!.id, points: [1, 2, 30, 40], attributes: [] }
    const saved = await person.call('PUT', path('annotations'), { body: { version: 0, tags: [], shapes: [shape], tracks: [] } })
    expect(saved.status).toBe(200)
  }, 60_000)
  afterAll(async () => {
    setConfig(before)
    await standIn?.stop()
  })

  test('an export lies in the bucket when its request is finished, and an import takes it from there', async () => {
    const started = await person.call('POST', path(`dataset/export?format=${format}&${inCloud('made/export.zip')}`))
    expect(started.status).toBe(202)
    expect(await finish(started, runExport)).toMatchObject({ status: 'finished', result_url: null })
    expect((await store.stat('made/export.zip'))?.size).toBeGreaterThan(100)
    // The official client sends whole paths.
    const whole = await person.call('POST', path(`dataset/export?format=${format}&${inCloud('/tmp/x/export.zip')}`))
    expect(await finish(whole, runExport)).toMatchObject({ status: 'finished', result_url: null })
    expect(await store.stat('/tmp/x/export.zip')).toBeDefined()
    await person.call('DELETE', path('annotations'))
    const imported = await person.call('POST', path(`annotations/?format=${format}&${inCloud('made/export.zip')}`))
    expect(imported.status).toBe(202)
    expect(await finish(imported, runImport)).toMatchObject({ status: 'finished' })
    const { shapes } = (await person.call('GET', path('annotations'))).json
    expect(shapes).toMatchObject([{ type: 'rectangle', frame: 3 }])
  })

  test("the task's own storages are taken when nothing is named, and forgotten when they are removed", async () => {
    const own = await connect()
    const place = { location: 'cloud_storage', cloud_storage_id: own }
    expect((await person.call('PATCH', `/api/tasks/${task.id}`, { body: { target_storage: place } })).status).toBe(200)
    const ask = () => person.call('POST', `/api/jobs/${task.jobs[0]!.id}/dataset/export?format=${format}&filename=own.zip`)
    expect(await finish(await ask(), runExport)).toMatchObject({ status: 'finished', result_url: null })
    expect(await store.stat('own.zip')).toBeDefined()
    const local = await person.call('POST', path(`dataset/export?format=${format}&location=local`))
    expect((await finish(local, runExport)).result_url).toStartWith('http://localhost/')
    expect((await person.call('DELETE', `/api/cloudstorages/${own}`)).status).toBe(204)
    expect((await finish(await ask(), runExport)).result_url).toStartWith('http://localhost/')
  })

  test('storages that one cannot see, missing files and bad names are refused', async () => {
    const stranger = await createPerson()
    const foreign = await createBareTask(stranger)
    const asStranger = (rest: string) => stranger.call('POST', `/api/tasks/${foreign.id}/${rest}`)
    expect((await asStranger(`dataset/export?format=${format}&${inCloud('x.zip')}`)).status).toBe(403)
    expect((await asStranger(`annotations/?format=${format}&${inCloud('made/export.zip')}`)).status).toBe(403)
    for (const [query, field] of [
      ['location=cloud_storage', 'cloud_storage_id'],
      ['location=cloud_storage&cloud_storage_id=x', 'cloud_storage_id'],
      ['location=elsewhere', 'location'],
      [inCloud('../x.zip'), 'filename'],
      [inCloud('/'), 'filename'],
    ]) {
      const { status, json } = await person.call('POST', path(`dataset/export?format=${format}&${query}`))
      expect([query, status, Object.keys(json)]).toEqual([query, 400, [field]] as any)
    }
    const gone = await person.call('POST', path(`annotations/?format=${format}&${inCloud('gone.zip')}`))
    const failed = await finish(gone, runImport)
    expect([failed.status, failed.message]).toEqual(['failed', expect.stringContaining('gone.zip')])
    expect((await person.call('GET', path('annotations'))).json.shapes).toHaveLength(1)
  })
})
