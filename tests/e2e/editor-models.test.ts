// Models in the editor: clicks answered by a decoder in the browser, a detector on the frame, a tracker over frames, and looking through what they found.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { uploadMedia } from '../../scripts/client.ts'
import { decodeMask } from '../../src/formats/geometry/mask.ts'
import { until } from './browser.ts'
import { type EditorPage, openEditorPage } from './editor-page.ts'
import { openPages, type PagesFixture } from './pages-fixture.ts'

setDefaultTimeout(180_000)

const fixtures = join(import.meta.dir, '../fixtures/models')
const expected = await Bun.file(join(fixtures, 'expected.json')).json()
let pages: PagesFixture

beforeAll(async () => {
  pages = await openPages()
  const models = join(pages.server.dataDir, 'models')
  for (const file of ['spot.encoder.onnx', 'spot.decoder.onnx', 'blobs-v8.onnx', 'follow.onnx', 'follow.yaml'])
    copyFileSync(join(fixtures, file), join(models, file))
})
afterAll(() => pages?.close())

const createJob = async (files: [string, Blob][], labels: unknown[]) => {
  const { client, server } = pages
  const { id } = await client.send('POST', '/api/tasks', { name: 'models', labels })
  await uploadMedia(client, id, files)
  const job = (await client.get(`/api/jobs?task_id=${id}`)).results[0]
  return { id: job.id as number, url: `${server.url}/tasks/${id}/jobs/${job.id}` }
}
const blobs = (): [string, Blob][] => [['blobs.png', Bun.file(join(fixtures, 'blobs.png'))]]

const saveAnd = async (editor: EditorPage, jobId: number) => {
  await editor.save()
  return pages.client.get(`/api/jobs/${jobId}/annotations`)
}

type Pixels = { left: number; top: number; width: number; height: number; data: Uint8Array }
const share = (a: Pixels, b: Pixels): number => {
  const keys = (mask: Pixels) =>
    new Set(
      [...mask.data].flatMap((on, i) =>
        on ? (mask.top + Math.floor(i / mask.width)) * 10_000 + mask.left + (i % mask.width) : [],
      ),
    )
  const [first, second] = [keys(a), keys(b)]
  const both = [...first].filter((key) => second.has(key)).length
  return both / (first.size + second.size - both)
}

test('clicks become a mask without asking the server for each; N accepts and the next one follows', async () => {
  const job = await createJob(blobs(), [{ name: 'blob' }])
  const editor = await openEditorPage(pages.page, job.url)
  const calls: string[] = []
  pages.page.on(
    'request',
    (request) => void (request.url().includes('/api/lambda/functions/') && calls.push(new URL(request.url()).pathname)),
  )
  await editor.byId('tool-model').click()
  await editor.byId('model-start').click()
  await editor.until('tool', 'model')
  const accept = (count: number) =>
    until(async () => {
      await pages.page.keyboard.press('n')
      return (await editor.objects()).length
    }, count)
  await editor.click(17, 17)
  await accept(1)
  expect((await editor.objects())[0]).toMatchObject({ shape: 'mask', label: 'blob' })
  await editor.clickAll([
    [17, 17],
    [80, 48],
  ])
  await editor.click(60, 12, { button: 'right' })
  await accept(2)
  const { shapes } = await saveAnd(editor, job.id)
  expect(shapes.map(({ source, type }: any) => [source, type])).toEqual([
    ['semi-auto', 'mask'],
    ['semi-auto', 'mask'],
  ])
  expect(share(decodeMask(shapes[0].points), decodeMask(expected.spot[0].points))).toBeGreaterThan(0.9)
  expect(share(decodeMask(shapes[1].points), decodeMask(expected.spot[1].points))).toBeGreaterThan(0.9)
  expect(calls.filter((path) => path.endsWith('/spot'))).toEqual([])
  expect(calls.filter((path) => path.endsWith('/spot/embedding'))).toHaveLength(1)
  expect(pages.complaints).toEqual([])
})

