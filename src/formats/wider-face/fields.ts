// The fields of a box in WiderFace's lists.

/** The attributes of a box in the order of their fields. */
export const faceAttributes = ['blur', 'expression', 'illumination', 'occluded', 'pose', 'invalid'] as const

/** The label of boxes that name none. */
export const faceLabel = 'face'
