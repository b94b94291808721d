// The decoder of an interactor in Chromium, under the policies of the server: the same masks as the server's, without asking it.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { uploadMedia } from '../../scripts/client.ts'
import { openBrowser } from './browser.ts'
import { openPages, type PagesFixture } from './pages-fixture.ts'

setDefaultTimeout(180_000)

const root = join(import.meta.dir, '../..')
const fixtures = join(root, 'tests/fixtures/models')
const expected = await Bun.file(join(fixtures, 'expected.json')).json()

let pages: PagesFixture
let taskId = 0
beforeAll(async () => {
  pages = await openPages()
  const models = join(pages.server.dataDir, 'models')
  for (const part of ['encoder', 'decoder']) copyFileSync(join(fixtures, `spot.${part}.onnx`), join(models, `spot.${part}.onnx`))
  mkdirSync(join(models, 'spot2'))
  for (const part of ['encoder', 'decoder'])
    copyFileSync(join(fixtures, `spot2/${part}.onnx`), join(models, `spot2/${part}.onnx`))
  const task = await pages.client.send('POST', '/api/tasks', { name: 'blobs', labels: [{ name: 'blob' }] })
  taskId = task.id
  await uploadMedia(pages.client, taskId, [['blobs.png', Bun.file(join(fixtures, 'blobs.png'))]])
})
afterAll(() => pages?.close())

/** The module as the editor has it, as a script that leaves `decoding` behind. */
const bundleModule = async () => {
  const built = await Bun.build({
    entrypoints: [join(root, 'tests/e2e/models-decoder-entry.ts')],
    target: 'browser',
    format: 'iife',
  })
  return built.outputs[0]!.text()
}

type Answer = { points: number[]; score: number }

/** Asks the decoder in the page for every prompt; `providers` as the module takes them. */
const askInPage = async (page: Page, name: string, providers?: string[]) => {
  await page.goto(`${pages.server.url}/tasks`)
  await page.evaluate(await bundleModule())
  return page.evaluate(
    async ({ name, taskId, prompts, providers }) => {
      const { createDecoder, readEmbedding, encodeMask } = (window as any).decoding
      const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? ''
      const sent = await fetch(`/api/lambda/functions/${name}/embedding`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrftoken': token },
        body: JSON.stringify({ task: taskId, frame: 0 }),
      })
      if (!sent.ok) throw new Error(`${sent.status} ${await sent.text()}`)
      const embedding = readEmbedding(await sent.arrayBuffer())
      const running = await createDecoder(`/api/models/${name}/versions/1/decoder`, providers ? { providers } : {})
      const answers: Answer[] = []
      for (const prompt of prompts) {
        const { mask, score } = await running.decode(embedding, prompt)
        answers.push({ points: encodeMask(mask), score })
      }
      running.close()
      const adapter = await (navigator as any).gpu?.requestAdapter()
      return { runsOn: running.runsOn, hasAdapter: Boolean(adapter), answers }
    },
    { name, taskId, prompts: expected.prompts, providers },
  )
}

const expectSame = (name: string, answers: Answer[]) => {
  expect(answers).toHaveLength(expected.prompts.length)
  for (const [i, { points, score }] of answers.entries()) {
    expect(points).toEqual(expected[name][i].points)
    expect(score).toBeCloseTo(expected[name][i].score, 4)
  }
}

test.each(['spot', 'spot2'])('%s answers prompts in the browser as on the server', async (name) => {
  const calls: string[] = []
  pages.page.on('request', (request) => calls.push(new URL(request.url()).pathname))
  const { runsOn, answers } = await askInPage(pages.page, name, ['wasm'])
  expect(runsOn).toBe('wasm')
  expectSame(name, answers)
  expect(calls.filter((path) => path.startsWith(`/api/lambda/functions/${name}`)).length).toBe(1)
  expect(pages.complaints).toEqual([])
  const { positive, negative } = expected.prompts[1]
  const prompt = { task: taskId, frame: 0, pos_points: positive, neg_points: negative, compact: true }
  const server = await pages.client.send('POST', `/api/lambda/functions/${name}`, prompt)
  expect(server.shapes[0].points).toEqual(answers[1]!.points)
})

test('it runs on the graphics card where there is one, with the same masks', async () => {
  const software = [
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    '--use-vulkan=swiftshader',
    '--ignore-gpu-blocklist',
  ]
  const { browser, close } = await openBrowser([...software, '--enable-features=Vulkan'])
  try {
    const context = await browser.newContext({ storageState: await pages.page.context().storageState() })
    const { runsOn, hasAdapter, answers } = await askInPage(await context.newPage(), 'spot')
    expect(runsOn).toBe(hasAdapter ? 'webgpu' : 'wasm')
    expectSame('spot', answers)
  } finally {
    await close()
  }
})

test('what cannot be loaded is told', async () => {
  await pages.open('/tasks')
  await pages.page.evaluate(await bundleModule())
  const said = await pages.page.evaluate(async () => {
    const { createDecoder, readEmbedding } = (window as any).decoding
    const messageOf = (work: Promise<unknown>) =>
      work.then(
        () => 'nothing',
        (error: Error) => error.message,
      )
    const noModel = URL.createObjectURL(new Blob(['no model at all']))
    return [
      await messageOf(createDecoder('/api/models/none/versions/1/decoder')),
      await messageOf(createDecoder(noModel, { providers: ['wasm'] })),
      await messageOf((async () => readEmbedding(new ArrayBuffer(2)))()),
    ]
  })
  expect(said[0]).toContain('answered 404')
  expect(said[1]).toMatch(/The decoder cannot run in this browser|Failed to fetch/)
  expect(said[2]).toBe('The embedding of the picture is damaged')
})
