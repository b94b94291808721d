// Proves that the one executable needs nothing beside it: server, pages, native picture code in threads, console and a clean end.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { version } from '../../package.json'
import { type Client, uploadMedia } from '../../scripts/client.ts'
import { findFreePort, type ServedProgram, serveProgram } from './program.ts'

const picture = join(import.meta.dir, '../../public/demo/chelsea.jpg')
let served: ServedProgram
let program: ServedProgram['program']
let server: ServedProgram['server']
let url: string
let client: Client
let taskId: number

beforeAll(async () => {
  served = await serveProgram()
  ;({ program, server, url, client } = served)
})
afterAll(() => served?.stop())

test('version says which one it is', async () => {
  const { exitCode, out } = await program.run(['version'])
  expect(exitCode).toBe(0)
  expect(out).toContain(version)
})

test('the server tells about itself', async () => {
  const about = await (await fetch(`${url}/api/server/about`)).json()
  expect(about).toMatchObject({ name: expect.any(String), version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
})

test('the sign-in page is complete: every script, sheet and picture that it names is there', async () => {
  const response = await fetch(`${url}/auth/login`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toStartWith('text/html')
  const html = await response.text()
  expect(html).toContain('<form')
  const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg|woff2)[^"]*)"/g)].map(([, path]) => path!)
  expect(assets.length).toBeGreaterThan(1)
  for (const path of assets) {
    const asset = await fetch(`${url}${path}`)
    expect([path, asset.status, (await asset.bytes()).length > 0]).toEqual([path, 200, true])
  }
})

test('pictures go in; their previews, frames and a chunk come back', async () => {
  const task = await client.send('POST', '/api/tasks', { name: 'cat', labels: [{ name: 'cat' }] })
  taskId = task.id
  const jpeg = await Bun.file(picture).bytes()
  // A PNG is turned by sharp in a worker thread, which needs the native libraries.
  const png = await sharp(jpeg).png().toBuffer()
  await uploadMedia(client, taskId, [
    ['a.jpg', new Blob([jpeg])],
    ['b.png', new Blob([Uint8Array.from(png)])],
  ])
  const paths = [0, 1].flatMap((n) =>
    ['compressed', 'original'].map((quality) => `data?type=frame&number=${n}&quality=${quality}`),
  )
  for (const path of ['preview', ...paths]) {
    const response = await client.raw(`/api/tasks/${taskId}/${path}`)
    expect([path, response.status]).toEqual([path, 200])
    const { width, height } = await sharp(await response.bytes()).metadata()
    expect([path, (width / height).toFixed(1)]).toEqual([path, (451 / 300).toFixed(1)])
  }
  const chunk = await client.raw(`/api/tasks/${taskId}/data?type=chunk&number=0&quality=compressed`)
  expect([chunk.status, String.fromCharCode(...(await chunk.bytes()).slice(0, 2))]).toEqual([200, 'PK'])
})

test('an export made in the background is a zip', async () => {
  const format = encodeURIComponent('COCO 1.0')
  const { rq_id } = await client.send('POST', `/api/tasks/${taskId}/dataset/export?format=${format}&save_images=false`)
  const { result_url } = await client.finish(rq_id)
  const response = await client.raw(new URL(result_url, url).pathname + new URL(result_url, url).search)
  expect([response.status, String.fromCharCode(...(await response.bytes()).slice(0, 2))]).toEqual([200, 'PK'])
})

test('native libraries lie in the data directory, for the owner only', () => {
  const native = join(program.dataDir, 'cache/native')
  const [hash] = readdirSync(native)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  for (const folder of [native, join(native, hash!)]) expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test('the console draws itself in a terminal', async () => {
  let screen = ''
  const decoder = new TextDecoder()
  const { cmd, cwd, env } = program.command(['admin'])
  const drawn = Promise.withResolvers<void>()
  const terminal = new Bun.Terminal({
    cols: 120,
    rows: 40,
    data(_, bytes) {
      screen += decoder.decode(bytes, { stream: true })
      if (/users/i.test(screen.replace(/\x1b\[[\d;?]*[A-Za-z]/g, '')) && screen.includes('\x1b[?1049h')) drawn.resolve()
    },
  })
  const child = Bun.spawn(cmd, { cwd, env, terminal })
  try {
    await Promise.race([
      drawn.promise,
      child.exited.then((code) => drawn.reject(new Error(`the console ended with ${code}:\n${screen}`))),
    ])
    await drawn.promise
    terminal.write('q')
    expect(await child.exited).toBe(0)
  } finally {
    child.kill('SIGKILL')
    await child.exited
    terminal.close()
  }
})

test('a second server on the same data is refused', async () => {
  const { exitCode, err } = await program.run(['serve', '--port', String(findFreePort())])
  expect(exitCode).not.toBe(0)
  expect(err.trim().split('\n')).toHaveLength(1)
  expect((await fetch(`${url}/api/server/about`)).status).toBe(200)
})

test('SIGTERM ends it with code 0 in less than 5 seconds; nothing is left beside it or in the temporary folder', async () => {
  const started = performance.now()
  server.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  expect(performance.now() - started).toBeLessThan(5000)
  expect(readdirSync(join(program.folder, 'program'))).toEqual(['annolith'])
  expect(readdirSync(join(program.folder, 'tmp'))).toEqual([])
  expect(readdirSync(join(program.folder, 'home'))).toEqual([])
})
