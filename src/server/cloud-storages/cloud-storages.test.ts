// Cloud storages through the API, against stand-ins of the stores: connecting, changing, listing, previews, and who may do it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { generateKeyPairSync } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { db } from '../db/open'
import { putMember } from '../organizations/service'
import { openTransport } from '../storage/object-http'
import { type ObjectStore, openObjectStore, type S3Location } from '../storage/object-store'
import { isInstalled, type StandIn, standIns } from '../storage/stand-ins'
import { narrowPrefix } from './content'
import { sealCredentials, unsealCredentials } from './credentials'
import { cloudStorages } from './schema'

const before = config()
beforeAll(() => setConfig({ ...before, outbound_allow: ['127.0.0.1'] }))
afterAll(() => setConfig(before))

const file = (name: string, mime_type = 'image') => ({ name, type: 'REG', mime_type })
const folder = (name: string) => ({ name, type: 'DIR', mime_type: 'DIR' })

test('credentials are sealed with a key that only this server has', async () => {
  const sealed = await sealCredentials({ key: 'a', secret_key: 'very secret' })
  expect(sealed).not.toContain('secret')
  expect(Buffer.from(sealed.slice(3), 'base64').toString('latin1')).not.toContain('secret')
  expect(await unsealCredentials(sealed)).toEqual({ key: 'a', secret_key: 'very secret' })
  expect(await sealCredentials({ key: 'a', secret_key: 'very secret' })).not.toBe(sealed)
  const at = 40
  const bent = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
  expect(unsealCredentials(bent)).rejects.toThrow('cannot be opened')
  expect(statSync(join(config().dataDir, 'secrets/cloud-storages.key')).mode & 0o777).toBe(0o600)
})

test.each([
  ['', '', 'inside', ''],
  ['/sub/', '', 'inside', 'sub/'],
  ['', 'sub/', 'inside', 'sub/'],
  ['sub/a', 'sub/', 'inside', 'sub/a'],
  ['sub/a', 'sub/ab', 'inside', 'sub/ab'],
  ['s', 'sub/', 'on-the-way', 'sub/'],
  ['sub/', 'sub/deep/x', 'on-the-way', 'sub/deep/x'],
  ['other', 'sub/', 'nothing', undefined],
])('prefix %p within %p is %s %p', (asked, initial, kind, prefix) => {
  const level = narrowPrefix(asked!, initial!)
  expect([level.kind, 'prefix' in level ? level.prefix : undefined] as unknown[]).toEqual([kind, prefix])
})

