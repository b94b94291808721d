// Moving to another organization: what is told beforehand is what happens.
import { expect, test } from 'bun:test'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { putMember } from '../organizations/service'
import { previewMove } from './service'

const makeOrganization = async (owner: Person): Promise<number> =>
  (await owner.call('POST', '/api/organizations', { body: { slug: `m${owner.user.id}` } })).json.id

test('a project tells its tasks, jobs, webhooks, and whose work ends; nobody is a stranger in the personal workspace', async () => {
  const [owner, member, stranger] = [await createPerson(), await createPerson(), await createPerson()]
  const organization = await makeOrganization(owner)
  await putMember(organization, member.user.id, 'worker')
  const { json: project } = await owner.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }] } })
  const tasks = [await createBareTask(owner, { frames: 4, segmentSize: 2 }), await createBareTask(owner)]
  for (const { id } of tasks) await owner.call('PATCH', `/api/tasks/${id}`, { body: { project_id: project.id } })
  await owner.call('PATCH', `/api/jobs/${tasks[0]!.jobs[0]!.id}`, { body: { assignee: stranger.user.id } })
  await owner.call('PATCH', `/api/jobs/${tasks[0]!.jobs[1]!.id}`, { body: { assignee: member.user.id } })
  await owner.call('PATCH', `/api/tasks/${tasks[1]!.id}`, { body: { assignee_id: stranger.user.id } })
  const hook = { target_url: 'https://example.com/x', type: 'project', project_id: project.id, events: ['create:task'] }
  expect((await owner.call('POST', '/api/webhooks', { body: hook })).status).toBe(201)
  const all = { tasks: 2, jobs: 3, webhooks: 1, storages: 0 }
  expect(await previewMove({ projectId: project.id }, organization)).toEqual({ ...all, people: [stranger.username] })
  expect(await previewMove({ projectId: project.id }, null)).toEqual({ ...all, people: [] })

  const moved = await owner.call('PATCH', `/api/projects/${project.id}`, { body: { organization_id: organization } })
  expect(moved.json.organization_id).toBe(organization)
  const assignees = (await owner.call('GET', `/api/jobs?task_id=${tasks[0]!.id}&sort=id`)).json.results.map(
    (job: any) => job.assignee?.username ?? null,
  )
  expect(assignees).toEqual([null, member.username])
  expect((await owner.call('GET', `/api/tasks/${tasks[1]!.id}`)).json.assignee).toBeNull()
})

test('a task of its own counts its jobs and itself', async () => {
  const owner = await createPerson()
  const task = await createBareTask(owner, { frames: 6, segmentSize: 2 })
  const told = { tasks: 1, jobs: 3, webhooks: 0, storages: 0, people: [] }
  expect(await previewMove({ taskId: task.id }, await makeOrganization(owner))).toEqual(told)
})
