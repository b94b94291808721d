// Quality control: settings with their requirements, reports with their conflicts, and tries at finishing a job.
import { bool, id, index, int, json, real, table, text, time, unique } from '../db/dialect'
import { jobs } from '../jobs/schema'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import type { ConflictType, Severity } from './compare/compare-frame'
import type { MarkRef } from './compare/marks'
import type { PointSizeBase } from './compare/parameters'
import type { Summary } from './report'

export const qualitySettings = table(
  'quality_settings',
  {
    id: id(),
    /** Of a task or of a project. */
    taskId: int('task_id').references(() => tasks.id, { onDelete: 'cascade' }),
    projectId: int('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    /** Those of the project count for the task. */
    inherit: bool('inherit').notNull().default(true),
    /** JSON Logic over jobs. */
    jobFilter: text('job_filter').notNull(),
    /** How often an assignee may have a job checked; 0 = no checks at completion. */
    maxValidationsPerJob: int('max_validations_per_job').notNull().default(0),
    lowOverlapThreshold: real('low_overlap_threshold').notNull().default(0.8),
    emptyIsAnnotated: bool('empty_is_annotated').notNull().default(false),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [unique('quality_settings_task').on(t.taskId), unique('quality_settings_project').on(t.projectId)],
)

export type AttributeRule = { enabled?: boolean | null; comparator?: string | null; threshold?: number | null }
export type AttributeComparison = { default?: AttributeRule | null; rules?: (AttributeRule & { spec_id: number })[] }

/** What is to be reached, and how it is measured. Null = as the parent requirement, at last the base one, says. */
export const qualityRequirements = table(
  'quality_requirements',
  {
    id: id(),
    settingsId: int('settings_id')
      .notNull()
      .references(() => qualitySettings.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** Every settings has one base requirement, about all annotations. */
    isBase: bool('is_base').notNull().default(false),
    sortOrder: int('sort_order').notNull().default(0),
    /** JSON Logic over annotations. */
    filter: text('filter').notNull().default(''),
    enabled: bool('enabled').notNull().default(true),
    annotationType: text('annotation_type'),
    metric: text('metric'),
    requiredScore: real('required_score'),
    parentId: int('parent_id').references((): any => qualityRequirements.id, { onDelete: 'cascade' }),
    iouThreshold: real('iou_threshold'),
    pointSize: real('point_size'),
    pointSizeBase: text('point_size_base').$type<PointSizeBase>(),
    lineThickness: real('line_thickness'),
    matchOrientation: bool('match_orientation'),
    lineOrientationThreshold: real('line_orientation_threshold'),
    matchGroups: bool('match_groups'),
    groupMatchThreshold: real('group_match_threshold'),
    checkCoveredAnnotations: bool('check_covered_annotations'),
    objectVisibilityThreshold: real('object_visibility_threshold'),
    panopticComparison: bool('panoptic_comparison'),
    attributeComparison: json('attribute_comparison').$type<AttributeComparison>(),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [index('quality_requirements_settings').on(t.settingsId), index('quality_requirements_parent').on(t.parentId)],
)

export const qualityReports = table(
  'quality_reports',
  {
    id: id(),
    /** Of one of the three. */
    jobId: int('job_id').references(() => jobs.id, { onDelete: 'cascade' }),
    taskId: int('task_id').references(() => tasks.id, { onDelete: 'cascade' }),
    projectId: int('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    createdDate: time('created_date').notNull(),
    /** How new what was looked at is. */
    targetLastUpdated: time('target_last_updated').notNull(),
    gtLastUpdated: time('gt_last_updated'),
    /** Who worked on it at the time. */
    assigneeId: int('assignee_id').references(() => users.id, { onDelete: 'set null' }),
    assigneeLastUpdated: time('assignee_last_updated'),
    summary: json('summary').$type<Summary>().notNull(),
    /** JSON text: everything, see report.ts. */
    data: text('data').notNull(),
  },
  (t) => [
    index('quality_reports_job').on(t.jobId),
    index('quality_reports_task').on(t.taskId),
    index('quality_reports_project').on(t.projectId),
  ],
)

/** Job reports have one parent, task reports as many as project reports use them. */
export const qualityReportParents = table(
  'quality_report_parents',
  {
    id: id(),
    parentId: int('parent_id')
      .notNull()
      .references(() => qualityReports.id, { onDelete: 'cascade' }),
    childId: int('child_id')
      .notNull()
      .references(() => qualityReports.id, { onDelete: 'cascade' }),
  },
  (t) => [index('quality_report_parents_parent').on(t.parentId), index('quality_report_parents_child').on(t.childId)],
)

export const qualityConflicts = table(
  'quality_conflicts',
  {
    id: id(),
    /** A job's report. */
    reportId: int('report_id')
      .notNull()
      .references(() => qualityReports.id, { onDelete: 'cascade' }),
    frame: int('frame').notNull(),
    type: text('type').$type<ConflictType>().notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    annotations: json('annotations').$type<MarkRef[]>().notNull(),
    attributeNames: json('attribute_names').$type<string[]>().notNull(),
  },
  (t) => [index('quality_conflicts_report').on(t.reportId)],
)

/** One row per try of an assignee to finish a job that is checked at once. */
export const jobValidations = table(
  'job_validations',
  {
    id: id(),
    jobId: int('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    userId: int('user_id').references(() => users.id, { onDelete: 'set null' }),
    createdDate: time('created_date').notNull(),
    score: real('score').notNull(),
    isPassed: bool('is_passed').notNull(),
  },
  (t) => [index('job_validations_job').on(t.jobId)],
)
