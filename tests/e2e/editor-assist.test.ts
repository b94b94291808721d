// The vision tools by hand: scissors and cut-outs near the true outline, and a track that follows a moving square.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import sharp from 'sharp'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { type EditorPage, openEditorPage } from './editor-page.ts'
import { openPages, type PagesFixture } from './pages-fixture.ts'

setDefaultTimeout(120_000)

const [width, height, side, frames] = [320, 240, 80, 12]
const left = (frame: number) => 60 + 7 * frame
const top = 70

const hash = (a: number, b: number) => ((a * 73856093) ^ (b * 19349663)) >>> 8

/** A patchwork square on a quiet background, seven pixels further on every frame. */
const drawFrame = (frame: number, isPlain: boolean) => {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [x - left(frame), y - top]
      const isInside = u >= 0 && v >= 0 && u < side && v < side
      const shade = isPlain ? 190 : 110 + (hash(u >> 3, v >> 3) % 100)
      // As noisy as a photograph: on flat colours the blocks of the JPEG would be the outline.
      const noise = hash(x, y) % 40
      const colours = isInside ? [shade, shade - 60, 30] : [20, 60, 90]
      data.set(
        colours.map((value) => value + noise),
        3 * (y * width + x),
      )
    }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

let pages: PagesFixture

const createJob = async (count: number, isPlain: boolean): Promise<string> => {
  const { client, server } = pages
  const { id } = await client.send('POST', '/api/tasks', { name: 'square', labels: [{ name: 'square' }] })
  const pictures = await Promise.all(Array.from({ length: count }, (_, frame) => drawFrame(frame, isPlain)))
  await uploadMedia(
    client,
    id,
    pictures.map((bytes, i): [string, Blob] => [`${String(i).padStart(3, '0')}.png`, new Blob([new Uint8Array(bytes)])]),
  )
  const job = (await client.get(`/api/jobs?task_id=${id}`)).results[0]
  return `${server.url}/tasks/${id}/jobs/${job.id}`
}

beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages?.close())

const startTool = async (editor: EditorPage, tool: string, method: string, as = 'shape') => {
  await editor.byId(`tool-${tool}`).click()
  await editor.byId('draw-method').selectOption(method)
  await editor.byId(`draw-${as}`).click()
  await editor.until('mode', 'draw')
}

const nearBorder = (points: number[]) => {
  const [right, bottom] = [left(0) + side, top + side]
  return points.every((_, i) => {
    if (i % 2) return true
    const [x, y] = [points[i]!, points[i + 1]!]
    const off = Math.min(Math.abs(x - left(0)), Math.abs(x - right), Math.abs(y - top), Math.abs(y - bottom))
    return off <= 2
  })
}

test('scissors lie on the outline, a cut-out has its area', async () => {
  const editor = await openEditorPage(pages.page, await createJob(1, true))
  await startTool(editor, 'polygon', 'scissors')
  const corners = [
    [left(0), top],
    [left(0) + side - 1, top],
    [left(0) + side - 1, top + side - 1],
    [left(0), top + side - 1],
  ] as const
  for (const [x, y] of corners) {
    await editor.moveTo(x, y)
    await editor.click(x, y)
  }
  await pages.page.keyboard.press('n')
  const [cut] = await editor.untilCount(1)
  expect(cut!.shape).toBe('polygon')
  expect(nearBorder(cut!.points)).toBe(true)

  await startTool(editor, 'polygon', 'cut-out')
  await editor.drag([left(0) - 20, top - 20], [left(0) + side + 20, top + side + 20])
  const cutOut = async () => {
    await pages.page.keyboard.press('n')
    return editor.objects()
  }
  await until(async () => (await cutOut()).length, 2)
  const outline = (await editor.objects()).find(({ clientId }) => clientId !== cut!.clientId)!
  expect([outline.shape, nearBorder(outline.points)]).toEqual(['polygon', true])

  await startTool(editor, 'mask', 'cut-out')
  await editor.drag([left(0) - 20, top - 20], [left(0) + side + 20, top + side + 20])
  await until(async () => {
    await pages.page.keyboard.press('n')
    return (await editor.objects()).length
  }, 3)
  await editor.save()
  const { shapes } = await pages.client.get(`/api/jobs/${await editor.read('job')}/annotations`)
  const mask = shapes.find((shape: { type: string }) => shape.type === 'mask')
  const area = mask.points.slice(0, -4).reduce((sum: number, run: number, i: number) => sum + (i % 2 ? run : 0), 0)
  expect(Math.abs(area - side * side)).toBeLessThan(side * side * 0.06)
})

test('superpixels under a stroke make the square, without OpenCV', async () => {
  const editor = await openEditorPage(pages.page, await createJob(1, true))
  await startTool(editor, 'mask', 'superpixels')
  await editor.moveTo(left(0) + 10, top + 10)
  await until(async () => ((await editor.byId('status-hint').textContent()) ?? '').startsWith('Paint over'), true)
  // To and fro, so that every region inside is met.
  for (let y = top + 6; y < top + side - 4; y += 8) await editor.drag([left(0) + 6, y], [left(0) + side - 6, y])
  await pages.page.keyboard.press('n')
  await editor.untilCount(1)
  await editor.save()
  const { shapes } = await pages.client.get(`/api/jobs/${await editor.read('job')}/annotations`)
  const area = shapes[0].points.slice(0, -4).reduce((sum: number, run: number, i: number) => sum + (i % 2 ? run : 0), 0)
  expect(shapes[0].type).toBe('mask')
  expect(Math.abs(area - side * side)).toBeLessThan(side * side * 0.1)
})

test('a track follows the square to the last frame', async () => {
  const editor = await openEditorPage(pages.page, await createJob(frames, false))
  await editor.byId('tool-rectangle').click()
  await editor.byId('draw-track').click()
  await editor.until('mode', 'draw')
  await editor.drag([left(0), top], [left(0) + side, top + side])
  await editor.untilCount(1)
  await editor.moveTo(left(0) + 20, top + 20)
  await editor.until('active', 1)
  await pages.page.keyboard.press('Alt+f')
  await editor.byId('follow-dialog').waitFor()
  await editor.byId('follow-count').fill(String(frames - 1))
  await editor.byId('dialog-ok').click()
  await editor.until('frame', frames - 1)
  await editor.ready()
  await editor.save()
  const { tracks } = await pages.client.get(`/api/jobs/${await editor.read('job')}/annotations`)
  expect(tracks[0].shapes.map((shape: { frame: number }) => shape.frame)).toEqual(Array.from({ length: frames }, (_, i) => i))
  for (const { frame, points } of tracks[0].shapes) {
    expect([frame, Math.abs(points[0] - left(frame)) <= 3]).toEqual([frame, true])
    expect([frame, Math.abs(points[2] - left(frame) - side) <= 3]).toEqual([frame, true])
  }
  expect(pages.complaints).toEqual([])
})

test('original pictures are shown on demand', async () => {
  const editor = await openEditorPage(pages.page, await createJob(2, true))
  const asked: string[] = []
  pages.page.on('request', (request) => request.url().includes('quality=original') && asked.push(request.url()))
  await pages.page.keyboard.press('F2')
  await editor.byId('setting-original').check()
  await until(() => asked.some((url) => url.includes('number=0')), true)
  await pages.page.keyboard.press('F2')
  await pages.page.keyboard.press('f')
  await editor.until('frame', 1)
  await until(() => asked.some((url) => url.includes('number=1')), true)
  await editor.ready()
  await pages.page.keyboard.press('F2')
  await editor.byId('setting-original').uncheck()
  await editor.ready()
})
