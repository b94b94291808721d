// Backups and datasets of projects in a real browser: made from the menus, restored from the lists.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(60_000)

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let projectId: number
let taskId: number

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
  projectId = (await client.send('POST', '/api/projects', { name: 'Kept', labels: [{ name: 'rocket' }] })).id
  taskId = (await client.send('POST', '/api/tasks', { name: 'Kept pictures', project_id: projectId, subset: 'Train' })).id
  await uploadMedia(client, taskId, [['rocket.jpg', Bun.file(join(demo, 'rocket.jpg'))]])
  const label_id = (await client.get(`/api/labels?task_id=${taskId}`)).results[0].id
  const shape = { type: 'rectangle', label_id, frame: 0, group: 0, occluded: false, attributes: [], points: [1, 2, 30, 40] }
  await client.send('PUT', `/api/tasks/${taskId}/annotations`, { version: 0, tags: [], tracks: [], shapes: [shape] })
})
afterAll(() => pages?.close())

const readAll = async (stream: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(stream))
const asFile = (buffer: Buffer) => ({ name: 'backup.zip', mimeType: 'application/zip', buffer })

/** Opens the menu of a row, chooses an entry, submits the dialog and answers the file that comes. */
const downloadFrom = async (row: string, entry: string, submit: string) => {
  await byId(row).getByTestId('row-menu').click()
  await byId(entry).click()
  await visible(byId(submit))
  const [download] = await Promise.all([page.waitForEvent('download'), byId(submit).click()])
  await byId(submit).waitFor({ state: 'detached' })
  return { name: download.suggestedFilename(), bytes: await readAll(await download.createReadStream()) }
}

const restore = async (bytes: Buffer) => {
  await byId('list-create-menu').click()
  await byId('menu-restore').click()
  await byId('import-file').setInputFiles(asFile(bytes))
  await byId('backup-submit').click()
}

test('a task is backed up from its menu and restored from the list', async () => {
  await open('/tasks')
  const { name, bytes } = await downloadFrom(`task-${taskId}`, 'menu-backup', 'backup-submit')
  expect(name).toMatch(/^task_kept pictures_backup_[\d_]+\.zip$/)
  await restore(bytes)
  const link = byId('toast-info').getByRole('link', { name: 'Open', exact: true }).last()
  await link.waitFor()
  const id = Number(/\d+$/.exec((await link.getAttribute('href'))!)![0])
  await visible(byId(`task-${id}`))
  expect((await client.get(`/api/tasks/${id}/annotations`)).shapes).toMatchObject([{ points: [1, 2, 30, 40] }])
  await link.click()
  await page.waitForURL(new RegExp(`/tasks/${id}$`))
  await open('/requests')
  await untilText(byId('row-status').first(), 'finished')
  await visible(page.getByRole('link', { name: `Task #${id}`, exact: true }).first())
})

test('a project is backed up and restored', async () => {
  await open('/projects')
  const { bytes } = await downloadFrom(`project-${projectId}`, 'menu-backup', 'backup-submit')
  await restore(bytes)
  const link = byId('toast-info').getByRole('link', { name: 'Open', exact: true }).last()
  await link.waitFor()
  const id = Number(/\d+$/.exec((await link.getAttribute('href'))!)![0])
  expect(await client.get(`/api/projects/${id}`)).toMatchObject({ name: 'Kept', tasks: { count: 1 } })
})

test('what is no backup is told in the dialog', async () => {
  await open('/tasks')
  await restore(Buffer.from('not an archive'))
  await untilText(byId('import-error'), 'A backup must be a zip archive')
  await byId('dialog-cancel').click()
  await byId('import-error').waitFor({ state: 'detached' })
})

test('a dataset is imported into a project: its subset becomes a task', async () => {
  await open('/projects')
  await byId(`project-${projectId}`).getByTestId('row-menu').click()
  await byId('menu-export').click()
  await byId('export-format').selectOption('COCO 1.0')
  await byId('export-images').check()
  const [download] = await Promise.all([page.waitForEvent('download'), byId('export-submit').click()])
  const bytes = await readAll(await download.createReadStream())
  await byId('export-submit').waitFor({ state: 'detached' })
  const empty = (await client.send('POST', '/api/projects', { name: 'Empty' })).id
  await open('/projects')
  await byId(`project-${empty}`).getByTestId('row-menu').click()
  await byId('menu-import').click()
  await byId('import-format').selectOption('COCO 1.0')
  await byId('import-file').setInputFiles(asFile(bytes))
  await byId('import-submit').click()
  await byId('import-submit').waitFor({ state: 'detached' })
  const { results } = await client.get(`/api/tasks?project_id=${empty}`)
  expect(results.map(({ name, size }: any) => [name, size])).toEqual([['Train', 1]])
  expect((await client.get(`/api/tasks/${results[0].id}/annotations`)).shapes).toMatchObject([{ points: [1, 2, 30, 40] }])
})

test('the pages complain about nothing', () => expect(pages.complaints).toEqual([]))
