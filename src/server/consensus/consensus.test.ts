// Merging replicas: what enough people agree on, with scores; the errors of merges that cannot be; how far people agree.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { db, tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { defaultParameters, type FrameMarks, type Mark } from '../quality/service'
import { requests } from '../requests/schema'
import { tasks } from '../tasks/schema'
import { mergeFrame } from './merge-frame'
import { runMerge } from './service'

let made = 0
const mark = (x: number, more: Partial<Mark> = {}): Mark => ({
  kind: 'bbox',
  ref: { obj_id: ++made, job_id: 1, type: 'shape', shape_type: 'rectangle' },
  labelId: 1,
  group: 0,
  zOrder: 0,
  rotation: 0,
  points: [x, 0, x + 20, 20],
  attributes: new Map(),
  elements: [],
  ...more,
})
const skeleton = (x: number): Mark =>
  mark(x, {
    kind: 'skeleton',
    ref: { obj_id: ++made, job_id: 1, type: 'shape', shape_type: 'skeleton' },
    labelId: 3,
    points: [],
    elements: [31, 32].map((labelId, at) => ({ labelId, x: x + 20 * at, y: 20 * at, visibility: 'visible' as const })),
  })
const frame = (...marks: Mark[]): FrameMarks => ({ frame: 0, width: 200, height: 100, marks })
const merge = (quorum: number, ...sources: FrameMarks[]) =>
  mergeFrame(sources, {
    ...defaultParameters,
    quorum,
    joinGroups: false,
    panoptic_comparison: false,
    sublabels: new Map([[3, [31, 32]]]),
  })

describe('merging a frame', () => {
  test('what enough people have stays, as the one in the middle drew it', () => {
    const [left, middle, right] = [mark(0), mark(1), mark(2)]
    const [only, ...rest] = merge(2, frame(left, mark(100)), frame(middle), frame(right))
    expect(rest).toEqual([])
    expect(only).toMatchObject({ chosen: middle, labelId: 1, sources: 3 })
    expect(only!.votes).toEqual(new Map([[1, 3]]))
    // Each neighbour shares 19 of 21 columns with the middle.
    expect(only!.score).toBeCloseTo((1 + 2 * (19 / 21)) / 3, 10)
    expect(merge(1, frame(left, mark(100)), frame(middle), frame(right))).toHaveLength(2)
  })

  test('labels are never mixed: two cars and one bus are a car of two thirds', () => {
    const merged = merge(2, frame(mark(0)), frame(mark(0)), frame(mark(0, { labelId: 2 })))
    expect(merged).toMatchObject([{ labelId: 1, score: 2 / 3 }])
  })

  test('attributes are voted for', () => {
    const red = () => mark(0, { attributes: new Map([['color', 'red']]) })
    const blue = mark(0, { attributes: new Map([['color', 'blue']]) })
    expect(merge(2, frame(blue), frame(red()), frame(red()))[0]!.attributes.get('color')).toBe('red')
  })

  test('skeletons: the one most like the others', () => {
    const middle = skeleton(10.5)
    expect(merge(2, frame(skeleton(10)), frame(middle), frame(skeleton(11)))).toMatchObject([{ chosen: middle, labelId: 3 }])
  })

  test('attributes of the points of skeletons are voted for, too', () => {
    const withSide = (x: number, side: string) => {
      const own = skeleton(x)
      return { ...own, elements: own.elements.map((element) => ({ ...element, attributes: new Map([['side', side]]) })) }
    }
    const [merged] = merge(2, frame(withSide(10.5, 'left')), frame(withSide(10, 'right')), frame(withSide(11, 'right')))
    expect(merged!.chosen.elements[0]!.attributes!.get('side')).toBe('left')
    expect(merged!.elements.get(31)!.get('side')).toBe('right')
  })

  test('tags by label', () => {
    const tag = (labelId: number) => mark(0, { kind: 'label', points: [], labelId })
    const merged = merge(2, frame(tag(1), tag(2)), frame(tag(1)), frame())
    expect(merged.map(({ labelId, score }) => [labelId, score])).toEqual([[1, 2 / 3]])
  })

  test('the order of people does not change what is kept', () => {
    const sources = [frame(mark(0), mark(60)), frame(mark(1), mark(62)), frame(mark(61))]
    const places = (list: FrameMarks[]) =>
      merge(2, ...list)
        .map(({ chosen }) => Math.round(chosen.points[0]! / 10))
        .sort()
    expect(places(sources)).toEqual([0, 6])
    expect(places(sources.toReversed())).toEqual([0, 6])
  })
})

let owner: Person
let stranger: Person
beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
})

