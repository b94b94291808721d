// Words and numbers of the pages of quality control: metrics, conflicts, shares, scores.
import { t } from '../../web/ui/i18n/message'
import { formatShare } from '../../web/ui/percent'
import { type ConflictType, conflictTypes, type Severity, severityOf } from './compare/compare-frame'
import { readMetric } from './judge-requirements'

const nameOfMetric = (name: string): string =>
  ({
    accuracy: t('Accuracy'),
    precision: t('Precision'),
    recall: t('Recall'),
    jaccard_index: t('Jaccard index'),
    dice: t('Dice coefficient'),
  })[name] ?? name

/** `mean_recall` → `Recall, mean of the labels`. */
export const describeMetric = (metric: string): string => {
  const { name, aggregation } = readMetric(metric)
  const plain = nameOfMetric(name)
  if (aggregation === 'mean') return t('{metric}, mean of the labels', { metric: plain })
  return aggregation === 'label' ? t('{metric}, the worst label', { metric: plain }) : plain
}

export const describeConflictType = (type: ConflictType): string =>
  ({
    missing_annotation: t('Missing annotation'),
    extra_annotation: t('Extra annotation'),
    mismatching_label: t('Wrong label'),
    low_overlap: t('Fits badly'),
    mismatching_direction: t('Wrong direction'),
    mismatching_attributes: t('Wrong attributes'),
    mismatching_groups: t('Wrong group'),
    covered_annotation: t('Covered annotation'),
  })[type]

export const describeSeverity = (severity: Severity): string => (severity === 'error' ? t('error') : t('warning'))
export const toneOfSeverity = (severity: Severity) => (severity === 'error' ? 'danger' : 'warning')

export const isConflictType = (text: string | undefined): text is ConflictType => conflictTypes.some((type) => type === text)

/** Kinds that occurred, the most frequent first within errors and warnings. */
export const listKinds = (counts: Partial<Record<ConflictType, number>>) =>
  conflictTypes
    .map((type) => ({ type, severity: severityOf(type), count: counts[type] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.severity.localeCompare(b.severity) || b.count - a.count)

export const toneOfScore = (score: number | null | undefined, threshold: number) =>
  score === null || score === undefined ? undefined : score >= threshold ? 'success' : 'danger'

/** A score as a badge whose colour and words say whether it reaches what is asked for. */
export const Score = ({ score, threshold }: { score: number | null; threshold: number }): JSX.Element => (
  <span
    class="badge num"
    data-tone={toneOfScore(score, threshold)}
    data-testid="row-score"
    data-score={score === null ? '' : String(score)}
    title={
      score === null ? t('Nothing to measure') : score >= threshold ? t('Reaches the target') : t('Does not reach the target')
    }
    safe
  >
    {formatShare(score)}
  </span>
)

/** Annotations that a requirement may be about, as the API calls them. */
export const markTypes = [
  'tag',
  'rectangle',
  'polygon',
  'mask',
  'polyline',
  'points',
  'ellipse',
  'skeleton',
  'skeleton_keypoint',
  'cuboid',
]
export const describeKind = (kind: string): string =>
  ({
    tag: t('Tags'),
    rectangle: t('Rectangles'),
    polygon: t('Polygons'),
    mask: t('Masks'),
    polyline: t('Polylines'),
    points: t('Points'),
    ellipse: t('Ellipses'),
    skeleton: t('Skeletons'),
    skeleton_keypoint: t('Points of skeletons'),
    cuboid: t('Cuboids in point clouds'),
  })[kind] ?? kind
