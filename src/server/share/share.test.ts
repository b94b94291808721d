// The connected share through the API: what is listed, and that nothing outside it is.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'

const before = config()
const base = mkdtempSync(join(tmpdir(), 'annolith-share-'))
const share = join(base, 'share')
let person: Person
const list = async (query = '') => person.call('GET', `/api/server/share?${query}`)
const names = async (query = '') => (await list(query)).json.map(({ name }: { name: string }) => name)

beforeAll(async () => {
  mkdirSync(join(share, 'images/deep'), { recursive: true })
  mkdirSync(join(base, 'share-beside'))
  mkdirSync(join(base, 'outside'))
  for (const file of ['share/archive.zip', 'share/video.MP4', 'share/notes', 'share/images/b.jpg', 'share/images/a.png', 'outside/secret.png', 'share-beside/x.png']) writeFileSync(join(base, file), 'x') // biome-ignore format: files
  symlinkSync(join(share, 'images'), join(share, 'linked'))
  symlinkSync(join(base, 'outside'), join(share, 'out'))
  symlinkSync(join(base, 'outside/secret.png'), join(share, 'secret.png'))
  symlinkSync(join(share, 'gone'), join(share, 'dead'))
  person = await createPerson()
  setConfig({ ...before, share_dir: share })
})
afterAll(() => {
  setConfig(before)
  rmSync(base, { recursive: true, force: true })
})

describe('share', () => {
  test('files and folders of one level with their kinds, by name', async () => {
    expect((await list()).json).toEqual([
      { name: 'archive.zip', type: 'REG', mime_type: 'archive' },
      { name: 'images', type: 'DIR', mime_type: 'DIR' },
      { name: 'linked', type: 'DIR', mime_type: 'DIR' },
      { name: 'notes', type: 'REG', mime_type: 'unknown' },
      { name: 'video.MP4', type: 'REG', mime_type: 'video' },
    ])
    expect((await list('directory=')).json).toEqual((await list('directory=/')).json)
    for (const directory of ['images', '/images/', 'linked']) expect(await names(`directory=${directory}`)).toEqual(['a.png', 'b.jpg', 'deep']) // biome-ignore format: one call
    expect(await names('directory=/images&search=A')).toEqual(['a.png'])
    expect(await names('directory=images/deep')).toEqual([])
  })

  test('nothing outside the share is reached, by names or by links', async () => {
    for (const directory of ['..', '../outside', '/../share-beside', 'images/../../outside', 'a\0b', 'images\\..'])
      expect([directory, (await list(`directory=${encodeURIComponent(directory)}`)).status]).toEqual([directory, 400])
    for (const directory of ['out', 'none', 'notes', 'secret.png', 'dead', '/etc'])
      expect([directory, (await list(`directory=${directory}`)).status]).toEqual([directory, 404])
  })

  test('strangers and the group of workers are refused; no share is an empty one', async () => {
    expect((await call('GET', '/api/server/share')).status).toBe(401)
    const worker = await createPerson({ groups: ['worker'] })
    expect((await worker.call('GET', '/api/server/share')).status).toBe(403)
    setConfig({ ...before, share_dir: '' })
    expect((await list()).json).toEqual([])
    setConfig({ ...before, share_dir: share })
  })
})
