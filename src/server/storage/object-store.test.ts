// The object stores against stand-ins of all three providers: listings, pages, ranges, pieces, errors.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createVerify, generateKeyPairSync } from 'node:crypto'
import { readConnectionString } from './azure-signature'
import { readKeyFile } from './google-token'
import { StorageError } from './name'
import { openTransport } from './object-http'
import { fileNameOf, isFileName } from './object-names'
import { listAllObjects, type ObjectLocation, type ObjectStore, openObjectStore } from './object-store'
import { signS3 } from './s3-signature'
import { isInstalled, type StandIn, standIns } from './stand-ins'

const open = (location: ObjectLocation, partBytes?: number) =>
  openObjectStore(location, { transport: openTransport, ...(partBytes && { partBytes }) })
const textOf = async (stream: Promise<ReadableStream<Uint8Array>>) => new Response(await stream).text()
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (error) => (error instanceof StorageError ? error.reason : String(error)),
  )
const names = ['a.png', 'sub/b.png', 'sub/c d+e&f.png', 'sub/deep/ü.png', 'zebra.txt']

for (const provider of ['s3', 'azure', 'gcs'] as const)
  describe.skipIf(!isInstalled(provider))(provider, () => {
    let standIn: StandIn
    let store: ObjectStore
    beforeAll(async () => {
      standIn = await standIns[provider].start()
      await standIn.createBucket('pictures')
      store = await open(standIn.locate('pictures'))
      for (const name of names) await store.put(name, new Blob([`<${name}>`]))
    }, 60_000)
    afterAll(() => standIn?.stop())

    test('lists one level, or all below a prefix', async () => {
      const top = await store.list()
      expect(top.objects.map(({ name }) => name)).toEqual(['a.png', 'zebra.txt'])
      expect(top.folders).toEqual(['sub/'])
      expect(top.next).toBeNull()
      expect(top.objects[0]).toMatchObject({ size: 7, etag: expect.stringMatching(/./), modified: expect.any(Date) })
      const sub = await store.list({ prefix: 'sub/' })
      expect([sub.objects.map(({ name }) => name), sub.folders]).toEqual([['sub/b.png', 'sub/c d+e&f.png'], ['sub/deep/']])
      expect((await Array.fromAsync(listAllObjects(store))).map(({ name }) => name).sort()).toEqual([...names].sort())
      expect((await Array.fromAsync(listAllObjects(store, 'sub/c'))).map(({ name }) => name)).toEqual(['sub/c d+e&f.png'])
      expect(await store.list({ prefix: 'none/' })).toEqual({ objects: [], folders: [], next: null })
    })

    test('goes through pages without losing or repeating anything', async () => {
      // The emulator of Google's store answers everything at once; its tokens are tested below.
      const limit = provider === 'gcs' ? 3 : 1
      const seen: string[] = []
      let next: string | null = null
      do {
        const page = await store.list({ limit, next })
        expect(page.objects.length + page.folders.length).toBeLessThanOrEqual(limit)
        seen.push(...page.objects.map(({ name }) => name), ...page.folders)
        next = page.next
      } while (next)
      expect(seen.sort()).toEqual(['a.png', 'sub/', 'zebra.txt'])
    })

    test('gives objects whole and by range, says what they are', async () => {
      expect(await textOf(store.stream('sub/c d+e&f.png'))).toBe('<sub/c d+e&f.png>')
      expect(await textOf(store.stream('a.png', { start: 1, end: 4 }))).toBe('a.p')
      expect(await textOf(store.stream('a.png', { start: 5 }))).toBe('g>')
      expect(await store.stat('sub/deep/ü.png')).toMatchObject({ name: 'sub/deep/ü.png', size: 17 })
      expect(await store.stat('sub/none')).toBeUndefined()
    })

    test('writes large objects in pieces, and removes', async () => {
      const bytes = new Uint8Array(11 * 2 ** 20).map((_, i) => (i * 31 + (i >> 12)) & 255)
      const inParts = await open(standIn.locate('pictures'), 5 * 2 ** 20)
      await inParts.put('large.bin', new Blob([bytes]))
      expect((await store.stat('large.bin'))?.size).toBe(bytes.length)
      const read = await new Response(await store.stream('large.bin')).bytes()
      expect(Bun.hash(read)).toBe(Bun.hash(bytes))
      await store.remove('large.bin')
      await store.remove('large.bin')
      expect(await store.stat('large.bin')).toBeUndefined()
    })

    test('says what is missing, and names it', async () => {
      const away = await open(standIn.locate('nowhere'))
      expect(await reasonOf(away.list())).toBe('missing')
      expect(away.list()).rejects.toThrow('"nowhere"')
      expect(await reasonOf(store.stream('sub/gone.png'))).toBe('missing')
      expect(store.stream('sub/gone.png')).rejects.toThrow('"sub/gone.png"')
      await expect(store.stream('a/../../b')).rejects.toThrow(StorageError)
    })
  })

