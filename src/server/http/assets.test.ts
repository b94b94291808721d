// Static files: types, long keeping under their hash, 304, compression, nothing outside.
import { expect, test } from 'bun:test'
import { asset, assets } from './assets'

const get = (path: string, headers: Record<string, string> = {}) =>
  assets.handle(new Request(`http://localhost${path}`, { headers }))

test('an address with the hash is kept for a year, others are asked for again soon', async () => {
  const path = asset('logo.svg')
  expect(path).toMatch(/^\/assets\/logo\.svg\?v=[0-9a-f]{16}$/)
  const pinned = await get(path)
  expect([pinned.status, pinned.headers.get('content-type'), pinned.headers.get('cache-control')]).toEqual([
    200,
    'image/svg+xml',
    'public, max-age=31536000, immutable',
  ])
  expect((await get('/assets/logo.svg?v=old')).headers.get('cache-control')).toBe('public, max-age=86400')
  expect((await get(path, { 'if-none-match': pinned.headers.get('etag')! })).status).toBe(304)
})

test('text goes out compressed to those who take it', async () => {
  const plain = await (await get('/assets/logo.svg')).bytes()
  const answer = await get('/assets/logo.svg', { 'accept-encoding': 'br, gzip' })
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(Bun.gunzipSync(new Uint8Array(await answer.arrayBuffer()))).toEqual(new Uint8Array(plain))
})

test.each(['/assets/none.js', '/assets/../package.json', '/assets/%2e%2e/package.json', '/assets/', '/assets/demo'])(
  '%s is not there (GHSA-cpmr-mw4j-99r7)',
  async (path) => expect((await get(path)).status).toBe(404),
)
