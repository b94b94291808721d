// The columns of Open Images' tables.

export const imageColumns = [
  'ImageID',
  'Subset',
  'OriginalURL',
  'OriginalLandingURL',
  'License',
  'AuthorProfileURL',
  'Author',
  'Title',
  'OriginalSize',
  'OriginalMD5',
  'Thumbnail300KURL',
  'Rotation',
]

export const tagColumns = ['ImageID', 'Source', 'LabelName', 'Confidence']

/** Sides of boxes, as shares of width and height. */
export const sideColumns = ['XMin', 'XMax', 'YMin', 'YMax']

/** Flags of boxes and the attributes that they are. */
export const flagColumns: readonly (readonly [column: string, attribute: string])[] = [
  ['IsOccluded', 'occluded'],
  ['IsTruncated', 'truncated'],
  ['IsGroupOf', 'is_group_of'],
  ['IsDepiction', 'is_depiction'],
  ['IsInside', 'is_inside'],
]

export const boxColumns = [...tagColumns, ...sideColumns, ...flagColumns.map(([column]) => column)]

export const maskColumns = [
  'MaskPath',
  'ImageID',
  'LabelName',
  'BoxID',
  ...sideColumns.map((side) => `Box${side}`),
  'PredictedIoU',
  'Clicks',
]