describe.skipIf(!isInstalled('azure'))('credentials of Azure', () => {
  test('a wrong key and no key are refused; a connection string opens', async () => {
    const standIn = await standIns.azure.start()
    try {
      await standIn.createBucket('closed')
      const right = standIn.locate('closed') as Extract<ObjectLocation, { provider: 'azure' }>
      const { accountKey, ...anonymous } = right
      expect(await reasonOf((await open({ ...right, accountKey: btoa('wrong') })).list())).toBe('forbidden')
      expect(['forbidden', 'missing']).toContain(await reasonOf((await open(anonymous)).list()))
      const text = `DefaultEndpointsProtocol=http;AccountName=${right.account};AccountKey=${accountKey};BlobEndpoint=${right.endpoint};`
      const store = await open({ provider: 'azure', bucket: 'closed', ...readConnectionString(text) })
      expect(await store.list()).toEqual({ objects: [], folders: [], next: null })
    } finally {
      await standIn.stop()
    }
  }, 60_000)
})

/** A server that answers what the test wants and keeps what came. */
const serve = (answer: (request: Request) => Response | Promise<Response>) => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer })
  return { endpoint: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) }
}

test('signs as other clients of S3 do', async () => {
  const seen: { method: string; url: string; headers: Headers }[] = []
  const server = serve(({ method, url, headers }) => {
    seen.push({ method, url, headers: new Headers(headers) })
    return new Response('', { headers: { etag: '"x"' } })
  })
  const client = new Bun.S3Client({
    accessKeyId: 'AKID',
    secretAccessKey: 'secret/with+signs',
    bucket: 'b',
    region: 'eu-west-3',
    endpoint: server.endpoint,
    sessionToken: 'session',
  })
  await client.file('folder/a b(1).txt').exists()
  server.stop()
  const { method, url, headers } = seen[0]!
  const [, time] = /(\d{8}T\d{6}Z)/.exec(headers.get('x-amz-date')!)!
  const now = new Date(time!.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'))
  const { origin, pathname } = new URL(url)
  const own = signS3({ method, origin, path: pathname, query: {}, headers: {} }, 'eu-west-3', { key: 'AKID', secret: 'secret/with+signs', sessionToken: 'session' }, now) // biome-ignore format: one call
  expect(own['x-amz-content-sha256']).toBe(headers.get('x-amz-content-sha256')!)
  const signatureOf = (text: string) => /Signature=([0-9a-f]{64})/.exec(text)?.[1]
  const signedNames = (text: string) => /SignedHeaders=([^,]+)/.exec(text)?.[1]
  expect(signedNames(own.authorization!)).toBe(signedNames(headers.get('authorization')!))
  expect(signatureOf(own.authorization!)).toBe(signatureOf(headers.get('authorization')!))
})

test('a busy store is asked again; 403 and silence are told apart', async () => {
  let asked = 0
  const server = serve(() => new Response('', { status: ++asked < 3 ? 503 : 403 }))
  const location = { provider: 's3', bucket: 'b', endpoint: server.endpoint } as const
  expect(await reasonOf((await open(location)).list())).toBe('forbidden')
  expect(asked).toBe(3)
  server.stop()
  expect(await reasonOf((await open(location)).list())).toBe('unreachable')
})

test('strangers who may read but not ask are told about an object all the same', async () => {
  const server = serve(({ method, headers }) => {
    if (method === 'HEAD') return new Response(null, { status: 403 })
    expect([headers.get('range'), headers.get('authorization')]).toEqual(['bytes=0-0', null])
    return new Response('x', { status: 206, headers: { 'content-range': 'bytes 0-0/1234', etag: '"e"' } })
  })
  const location = { provider: 's3', bucket: 'b', endpoint: server.endpoint } as const
  expect(await (await open(location)).stat('a')).toMatchObject({ size: 1234, etag: 'e' })
  expect(await reasonOf((await open({ ...location, credentials: { key: 'k', secret: 's' } })).stat('a'))).toBe('forbidden')
  server.stop()
})

test('a service account signs a claim and uses the token it gets until it ends', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  let tokens = 0
  const seen: string[] = []
  const server = serve(async (request) => {
    if (new URL(request.url).pathname === '/token') {
      const form = new URLSearchParams(await request.text())
      const [head, body, signature] = form.get('assertion')!.split('.') as [string, string, string]
      const verified = createVerify('RSA-SHA256').update(`${head}.${body}`).verify(publicKey, signature, 'base64url')
      const claim = JSON.parse(Buffer.from(body, 'base64url').toString())
      if (!verified || claim.iss !== 'me@project' || claim.aud !== request.url) return new Response('', { status: 400 })
      return Response.json({ access_token: `token-${++tokens}`, expires_in: 3600 })
    }
    seen.push(`${request.headers.get('authorization')} ${new URL(request.url).searchParams.get('pageToken')}`)
    return Response.json({ items: [{ name: 'x', size: '3', updated: '2026-01-01T00:00:00Z', etag: 'e' }], nextPageToken: 'more' })
  })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const file = JSON.stringify({ type: 'service_account', client_email: 'me@project', private_key: key, token_uri: `${server.endpoint}/token` }) // biome-ignore format: one call
  const store = await open({ provider: 'gcs', bucket: 'b', endpoint: server.endpoint, serviceAccount: readKeyFile(file) })
  expect(await store.list()).toMatchObject({ objects: [{ name: 'x', size: 3 }], next: 'more' })
  await store.list({ next: 'more' })
  expect(seen).toEqual(['Bearer token-1 null', 'Bearer token-1 more'])
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const wrong = readKeyFile(file.replace(JSON.stringify(key).slice(1, -1), JSON.stringify(other).slice(1, -1)))
  expect(await reasonOf((await open({ provider: 'gcs', bucket: 'b', endpoint: server.endpoint, serviceAccount: wrong })).list())).toBe('forbidden') // biome-ignore format: one call
  server.stop()
  for (const bad of ['{', 'null', '{}', '{"client_email":"x"}']) expect(() => readKeyFile(bad)).toThrow(StorageError)
})

