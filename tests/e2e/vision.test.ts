// OpenCV.js in Chromium under the policies of the server: the worker loads on demand and answers.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { openEditorPage } from './editor-page.ts'
import { openPages, type PagesFixture } from './pages-fixture.ts'

setDefaultTimeout(90_000)

let pages: PagesFixture
beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages?.close())

test('the worker cuts an object out of a picture and finds a path along its edge', async () => {
  const { id } = await pages.client.send('POST', '/api/tasks', { name: 'cup', labels: [{ name: 'cup' }] })
  await uploadMedia(pages.client, id, [['coffee.jpg', Bun.file(join(import.meta.dir, '../../public/demo/coffee.jpg'))]])
  const job = (await pages.client.get(`/api/jobs?task_id=${id}`)).results[0]
  const editor = await openEditorPage(pages.page, `${pages.server.url}/tasks/${id}/jobs/${job.id}`)
  const { area, path, problem } = await editor.page.evaluate(async (jobId) => {
    const url = document.querySelector<HTMLElement>('[data-testid="editor"]')!.dataset.vision!
    const worker = new Worker(url)
    const ask = (operation: string, values: Record<string, unknown>): Promise<any> =>
      new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message || 'not loaded'))
        worker.onmessage = ({ data }) => resolve(data)
        worker.postMessage({ id: 1, operation, values }, values.picture ? [values.picture as ImageBitmap] : [])
      })
    const blob = await (await fetch(`/api/jobs/${jobId}/data?type=frame&quality=original&number=0`)).blob()
    await ask('show', { picture: await createImageBitmap(blob) })
    const cut = await ask('cut', {
      box: { x: 150, y: 60, width: 300, height: 280 },
      inside: [300, 200],
      outside: [],
      tolerance: 1,
    })
    await ask('seed', { x: 200, y: 200 })
    const found = await ask('path', { x: 260, y: 240, tolerance: 0 })
    const lost = await ask('next', { picture: await createImageBitmap(blob) })
    worker.terminate()
    return { area: cut.value.mask.reduce((sum: number, one: number) => sum + one, 0), path: found.value, problem: lost.problem }
  }, job.id)
  expect(area).toBeGreaterThan(5000)
  expect(path.length).toBeGreaterThan(20)
  expect(problem).toBe('Nothing is followed')
  expect(pages.complaints).toEqual([])
})
