// A video decoded in the browser: the same frames as the server's, in any order, and the editor shows them.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { openEditorPage } from './editor-page.ts'
import { openPages, type PagesFixture } from './pages-fixture.ts'

setDefaultTimeout(90_000)

let pages: PagesFixture
let job: { id: number; task_id: number }

beforeAll(async () => {
  pages = await openPages()
  const { id } = await pages.client.send('POST', '/api/tasks', { name: 'clip', labels: [{ name: 'bunny' }] })
  await uploadMedia(pages.client, id, [['clip.mp4', Bun.file(join(import.meta.dir, '../../public/demo/bigbuckbunny.mp4'))]])
  job = (await pages.client.get(`/api/jobs?task_id=${id}`)).results[0]
})
afterAll(() => pages?.close())

const openEditor = () => openEditorPage(pages.page, `${pages.server.url}/tasks/${job.task_id}/jobs/${job.id}`)

test('the editor decodes the video itself, forwards, backwards and by jumps', async () => {
  const editor = await openEditor()
  await editor.until('pictures', 'video')
  const asked: string[] = []
  pages.page.on('request', (request) => request.url().includes('type=frame') && asked.push(request.url()))
  const { keyboard } = pages.page
  for (const [key, frame] of [
    ['v', 10],
    ['f', 11],
    ['d', 10],
    ['v', 20],
    ['c', 10],
  ] as const) {
    await keyboard.press(key)
    await editor.until('frame', frame)
    await editor.ready()
  }
  await editor.byId('player-last').click()
  await editor.until('frame', 131)
  expect(asked).toEqual([])
})

test('each frame is the one that the server shows under its number', async () => {
  const editor = await openEditor()
  const differences = await editor.page.evaluate(
    async ({ jobId, frames }) => {
      const bundle = document.querySelector<HTMLElement>('[data-testid="editor"]')!.dataset.video!
      const { openVideo } = await import(bundle)
      const index = await (await fetch(`/api/jobs/${jobId}/video/index`)).json()
      const video = await openVideo({ url: `/api/jobs/${jobId}/video`, index, width: index.width, height: index.height })
      const readPixels = (picture: ImageBitmap) => {
        const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!
        context.drawImage(picture, 0, 0)
        return context.getImageData(0, 0, picture.width, picture.height).data
      }
      const fetchFrame = async (frame: number) =>
        createImageBitmap(await (await fetch(`/api/jobs/${jobId}/data?type=frame&quality=original&number=${frame}`)).blob())
      const difference = (a: Uint8ClampedArray, b: Uint8ClampedArray) => {
        let sum = 0
        for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!)
        return sum / a.length
      }
      const results: [frame: number, own: number, nearest: number][] = []
      for (const frame of frames) {
        const own = readPixels(await video.get(frame))
        const [same, next] = [await fetchFrame(frame), await fetchFrame(frame < 131 ? frame + 1 : frame - 1)]
        results.push([frame, difference(own, readPixels(same)), difference(own, readPixels(next))])
      }
      await video.close()
      return results
    },
    { jobId: job.id, frames: [0, 60, 61, 59, 131, 30, 5] },
  )
  for (const [frame, own, neighbour] of differences) {
    expect([frame, own < 3]).toEqual([frame, true])
    expect([frame, own <= neighbour]).toEqual([frame, true])
  }
})