/** A task of one job with two replicas. */
const createTask = async (consensusReplicas = 2) => {
  const task = await createBareTask(owner, { labels: [{ name: 'car', attributes: [] }] })
  const [parent] = task.jobs
  const now = new Date()
  const replicas = await tx(async (t) => {
    await t.update(tasks).set({ consensusReplicas }).where(eq(tasks.id, task.id))
    const values = { taskId: task.id, type: 'replica' as const, parentJobId: parent!.id, startFrame: 0, stopFrame: 9 }
    return t
      .insert(jobs)
      .values(Array.from({ length: consensusReplicas }, () => ({ ...values, createdDate: now, updatedDate: now })))
      .returning()
  })
  return { ...task, parent: parent!.id, replicas: replicas.map(({ id }) => id), label: task.labels[0]!.id }
}
const annotate = async (jobId: number, shapes: object[]) => {
  await owner.call('PUT', `/api/jobs/${jobId}/annotations/`, { body: { shapes } })
  await owner.call('PATCH', `/api/jobs/${jobId}`, { body: { state: 'completed' } })
}
const box = (label_id: number, x: number) => ({ type: 'rectangle', frame: 2, label_id, points: [x, 10, x + 40, 50] })
const ask = (body: object, by = owner) => by.call('POST', '/api/consensus/merges', { body })
const run = async (id: string) => {
  const [row] = await db.select().from(requests).where(eq(requests.id, id))
  await runMerge(row!, async () => {})
}

describe('merging jobs', () => {
  test('takes the place of what the job had, completes it, and does the same when repeated', async () => {
    const task = await createTask()
    await annotate(task.replicas[0]!, [box(task.label, 10), box(task.label, 200)])
    await annotate(task.replicas[1]!, [box(task.label, 12)])
    const [settings] = (await owner.call('GET', `/api/consensus/settings?task_id=${task.id}`)).json.results
    expect(settings).toEqual({ id: settings.id, task_id: task.id, iou_threshold: 0.4, quorum: 0.5 })
    const shapesOf = async () => (await owner.call('GET', `/api/jobs/${task.parent}/annotations`)).json.shapes
    await annotate(task.parent, [box(task.label, 300)])
    const asked = await ask({ job_id: task.parent })
    expect(asked.status).toBe(202)
    await run(asked.json.rq_id)
    expect((await shapesOf()).map(({ points }: any) => points[0]).sort()).toEqual([10, 200])
    expect((await owner.call('PATCH', `/api/consensus/settings/${settings.id}`, { body: { quorum: 0.6 } })).json.quorum).toBe(0.6)
    await tx(async (t) => void (await t.delete(requests).where(eq(requests.id, asked.json.rq_id))))
    const again = await ask({ task_id: task.id })
    await run(again.json.rq_id)
    const [shape, ...rest] = await shapesOf()
    expect(rest).toEqual([])
    expect(shape).toMatchObject({ points: [10, 10, 50, 50], source: 'consensus' })
    expect(shape.score).toBeCloseTo((1 + 38 / 42) / 2, 10)
    const votes = async (query = '', by = owner) => by.call('GET', `/api/consensus/jobs/${task.parent}/votes${query}`)
    const both = { votes: 2, replicas: 2, labels: [{ label_id: task.label, votes: 2 }] }
    expect((await votes()).json).toMatchObject({
      count: 1,
      results: [{ type: 'shape', id: shape.id, frame: 2, score: shape.score, ...both }],
    })
    expect((await votes('?votes=1')).json.count).toBe(0)
    expect((await votes('?filter={"<":[{"var":"score"},0.99]}')).json.count).toBe(1)
    expect((await votes('', stranger)).status).toBe(403)
    // Votes can be searched for.
    const find = async (q: string) => (await owner.call('GET', `/api/find/?task_id=${task.id}&q=${encodeURIComponent(q)}`)).json
    expect((await find('votes>=2')).results.map(({ id }: any) => id)).toEqual([shape.id])
    expect((await find('votes<2')).count).toBe(0)
    expect((await owner.call('GET', `/api/jobs/${task.parent}`)).json.state).toBe('completed')
  })

  test('what cannot be merged is refused before anything is changed', async () => {
    const plain = await createBareTask(owner)
    expect((await ask({ task_id: plain.id })).text).toContain('Consensus is not enabled in this task')
    const task = await createTask()
    expect((await ask({ task_id: task.id })).text).toContain('No annotation jobs in the annotation stage')
    await annotate(task.replicas[0]!, [box(task.label, 10)])
    expect((await ask({ job_id: task.replicas[0] })).text).toContain('No annotated consensus jobs found for parent job')
    expect((await ask({ job_id: task.parent }, stranger)).status).toBe(403)
    expect((await ask({})).status).toBe(403)
    expect((await ask({ task_id: 1e9 })).status).toBe(400)
    const [settings] = (await owner.call('GET', `/api/consensus/settings?task_id=${task.id}`)).json.results
    const path = `/api/consensus/settings/${settings.id}`
    expect(Object.keys((await owner.call('PATCH', path, { body: { quorum: 2 } })).json)).toEqual(['quorum'])
    expect((await stranger.call('GET', path)).status).toBe(403)
  })

  test('agreement of replicas', async () => {
    const task = await createTask()
    const path = `/api/consensus/jobs/${task.parent}/agreement`
    await annotate(task.replicas[0]!, [box(task.label, 10), box(task.label, 200)])
    expect((await owner.call('GET', path)).status).toBe(400)
    await annotate(task.replicas[1]!, [box(task.label, 10)])
    const { json } = await owner.call('GET', path)
    expect(json).toMatchObject({ job_id: task.parent, overall: { units: 2 }, labels: [{ label_id: task.label }] })
    // One of two objects is seen by both: (0.5 - 0.5) / (1 - 0.5).
    expect(json.overall.cohen).toEqual([{ first: 0, second: 1, kappa: 0, units: 2 }])
    expect((await stranger.call('GET', path)).status).toBe(403)
  })
})