describe.skipIf(!isInstalled('s3'))('on S3', () => {
  let standIn: StandIn
  let store: ObjectStore
  let person: Person
  let endpoint: string
  let made: any
  const line = (value: object) => `${JSON.stringify(value)}\n`
  const manifest = [
    line({ version: '1.1' }),
    line({ type: 'images' }),
    ...['b', 'deep/c', 'a'].map((name) => line({ name, extension: '.png', width: 8, height: 8 })),
  ].join('')
  const picture = async () => new Blob([new Uint8Array(await new Bun.Image(bitmap()).png().bytes())])
  const names = ['sub/a.png', 'sub/b.png', 'sub/deep/c.png', 'sub/notes.txt', 'top.mp4']

  /** A red square of 4 × 4 pixels. */
  const bitmap = () => {
    const bytes = new Uint8Array(54 + 48).fill(255, 54)
    const view = new DataView(bytes.buffer)
    bytes.set([0x42, 0x4d])
    for (const [at, value] of [[2, 102], [10, 54], [14, 40], [18, 4], [22, 4]] as const) view.setUint32(at, value, true) // biome-ignore format: pairs
    view.setUint16(26, 1, true)
    view.setUint16(28, 24, true)
    return bytes
  }

  const spec = (more: object = {}) => ({
    provider_type: 'AWS_S3_BUCKET',
    resource: 'pictures',
    display_name: 'Bucket',
    credentials_type: 'KEY_SECRET_KEY_PAIR',
    key: 'a-key-of-mine',
    secret_key: 'a-secret-of-mine',
    specific_attributes: `endpoint_url=${encodeURIComponent(endpoint)}`,
    description: 'Some pictures',
    manifests: ['sub/manifest.jsonl'],
    ...more,
  })
  const create = (more: object = {}, who = person, query = '') =>
    who.call('POST', `/api/cloudstorages${query}`, { body: spec(more) })
  const content = async (query = '', id = made.id) =>
    (await person.call('GET', `/api/cloudstorages/${id}/content-v2?${query}`)).json

  beforeAll(async () => {
    standIn = await standIns.s3.start()
    await standIn.createBucket('pictures')
    const location = standIn.locate('pictures') as S3Location
    endpoint = location.endpoint!
    store = await openObjectStore(location, { transport: openTransport })
    for (const name of names) await store.put(name, name.endsWith('.png') ? await picture() : new Blob([name]))
    await store.put('sub/manifest.jsonl', new Blob([manifest]))
    person = await createPerson()
    made = (await create()).json
  }, 60_000)
  afterAll(() => standIn?.stop())

  test('creation answers what a GET answers; secrets are never told and never stored in clear', async () => {
    const { status, json, text } = await person.call('GET', `/api/cloudstorages/${made.id}`)
    expect([status, json]).toEqual([200, made])
    const { key, secret_key, ...told } = spec()
    expect(made).toMatchObject({ ...told, owner: { username: person.username }, organization: null })
    const list = await person.call('GET', '/api/cloudstorages?search=pictures')
    const row = JSON.stringify(await db.select().from(cloudStorages).where(eq(cloudStorages.id, made.id)))
    for (const place of [text, list.text, row]) expect(place).not.toMatch(/of-mine/)
    expect(list.json.results).toEqual([made])
  })

  test('status and actions are JSON strings', async () => {
    const { json, headers } = await person.call('GET', `/api/cloudstorages/${made.id}/status`)
    expect([json, headers.get('content-type')]).toEqual(['AVAILABLE', 'application/vnd.cvat+json'])
    expect((await person.call('GET', `/api/cloudstorages/${made.id}/actions`)).json).toBe('read,write')
    await standIn.createBucket('short-lived')
    const other = (await create({ resource: 'short-lived', manifests: [] })).json
    await fetch(`${endpoint}/short-lived`, { method: 'DELETE' })
    expect((await person.call('GET', `/api/cloudstorages/${other.id}/status`)).json).toBe('NOT_FOUND')
    const gone = await person.call('GET', `/api/cloudstorages/${other.id}/content-v2`)
    expect([gone.status, gone.text]).toEqual([404, expect.stringContaining('short-lived')])
    expect((await person.call('DELETE', `/api/cloudstorages/${other.id}`)).status).toBe(204)
    expect((await person.call('GET', `/api/cloudstorages/${other.id}`)).status).toBe(404)
  })

  test('bad input names its field and leaves nothing behind', async () => {
    const count = async () => (await person.call('GET', '/api/cloudstorages')).json.count
    const there = await count()
    const cases: [object, string][] = [
      [{ secret_key: undefined }, 'secret_key'],
      [{ resource: '' }, 'resource'],
      [{ resource: 'a/../b' }, 'resource'],
      [{ resource: 'nowhere' }, 'resource'],
      [{ display_name: 'x'.repeat(64) }, 'display_name'],
      [{ provider_type: 'FTP' }, 'provider_type'],
      [{ credentials_type: 'CONNECTION_STRING', connection_string: 'x' }, 'credentials_type'],
      [{ specific_attributes: 'endpoint_url=file:///etc/passwd' }, 'specific_attributes'],
      [{ specific_attributes: 'region=a.b/c' }, 'specific_attributes'],
      [{ manifests: ['none.jsonl'] }, 'manifests'],
      // The stand-in lets strangers list, not read.
      [{ credentials_type: 'ANONYMOUS_ACCESS' }, 'manifests'],
      [{ provider_type: 'GOOGLE_CLOUD_STORAGE', credentials_type: 'KEY_FILE_PATH', key_file: '{}' }, 'key_file'],
      [{ provider_type: 'AZURE_CONTAINER', credentials_type: 'CONNECTION_STRING', connection_string: 'x' }, 'connection_string'],
      [{ provider_type: 'AZURE_CONTAINER', credentials_type: 'ANONYMOUS_ACCESS', account_name: 'a.b/' }, 'account_name'],
    ]
    for (const [more, field] of cases) {
      const { status, json } = await create(more)
      expect([field, status, Object.keys(json)]).toEqual([field, 400, [field]])
    }
    expect(await count()).toBe(there)
  })

  test('addresses that are not allowed are refused, at creation and afterwards (CVE-2024-37164)', async () => {
    const stored = (await create()).json
    setConfig(before)
    try {
      const { status, text } = await create()
      expect([status, text]).toEqual([400, expect.stringContaining('not allowed')])
      expect((await person.call('GET', `/api/cloudstorages/${stored.id}/content-v2`)).text).toContain('not allowed')
      expect((await person.call('GET', `/api/cloudstorages/${stored.id}/status`)).json).toBe('NOT_FOUND')
    } finally {
      setConfig({ ...before, outbound_allow: ['127.0.0.1'] })
    }
  })

  test('PATCH changes what it names; stored credentials do not follow to another server', async () => {
    const { id } = (await create()).json
    const patch = (body: object) => person.call('PATCH', `/api/cloudstorages/${id}`, { body })
    const changed = await patch({ display_name: 'New', description: '', manifests: [] })
    expect([changed.status, changed.json]).toMatchObject([200, { display_name: 'New', description: '', manifests: [], resource: 'pictures' }]) // biome-ignore format: pair
    const narrowed = await patch({ specific_attributes: `${spec().specific_attributes}&prefix=sub/` })
    expect([narrowed.status, (await content('', id)).content[0]]).toEqual([200, file('a.png')])
    const [row] = await db.select().from(cloudStorages).where(eq(cloudStorages.id, id))
    expect(await unsealCredentials(row!.credentials)).toEqual({ key: 'a-key-of-mine', secret_key: 'a-secret-of-mine' })
    const elsewhere = { specific_attributes: `endpoint_url=${endpoint.replace('127.0.0.1', '127.1')}/` }
    expect((await patch(elsewhere)).status).toBe(200)
    const moved = await patch({ specific_attributes: 'endpoint_url=http://127.0.0.1:1' })
    expect([moved.status, Object.keys(moved.json)]).toEqual([400, ['key', 'secret_key']])
    const silent = await patch({ specific_attributes: 'endpoint_url=http://127.0.0.1:1', key: 'k', secret_key: 's' })
    expect([silent.status, silent.text]).toEqual([400, expect.stringContaining('Could not connect to http://127.0.0.1:1')])
    expect((await patch({})).status).toBe(200)
    expect((await patch({ credentials_type: 'ANONYMOUS_ACCESS' })).status).toBe(200)
    expect((await person.call('GET', `/api/cloudstorages/${id}/actions`)).json).toBe('read')
  })

  test('forms are taken as well, with manifests in any form', async () => {
    for (const fields of [
      [
        ['manifests', 'sub/manifest.jsonl'],
        ['manifests', 'sub/notes.txt'],
      ],
      [
        ['manifests[0]', 'sub/manifest.jsonl'],
        ['manifests[1]', 'sub/notes.txt'],
      ],
      [['manifests', '["sub/manifest.jsonl","sub/notes.txt"]']],
    ] as [string, string][][]) {
      const form = new FormData()
      for (const [name, value] of Object.entries(spec())) if (typeof value === 'string') form.append(name, value)
      for (const [name, value] of fields) form.append(name, value)
      const { status, json } = await person.call('POST', '/api/cloudstorages', { body: form })
      expect([status, json.manifests]).toEqual([201, ['sub/manifest.jsonl', 'sub/notes.txt']])
    }
  })

  test('one level of the bucket, sorted, whatever slash the prefix starts with', async () => {
    expect(await content()).toEqual({ content: [folder('sub'), file('top.mp4', 'video')], next: null })
    const inside = [file('a.png'), file('b.png'), folder('deep'), file('manifest.jsonl', 'unknown'), file('notes.txt', 'unknown')]
    for (const prefix of ['sub/', '/sub/']) expect((await content(`prefix=${prefix}`)).content).toEqual(inside)
    expect((await content('prefix=sub/a')).content).toEqual([file('a.png')])
    expect((await content('prefix=none')).content).toEqual([])
    expect((await person.call('GET', `/api/cloudstorages/${made.id}/content-v2?page_size=x`)).status).toBe(400)
  })

  test('pages follow each other by tokens, of buckets and of manifests', async () => {
    for (const source of ['', '&manifest_path=sub/manifest.jsonl']) {
      const whole = (await content(`prefix=sub/${source}`)).content
      const seen: unknown[] = []
      let next: string | null = ''
      do {
        const page = await content(`prefix=sub/${source}&page_size=2${next && `&next_token=${encodeURIComponent(next)}`}`)
        expect(page.content.length).toBeLessThanOrEqual(2)
        seen.push(...page.content)
        next = page.next
      } while (next)
      expect(whole.length).toBeGreaterThan(2)
      expect(seen).toEqual(whole)
    }
  })

  test('with a manifest only what it names', async () => {
    const listed = async (query: string) => (await content(`manifest_path=sub/manifest.jsonl&${query}`)).content
    expect(await listed('')).toEqual([folder('sub')])
    expect(await listed('prefix=sub/')).toEqual([file('a.png'), file('b.png'), folder('deep')])
    expect(await listed('prefix=sub/b')).toEqual([file('b.png')])
    const missing = await person.call('GET', `/api/cloudstorages/${made.id}/content-v2?manifest_path=no.jsonl`)
    expect([missing.status, missing.text]).toEqual([404, expect.stringContaining('no.jsonl')])
    const wrong = await person.call('GET', `/api/cloudstorages/${made.id}/content-v2?manifest_path=sub/notes.txt`)
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('line 1')])
  })

  test('the default prefix narrows every listing', async () => {
    const narrowed = async (prefix: string) =>
      (await create({ specific_attributes: `${spec().specific_attributes}&prefix=${prefix}` })).json.id as number
    const sub = await narrowed('sub/')
    expect((await content('', sub)).content[0]).toEqual(file('a.png'))
    expect((await content('prefix=s', sub)).content).toEqual([folder('sub')])
    expect((await content('prefix=s&manifest_path=sub/manifest.jsonl', sub)).content).toEqual([folder('sub')])
    const one = await narrowed('sub/a')
    for (const source of ['', '&manifest_path=sub/manifest.jsonl'])
      for (const prefix of ['', 'sub/a.p', 'sub/a']) expect((await content(`prefix=${prefix}${source}`, one)).content).toEqual([file('a.png')]) // biome-ignore format: one call
    expect((await content('prefix=sub/b', one)).content).toEqual([])
    const none = await narrowed('absent/')
    expect((await content('prefix=a', none)).content).toEqual([])
  })

  test('marks of folders are shown once, and empty', async () => {
    await store.put('made-by-hand/', new Blob([]))
    try {
      expect((await content()).content.filter(({ name }: any) => name === 'made-by-hand')).toEqual([folder('made-by-hand')])
      expect(await content('prefix=made-by-hand/')).toEqual({ content: [], next: null })
    } finally {
      await fetch(`${endpoint}/pictures/made-by-hand/`, { method: 'DELETE' })
    }
  })

  test('names that could leave a folder are not offered (CVE-2026-47682)', async () => {
    const lines = ['../../secrets/x', '/etc/passwd', 'a/../../b', 'fine'].map((name) => line({ name, extension: '.png' }))
    await store.put('bad.jsonl', new Blob(lines))
    const listed = async (prefix: string) => (await content(`manifest_path=bad.jsonl&prefix=${prefix}`)).content
    expect(await listed('')).toEqual([folder('a'), file('fine.png')])
    for (const prefix of ['../', '../../secrets/', 'a/../', '..']) expect(await listed(prefix)).toEqual([])
    await store.remove('bad.jsonl')
  })

  test('the preview is the first picture, small; a bucket without one has none', async () => {
    const { status, headers } = await person.call('GET', `/api/cloudstorages/${made.id}/preview`)
    expect([status, headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    const again = await person.call('GET', `/api/cloudstorages/${made.id}/preview`, {
      headers: { 'if-none-match': headers.get('etag')! },
    })
    expect(again.status).toBe(304)
    await standIn.createBucket('texts')
    const texts = await openObjectStore(standIn.locate('texts'), { transport: openTransport })
    await texts.put('a.txt', new Blob(['text']))
    const other = (await create({ resource: 'texts', manifests: [] })).json
    expect((await person.call('GET', `/api/cloudstorages/${other.id}/preview`)).status).toBe(404)
    await texts.put('broken.png', new Blob(['no picture']))
    const broken = await person.call('GET', `/api/cloudstorages/${other.id}/preview`)
    expect([broken.status, broken.text]).toEqual([400, expect.stringContaining('broken.png')])
  })

  test('filters, search and sort', async () => {
    const lister = await createPerson()
    for (const display_name of ['One', 'Two']) expect((await create({ display_name }, lister)).status).toBe(201)
    const open = await create({ display_name: 'One', credentials_type: 'ANONYMOUS_ACCESS', manifests: [] }, lister)
    expect(open.status).toBe(201)
    const listed = async (query: string) =>
      (await lister.call('GET', `/api/cloudstorages?${query}`)).json.results.map((row: any) => row.display_name)
    expect(await listed('name=One')).toEqual(['One', 'One'])
    expect(await listed('credentials_type=ANONYMOUS_ACCESS')).toEqual(['One'])
    expect(await listed('search=tw')).toEqual(['Two'])
    expect(await listed('sort=name,-id')).toEqual(['One', 'One', 'Two'])
    expect(await listed(`owner=${lister.username}&resource=pictures&provider_type=AWS_S3_BUCKET`)).toEqual(['One', 'Two', 'One'])
    expect(await listed(`filter=${encodeURIComponent('{"in":["ON",{"var":"name"}]}')}`)).toEqual(['One', 'One'])
    expect((await lister.call('GET', '/api/cloudstorages?filter={"var":"credentials"}')).status).toBe(400)
  })

  test('who may see, change and connect: owner, maintainer, supervisor, worker, stranger', async () => {
    const [boss, supervisor, worker, stranger, lowly] = await Promise.all([
      createPerson(),
      createPerson(),
      createPerson(),
      createPerson(),
      createPerson({ groups: ['worker'] }),
    ])
    const slug = `c${process.pid}-${Date.now() % 1e7}`
    const org = (await boss.call('POST', '/api/organizations', { body: { slug } })).json
    for (const [member, role] of [[supervisor, 'supervisor'], [worker, 'worker']] as const) await putMember(org.id, member.user.id, role) // biome-ignore format: pairs
    const query = `?org_id=${org.id}`
    for (const someone of [supervisor, worker, stranger]) expect((await create({}, someone, query)).status).toBe(403)
    expect((await create({}, lowly)).status).toBe(403)
    const { id, organization } = (await create({}, boss, query)).json
    expect(organization).toBe(org.id)
    const path = `/api/cloudstorages/${id}`
    const ways = ['', '/status', '/actions', '/content-v2', '/preview']
    for (const way of ways) {
      expect([way, (await supervisor.call('GET', path + way)).status]).toEqual([way, 200])
      for (const someone of [worker, stranger]) expect([way, (await someone.call('GET', path + way)).status]).toEqual([way, 403])
    }
    for (const someone of [supervisor, worker, stranger]) {
      expect((await someone.call('PATCH', path, { body: { display_name: 'x' } })).status).toBe(403)
      expect((await someone.call('DELETE', path)).status).toBe(403)
    }
    const seen = async (someone: Person) =>
      (await someone.call('GET', '/api/cloudstorages')).json.results.map((row: any) => row.id)
    expect([await seen(supervisor), await seen(worker), await seen(stranger)]).toEqual([[id], [], []])
    expect((await boss.call('PATCH', path, { body: { display_name: 'x' } })).status).toBe(200)
    expect((await boss.call('DELETE', path)).status).toBe(204)
    expect((await stranger.call('GET', '/api/cloudstorages/999999')).status).toBe(404)
  })

  test('a storage outlives its owner', async () => {
    const [leaver, admin] = [await createPerson(), await createPerson({ superuser: true })]
    const { id } = (await create({}, leaver)).json
    expect((await admin.call('DELETE', `/api/users/${leaver.user.id}`)).status).toBe(204)
    const { status, json } = await admin.call('GET', `/api/cloudstorages/${id}`)
    expect([status, json.owner]).toEqual([200, null])
  })
})

