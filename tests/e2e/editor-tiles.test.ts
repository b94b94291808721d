// A picture too large for one canvas: opens as a small one, and is sharp where one looks.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import sharp from 'sharp'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openEditorPage } from './editor-page.ts'
import { openPages, type PagesFixture } from './pages-fixture.ts'

setDefaultTimeout(120_000)

const [width, height] = [9000, 6000]
/** A pattern of single pixels that only shows at 1:1. */
const patch = { left: 7000, top: 4000, side: 64 }

let pages: PagesFixture
let url: string

beforeAll(async () => {
  pages = await openPages()
  const pixels = Buffer.alloc(patch.side * patch.side * 3)
  for (let i = 0; i < patch.side * patch.side; i++) pixels.fill((i + Math.floor(i / patch.side)) % 2 ? 255 : 0, 3 * i, 3 * i + 3)
  const input = await sharp(pixels, { raw: { width: patch.side, height: patch.side, channels: 3 } })
    .png()
    .toBuffer()
  const picture = await sharp({ create: { width, height, channels: 3, background: '#40a060' } })
    .composite([{ input, left: patch.left, top: patch.top }])
    .png({ compressionLevel: 1 })
    .toBuffer()
  const { id } = await pages.client.send('POST', '/api/tasks', { name: 'huge', labels: [{ name: 'a' }] })
  await uploadMedia(pages.client, id, [['huge.png', new Blob([new Uint8Array(picture)])]])
  const job = (await pages.client.get(`/api/jobs?task_id=${id}`)).results[0]
  url = `${pages.server.url}/tasks/${id}/jobs/${job.id}`
})
afterAll(() => pages?.close())

test('the whole is there at once in its own coordinates, single pixels after zooming in', async () => {
  const asked: string[] = []
  pages.page.on('request', (request) => /type=frame|\/tiles/.test(request.url()) && asked.push(request.url()))
  const editor = await openEditorPage(pages.page, url)
  expect(asked.filter((address) => address.includes('type=frame'))).toEqual([])
  // The size of the picture, not of what stands for it.
  const corner = await editor.locate(width, height)
  const canvas = (await editor.byId('canvas').boundingBox())!
  expect(corner.x).toBeLessThan(canvas.x + canvas.width)
  expect(Number(await editor.read('scale')) * width).toBeLessThanOrEqual(canvas.width)
  const middle = { x: patch.left + patch.side / 2, y: patch.top + patch.side / 2 }
  for (let i = 0; i < 60 && Number(await editor.read('scale')) < 1; i++) {
    const at = await editor.locate(middle.x, middle.y)
    await pages.page.mouse.move(at.x, at.y)
    const scale = await editor.read('scale')
    await pages.page.mouse.wheel(0, -200)
    await until(async () => (await editor.read('scale')) !== scale, true)
  }
  await until(() => asked.some((address) => address.includes('/tiles/0/')), true)
  const contrast = () =>
    editor.page.evaluate(
      ([x, y]) => {
        const root = document.querySelector<HTMLElement>('[data-testid="editor"]')!
        const picture = root.querySelector<HTMLCanvasElement>('.ed-surface > canvas')!
        const { scale, left, top } = root.dataset
        const box = picture.getBoundingClientRect()
        const origin = root.getBoundingClientRect()
        const at = [
          origin.left + Number(left) + Number(scale) * x! - box.left,
          origin.top + Number(top) + Number(scale) * y! - box.top,
        ]
        const { data } = picture.getContext('2d')!.getImageData(Math.round(at[0]!), Math.round(at[1]!), 24, 24)
        const values = data.filter((_, i) => i % 4 === 0)
        return Math.max(...values) - Math.min(...values) > 150
      },
      [middle.x - 12, middle.y - 12],
    )
  await until(contrast, true)
  await editor.draw('rectangle', 'a')
  await editor.drag([patch.left, patch.top], [patch.left + patch.side, patch.top + patch.side])
  const [drawn] = await editor.untilCount(1)
  expect(Math.abs(drawn!.points[0]! - patch.left)).toBeLessThan(2)
  await editor.save()
})
