import { expect, test } from 'bun:test'
import { createPerson } from '../../../tests/api'
import { tx } from '../db/open'
import { insertJobs } from './service'

test('each job is followed by its replicas, which are found under both of their names and by their parent', async () => {
  const owner = await createPerson()
  const create = (more: object) => owner.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'car' }], ...more } })
  for (const count of [1, -1, 21]) expect((await create({ consensus_replicas: count })).status).toBe(400)
  const { json: task } = await create({ initial_replicas: 2 })
  expect([task.consensus_enabled, task.initial_replicas]).toEqual([true, 2])
  const cuts = [
    { startFrame: 0, stopFrame: 4 },
    { startFrame: 5, stopFrame: 9 },
  ]
  await tx((t) => insertJobs(t, task.id, cuts, new Date()))

  const list = async (query: string) =>
    (await owner.call('GET', `/api/jobs?task_id=${task.id}&sort=id&${query}`)).json.results as any[]
  const all = await list('')
  expect(all.map((job) => [job.type, job.start_frame])).toEqual([
    ['annotation', 0],
    ['replica', 0],
    ['replica', 0],
    ['annotation', 5],
    ['replica', 5],
    ['replica', 5],
  ])
  expect([all[0].replicas_count, all[1].replicas_count]).toEqual([2, 0])
  const replicas = (job: { id: number }) => all.filter((other) => other.parent_job_id === job.id).map(({ id }) => id)
  expect((await list(`parent_job_id=${all[3].id}`)).map(({ id }) => id)).toEqual(replicas(all[3]))
  for (const name of ['replica', 'consensus_replica']) {
    expect(await list(`type=${name}`)).toHaveLength(4)
    const filter = encodeURIComponent(JSON.stringify({ '==': [{ var: 'type' }, name] }))
    expect(await list(`filter=${filter}`)).toHaveLength(4)
  }
})