describe.skipIf(!isInstalled('azure'))('on Azure', () => {
  test('a connection string opens a container', async () => {
    const standIn = await standIns.azure.start()
    try {
      await standIn.createBucket('pictures')
      const location = standIn.locate('pictures') as { account: string; accountKey: string; endpoint: string }
      await (await openObjectStore(standIn.locate('pictures'), { transport: openTransport })).put('in/a.png', new Blob(['x']))
      const person = await createPerson()
      const connection_string = `AccountName=${location.account};AccountKey=${location.accountKey};BlobEndpoint=${location.endpoint}`
      const body = {
        provider_type: 'AZURE_CONTAINER',
        resource: 'pictures',
        display_name: 'Azure',
        credentials_type: 'CONNECTION_STRING',
        connection_string,
      }
      const made = await person.call('POST', '/api/cloudstorages', { body })
      expect([made.status, made.text.includes(location.accountKey)]).toEqual([201, false])
      const { json } = await person.call('GET', `/api/cloudstorages/${made.json.id}/content-v2?prefix=in/`)
      expect(json).toEqual({ content: [file('a.png')], next: null })
      const wrong = connection_string.replace(location.accountKey, btoa('wrong'))
      const refused = await person.call('POST', '/api/cloudstorages', { body: { ...body, connection_string: wrong } })
      expect([refused.status, Object.keys(refused.json)]).toEqual([400, ['credentials']])
    } finally {
      await standIn.stop()
    }
  }, 60_000)
})

