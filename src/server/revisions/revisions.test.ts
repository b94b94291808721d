// The history of annotations through the API: who, what, earlier states, differences, going back, and what cannot come back.
import { beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { importAnnotations } from '../annotations/service'
import { tx } from '../db/open'
import { findJob } from '../jobs/service'
import { findTask } from '../tasks/service'
import { revisions } from './schema'
import { forgetOldRevisions } from './service'

let person: Person
beforeAll(async () => {
  person = await createPerson()
})

const labels = [
  { name: 'car', attributes: [{ name: 'color', input_type: 'select', mutable: true, values: ['red', 'green'] }] },
  { name: 'bus' },
  { name: 'pose', type: 'skeleton', svg: '<circle/>', sublabels: [{ name: 'head', type: 'points' }] },
]

const setUp = async () => {
  const task = await createBareTask(person, { labels })
  const job = task.jobs[0]!.id
  const [car, bus, pose] = task.labels
  const url = `/api/jobs/${job}/annotations`
  const history = `/api/jobs/${job}/revisions`
  const box = (x: number, more: object = {}) => ({
    type: 'rectangle',
    label_id: car!.id,
    frame: 0,
    points: [x, 1, x + 5, 9.5],
    ...more,
  })
  const patch = async (action: string, body: object) => {
    const { status, json, text } = await person.call('PATCH', `${url}?action=${action}`, { body })
    if (status !== 200) throw new Error(`${status} ${text}`)
    return json
  }
  const load = async () => (await person.call('GET', url)).json
  const at = async (n: number) => (await person.call('GET', `${history}/${n}`)).json
  const list = async () => (await person.call('GET', history)).json
  return { ...task, job, car: car!, bus: bus!, pose: pose!, url, history, box, patch, load, at, list }
}

/** One of everything, so that elements, key frames and attributes come back too. */
const makeMixture = ({ box, car, pose }: Awaited<ReturnType<typeof setUp>>) => ({
  tags: [{ label_id: car.id, frame: 1 }],
  shapes: [
    box(1, { attributes: [{ spec_id: car.attributes[0]!.id, value: 'green' }] }),
    {
      type: 'skeleton',
      label_id: pose.id,
      frame: 2,
      points: [],
      elements: [{ type: 'points', label_id: pose.sublabels[0]!.id, points: [1, 2] }],
    },
  ],
  tracks: [{ label_id: car.id, frame: 0, shapes: [box(3), box(6, { frame: 4 })].map(({ label_id: _, ...key }) => key) }],
})

test('every change is in the log: who, when, what kind, how much; newest first, in pages', async () => {
  const set = await setUp()
  const { patch, list, history, url, box } = set
  const { shapes } = await patch('create', makeMixture(set))
  await patch('update', { shapes: [{ ...shapes[0], occluded: true }] })
  await patch('delete', { shapes: [{ id: shapes[1].id }] })
  await patch('save', { save_id: 'x', create: { shapes: [box(1), box(2)] } })
  await person.call('PUT', url, { body: { shapes: [box(5)] } })
  await person.call('DELETE', url)
  await person.call('DELETE', url) // nothing is left to change
  const { count, results } = await list()
  expect(count).toBe(6)
  const short = results.map(({ revision, action, created, updated, deleted }: any) => [
    revision,
    action,
    created.shapes,
    updated.shapes,
    deleted.shapes,
  ])
  expect(short).toEqual([
    [6, 'clear', 0, 0, 1],
    [5, 'replace', 1, 0, 3],
    [4, 'save', 2, 0, 0],
    [3, 'delete', 0, 0, 1],
    [2, 'update', 0, 1, 0],
    [1, 'create', 2, 0, 0],
  ])
  expect(results[5]).toMatchObject({
    user: { username: person.username },
    created: { tags: 1, shapes: 2, tracks: 1 },
    restorable: true,
  })
  const second = (await person.call('GET', `${history}?page=2&page_size=4`)).json
  expect([second.count, second.results.map((one: any) => one.revision)]).toEqual([6, [2, 1]])
})

test('each earlier revision is shown as it was, ids and all', async () => {
  const set = await setUp()
  const { patch, load, at, url, box } = set
  const states = [await load()]
  const made = await patch('create', makeMixture(set))
  states.push(await load())
  const [skeleton, track] = [made.shapes[1], made.tracks[0]]
  await patch('update', {
    shapes: [{ ...skeleton, elements: [{ ...skeleton.elements[0], points: [7, 7] }] }],
    tracks: [{ ...track, shapes: track.shapes.slice(0, 1) }],
    tags: [{ ...made.tags[0], frame: 3 }],
  })
  states.push(await load())
  await patch('delete', { tracks: [{ id: track.id }], shapes: [{ id: skeleton.id }] })
  states.push(await load())
  await person.call('PUT', url, { body: { shapes: [box(9)] } })
  states.push(await load())
  for (const [n, state] of states.entries()) expect([n, await at(n)]).toEqual([n, state])
  // Elements and key frames keep their ids through an update.
  expect(states[2].shapes[1].elements[0].id).toBe(skeleton.elements[0].id)
  expect(states[2].tracks[0].shapes[0].id).toBe(track.shapes[0].id)
  expect((await person.call('GET', `/api/jobs/${set.job}/revisions/99`)).status).toBe(404)
})

test('a difference tells what came, what changed from what to what, and what went, both ways', async () => {
  const { patch, history, box } = await setUp()
  const { shapes } = await patch('create', { shapes: [box(1), box(2), box(3)] })
  await patch('update', { shapes: [{ ...shapes[0], z_order: 5 }] })
  await patch('update', { shapes: [{ ...shapes[0], z_order: 6 }, { ...shapes[2] }] })
  await patch('delete', { shapes: [{ id: shapes[1].id }] })
  const late = (await patch('create', { shapes: [box(8)] })).shapes[0]
  await patch('create', { shapes: [box(9)] })
  const diff = async (from: number, to: number) => (await person.call('GET', `${history}/${from}/diff?to=${to}`)).json
  const forth = await diff(1, 5)
  expect(forth.created).toEqual({ tags: [], shapes: [late], tracks: [] })
  expect(forth.deleted.shapes).toEqual([shapes[1]])
  expect(forth.updated.shapes).toEqual([{ before: shapes[0], after: { ...shapes[0], z_order: 6 } }])
  const back = await diff(5, 1)
  expect([back.created.shapes, back.deleted.shapes, back.updated.shapes[0].after]).toEqual([[shapes[1]], [late], shapes[0]])
  expect((await diff(2, 2)).updated.shapes).toEqual([])
  expect((await person.call('GET', `${history}/1/diff`)).status).toBe(400)
})

test('restoring is a new revision with the same objects and ids; a stale one is refused', async () => {
  const set = await setUp()
  const { patch, load, at, history, url, list } = set
  await patch('create', makeMixture(set))
  const before = await load()
  await patch('update', { shapes: [{ ...before.shapes[0], points: [0, 0, 1, 1] }] })
  await patch('delete', { tracks: before.tracks, tags: before.tags, shapes: [before.shapes[1]] })
  await patch('create', { shapes: [set.box(4)] })
  const middle = await load()
  const restore = (n: number, headers = {}) => person.call('POST', `${history}/${n}/restore`, { headers })
  const stale = await restore(1, { 'if-match': '"2"' })
  expect([stale.status, stale.json.revision]).toEqual([412, 4])
  expect(await load()).toEqual(middle)
  const restored = await restore(1, { 'if-match': '"4"' })
  expect([restored.status, restored.headers.get('etag')]).toEqual([200, '"5"'])
  expect(restored.json).toMatchObject({
    revision: 5,
    restored: 1,
    skipped: 0,
    created: { tags: 1, shapes: 1, tracks: 1 },
    deleted: { shapes: 1 },
  })
  expect(await load()).toEqual(before)
  // And back again: what the restoring undid is kept as well.
  expect((await restore(4)).status).toBe(200)
  expect(await load()).toEqual(middle)
  expect(await at(5)).toEqual(before)
  expect((await list()).results[0]).toMatchObject({ revision: 6, action: 'restore' })
  expect((await person.call('GET', url)).headers.get('etag')).toBe('"6"')
})

test('what a removed label or attribute took along is in the log, and comes back as far as it can', async () => {
  const set = await setUp()
  const { id, patch, load, history, car, bus, box, list, at } = set
  await patch('create', { shapes: [box(1), box(2, { label_id: bus.id })], tags: [{ label_id: bus.id, frame: 2 }] })
  const before = await load()
  const remove = (body: object) => person.call('PATCH', `/api/tasks/${id}`, { body: { labels: [body] } })
  expect((await remove({ id: bus.id, deleted: true })).status).toBe(200)
  expect((await load()).shapes).toHaveLength(1)
  expect((await list()).results[0]).toMatchObject({ revision: 2, action: 'label', deleted: { tags: 1, shapes: 1 } })
  expect(await at(1)).toEqual(before)
  const restored = (await person.call('POST', `${history}/1/restore`)).json
  expect([restored.skipped, (await load()).shapes.length]).toEqual([2, 1])
  const gone = await remove({ id: car.id, attributes: [{ id: car.attributes[0]!.id, deleted: true }] })
  expect([gone.status, (await load()).shapes[0].attributes]).toEqual([200, []])
  expect((await list()).results[0]).toMatchObject({ action: 'label', updated: { shapes: 1 } })
  expect((await person.call('POST', `${history}/1/restore`)).status).toBe(200)
  expect((await load()).shapes[0].attributes).toEqual([])
})

test('changes through the task and imports are in the log of each job that they touch', async () => {
  const task = await createBareTask(person, { frames: 8, segmentSize: 4 })
  const shape = (frame: number) => ({ type: 'rectangle', label_id: task.labels[0]!.id, frame, points: [1, 1, 2, 2] })
  await person.call('PUT', `/api/tasks/${task.id}/annotations`, { body: { shapes: [shape(1), shape(6)] } })
  await person.call('PATCH', `/api/tasks/${task.id}/annotations?action=create`, { body: { shapes: [shape(7)] } })
  await importAnnotations({ ...(await findTask(task.id)), job: null }, { shapes: [shape(0)] }, 'replace', person.user.id)
  const logs = await Promise.all(
    task.jobs.map(async ({ id }) => (await person.call('GET', `/api/jobs/${id}/revisions`)).json.results),
  )
  expect(logs.map((log) => log.map(({ action, user }: any) => [action, user.username]))).toEqual([
    [
      ['import', person.username],
      ['replace', person.username],
    ],
    [
      ['import', person.username],
      ['create', person.username],
      ['replace', person.username],
    ],
  ])
  const [first] = task.jobs
  expect((await person.call('GET', `/api/jobs/${first!.id}/revisions/1`)).json.shapes).toHaveLength(1)
})

test('what is forgotten cannot be shown or restored, and says so', async () => {
  const { patch, history, list, job, box, load } = await setUp()
  for (const x of [1, 2, 3]) await patch('create', { shapes: [box(x)] })
  const long = new Date(Date.now() - 10 * 24 * 3_600_000)
  await tx(async (t) => {
    for (const row of await t.select().from(revisions).where(eq(revisions.jobId, job)))
      if (row.revision <= 2) await t.update(revisions).set({ createdDate: long }).where(eq(revisions.id, row.id))
  })
  await forgetOldRevisions() // by default everything is kept
  expect((await list()).count).toBe(3)
  await forgetOldRevisions(Date.now(), 5)
  expect((await list()).results.map((one: any) => one.revision)).toEqual([3])
  expect((await person.call('GET', `${history}/2`)).json.shapes).toHaveLength(2)
  expect((await person.call('GET', `${history}/1`)).status).toBe(404)
  expect((await person.call('POST', `${history}/1/restore`)).status).toBe(404)
  expect((await load()).shapes).toHaveLength(3)
  expect((await findJob(job)).job.revision).toBe(3)
})

test('strangers see no history, and nobody restores what they may not annotate (CVE-2026-2109)', async () => {
  const { history, patch, box } = await setUp()
  await patch('create', { shapes: [box(1)] })
  const stranger = await createPerson()
  for (const path of [history, `${history}/0`, `${history}/0/diff?to=1`])
    expect((await stranger.call('GET', path)).status).toBe(403)
  expect((await stranger.call('POST', `${history}/0/restore`)).status).toBe(403)
})

test('saves that come at the same time wait for one another: each is a revision of its own', async () => {
  const { patch, load, list, box, url } = await setUp()
  await Promise.all(Array.from({ length: 12 }, (_, x) => patch('create', { shapes: [box(x)] })))
  const { count, results } = await list()
  expect([count, (await load()).shapes.length, new Set(results.map((one: any) => one.revision)).size]).toEqual([12, 12, 10])
  // Of those that are based on the same revision one wins.
  const saves = await Promise.all(
    Array.from({ length: 5 }, (_, x) =>
      person.call('PATCH', `${url}?action=save`, {
        headers: { 'if-match': '"12"' },
        body: { save_id: `at-once-${x}`, create: { shapes: [box(x)] } },
      }),
    ),
  )
  expect(saves.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412])
  expect((await load()).shapes).toHaveLength(13)
})
