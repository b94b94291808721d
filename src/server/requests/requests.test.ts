import { expect, test } from 'bun:test'
import { createPerson } from '../../../tests/api'
import { tx } from '../db/open'
import { readLegacyId } from './legacy-id'
import { requests } from './schema'

const uuid = crypto.randomUUID()

test('older forms are read, everything else is not', () => {
  expect(readLegacyId('export:task-1-dataset-in-COCO_1@0-format-by-2')).toEqual({
    action: 'export',
    target: 'task',
    id: '1',
    subresource: 'dataset',
    format: 'COCO_1@0',
    user: '2',
  })
  expect(readLegacyId('quality-check-task-1-user-2')).toEqual({ action: 'calculate', target: 'task', id: '1', user: '2' })
  for (const text of ['export:task-x-backup-by-2', 'create:task-', 'action=create&target=task&target_id=1', ''])
    expect(readLegacyId(text)).toBeUndefined()
})

test('an older id finds the newest request that it means, for its owner alone', async () => {
  const [owner, stranger] = [await createPerson(), await createPerson()]
  const userId = owner.user.id
  // No task of other tests has it.
  const taskId = 1_000_000_000 + userId
  const add = (id: string, seconds: number, more: object) =>
    tx(async (t) => {
      await t.insert(requests).values({
        id: `${id}&user_id=${userId}`,
        userId,
        status: 'finished',
        action: 'export',
        target: 'task',
        subresource: 'dataset',
        taskId,
        key: crypto.randomUUID(),
        chore: 'export-dataset',
        payload: {},
        createdDate: new Date(seconds * 1000),
        ...more,
      })
    })
  await add('old', 1, { format: 'COCO 1.0' })
  await add('new', 2, { format: 'COCO 1.0' })
  await add('other', 3, { format: 'CVAT for images 1.1' })
  await add(`action=import&id=${uuid}`, 4, { action: 'import', subresource: 'backup', taskId: null })
  await add('create', 5, { action: 'create', subresource: null })
  const find = async (id: string) =>
    (await owner.call('GET', `/api/requests/${encodeURIComponent(id)}`)).json?.id?.split('&user')[0]
  expect(await find(`export:task-${taskId}-dataset-in-COCO_1@0-format-by-${userId}`)).toBe('new')
  expect(await find(`export:task-${taskId}-dataset-in-CVAT_for_images_1@1-format-by-${userId}`)).toBe('other')
  expect(await find(`import:task-${uuid}-backup`)).toBe(`action=import&id=${uuid}`)
  expect(await find(`create:task-${taskId}`)).toBe('create')
  expect(await find(`create:task-${taskId + 1000}`)).toBeUndefined()
  expect((await stranger.call('GET', `/api/requests/create:task-${taskId}`)).status).toBe(403)
})

test('requests are filtered by the name of their organization', async () => {
  const person = await createPerson()
  const slug = `r${process.pid}-${person.user.id}`
  const { id: orgId } = (await person.call('POST', '/api/organizations', { body: { slug } })).json
  const shared = {
    userId: person.user.id,
    status: 'finished' as const,
    action: 'export',
    target: 'task',
    chore: 'export-dataset',
    payload: {},
    createdDate: new Date(),
  }
  await tx(async (t) => {
    await t.insert(requests).values({ ...shared, id: `${slug}-in`, key: crypto.randomUUID(), orgId })
    await t.insert(requests).values({ ...shared, id: `${slug}-out`, key: crypto.randomUUID() })
  })
  const filter = encodeURIComponent(JSON.stringify({ '==': [{ var: 'org' }, slug] }))
  const { json } = await person.call('GET', `/api/requests?filter=${filter}`)
  expect(json.results.map((row: { id: string }) => row.id)).toEqual([`${slug}-in`])
})
