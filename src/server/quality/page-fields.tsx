// The settings of quality control as fields of forms: what each is called, what it does, and how its text is read.
import { t } from '../../web/ui/i18n/message'
import type { Read } from '../../web/ui/percent'
import { metricNames } from './compare/confusion'
import { describeMetric } from './page-words'

const maxInteger = 2 ** 31 - 1
export const readCount = (text: string): Read<number> => {
  const value = Number(text.trim())
  if (!text.trim() || !Number.isInteger(value)) return { problem: t('A whole number is needed.') }
  return value < 0 || value > maxInteger ? { problem: t('It must be 0 or more.') } : { value }
}

export type SettingKind = 'percent' | 'count' | 'check' | 'metric' | 'base' | 'filter'
export type Setting = {
  /** As the flat settings call it. */
  name: string
  /** As requirements call it, where they have it. */
  ofRequirement?: string
  kind: SettingKind
  label: string
  hint: string
}
export type SettingGroup = { title: string; settings: Setting[] }

const setting = (name: string, kind: SettingKind, label: string, hint: string, ofRequirement?: string): Setting => ({
  name,
  kind,
  label,
  hint,
  ...(ofRequirement && { ofRequirement }),
})

/** All settings in the language of the page. */
export const listSettings = (): SettingGroup[] => [
  {
    title: t('What is to be reached'),
    settings: [
      setting('target_metric', 'metric', t('Target metric'), t('Jobs and tasks are judged by it.'), 'metric'),
      setting('target_metric_threshold', 'percent', t('Target, %'), t('Scores below it do not pass.'), 'required_score'),
      setting(
        'max_validations_per_job',
        'count',
        t('Validations per job'),
        t('How often an assignee may finish a job and learn at once whether it is good enough; 0 turns this off.'),
      ),
      setting(
        'job_filter',
        'filter',
        t('Jobs that count'),
        t('A rule in JSON Logic over id, type, state, stage, assignee, task_id and task_name; empty takes every job.'),
      ),
    ],
  },
  {
    title: t('Shapes'),
    settings: [
      setting(
        'iou_threshold',
        'percent',
        t('Least overlap, %'),
        t('Shapes that overlap less are not the same object.'),
        'iou_threshold',
      ),
      setting('low_overlap_threshold', 'percent', t('Low overlap, %'), t('Matched shapes that overlap less are a warning.')),
      setting('compare_attributes', 'check', t('Compare attributes'), t('Differing values are a warning.')),
      setting(
        'empty_is_annotated',
        'check',
        t('Empty frames are annotated'),
        t('A frame where nothing is, as it should be, counts as one right annotation.'),
      ),
    ],
  },
  {
    title: t('Points and skeletons'),
    settings: [
      setting(
        'oks_sigma',
        'percent',
        t('Point size, %'),
        t('How far a point may lie off, as a part of the object’s size.'),
        'point_size',
      ),
      setting(
        'point_size_base',
        'base',
        t('Size is measured by'),
        t('What the share of the point size is taken of.'),
        'point_size_base',
      ),
    ],
  },
  {
    title: t('Lines'),
    settings: [
      setting(
        'line_thickness',
        'percent',
        t('Line thickness, %'),
        t('As a part of the square root of the picture’s area.'),
        'line_thickness',
      ),
      setting(
        'compare_line_orientation',
        'check',
        t('Check the direction'),
        t('A line that runs the other way is a warning.'),
        'match_orientation',
      ),
      setting(
        'line_orientation_threshold',
        'percent',
        t('Least gain, %'),
        t('How much better a line must fit when turned round to count as running the other way.'),
        'line_orientation_threshold',
      ),
    ],
  },
  {
    title: t('Groups'),
    settings: [
      setting('compare_groups', 'check', t('Compare groups'), t('Objects in another group are a warning.'), 'match_groups'),
      setting(
        'group_match_threshold',
        'percent',
        t('Group overlap, %'),
        t('Groups with fewer members in common are not the same.'),
        'group_match_threshold',
      ),
    ],
  },
  {
    title: t('Visibility'),
    settings: [
      setting(
        'check_covered_annotations',
        'check',
        t('Check covered objects'),
        t('An object that others hide is a warning.'),
        'check_covered_annotations',
      ),
      setting(
        'object_visibility_threshold',
        'percent',
        t('Least visible part, %'),
        t('Objects of which less can be seen are covered.'),
        'object_visibility_threshold',
      ),
      setting(
        'panoptic_comparison',
        'check',
        t('Only visible parts'),
        t('Compares polygons and masks by what others leave visible of them.'),
        'panoptic_comparison',
      ),
    ],
  },
]

/** All metrics with their words: of everything, the mean of the labels, the worst label. */
export const listMetrics = (): [value: string, label: string][] =>
  ['', 'mean_', 'label_'].flatMap((prefix) =>
    metricNames.map((name): [string, string] => [`${prefix}${name}`, describeMetric(`${prefix}${name}`)]),
  )

export const listBases = (): [value: string, label: string][] => [
  ['group_bbox_size', t('the box around the points')],
  ['image_size', t('the picture')],
]
