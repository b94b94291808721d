// Requirements as the API shows them, with what they take over from their parents.
import { float, isoTime } from '../http/json'
import type { qualityRequirements, qualitySettings } from './schema'

type Requirement = typeof qualityRequirements.$inferSelect
type Settings = typeof qualitySettings.$inferSelect

/** Fields that a requirement may leave to its parent, by their names in the API. */
export const inheritable = {
  metric: 'metric',
  required_score: 'requiredScore',
  iou_threshold: 'iouThreshold',
  point_size: 'pointSize',
  point_size_base: 'pointSizeBase',
  line_thickness: 'lineThickness',
  match_orientation: 'matchOrientation',
  line_orientation_threshold: 'lineOrientationThreshold',
  match_groups: 'matchGroups',
  group_match_threshold: 'groupMatchThreshold',
  check_covered_annotations: 'checkCoveredAnnotations',
  object_visibility_threshold: 'objectVisibilityThreshold',
  panoptic_comparison: 'panopticComparison',
  attribute_comparison: 'attributeComparison',
} as const satisfies Record<string, keyof Requirement>

/** A requirement with everything that it takes over from its parents and the base one. */
export const resolveRequirement = (row: Requirement, all: readonly Requirement[]): Requirement => {
  const base = all.find(({ isBase }) => isBase)
  const line = [row]
  for (let parent = all.find(({ id }) => id === row.parentId); parent && !line.includes(parent); ) {
    line.push(parent)
    const next: number | null = parent.parentId
    parent = all.find(({ id }) => id === next)
  }
  if (base && !line.includes(base)) line.push(base)
  const resolved = { ...row }
  for (const key of Object.values(inheritable))
    Object.assign(resolved, { [key]: line.map((one) => one[key]).find((value) => value !== null) ?? null })
  return resolved
}

const showValue = (value: unknown) => (typeof value === 'number' ? float(value) : (value ?? null))
const showFields = (row: Requirement) =>
  Object.fromEntries(Object.entries(inheritable).map(([name, key]) => [name, showValue(row[key])]))

export const showRequirement = (row: Requirement, settings: Pick<Settings, 'taskId' | 'projectId'>) => ({
  id: row.id,
  settings_id: row.settingsId,
  task_id: settings.taskId,
  project_id: settings.projectId,
  name: row.name,
  is_base: row.isBase,
  sort_order: row.sortOrder,
  filter: row.filter,
  enabled: row.enabled,
  annotation_type: row.annotationType,
  parent_requirement: row.parentId,
  ...showFields(row),
  created_date: isoTime(row.createdDate),
  updated_date: isoTime(row.updatedDate),
})
export const showRequirements = (rows: Requirement[], settings: Pick<Settings, 'taskId' | 'projectId'>) =>
  rows.map((row) => showRequirement(row, settings))

/** One requirement with what counts for it in the end. */
export const showWithEffective = (
  row: Requirement,
  all: readonly Requirement[],
  settings: Pick<Settings, 'taskId' | 'projectId'>,
) => ({ ...showRequirement(row, settings), effective: showFields(resolveRequirement(row, all)) })
