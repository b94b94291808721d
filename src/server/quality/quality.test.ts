// Quality control through the API: settings, requirements, a report from the request to the conflict, who sees what, bad input.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { db, tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { attributes } from '../labels/schema'
import { requests } from '../requests/schema'
import { qualityReports } from './schema'
import { runReport } from './service'

let owner: Person
let stranger: Person
beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
})

const box = (frame: number, label_id: number, x: number) => ({ type: 'rectangle', frame, label_id, points: [x, 10, x + 40, 50] })

/** A task of ten frames in two jobs, with a finished ground truth on frames 1 and 7 that has one box on each. */
const createTask = async ({ finish = true } = {}) => {
  const task = await createBareTask(owner, { labels: [{ name: 'car' }, { name: 'bus' }], segmentSize: 5 })
  const [car, bus] = task.labels.map(({ id }) => id) as [number, number]
  const truth = (
    await owner.call('POST', '/api/jobs', {
      body: { type: 'ground_truth', task_id: task.id, frame_selection_method: 'manual', frames: [1, 7] },
    })
  ).json
  await owner.call('PUT', `/api/jobs/${truth.id}/annotations/`, { body: { shapes: [box(1, car, 10), box(7, car, 10)] } })
  if (finish)
    await tx(async (t) => {
      await t.update(jobs).set({ stage: 'acceptance', state: 'completed' }).where(eq(jobs.id, truth.id))
    })
  return { ...task, car, bus, truth: truth.id as number }
}

const report = async (body: object): Promise<any> => {
  const asked = await owner.call('POST', '/api/quality/reports', { body })
  expect(asked.status).toBe(202)
  const [row] = await db.select().from(requests).where(eq(requests.id, asked.json.rq_id))
  const { id } = await runReport(row!, async () => {})
  return (await owner.call('GET', `/api/quality/reports/${id}`)).json
}
const annotate = (jobId: number, shapes: object[]) => owner.call('PUT', `/api/jobs/${jobId}/annotations/`, { body: { shapes } })

describe('settings', () => {
  test('are there for every task, flat and as requirements; changes of one show in the other', async () => {
    const task = await createTask()
    const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
    expect(settings).toMatchObject({
      task_id: task.id,
      iou_threshold: 0.4,
      target_metric: 'accuracy',
      max_validations_per_job: 0,
    })
    expect(settings.requirements).toMatchObject([{ is_base: true, iou_threshold: 0.4, required_score: 0.7 }])
    const path = `/api/quality/settings/${settings.id}`
    const changed = await owner.call('PATCH', path, { body: { iou_threshold: 0.6, compare_attributes: false } })
    expect(changed.json.requirements).toMatchObject([
      { iou_threshold: 0.6, attribute_comparison: { default: { enabled: false } } },
    ])
    const base = `/api/quality/settings/requirements/${changed.json.requirements[0].id}`
    await owner.call('PATCH', base, { body: { iou_threshold: 0.5, point_size: 0.2 } })
    expect((await owner.call('GET', path)).json).toMatchObject({ iou_threshold: 0.5, oks_sigma: 0.2, compare_attributes: false })
    expect((await owner.call('DELETE', base)).status).toBe(400)
  })

  test('requirements take over what they leave open, and trees are made at once or not at all', async () => {
    const task = await createTask()
    const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
    const body = (requirements: object[]) => ({ body: { settings_id: settings.id, requirements } })
    const made = await owner.call(
      'POST',
      '/api/quality/settings/requirements/bulk',
      body([{ name: 'cars', iou_threshold: 0.9, children: [{ name: 'big cars', filter: '{"==":[{"var":"label"},"car"]}' }] }]),
    )
    expect(made.status).toBe(201)
    expect(made.json[1]).toMatchObject({ parent_requirement: made.json[0].id, iou_threshold: null })
    expect(made.json[1].effective).toMatchObject({ iou_threshold: 0.9, line_thickness: 0.01 })
    const list = async () => (await owner.call('GET', `/api/quality/settings/requirements?settings_id=${settings.id}`)).json.count
    expect(await list()).toBe(3)
    const bad = await owner.call(
      'POST',
      '/api/quality/settings/requirements/bulk',
      body([{ name: 'a' }, { name: 'b', filter: '{' }]),
    )
    expect([bad.status, Object.keys(bad.json)]).toEqual([400, ['filter']])
    expect(await list()).toBe(3)
  })

  test.each([
    [{ iou_threshold: 1.5 }, 'iou_threshold'],
    [{ oks_sigma: -1 }, 'oks_sigma'],
    [{ job_filter: '{"==":[{"var":"nothing"},1]}' }, 'filter'],
    [{ job_filter: '{' }, 'job_filter'],
    [{ point_size_base: 'x' }, 'point_size_base'],
    [{ max_validations_per_job: -1 }, 'max_validations_per_job'],
  ])('%j is refused by its field', async (body, field) => {
    const task = await createTask()
    const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
    const answer = await owner.call('PATCH', `/api/quality/settings/${settings.id}`, { body })
    expect([answer.status, Object.keys(answer.json)]).toEqual([400, [field]])
    expect((await owner.call('GET', `/api/quality/settings/${settings.id}`)).json).toEqual(settings)
  })
})

