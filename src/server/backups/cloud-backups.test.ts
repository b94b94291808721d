// Backups that go to buckets and come from them, and tasks whose pictures lie in one.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { ingestTask } from '../data/service'
import { openTransport } from '../storage/object-http'
import { type ObjectStore, openObjectStore, type S3Location } from '../storage/object-store'
import { isInstalled, type StandIn, standIns } from '../storage/stand-ins'
import { runBackup, runRestore } from './service'
import { finishRequest, readJson, restoreBackup, startBackup, takeBackup } from './testing'

const before = config()
const golden = join(import.meta.dir, '../../../tests/fixtures/golden/backups/task_images_all_kinds.zip')

describe.skipIf(!isInstalled('s3'))('backups and buckets', () => {
  let standIn: StandIn
  let store: ObjectStore
  let person: Person
  let storageId: number
  let taskId: number
  let files: ReturnType<typeof unzipSync>
  const get = async (path: string) => (await person.call('GET', path)).json
  const inCloud = (filename: string) => `location=cloud_storage&cloud_storage_id=${storageId}&filename=${filename}`

  beforeAll(async () => {
    setConfig({ ...before, outbound_allow: ['127.0.0.1'] })
    standIn = await standIns.s3.start()
    await standIn.createBucket('pictures')
    store = await openObjectStore(standIn.locate('pictures'), { transport: openTransport })
    person = await createPerson()
    const { endpoint } = standIn.locate('pictures') as S3Location
    const body = {
      provider_type: 'AWS_S3_BUCKET',
      resource: 'pictures',
      display_name: 'Pictures',
      credentials_type: 'KEY_SECRET_KEY_PAIR',
      key: 'k',
      secret_key: 's',
      specific_attributes: `endpoint_url=${endpoint}`,
    }
    storageId = (await person.call('POST', '/api/cloudstorages', { body })).json.id
    files = unzipSync(await Bun.file(golden).bytes())
    for (const name of ['img_00.jpg', 'img_07.png'])
      await store.put(`sub/${name}`, new Blob([files[`data/${name}`] as Uint8Array<ArrayBuffer>]))
    taskId = (await person.call('POST', '/api/tasks', { body: { name: 'far', labels: [{ name: 'car' }] } })).json.id
    const data = {
      cloud_storage_id: storageId,
      server_files: ['sub/img_00.jpg', 'sub/img_07.png'],
      image_quality: 70,
      use_cache: true,
    }
    const started = await person.call('POST', `/api/tasks/${taskId}/data`, { body: data })
    expect((await finishRequest(person, started.json.rq_id, ingestTask)).message).toBe('')
  }, 60_000)
  afterAll(async () => {
    setConfig(before)
    await standIn?.stop()
  })

  test('pictures of a bucket come along when they are asked for', async () => {
    const taken = await takeBackup(person, 'task', taskId, '?lightweight=false')
    expect(Object.keys(taken.files).sort()).toEqual(
      ['annotations.json', 'data/manifest.jsonl', 'data/sub/img_00.jpg', 'data/sub/img_07.png', 'task.json'].sort(),
    )
    expect(taken.files['data/sub/img_07.png']).toEqual(files['data/img_07.png']!)
    expect(readJson(taken.files['task.json']).data.storage).toBe('local')
    const restored = await restoreBackup(person, 'task', taken.bytes)
    expect(restored.message).toBe('')
    const meta = await get(`/api/tasks/${restored.result_id}/data/meta`)
    expect(meta.frames).toEqual((await get(`/api/tasks/${taskId}/data/meta`)).frames)
    expect(meta).toMatchObject({ storage: 'local', cloud_storage_id: null })
  })

  test('a lightweight backup leaves them there, and the new task finds them there', async () => {
    const taken = await takeBackup(person, 'task', taskId, '?lightweight=true')
    expect(Object.keys(taken.files).sort()).toEqual(['annotations.json', 'data/manifest.jsonl', 'task.json'])
    const { data } = readJson(taken.files['task.json'])
    expect(data).toMatchObject({ storage: 'cloud_storage', cloud_storage: { id: storageId, resource: 'pictures' } })
    const { result_id: id, message } = await restoreBackup(person, 'task', taken.bytes)
    expect(message).toBe('')
    expect(await get(`/api/tasks/${id}/data/meta`)).toMatchObject({
      size: 2,
      storage: 'cloud_storage',
      cloud_storage_id: storageId,
    })
    const media = await person.call('GET', `/api/tasks/${id}/data?type=frame&number=1&quality=original`)
    expect([media.status, media.headers.get('content-type')]).toEqual([200, 'image/png'])
    // Somebody who may not see the storage gets the task without it.
    const stranger = await createPerson()
    const foreign = await restoreBackup(stranger, 'task', taken.bytes)
    expect(foreign.status).toBe('finished')
    const meta = await stranger.call('GET', `/api/tasks/${foreign.result_id}/data/meta`)
    expect(meta.json).toMatchObject({ storage: 'cloud_storage', cloud_storage_id: null })
  })

  test('a backup goes into a bucket and is restored from there', async () => {
    const started = await startBackup(person, 'task', taskId, `?${inCloud('kept/b.zip')}`)
    expect(await finishRequest(person, started.json.rq_id, runBackup)).toMatchObject({ status: 'finished', result_url: null })
    expect((await store.stat('kept/b.zip'))?.size).toBeGreaterThan(200)
    const restoring = await person.call('POST', `/api/tasks/backup?${inCloud('kept/b.zip')}`)
    const restored = await finishRequest(person, restoring.json.rq_id, runRestore)
    expect([restored.status, restored.message]).toEqual(['finished', ''])
    expect(await get(`/api/tasks/${restored.result_id}`)).toMatchObject({ name: 'far', size: 2 })
    const gone = await person.call('POST', `/api/tasks/backup?${inCloud('gone.zip')}`)
    const failed = await finishRequest(person, gone.json.rq_id, runRestore)
    expect([failed.status, failed.message]).toEqual(['failed', expect.stringContaining('gone.zip')])
    expect((await person.call('POST', `/api/tasks/backup?${inCloud('')}`)).json).toEqual(['The filename was not specified'])
    const stranger = await createPerson()
    expect((await stranger.call('POST', `/api/projects/backup?${inCloud('kept/b.zip')}`)).status).toBe(403)
  })
})