describe.skipIf(!isInstalled('gcs'))('on Google Cloud Storage', () => {
  test('a form brings the key file', async () => {
    const standIn = await standIns.gcs.start()
    const tokens = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json({ access_token: 't' }) })
    try {
      await standIn.createBucket('pictures')
      const { endpoint } = standIn.locate('pictures') as { endpoint: string }
      await (await openObjectStore(standIn.locate('pictures'), { transport: openTransport })).put('in/a.png', new Blob(['x']))
      const person = await createPerson()
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' })
      const key = JSON.stringify({ client_email: 'me@here', private_key, token_uri: `http://127.0.0.1:${tokens.port}/` })
      const form = new FormData()
      form.append('provider_type', 'GOOGLE_CLOUD_STORAGE')
      form.append('resource', 'pictures')
      form.append('display_name', 'Google')
      form.append('credentials_type', 'KEY_FILE_PATH')
      form.append('specific_attributes', `endpoint_url=${encodeURIComponent(endpoint)}&project=p`)
      form.append('key_file', new File([key], 'key.json', { type: 'application/json' }))
      const made = await person.call('POST', '/api/cloudstorages', { body: form })
      expect([made.status, made.text.includes('me@here')]).toEqual([201, false])
      const { json } = await person.call('GET', `/api/cloudstorages/${made.json.id}/content-v2`)
      expect(json).toEqual({ content: [folder('in')], next: null })
    } finally {
      tokens.stop(true)
      await standIn.stop()
    }
  }, 60_000)
})