describe('reports', () => {
  test('of a task and its jobs, with conflicts, data and confusion', async () => {
    const task = await createTask()
    await annotate(task.jobs[0]!.id, [box(1, task.car, 10), box(1, task.car, 200), box(3, task.car, 10)])
    await annotate(task.jobs[1]!.id, [box(7, task.bus, 10)])
    const made = await report({ task_id: task.id })
    // Frame 1: one right, one too many; frame 7: wrong label; frame 3 has no truth.
    expect(made.summary).toMatchObject({
      validation_frames: 2,
      total_frames: 10,
      valid_count: 1,
      total_count: 3,
      ds_count: 3,
      gt_count: 2,
      conflicts_by_type: { extra_annotation: 1, mismatching_label: 1 },
      jobs: { total: 2, included: 2, excluded: 0, not_checkable: 0 },
    })
    expect(made.summary.precision).toBeCloseTo(1 / 3)
    const children = (await owner.call('GET', `/api/quality/reports?parent_id=${made.id}`)).json.results
    expect(children.map((child: any) => [child.target, child.parent_id])).toEqual([
      ['job', made.id],
      ['job', made.id],
    ])
    const conflicts = (await owner.call('GET', `/api/quality/conflicts?report_id=${made.id}`)).json.results
    expect(conflicts.map((conflict: any) => [conflict.type, conflict.frame])).toEqual([
      ['mismatching_label', 7],
      ['extra_annotation', 1],
    ])
    const data = (await owner.call('GET', `/api/quality/reports/${made.id}/data`)).json
    expect(data.comparison_summary.annotations.confusion_matrix.rows).toEqual([
      [1, 0, 1],
      [1, 0, 0],
      [0, 0, 0],
    ])
    expect(data.frame_results['1'].conflicts[0].annotation_ids[0].url).toContain(
      `/tasks/${task.id}/jobs/${task.jobs[0]!.id}?frame=1`,
    )
    const requirement = made.summary.requirements.items[0]
    const matrix = await owner.call(
      'GET',
      `/api/quality/reports/${made.id}/confusion/matrix?requirement=${requirement.requirement_id}`,
    )
    expect(matrix.json).toMatchObject({ labels: ['car', 'bus', 'unmatched'], target_metric_summary: { metric: 'accuracy' } })
    expect((await owner.call('GET', `/api/quality/reports/${made.id}/confusion`)).text).toContain('car,1,0,1')
    for (const path of ['', '/data', '/confusion'])
      expect((await stranger.call('GET', `/api/quality/reports/${made.id}${path}`)).status).toBe(403)
    expect((await stranger.call('GET', `/api/quality/conflicts?report_id=${made.id}`)).status).toBe(403)
  })

  test('a requirement counts only what it is about', async () => {
    const task = await createTask()
    const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
    await owner.call('POST', '/api/quality/settings/requirements', {
      body: { settings_id: settings.id, name: 'buses', filter: '{"==":[{"var":"label"},"bus"]}', metric: 'precision' },
    })
    await annotate(task.jobs[0]!.id, [box(1, task.car, 10), box(1, task.bus, 200)])
    const { items } = (await report({ task_id: task.id })).summary.requirements
    expect(items).toMatchObject([
      { name: 'Base', score_components: { valid_count: 1, extra_count: 1, missing_count: 1 } },
      { name: 'buses', metric: 'precision', score: 0, score_components: { valid_count: 0, extra_count: 1, missing_count: 0 } },
    ])
  })

  test('without a finished ground truth, of both or none, or of strangers: nothing is computed', async () => {
    const task = await createTask({ finish: false })
    const ask = (body: object, by = owner) => by.call('POST', '/api/quality/reports', { body })
    const early = await ask({ task_id: task.id })
    expect([early.status, early.text]).toEqual([400, expect.stringContaining('require a Ground Truth job')])
    expect((await ask({ task_id: task.id, project_id: 1 })).text).toContain('Only 1 of the fields')
    expect((await ask({})).status).toBe(400)
    expect((await ask({ task_id: task.id }, stranger)).status).toBe(403)
    expect(await db.select({ id: qualityReports.id }).from(qualityReports).where(eq(qualityReports.taskId, task.id))).toEqual([])
  })

  test('a task without a ground truth job has no report, and the project counts it as not configured', async () => {
    const project = (await owner.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }] } })).json
    const task = await createBareTask(owner)
    await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: project.id } })
    const refusal = await owner.call('POST', '/api/quality/reports', { body: { task_id: task.id } })
    expect([refusal.status, refusal.text]).toEqual([400, expect.stringContaining('require a Ground Truth job')])
    expect((await report({ project_id: project.id })).summary).toMatchObject({
      validation_frames: 0,
      tasks: { total: 1, not_configured: 1, included: 0 },
    })
  })

  test('validation frames that are taken out do not count until they are put back', async () => {
    const task = await createTask()
    await annotate(task.jobs[0]!.id, [box(1, task.car, 10)])
    const path = `/api/tasks/${task.id}/validation_layout`
    expect((await report({ task_id: task.id })).summary).toMatchObject({ validation_frames: 2, gt_count: 2, valid_count: 1 })
    expect((await owner.call('PATCH', path, { body: { disabled_frames: [7] } })).status).toBe(200)
    expect((await report({ task_id: task.id })).summary).toMatchObject({
      validation_frames: 1,
      gt_count: 1,
      valid_count: 1,
      accuracy: 1,
    })
    await owner.call('PATCH', path, { body: { disabled_frames: [] } })
    expect((await report({ task_id: task.id })).summary).toMatchObject({ validation_frames: 2, gt_count: 2 })
  })

  test('of a project: reports of unchanged tasks are used again', async () => {
    const project = (
      await owner.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }, { name: 'bus' }] } })
    ).json
    const task = await createTask()
    await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: project.id } })
    const first = await report({ project_id: project.id })
    expect(first.summary.tasks).toMatchObject({ total: 1, included: 1, not_configured: 0 })
    expect(first.summary.gt_count).toBe(10)
    const idsOf = async (id: number) =>
      (await owner.call('GET', `/api/quality/reports?parent_id=${id}&target=task`)).json.results.map((row: any) => row.id)
    const second = await report({ project_id: project.id })
    expect(await idsOf(second.id)).toEqual(await idsOf(first.id))
    await annotate(task.jobs[0]!.id, [])
    await annotate(task.jobs[0]!.id, [
      box(1, (await owner.call('GET', `/api/labels?project_id=${project.id}`)).json.results[0].id, 10),
    ])
    const third = await report({ project_id: project.id })
    expect(await idsOf(third.id)).not.toEqual(await idsOf(first.id))
  })
})

