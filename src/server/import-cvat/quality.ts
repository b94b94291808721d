// Settings, reports and conflicts of quality control, and settings of consensus, out of a dump.
import { consensusSettings } from '../consensus/schema'
import { qualityConflicts, qualityReportParents, qualityReports, qualityRequirements, qualitySettings } from '../quality/schema'
import { summarizeStored } from '../quality/service'
import { type Dump, groupByField, readTime, readTimeOrNull } from './dump'
import { rowsOf, type TableRows } from './rows'

/** Thresholds become the base requirement. */
const readSettings = (dump: Dump): TableRows[] => {
  const rows = dump.take('quality_control.qualitysettings')
  return [
    rowsOf(
      qualitySettings,
      rows.map(({ id, fields }) => ({
        id,
        taskId: (fields.task ?? null) as number | null,
        projectId: (fields.project ?? null) as number | null,
        inherit: (fields.inherit ?? true) as boolean,
        jobFilter: (fields.job_filter ?? '') as string,
        maxValidationsPerJob: (fields.max_validations_per_job ?? 0) as number,
        lowOverlapThreshold: fields.low_overlap_threshold as number,
        emptyIsAnnotated: (fields.empty_is_annotated ?? false) as boolean,
        createdDate: readTimeOrNull(fields.created_date) ?? new Date(),
        updatedDate: readTimeOrNull(fields.updated_date) ?? new Date(),
      })),
    ),
    rowsOf(
      qualityRequirements,
      rows.map(({ id, fields }) => ({
        settingsId: id,
        name: 'Base',
        isBase: true,
        metric: (fields.target_metric ?? 'accuracy') as string,
        requiredScore: (fields.target_metric_threshold ?? 0.7) as number,
        iouThreshold: fields.iou_threshold as number,
        pointSize: fields.oks_sigma as number,
        pointSizeBase: (fields.point_size_base ?? 'group_bbox_size') as 'image_size' | 'group_bbox_size',
        lineThickness: fields.line_thickness as number,
        matchOrientation: fields.compare_line_orientation as boolean,
        lineOrientationThreshold: fields.line_orientation_threshold as number,
        matchGroups: fields.compare_groups as boolean,
        groupMatchThreshold: fields.group_match_threshold as number,
        checkCoveredAnnotations: fields.check_covered_annotations as boolean,
        objectVisibilityThreshold: fields.object_visibility_threshold as number,
        panopticComparison: fields.panoptic_comparison as boolean,
        attributeComparison: { default: { enabled: fields.compare_attributes as boolean }, rules: [] },
        createdDate: readTimeOrNull(fields.created_date) ?? new Date(),
        updatedDate: readTimeOrNull(fields.updated_date) ?? new Date(),
      })),
    ),
  ]
}

const readReports = (dump: Dump): TableRows[] => {
  const rows = dump.take('quality_control.qualityreport')
  const bodyOf = (data: unknown) => (typeof data === 'string' ? data : JSON.stringify(data))
  return [
    rowsOf(
      qualityReports,
      rows.map(({ id, fields }) => ({
        id,
        jobId: (fields.job ?? null) as number | null,
        taskId: (fields.task ?? null) as number | null,
        projectId: (fields.project ?? null) as number | null,
        createdDate: readTime(fields.created_date),
        targetLastUpdated: readTime(fields.target_last_updated),
        gtLastUpdated: readTimeOrNull(fields.gt_last_updated),
        assigneeId: dump.person(fields.assignee),
        assigneeLastUpdated: readTimeOrNull(fields.assignee_last_updated),
        summary: summarizeStored(bodyOf(fields.data)),
        data: bodyOf(fields.data),
      })),
    ),
    rowsOf(
      qualityReportParents,
      rows.flatMap(({ id, fields }) => {
        // Older versions knew one parent.
        const parents = (fields.parents ?? (fields.parent ? [fields.parent] : [])) as number[]
        return parents.map((parentId) => ({ parentId, childId: id }))
      }),
    ),
  ]
}

const readConflicts = (dump: Dump): TableRows => {
  const named = groupByField(dump.take('quality_control.annotationid'), 'conflict')
  return rowsOf(
    qualityConflicts,
    dump.take('quality_control.annotationconflict').map(({ id, fields }) => ({
      id,
      reportId: fields.report as number,
      frame: fields.frame as number,
      type: fields.type,
      severity: fields.severity,
      annotations: (named.get(id) ?? []).map(({ fields: own }) => ({
        obj_id: own.obj_id as number,
        job_id: own.job_id as number,
        type: own.type,
        shape_type: (own.shape_type ?? null) as string | null,
      })),
      attributeNames: [],
    })),
  )
}

const readConsensus = (dump: Dump): TableRows =>
  rowsOf(
    consensusSettings,
    dump.take('consensus.consensussettings').map(({ id, fields }) => ({
      id,
      taskId: fields.task as number,
      quorum: fields.quorum as number,
      iouThreshold: fields.iou_threshold as number,
    })),
  )

export const readQuality = (dump: Dump): TableRows[] => [
  ...readSettings(dump),
  ...readReports(dump),
  readConflicts(dump),
  readConsensus(dump),
]