test('a detector finds objects on the frame in one step, and the least certain are looked at first', async () => {
  const job = await createJob(blobs(), [{ name: 'red' }, { name: 'azure' }])
  const editor = await openEditorPage(pages.page, job.url)
  await editor.byId('tool-model').click()
  await editor.byId('model-tab-detect').click()
  await editor.byId('model-detect').click()
  await editor.byId('detect-model').selectOption({ label: 'blobs-v8' })
  const row = (label: string) => pages.page.locator(`[data-testid="detect-label"][data-label="${label}"]`)
  await until(() => row('red').inputValue(), 'red')
  expect(await row('blue').inputValue()).toBe('')
  await row('blue').selectOption('azure')
  await editor.byId('dialog-ok').click()
  const wanted = expected['blobs-v8'].filter(({ label }: { label: string }) => ['red', 'blue'].includes(label))
  const found = await editor.untilCount(wanted.length)
  expect(found.map(({ label }) => label).sort()).toEqual(
    wanted.map(({ label }: any) => (label === 'red' ? 'red' : 'azure')).sort(),
  )
  await pages.page.keyboard.press('Control+z')
  await editor.untilCount(0)
  await pages.page.keyboard.press('Control+Shift+z')
  await editor.untilCount(wanted.length)

  await pages.page.keyboard.press('Alt+y')
  const lowest = Math.min(...wanted.map(({ score }: { score: number }) => score))
  await until(async () => (await editor.byId('status-hint').textContent())?.includes(`${Math.round(lowest * 100)} %`), true)
  await pages.page.keyboard.press('y')
  await pages.page.keyboard.press('Shift+y')
  await editor.untilCount(wanted.length - 1)
  const { shapes } = await saveAnd(editor, job.id)
  const sources = shapes.map(({ source }: { source: string }) => source)
  expect(sources.filter((source: string) => source === 'semi-auto')).toHaveLength(1)
  expect(sources.filter((source: string) => source === 'auto')).toHaveLength(wanted.length - 2)
  const accepted = shapes.find(({ source }: { source: string }) => source === 'semi-auto')
  expect(accepted.score).toBeCloseTo(lowest, 3)
  expect(pages.complaints).toEqual([])
})

const [width, height, side, frames] = [220, 60, 16, 100]
const left = (frame: number) => 20 + 1.5 * frame

/** A patchwork square that moves on by one pixel and a half with every frame. */
const drawFrame = (frame: number) => {
  const data = Buffer.alloc(width * height * 3, 40)
  const from = Math.round(left(frame))
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      data.set([90 + ((x >> 2) % 2) * 120, 60 + ((y >> 2) % 2) * 150, 200 - 8 * x], 3 * ((22 + y) * width + from + x))
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

test('a tracker follows a moving square for a hundred frames', async () => {
  const pictures = await Promise.all(Array.from({ length: frames }, (_, frame) => drawFrame(frame)))
  const files = pictures.map((bytes, i): [string, Blob] => [
    `${String(i).padStart(3, '0')}.png`,
    new Blob([new Uint8Array(bytes)]),
  ])
  const job = await createJob(files, [{ name: 'square' }])
  const editor = await openEditorPage(pages.page, job.url)
  await editor.byId('tool-rectangle').click()
  await editor.byId('draw-track').click()
  await editor.until('mode', 'draw')
  await editor.drag([left(0), 22], [left(0) + side, 22 + side])
  await editor.untilCount(1)
  await editor.click(left(0) + 8, 30)
  await editor.until('active', 1)
  await editor.byId('tool-model').click()
  await editor.byId('model-tab-track').click()
  await editor.byId('model-track').click()
  await editor.byId('follow-count').fill(String(frames - 1))
  await editor.byId('follow-method').locator('option', { hasText: '(model)' }).waitFor({ state: 'attached' })
  await editor.byId('follow-method').selectOption('model follow')
  await editor.byId('dialog-ok').click()
  await pages.page.waitForSelector(`[data-testid="editor"][data-frame="${frames - 1}"]`, { state: 'attached', timeout: 120_000 })
  await editor.ready()
  const { tracks } = await saveAnd(editor, job.id)
  expect(tracks[0].shapes).toHaveLength(frames)
  for (const { frame, points } of tracks[0].shapes) {
    expect([frame, Math.abs(points[0] - left(frame)) <= 3]).toEqual([frame, true])
    expect([frame, Math.abs(points[1] - 22) <= 3]).toEqual([frame, true])
  }
})