test('feedback at completion: tries are counted, a good job is accepted', async () => {
  const task = await createTask()
  const [job] = task.jobs
  const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
  const path = `/api/quality/jobs/${job!.id}/validation`
  expect((await owner.call('POST', path)).status).toBe(400)
  await owner.call('PATCH', `/api/quality/settings/${settings.id}`, { body: { max_validations_per_job: 2 } })
  expect((await owner.call('POST', path)).json).toMatchObject({ passed: false, score: 0, threshold: 0.7, attempts_left: 1 })
  await annotate(job!.id, [box(1, task.car, 10)])
  expect((await owner.call('POST', path)).json).toMatchObject({ passed: true, score: 1, attempts_left: 0 })
  expect((await owner.call('GET', `/api/jobs/${job!.id}`)).json).toMatchObject({ stage: 'acceptance', state: 'completed' })
  expect((await owner.call('POST', path)).status).toBe(400)
  expect((await stranger.call('POST', path)).status).toBe(403)
})

test('feedback: tries at the same time are all counted, and none is made without frames or ground truth', async () => {
  const task = await createTask()
  const [first, second] = task.jobs.map(({ id }) => `/api/quality/jobs/${id}/validation`) as [string, string]
  const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
  await owner.call('PATCH', `/api/quality/settings/${settings.id}`, { body: { max_validations_per_job: 2 } })
  const answers = await Promise.all(Array.from({ length: 5 }, () => owner.call('POST', first)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 400, 400, 400])
  expect((await owner.call('GET', first)).json).toMatchObject({ enabled: true, attempts: 2, attempts_left: 0 })
  await owner.call('PATCH', `/api/tasks/${task.id}/validation_layout`, { body: { disabled_frames: [7] } })
  expect((await owner.call('POST', second)).text).toContain('no validation frames')
  await tx(async (t) => void (await t.update(jobs).set({ state: 'in progress' }).where(eq(jobs.id, task.truth))))
  expect((await owner.call('POST', second)).text).toContain('requires a Ground Truth job')
  expect((await owner.call('GET', second)).json).toMatchObject({ attempts: 0, attempts_left: 2 })
})

