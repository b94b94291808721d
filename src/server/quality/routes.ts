// /api/quality
import { and, type SQL } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { invalid, notFound } from '../http/errors'
import { jsonResponse } from '../http/json'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { startRequest } from '../requests/service'
import { comparators } from './compare/attributes'
import { showMatrix, writeAllCsv, writeMatrixCsv } from './confusion-files'
import { readLegacyRequest } from './legacy-status'
import * as reports from './reports'
import * as requirements from './requirements'
import * as settings from './settings'
import { showRequirement } from './show-requirements'
import { readValidation, validateJob } from './validate-job'

const id = t.Object({ id: t.Numeric() })
const share = t.Number({ minimum: 0, maximum: 1 })
const maxInteger = 2 ** 31 - 1
/** Clients send whole objects back; what cannot be changed is ignored. */
const loose = { additionalProperties: true }
const metrics = ['', 'mean_', 'label_'].flatMap((prefix) =>
  ['accuracy', 'precision', 'recall', 'jaccard_index', 'dice'].map((name) => t.Literal(`${prefix}${name}`)),
)
const metric = t.Union(metrics)
const pointSizeBase = t.Union([t.Literal('image_size'), t.Literal('group_bbox_size')])
const maybe = <T extends Parameters<typeof t.Nullable>[0]>(schema: T) => t.Optional(t.Nullable(schema))

const rule = {
  enabled: t.Optional(t.Nullable(t.Boolean())),
  comparator: maybe(t.Union(comparators.map((name) => t.Literal(name)))),
  threshold: maybe(share),
}
const requirementFields = {
  settings_id: t.Optional(t.Integer()),
  name: t.Optional(t.String({ minLength: 1, maxLength: 250 })),
  sort_order: t.Optional(t.Integer({ minimum: -maxInteger - 1, maximum: maxInteger })),
  filter: t.Optional(t.String()),
  enabled: t.Optional(t.Boolean()),
  annotation_type: maybe(
    t.Union(
      ['', 'tag', 'rectangle', 'skeleton', 'skeleton_keypoint', 'points', 'polyline', 'mask', 'polygon', 'ellipse'].map((name) =>
        t.Literal(name),
      ),
    ),
  ),
  metric: maybe(metric),
  required_score: maybe(share),
  parent_requirement: maybe(t.Integer()),
  iou_threshold: maybe(share),
  point_size: maybe(share),
  point_size_base: maybe(pointSizeBase),
  line_thickness: maybe(share),
  match_orientation: maybe(t.Boolean()),
  line_orientation_threshold: maybe(share),
  match_groups: maybe(t.Boolean()),
  group_match_threshold: maybe(share),
  check_covered_annotations: maybe(t.Boolean()),
  object_visibility_threshold: maybe(share),
  panoptic_comparison: maybe(t.Boolean()),
  attribute_comparison: maybe(
    t.Object({
      default: maybe(t.Object(rule)),
      rules: t.Optional(t.Array(t.Object({ ...rule, spec_id: t.Integer(), enabled: t.Boolean() }))),
    }),
  ),
}
const requirementBody = t.Object(requirementFields, loose)

const settingsBody = t.Object(
  {
    job_filter: t.Optional(t.String({ maxLength: 1024 })),
    inherit: t.Optional(t.Boolean()),
    max_validations_per_job: t.Optional(t.Integer({ minimum: 0, maximum: maxInteger })),
    target_metric: t.Optional(metric),
    target_metric_threshold: t.Optional(share),
    iou_threshold: t.Optional(share),
    oks_sigma: t.Optional(share),
    point_size_base: t.Optional(pointSizeBase),
    line_thickness: t.Optional(share),
    low_overlap_threshold: t.Optional(share),
    compare_line_orientation: t.Optional(t.Boolean()),
    line_orientation_threshold: t.Optional(share),
    compare_groups: t.Optional(t.Boolean()),
    group_match_threshold: t.Optional(share),
    check_covered_annotations: t.Optional(t.Boolean()),
    object_visibility_threshold: t.Optional(share),
    panoptic_comparison: t.Optional(t.Boolean()),
    compare_attributes: t.Optional(t.Boolean()),
    empty_is_annotated: t.Optional(t.Boolean()),
  },
  loose,
)

const combine = (where: SQL | undefined, conditions: SQL[]) => and(where, ...conditions)

type Query = Record<string, string | undefined>
const readId = (query: Query, name: string): number | undefined => {
  const text = query[name]
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,10}$/.test(text)) throw invalid({ [name]: 'A valid integer is required.' })
  if (Number(text) > maxInteger) throw notFound()
  return Number(text)
}
const given = <T extends Record<string, unknown>>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
const readReportQuery = (query: Query): reports.ReportQuery =>
  given({
    jobId: readId(query, 'job_id'),
    taskId: readId(query, 'task_id'),
    projectId: readId(query, 'project_id'),
    parentId: readId(query, 'parent_id'),
    target: query.target || undefined,
  })
const readSettingsQuery = (query: Query): settings.SettingsQuery =>
  given({ taskId: readId(query, 'task_id'), projectId: readId(query, 'project_id'), parentType: query.parent_type || undefined })

const showOne = async (row: settings.Settings) => (await settings.showSettings([row]))[0]!
const patchSettings = { params: id, body: settingsBody }
const patchRequirement = { params: id, body: requirementBody }