test('private addresses are refused: endpoints, key files, connection strings (CVE-2024-37164, CVE-2025-25297)', async () => {
  let reached = 0
  const server = serve(() => {
    reached++
    return new Response('{}')
  })
  const { port } = new URL(server.endpoint)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const connection = `AccountName=a;AccountKey=${btoa('k')};BlobEndpoint=http://127.0.0.1:${port}/a`
  const locations: ObjectLocation[] = [
    { provider: 's3', bucket: 'b', endpoint: `http://127.0.0.1:${port}` },
    { provider: 's3', bucket: 'b', endpoint: `http://[::1]:${port}` },
    { provider: 's3', bucket: 'b', endpoint: `http://localhost:${port}` },
    { provider: 's3', bucket: 'b', endpoint: 'http://169.254.169.254/latest/meta-data' },
    { provider: 'azure', bucket: 'b', ...readConnectionString(connection) },
    { provider: 'gcs', bucket: 'b', endpoint: server.endpoint },
    { provider: 'gcs', bucket: 'b', serviceAccount: { client_email: 'a', private_key: key, token_uri: server.endpoint } },
  ]
  for (const location of locations) {
    const store = await openObjectStore(location)
    await expect(store.list()).rejects.toThrow('not allowed')
  }
  expect(reached).toBe(0)
  server.stop()
})

test('object names that leave their folder never become file names (CVE-2026-47682)', () => {
  for (const name of ['../secrets/key', '/etc/passwd', 'a/../../b', 'C:/x', 'a\\..\\b', '..', 'a\0b', '']) {
    expect(isFileName(name)).toBe(false)
    expect(() => fileNameOf('data/5/raw', name)).toThrow(StorageError)
  }
  expect(fileNameOf('data/5/raw', 'sub/..a/b.png')).toBe('data/5/raw/sub/..a/b.png')
})