describe('attributes in requirements', () => {
  const labels = [{ name: 'car', attributes: [{ name: 'plate', input_type: 'text', mutable: false, values: [''], default_value: '' }, { name: 'color', input_type: 'select', mutable: false, values: ['red', 'blue'], default_value: 'red' }] }] // biome-ignore format: data

  /** A box in the ground truth and one in the job, with other values. */
  const createPair = async (truthPlate: string, plate: string, color = 'red') => {
    const task = await createBareTask(owner, { labels })
    const [label] = task.labels
    const [plateId, colorId] = label!.attributes.map(({ id }) => id) as [number, number]
    const shape = (text: string, tint: string) => ({
      ...box(1, label!.id, 10),
      attributes: [{ spec_id: plateId, value: text }, { spec_id: colorId, value: tint }], // biome-ignore format: pairs
    })
    const selection = { type: 'ground_truth', task_id: task.id, frame_selection_method: 'manual', frames: [1] }
    const truth = (await owner.call('POST', '/api/jobs', { body: selection })).json
    await annotate(truth.id, [shape(truthPlate, 'red')])
    await annotate(task.jobs[0]!.id, [shape(plate, color)])
    await tx(async (t) => {
      await t.update(jobs).set({ stage: 'acceptance', state: 'completed' }).where(eq(jobs.id, truth.id))
    })
    const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
    return { ...task, plateId, colorId, settings, base: settings.requirements[0].id as number }
  }
  const mismatches = ({ summary }: any): number => summary.conflicts_by_type.mismatching_attributes ?? 0

  test('texts may differ a little, single attributes may be left out', async () => {
    const { id, base, plateId, colorId } = await createPair('AB 123', 'AB 124', 'blue')
    const tell = (attribute_comparison: object) =>
      owner.call('PATCH', `/api/quality/settings/requirements/${base}`, { body: { attribute_comparison } })
    const conflictsOf = async (reportId: number) =>
      (await owner.call('GET', `/api/quality/conflicts?report_id=${reportId}`)).json.results.map(
        (one: any) => one.attribute_names,
      )
    const names = async (attribute_comparison: object) => {
      expect((await tell(attribute_comparison)).status).toBe(200)
      return (await conflictsOf((await report({ task_id: id })).id)).flat()
    }
    expect(await names({ default: { enabled: true } })).toEqual(['plate', 'color'])
    expect(await names({ default: { enabled: true, comparator: 'levenshtein', threshold: 0.8 } })).toEqual(['color'])
    expect(await names({ default: { enabled: true, comparator: 'levenshtein', threshold: 0.9 } })).toEqual(['plate', 'color'])
    const rules = [{ spec_id: colorId, enabled: false }]
    expect(await names({ default: { enabled: true }, rules })).toEqual(['plate'])
    expect(await names({ default: { enabled: false }, rules: [{ spec_id: plateId, enabled: true }] })).toEqual(['plate'])
    expect(await names({ default: { enabled: false } })).toEqual([])
  })

  test('a requirement with rules of its own counts other values as wrong; the base one does not', async () => {
    const { id, settings, colorId } = await createPair('x', 'x', 'blue')
    const make = (name: string, attribute_comparison?: object) =>
      owner.call('POST', '/api/quality/settings/requirements', { body: { settings_id: settings.id, name, attribute_comparison } })
    await make('colors', { default: { enabled: false }, rules: [{ spec_id: colorId, enabled: true }] })
    await make('plates', { default: { enabled: true }, rules: [{ spec_id: colorId, enabled: false }] })
    await make('as the base')
    const made = await report({ task_id: id })
    expect(made.summary.requirements.items.map(({ name, score }: any) => [name, score])).toEqual([
      ['Base', 1],
      ['colors', 0],
      ['plates', 1],
      ['as the base', 1],
    ])
    expect(mismatches(made)).toBe(1)
  })

  test('a requirement about an attribute that is gone is not computed, and says why', async () => {
    const { id, settings, colorId, labels: own } = await createPair('x', 'x')
    const rules = [{ spec_id: colorId, enabled: true }]
    const body = { settings_id: settings.id, name: 'colors', attribute_comparison: { rules } }
    expect((await owner.call('POST', '/api/quality/settings/requirements', { body })).status).toBe(201)
    await tx(async (t) => void (await t.delete(attributes).where(eq(attributes.id, colorId))))
    expect(own).toHaveLength(1)
    const { items } = (await report({ task_id: id })).summary.requirements
    expect(items[1]).toMatchObject({
      name: 'colors',
      score: null,
      calculation: { status: 'not_computed', reason: 'required_attributes_missing' },
    })
  })

  test.each([
    [{ rules: [{ spec_id: 99999999, enabled: true }] }],
    [{ default: { enabled: true, comparator: 'sounds like' } }],
    [{ default: { enabled: true, threshold: 1.5 } }],
    [{ rules: [{ enabled: true }] }],
  ])('%j is refused, and nothing is made', async (attribute_comparison) => {
    const { settings } = await createPair('x', 'x')
    const path = '/api/quality/settings/requirements'
    const answer = await owner.call('POST', path, { body: { settings_id: settings.id, name: 'n', attribute_comparison } })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('attribute_comparison')])
    expect((await owner.call('GET', `${path}?settings_id=${settings.id}`)).json.count).toBe(1)
  })
})

