// Settings of quality control: one row per task and project, whose thresholds stand in the base requirement.
import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { aliased } from '../db/dialect'
import { type Db, db, type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { since } from '../http/compat'
import { found, invalid } from '../http/errors'
import { float, isoTime } from '../http/json'
import { filterToSql, type ListOptions, type Paging } from '../http/page'
import { type FactColumns, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { getProject } from '../projects/service'
import { tasks } from '../tasks/schema'
import { getTask, touchTask } from '../tasks/service'
import { defaultParameters, type Parameters } from './compare/parameters'
import { jobFields } from './job-filter'
import { qualityRequirements, qualitySettings } from './schema'
import { showRequirements } from './show-requirements'

export type Settings = typeof qualitySettings.$inferSelect
export type Requirement = typeof qualityRequirements.$inferSelect

export const defaultJobFilter = '{"==": [{"var": "type"}, "annotation"]}'

/** Values of a base requirement that is new. */
export const baseValues = {
  name: 'Base',
  isBase: true,
  metric: 'accuracy',
  requiredScore: 0.7,
  iouThreshold: defaultParameters.iou_threshold,
  pointSize: defaultParameters.oks_sigma,
  pointSizeBase: defaultParameters.point_size_base,
  lineThickness: defaultParameters.line_thickness,
  matchOrientation: defaultParameters.compare_line_orientation,
  lineOrientationThreshold: defaultParameters.line_orientation_threshold,
  matchGroups: defaultParameters.compare_groups,
  groupMatchThreshold: defaultParameters.group_match_threshold,
  checkCoveredAnnotations: defaultParameters.check_covered_annotations,
  objectVisibilityThreshold: defaultParameters.object_visibility_threshold,
  panopticComparison: defaultParameters.panoptic_comparison,
  attributeComparison: { default: { enabled: defaultParameters.compare_attributes }, rules: [] },
}

export type SettingsParent = { taskId: number } | { projectId: number }
const parentIs = (parent: SettingsParent) =>
  'taskId' in parent ? eq(qualitySettings.taskId, parent.taskId) : eq(qualitySettings.projectId, parent.projectId)

const insertSettings = async (t: Tx, parent: SettingsParent): Promise<Settings> => {
  const [place] =
    'taskId' in parent
      ? await t.select({ date: tasks.createdDate }).from(tasks).where(eq(tasks.id, parent.taskId))
      : await t.select({ date: projects.createdDate }).from(projects).where(eq(projects.id, parent.projectId))
  // Defaults are as old as what they are about: reports that were made with them stay true.
  const dates = { createdDate: found(place).date, updatedDate: found(place).date }
  const [row] = await t
    .insert(qualitySettings)
    .values({ ...parent, jobFilter: defaultJobFilter, ...dates })
    .returning()
  await t.insert(qualityRequirements).values({ settingsId: row!.id, ...baseValues, ...dates })
  return row!
}

/** The settings of a task or project; made with their defaults when they are asked for first. */
export const ensureSettings = async (parent: SettingsParent): Promise<Settings> => {
  const [there] = await db.select().from(qualitySettings).where(parentIs(parent))
  if (there) return there
  return tx(async (t) => {
    const [row] = await t.select().from(qualitySettings).where(parentIs(parent))
    return row ?? insertSettings(t, parent)
  })
}

export const listRequirements = async (settingsIds: number[], from: Db = db): Promise<Requirement[]> =>
  settingsIds.length
    ? from
        .select()
        .from(qualityRequirements)
        .where(inArray(qualityRequirements.settingsId, settingsIds))
        .orderBy(asc(qualityRequirements.sortOrder), asc(qualityRequirements.id))
    : []

/** Thresholds of the base requirement under the names that comparisons know. */
export const toParameters = (settings: Settings, base: Requirement): Parameters => ({
  ...defaultParameters,
  compare_attributes: base.attributeComparison?.default?.enabled ?? defaultParameters.compare_attributes,
  iou_threshold: base.iouThreshold ?? defaultParameters.iou_threshold,
  low_overlap_threshold: settings.lowOverlapThreshold,
  oks_sigma: base.pointSize ?? defaultParameters.oks_sigma,
  point_size_base: base.pointSizeBase ?? defaultParameters.point_size_base,
  line_thickness: base.lineThickness ?? defaultParameters.line_thickness,
  compare_line_orientation: base.matchOrientation ?? defaultParameters.compare_line_orientation,
  line_orientation_threshold: base.lineOrientationThreshold ?? defaultParameters.line_orientation_threshold,
  compare_groups: base.matchGroups ?? defaultParameters.compare_groups,
  group_match_threshold: base.groupMatchThreshold ?? defaultParameters.group_match_threshold,
  check_covered_annotations: base.checkCoveredAnnotations ?? defaultParameters.check_covered_annotations,
  object_visibility_threshold: base.objectVisibilityThreshold ?? defaultParameters.object_visibility_threshold,
  panoptic_comparison: base.panopticComparison ?? defaultParameters.panoptic_comparison,
  empty_is_annotated: settings.emptyIsAnnotated,
})

/** Settings as the API shows them: flat thresholds as older clients know them, and the requirements of newer ones. */
export const showSettings = async (rows: Settings[], from: Db = db) => {
  const requirements = Map.groupBy(
    await listRequirements(
      rows.map(({ id }) => id),
      from,
    ),
    ({ settingsId }) => settingsId,
  )
  return rows.map((row) => {
    const own = requirements.get(row.id) ?? []
    const base = own.find(({ isBase }) => isBase)!
    const { ignored_attributes: _, ...parameters } = toParameters(row, base)
    return {
      id: row.id,
      task_id: row.taskId,
      project_id: row.projectId,
      job_filter: row.jobFilter,
      inherit: row.inherit,
      max_validations_per_job: row.maxValidationsPerJob,
      target_metric: base.metric ?? 'accuracy',
      target_metric_threshold: float(base.requiredScore ?? 0.7),
      ...Object.fromEntries(
        Object.entries(parameters).map(([key, value]) => [key, typeof value === 'number' ? float(value) : value]),
      ),
      ...since('2.80', { requirements: showRequirements(own, row) }),
      created_date: isoTime(row.createdDate),
      updated_date: isoTime(row.updatedDate),
    }
  })
}

export type FlatSettings = Partial<Omit<Parameters, 'ignored_attributes'>> & {
  job_filter?: string
  inherit?: boolean
  max_validations_per_job?: number
  target_metric?: string
  target_metric_threshold?: number
}

/** Throws 400 for a filter over jobs that does not make sense. */
export const readJobFilter = (text: string): SQL | undefined => {
  if (!text) return undefined
  let rule: unknown
  try {
    rule = JSON.parse(text)
  } catch {
    throw invalid({ job_filter: 'Not valid JSON.' })
  }
  if (Array.isArray(rule) && !rule.length) return undefined
  return filterToSql(rule, jobFields)
}

const projectOfTask = aliased(projects, 'project_of_task')
const taskOrProject = (task: unknown, project: unknown) => sql`coalesce(${task}, ${project})`
const factColumns: FactColumns = {
  organizationId: taskOrProject(tasks.organizationId, projects.organizationId) as any,
  ownerId: taskOrProject(tasks.ownerId, projects.ownerId) as any,
  assigneeId: taskOrProject(tasks.assigneeId, projects.assigneeId) as any,
  parents: [{ ownerId: projectOfTask.ownerId as any, assigneeId: projectOfTask.assigneeId as any }],
}

export const settingsOptions: ListOptions = {
  fields: {
    id: { column: qualitySettings.id as any, kind: 'number' },
    task_id: { column: qualitySettings.taskId as any, kind: 'number' },
    project_id: { column: qualitySettings.projectId as any, kind: 'number' },
    inherit: { column: qualitySettings.inherit as any, kind: 'boolean' },
    created_date: { column: qualitySettings.createdDate as any, kind: 'time' },
    updated_date: { column: qualitySettings.updatedDate as any, kind: 'time' },
  },
  search: [],
  simple: ['task_id', 'inherit'],
}

export type SettingsQuery = { taskId?: number; projectId?: number; parentType?: string }

/** Of the place that is asked for: 404 or 403 unless the person may see it. Its settings are made when there are none yet. */
export const openPlace = async (who: Who, { taskId, projectId }: SettingsQuery): Promise<void> => {
  if (taskId !== undefined) {
    await getTask(who, taskId)
    await ensureSettings({ taskId })
  } else if (projectId !== undefined) {
    await getProject(who, projectId)
    await ensureSettings({ projectId })
  }
}

const joined = <T extends { leftJoin: any }>(query: T): T =>
  query
    .leftJoin(tasks, eq(tasks.id, qualitySettings.taskId))
    .leftJoin(projects, eq(projects.id, qualitySettings.projectId))
    .leftJoin(projectOfTask, eq(projectOfTask.id, tasks.projectId))

/** What the person may see; settings of a project's tasks come with those of the project. */
export const settingsScope = (who: Who, context: OrgContext, { projectId, parentType }: SettingsQuery): SQL | undefined => {
  if (parentType !== undefined && parentType !== 'task' && parentType !== 'project')
    throw invalid({ parent_type: `Unexpected 'parent_type' filter value '${parentType}'. Valid values are: task, project` })
  return and(
    scope(who, 'quality-settings', 'view', factColumns, context),
    projectId === undefined ? undefined : sql`(${tasks.projectId} = ${projectId} or ${qualitySettings.projectId} = ${projectId})`,
    parentType === undefined ? undefined : sql`${parentType === 'task' ? tasks.id : projects.id} is not null`,
  )
}

export const listSettings = async (where: SQL | undefined, order: SQL[], paging: Paging) => {
  const rows: { settings: Settings }[] = await joined(db.select({ settings: qualitySettings }).from(qualitySettings) as any)
    .where(where)
    .orderBy(...order, asc(qualitySettings.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await joined(db.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(qualitySettings) as any).where(where)
  return { rows: rows.map(({ settings }) => settings), count: total!.n as number }
}

/** Requirements of settings that the person may see, joined for filters. */
export const listRequirementRows = async (where: SQL | undefined, order: SQL[], paging: Paging) => {
  const from = <T extends { innerJoin: any }>(query: T) =>
    joined(query.innerJoin(qualitySettings, eq(qualitySettings.id, qualityRequirements.settingsId)))
  const rows: { requirement: Requirement; settings: Settings }[] = await from(
    db.select({ requirement: qualityRequirements, settings: qualitySettings }).from(qualityRequirements) as any,
  )
    .where(where)
    .orderBy(...order, asc(qualityRequirements.sortOrder), asc(qualityRequirements.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await from(db.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(qualityRequirements) as any).where(
    where,
  )
  return { rows, count: total!.n as number }
}

/** The settings, when the person may do `action` with their task or project: else 404 or 403. */
export const getSettings = async (who: Who, id: number, action: 'view' | 'update' = 'view'): Promise<Settings> => {
  const row = found((await db.select().from(qualitySettings).where(eq(qualitySettings.id, id)))[0])
  if (row.taskId !== null) await getTask(who, row.taskId, action)
  else await getProject(who, row.projectId!, action)
  return row
}

/** Settings move the dates of their task or project, so that reports know that they are old. */
export const touchSettings = async (t: Tx, { id, taskId, projectId }: Settings, now: Date) => {
  await t.update(qualitySettings).set({ updatedDate: now }).where(eq(qualitySettings.id, id))
  if (taskId !== null) await touchTask(t, taskId, now)
  if (projectId !== null) await t.update(projects).set({ updatedDate: now }).where(eq(projects.id, projectId))
}

/** Where settings belong, as the audit log names places. */
export const findAuditPlace = async (t: Tx, { taskId, projectId }: Pick<Settings, 'taskId' | 'projectId'>) => {
  const [row] =
    taskId === null
      ? await t
          .select({ organizationId: projects.organizationId, projectId: projects.id })
          .from(projects)
          .where(eq(projects.id, projectId!))
      : await t
          .select({ organizationId: tasks.organizationId, projectId: tasks.projectId })
          .from(tasks)
          .where(eq(tasks.id, taskId))
  return { ...found(row), taskId }
}

/** What the audit log compares; requirements have lines of their own. */
const describeSettings = async (row: Settings, t: Tx): Promise<Record<string, unknown>> => {
  const [shown] = await showSettings([row], t)
  const { requirements: _, ...fields } = shown as Record<string, unknown>
  return fields
}

const given = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

export const updateSettings = async (who: Who, id: number, input: FlatSettings): Promise<Settings> => {
  const row = await getSettings(who, id, 'update')
  if (input.job_filter !== undefined) readJobFilter(input.job_filter)
  const now = new Date()
  return tx(async (t) => {
    const before = await describeSettings(row, t)
    await t
      .update(qualitySettings)
      .set({
        updatedDate: now,
        ...given({
          jobFilter: input.job_filter,
          inherit: input.inherit,
          maxValidationsPerJob: input.max_validations_per_job,
          lowOverlapThreshold: input.low_overlap_threshold,
          emptyIsAnnotated: input.empty_is_annotated,
        }),
      })
      .where(eq(qualitySettings.id, id))
    const [base] = (await listRequirements([id], t)).filter(({ isBase }) => isBase)
    await t
      .update(qualityRequirements)
      .set({
        updatedDate: now,
        ...given({
          metric: input.target_metric,
          requiredScore: input.target_metric_threshold,
          iouThreshold: input.iou_threshold,
          pointSize: input.oks_sigma,
          pointSizeBase: input.point_size_base,
          lineThickness: input.line_thickness,
          matchOrientation: input.compare_line_orientation,
          lineOrientationThreshold: input.line_orientation_threshold,
          matchGroups: input.compare_groups,
          groupMatchThreshold: input.group_match_threshold,
          checkCoveredAnnotations: input.check_covered_annotations,
          objectVisibilityThreshold: input.object_visibility_threshold,
          panopticComparison: input.panoptic_comparison,
        }),
        ...(input.compare_attributes !== undefined && {
          attributeComparison: {
            ...base!.attributeComparison,
            default: { ...base!.attributeComparison?.default, enabled: input.compare_attributes },
          },
        }),
      })
      .where(eq(qualityRequirements.id, base!.id))
    await touchSettings(t, row, now)
    const [changed] = await t.select().from(qualitySettings).where(eq(qualitySettings.id, id))
    const bodies = { before, after: await describeSettings(changed!, t) }
    await recordChange(t, who, {
      action: 'update',
      resource: 'qualitysettings',
      id,
      ...(await findAuditPlace(t, row)),
      ...bodies,
    })
    return changed!
  })
}

/** What counts for a task: its own settings or, when it inherits, those of its project. */
export const findEffective = async (task: { id: number; projectId: number | null }) => {
  const own = await ensureSettings({ taskId: task.id })
  const isInherited = own.inherit && task.projectId !== null
  const settings = isInherited ? await ensureSettings({ projectId: task.projectId! }) : own
  return { settings, inherited: isInherited, requirements: await listRequirements([settings.id]) }
}
