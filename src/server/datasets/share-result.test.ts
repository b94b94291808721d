// Equal exports share one file: it is made once, kept while anyone has it, and made anew after a change.
import { beforeEach, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { db, tx } from '../db/open'
import { requests } from '../requests/schema'
import { forgetExpiredRequests, runRequest } from '../requests/service'
import { storage } from '../storage/storage'
import { runExport } from './service'

let owner: Person
let admin: Person
let task: Awaited<ReturnType<typeof createBareTask>>
beforeEach(async () => {
  owner = await createPerson()
  admin = await createPerson({ superuser: true, groups: ['admin'] })
  task = await createBareTask(owner)
})

const start = async (person: Person, query = '', format = 'COCO 1.0') => {
  const path = `/api/tasks/${task.id}/dataset/export?format=${encodeURIComponent(format)}${query}`
  return (await person.call('POST', path)).json.rq_id as string
}
const readRow = async (id: string) => (await db.select().from(requests).where(eq(requests.id, id)))[0]!
const finish = async (id: string) => {
  await runRequest(id, runExport)
  return readRow(id)
}
const draw = () =>
  owner.call('PATCH', `/api/tasks/${task.id}/annotations?action=create`, {
    body: {
      version: 0,
      tags: [],
      tracks: [],
      shapes: [{ type: 'rectangle', frame: 0, label_id: task.labels[0]!.id, points: [1, 2, 30, 40], attributes: [] }],
    },
  })

test('a second export is handed the file of the first, until something changes', async () => {
  await draw()
  const first = await finish(await start(owner))
  expect(first.status).toBe('finished')
  const second = await finish(await start(admin))
  expect(second.resultFile).toBe(first.resultFile)
  const other = await finish(await start(admin, '', 'Datumaro 1.0'))
  expect([other.status, other.resultFile === first.resultFile]).toEqual(['finished', false])
  await draw()
  const third = await finish(await start(admin))
  expect(third.resultFile).not.toBe(first.resultFile)
  await owner.call('PATCH', `/api/labels/${task.labels[0]!.id}`, { body: { name: 'lorry' } })
  expect((await finish(await start(admin))).resultFile).not.toBe(third.resultFile)
})

test('of two that run at once one makes the file and the other waits for it', async () => {
  const [early, late] = [await start(owner), await start(admin)]
  await Promise.all([runRequest(late, runExport), runRequest(early, runExport)])
  const [first, second] = [await readRow(early), await readRow(late)]
  expect([first.status, second.status]).toEqual(['finished', 'finished'])
  expect(second.resultFile).toBe(first.resultFile)
})

test('the file goes with the last request that has it', async () => {
  const first = await finish(await start(owner))
  const second = await finish(await start(admin))
  const file = first.resultFile!
  const expire = (id: string) =>
    tx(
      async (t) =>
        void (await t
          .update(requests)
          .set({ expiryDate: new Date(0) })
          .where(eq(requests.id, id))),
    )
  await expire(first.id)
  await forgetExpiredRequests()
  expect(await storage().stat(file)).toBeDefined()
  await expire(second.id)
  await forgetExpiredRequests()
  expect(await storage().stat(file)).toBeUndefined()
})

test('an export that is asked for again leaves no file of before behind', async () => {
  const first = await finish(await start(owner))
  await draw()
  await start(owner)
  expect(await storage().stat(first.resultFile!)).toBeUndefined()
})

test('the name that was asked for is the name of the file', async () => {
  expect((await finish(await start(owner, '&filename=mine.zip'))).resultName).toBe('mine.zip')
  expect((await finish(await start(admin))).resultName).toMatch(/^task_bare_annotations_\d{4}(_\d\d){5}_coco_1\.0\.zip$/)
})