test('points of skeletons as a requirement', async () => {
  const sublabels = ['a', 'b', 'c', 'd'].map((name) => ({ name, type: 'points', attributes: [] }))
  const svg = sublabels
    .map(
      ({ name }, at) =>
        `<circle r="1" cx="${10 * at}" cy="${10 * (at % 2)}" data-type="element node" data-element-id="${at + 1}" data-node-id="${at + 1}" data-label-name="${name}"></circle>`,
    )
    .join('')
  const task = await createBareTask(owner, { labels: [{ name: 'body', type: 'skeleton', sublabels, svg, attributes: [] }] })
  const [body] = task.labels
  const skeleton = (offset: number) => ({
    type: 'skeleton',
    frame: 1,
    label_id: body!.id,
    elements: body!.sublabels.map(({ id }, at) => ({
      type: 'points',
      frame: 1,
      label_id: id,
      points: [100 + 80 * (at % 2) + (at === 0 ? offset : 0), 100 + 80 * (at >> 1)],
    })),
  })
  const selection = { type: 'ground_truth', task_id: task.id, frame_selection_method: 'manual', frames: [1] }
  const truth = (await owner.call('POST', '/api/jobs', { body: selection })).json
  expect((await annotate(truth.id, [skeleton(0)])).status).toBe(200)
  await annotate(task.jobs[0]!.id, [skeleton(70)])
  await tx(async (t) => {
    await t.update(jobs).set({ stage: 'acceptance', state: 'completed' }).where(eq(jobs.id, truth.id))
  })
  const [settings] = (await owner.call('GET', `/api/quality/settings?task_id=${task.id}`)).json.results
  const make = (annotation_type: string) =>
    owner.call('POST', '/api/quality/settings/requirements', {
      body: { settings_id: settings.id, name: annotation_type, annotation_type },
    })
  await make('skeleton_keypoint')
  await make('skeleton')
  const { items } = (await report({ task_id: task.id })).summary.requirements
  expect(items.map(({ name, score_components }: any) => [name, score_components])).toEqual([
    ['Base', { valid_count: 1, missing_count: 0, extra_count: 0 }],
    ['skeleton_keypoint', { valid_count: 3, missing_count: 1, extra_count: 1 }],
    ['skeleton', { valid_count: 1, missing_count: 0, extra_count: 0 }],
  ])
})