const routes = new Elysia({ prefix: '/api/quality', tags: ['quality'] })
  .use(signedIn)
  .get('/reports', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const { rows, count } = await reports.listReports(
      who,
      await organization(),
      readReportQuery(query),
      readConditions(query, reports.reportOptions),
      readOrder(query, reports.reportOptions, []),
      paging,
    )
    return listPage(request, origin, paging, count, await reports.showReports(origin, rows))
  })
  .post(
    '/reports',
    async ({ who, origin, body, query, set }) => {
      if (query.rq_id) {
        const { status, reportId, text } = await readLegacyRequest(who, query.rq_id)
        set.status = status
        if (reportId === undefined) return text
        return (await reports.showReports(origin, [await reports.getReport(who, reportId)]))[0]
      }
      const plan = await reports.planReport(who, (body ?? {}) as { task_id?: number; project_id?: number })
      set.status = 202
      return { rq_id: (await startRequest(who, plan)).id }
    },
    {
      body: t.Optional(t.Object({ task_id: t.Optional(t.Integer()), project_id: t.Optional(t.Integer()) }, loose)),
    },
  )
  .get(
    '/reports/:id',
    async ({ who, origin, params }) => (await reports.showReports(origin, [await reports.getReport(who, params.id)]))[0],
    {
      params: id,
    },
  )
  .get(
    '/reports/:id/data',
    async ({ who, origin, params }) =>
      new Response(`${JSON.stringify(await reports.showData(who, origin, params.id), null, 2)}\n`, {
        headers: { 'content-type': 'application/json' },
      }),
    { params: id },
  )
  .get(
    '/reports/:id/confusion',
    async ({ who, params }) =>
      new Response(writeAllCsv((await reports.readBody(who, params.id)).body), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="quality_report_${params.id}_confusion.csv"`,
        },
      }),
    { params: id },
  )
  .get(
    '/reports/:id/confusion/matrix',
    async ({ who, params, query, request }) => {
      const requirement = readId(query, 'requirement')
      if (requirement === undefined) throw invalid({ requirement: 'This field is required.' })
      const { body } = await reports.readBody(who, params.id)
      if (query.format === 'csv')
        return new Response(writeMatrixCsv(body, requirement), {
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': `attachment; filename="quality_report_${params.id}_requirement_${requirement}.csv"`,
          },
        })
      return jsonResponse(request, JSON.stringify(showMatrix(body, requirement)))
    },
    { params: id },
  )
  .get('/jobs/:id/validation', ({ who, params }) => readValidation(who, params.id), { params: id })
  .post('/jobs/:id/validation', ({ who, params }) => validateJob(who, params.id), { params: id })
  .get('/conflicts', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    // Of our own: the editor tells warnings from errors.
    const withWarnings = query.warnings === 'true'
    const { rows, count } = await reports.listConflicts(
      who,
      await organization(),
      readId(query, 'report_id'),
      readConditions(query, reports.conflictOptions),
      readOrder(query, reports.conflictOptions, []),
      paging,
      withWarnings,
    )
    return listPage(
      request,
      origin,
      paging,
      count,
      rows.map((row) => reports.showConflict(row, withWarnings)),
    )
  })
  .get('/settings', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const place = readSettingsQuery(query)
    await settings.openPlace(who, place)
    const { rows, count } = await settings.listSettings(
      combine(settings.settingsScope(who, await organization(), place), readConditions(query, settings.settingsOptions)),
      readOrder(query, settings.settingsOptions, []),
      paging,
    )
    return listPage(request, origin, paging, count, await settings.showSettings(rows))
  })
  .get('/settings/:id', async ({ who, params }) => showOne(await settings.getSettings(who, params.id)), { params: id })
  .patch(
    '/settings/:id',
    async ({ who, params, body }) => showOne(await settings.updateSettings(who, params.id, body as settings.FlatSettings)),
    patchSettings,
  )
  .put(
    '/settings/:id',
    async ({ who, params, body }) => showOne(await settings.updateSettings(who, params.id, body as settings.FlatSettings)),
    patchSettings,
  )
  .get('/settings/requirements', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const place = readSettingsQuery(query)
    await settings.openPlace(who, place)
    const { rows, count } = await settings.listRequirementRows(
      combine(settings.settingsScope(who, await organization(), place), readConditions(query, requirements.requirementOptions)),
      readOrder(query, requirements.requirementOptions, []),
      paging,
    )
    return listPage(
      request,
      origin,
      paging,
      count,
      rows.map((row) => showRequirement(row.requirement, row.settings)),
    )
  })
  .post(
    '/settings/requirements',
    async ({ who, body, set }) => {
      set.status = 201
      return requirements.createRequirement(who, body as requirements.RequirementInput)
    },
    { body: requirementBody },
  )
  .post(
    '/settings/requirements/bulk',
    async ({ who, body, set }) => {
      set.status = 201
      return requirements.createRequirements(who, body.settings_id, body.requirements as requirements.RequirementNode[])
    },
    {
      body: t.Object(
        {
          settings_id: t.Integer(),
          requirements: t.Array(
            t.Recursive((self) =>
              t.Object(
                {
                  ...requirementFields,
                  name: t.String({ minLength: 1, maxLength: 250 }),
                  children: t.Optional(t.Array(self)),
                },
                loose,
              ),
            ),
            { maxItems: 500 },
          ),
        },
        loose,
      ),
    },
  )
  .get('/settings/requirements/:id', ({ who, params }) => requirements.getRequirement(who, params.id), { params: id })
  .patch(
    '/settings/requirements/:id',
    ({ who, params, body }) => requirements.updateRequirement(who, params.id, body as requirements.RequirementInput),
    patchRequirement,
  )
  .put(
    '/settings/requirements/:id',
    ({ who, params, body }) => requirements.updateRequirement(who, params.id, body as requirements.RequirementInput),
    patchRequirement,
  )
  .delete(
    '/settings/requirements/:id',
    async ({ who, params }) => {
      await requirements.removeRequirement(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )

/** Without the types of its routes: together with those of all features they are more than the compiler takes. */
export const quality = routes as unknown as Elysia
