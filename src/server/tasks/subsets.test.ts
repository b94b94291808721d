// Tasks by subset: counted as far as a person sees them, in the order of their names.

import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createPerson } from '../../../tests/api'
import { tasks } from './schema'
import { countBySubset } from './service'

test('each subset has its number; what somebody does not see is not counted', async () => {
  const [owner, worker] = [await createPerson(), await createPerson()]
  const { json: project } = await owner.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }] } })
  for (const [subset, assignee_id] of [['Train', worker.user.id], ['Train', null], ['', null]] as const) // biome-ignore format: pairs
    await owner.call('POST', '/api/tasks', { body: { name: 't', project_id: project.id, subset, assignee_id } })
  const inside = [eq(tasks.projectId as any, project.id)]
  expect(await countBySubset(await owner.who(), inside)).toEqual(new Map([['Train', 2], ['', 1]])) // biome-ignore format: pairs
  expect(await countBySubset(await worker.who(), inside)).toEqual(new Map([['Train', 1]]))
})
