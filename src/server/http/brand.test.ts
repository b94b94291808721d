// The server's own name and logo: which configuration is refused, and how the file is served.
import { afterAll, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config, readConfig, setConfig } from '../config'
import { brand, readBrand } from './brand'

const before = config()
const folder = mkdtempSync(join(tmpdir(), 'annolith-brand-'))
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2])
const write = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const get = (address: string, headers: Record<string, string> = {}) =>
  brand.handle(new Request(`http://localhost${address}`, { headers }))

beforeEach(() => setConfig(before))
afterAll(() => {
  setConfig(before)
  rmSync(folder, { recursive: true, force: true })
})

test.each([
  ['logo.png', '<svg></svg>', 'is neither a .png nor an .svg picture'],
  ['logo.svg', '<html></html>', 'is neither a .png nor an .svg picture'],
  ['logo.gif', 'GIF89a', 'is neither a .png nor an .svg picture'],
  ['large.png', new Uint8Array(2 ** 20 + 1), 'is larger than 1048576 bytes'],
])('a logo %s that is not what it says is refused before the server starts', (name, content, why) =>
  expect(() => readConfig({ server_logo: write(name, content) }, {})).toThrow(why),
)

test('a logo that is not there and an empty or long name are refused', () => {
  expect(() => readConfig({ server_logo: join(folder, 'none.svg') }, {})).toThrow('does not exist')
  expect(() => readConfig({ server_name: '  ' }, {})).toThrow('must have 1 to 64 characters')
  expect(() => readConfig({}, { ANNOLITH_SERVER_NAME: 'x'.repeat(65) })).toThrow('ANNOLITH_SERVER_NAME must have')
})

test('without one, the logo is that of the program', async () => {
  expect(readBrand().logo).toStartWith('/assets/logo.svg')
  expect((await get('/brand/logo')).status).toBe(404)
})

test('the file is sent with its type and no right to run anything; another file has another address', async () => {
  const path = write('own.png', png)
  setConfig({ ...before, server_logo: path, server_name: 'Lab' })
  const { logo, name } = readBrand()
  const response = await get(logo)
  expect([name, response.status, response.headers.get('content-type')]).toEqual(['Lab', 200, 'image/png'])
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(png)
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox")
  expect(response.headers.get('cache-control')).toContain('immutable')
  expect((await get('/brand/logo')).headers.get('cache-control')).toBe('public, max-age=60')
  expect((await get(logo, { 'if-none-match': response.headers.get('etag')! })).status).toBe(304)
  write('own.png', new Uint8Array([...png, 3]))
  utimesSync(path, 1, 1)
  expect(readBrand().logo).not.toBe(logo)
  rmSync(path)
  expect(readBrand().logo).toStartWith('/assets/logo.svg')
})
