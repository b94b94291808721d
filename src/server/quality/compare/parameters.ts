// What the comparison is told: every setting with its default.

export type PointSizeBase = 'image_size' | 'group_bbox_size'

/** Names as clients and stored reports know them. Thresholds, sigma and thickness are 0…1. */
export type Parameters = {
  /** Checks attributes of matched annotations. */
  compare_attributes: boolean
  ignored_attributes: string[]
  /** Shapes less alike are no match. */
  iou_threshold: number
  /** Matched shapes less alike are a warning. */
  low_overlap_threshold: number
  /** How far points may lie apart, as a part of the object's size. */
  oks_sigma: number
  point_size_base: PointSizeBase
  /** Thickness of polylines as a part of the square root of the image's area. */
  line_thickness: number
  compare_line_orientation: boolean
  /** How much better a line must match turned round to count as inverted. */
  line_orientation_threshold: number
  compare_groups: boolean
  group_match_threshold: number
  /** Finds shapes that others hide. */
  check_covered_annotations: boolean
  /** A shape of which less is visible is covered. */
  object_visibility_threshold: number
  /** Compares only the visible parts of polygons and masks. */
  panoptic_comparison: boolean
  /** Frames without annotations count as annotated with nothing. */
  empty_is_annotated: boolean
}

export const defaultParameters: Parameters = {
  compare_attributes: true,
  ignored_attributes: [],
  iou_threshold: 0.4,
  low_overlap_threshold: 0.8,
  oks_sigma: 0.09,
  point_size_base: 'group_bbox_size',
  line_thickness: 0.01,
  compare_line_orientation: true,
  line_orientation_threshold: 0.1,
  compare_groups: true,
  group_match_threshold: 0.5,
  check_covered_annotations: true,
  object_visibility_threshold: 0.05,
  panoptic_comparison: true,
  empty_is_annotated: false,
}
