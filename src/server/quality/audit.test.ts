// What quality control and consensus leave in the audit log: settings field by field, requirements, checks, and jobs that these change.
import { beforeAll, expect, test } from 'bun:test'
import { and, eq, inArray } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { tx } from '../db/open'
import { eventDb } from '../db/open-events'
import { eventLog, settleEvents } from '../events/service'
import { jobs } from '../jobs/schema'
import { tasks } from '../tasks/schema'

let owner: Person
beforeAll(async () => {
  owner = await createPerson()
})

const readLog = async (taskId: number, scopes: string[]) => {
  await settleEvents()
  const rows = await eventDb
    .select()
    .from(eventLog)
    .where(and(eq(eventLog.taskId, taskId), inArray(eventLog.scope, scopes)))
    .orderBy(eventLog.id)
  return rows.map(({ scope, objName, objVal, userId }) => [scope, objName, objVal, userId === owner.user.id])
}

test('settings, requirements, consensus settings', async () => {
  const task = await createBareTask(owner)
  const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
  await owner.call('PATCH', `/api/quality/settings/${settings.id}`, { body: { max_validations_per_job: 3, iou_threshold: 0.5 } })
  const body = { settings_id: settings.id, name: 'cars', iou_threshold: 0.9 }
  const { id } = (await owner.call('POST', '/api/quality/settings/requirements', { body })).json
  await owner.call('PATCH', `/api/quality/settings/requirements/${id}`, { body: { iou_threshold: 0.8 } })
  await owner.call('DELETE', `/api/quality/settings/requirements/${id}`)
  await tx(async (t) => void (await t.update(tasks).set({ consensusReplicas: 2 }).where(eq(tasks.id, task.id))))
  const [consensus] = (await owner.call('GET', `/api/consensus/settings?task_id=${task.id}`)).json.results
  await owner.call('PATCH', `/api/consensus/settings/${consensus.id}`, { body: { quorum: 0.75 } })
  const scopes = ['qualitysettings', 'qualityrequirement', 'consensussettings'].flatMap((resource) =>
    ['create', 'update', 'delete'].map((action) => `${action}:${resource}`),
  )
  expect(await readLog(task.id, scopes)).toEqual([
    ['update:qualitysettings', 'max_validations_per_job', '3', true],
    ['update:qualitysettings', 'iou_threshold', '0.5', true],
    ['create:qualityrequirement', 'cars', null, true],
    ['update:qualityrequirement', 'iou_threshold', '0.8', true],
    ['delete:qualityrequirement', 'cars', null, true],
    ['update:consensussettings', 'quorum', '0.75', true],
  ])
})

test('a check that passes, with the job that it completes', async () => {
  const task = await createBareTask(owner)
  const [job] = task.jobs
  const shape = { type: 'rectangle', frame: 1, label_id: task.labels[0]!.id, points: [1, 1, 40, 40] }
  const selection = { type: 'ground_truth', task_id: task.id, frame_selection_method: 'manual', frames: [1] }
  const truth = (await owner.call('POST', '/api/jobs', { body: selection })).json
  for (const id of [truth.id, job!.id]) await owner.call('PUT', `/api/jobs/${id}/annotations/`, { body: { shapes: [shape] } })
  await tx(async (t) => {
    await t.update(jobs).set({ stage: 'acceptance', state: 'completed' }).where(eq(jobs.id, truth.id))
  })
  const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
  await owner.call('PATCH', `/api/quality/settings/${settings.id}`, { body: { max_validations_per_job: 3 } })
  expect((await owner.call('POST', `/api/quality/jobs/${job!.id}/validation`)).json.passed).toBe(true)
  const log = await readLog(task.id, ['create:jobvalidation', 'update:job'])
  expect(log).toContainEqual(['update:job', 'stage', 'acceptance', true])
  expect(log).toContainEqual(['update:job', 'state', 'completed', true])
  expect(log.filter(([scope]) => scope === 'create:jobvalidation')).toHaveLength(1)
})
