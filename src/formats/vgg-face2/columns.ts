// The columns of VGGFace2's tables.

export const boxColumns = ['NAME_ID', 'X', 'Y', 'W', 'H']

export const landmarkColumns = ['NAME_ID', ...[1, 2, 3, 4, 5].flatMap((point) => [`P${point}X`, `P${point}Y`])]
