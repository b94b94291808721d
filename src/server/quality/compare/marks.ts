// Annotations of one frame as the comparison sees them.

export const markKinds = ['bbox', 'points', 'mask', 'polygon', 'polyline', 'skeleton', 'label', 'ellipse'] as const
/** Kinds in point clouds. */
export const cloudMarkKinds = ['cuboid_3d', 'label'] as const
/** In the order in which kinds are compared; `label` is a tag, `cuboid_3d` a cuboid in space. */
export type MarkKind = (typeof markKinds)[number] | (typeof cloudMarkKinds)[number]

/** Names an annotation in a conflict. */
export type MarkRef = { obj_id: number; job_id: number; type: 'tag' | 'shape' | 'track'; shape_type: string | null }

export type MarkElement = {
  labelId: number
  x: number
  y: number
  visibility: 'absent' | 'hidden' | 'visible'
  attributes?: ReadonlyMap<string, string | number | boolean>
}

export type Mark = {
  kind: MarkKind
  ref: MarkRef
  labelId: number
  /** 0 = no group. */
  group: number
  zOrder: number
  /** Clockwise degrees; boxes and ellipses only. */
  rotation: number
  /** Pixels to hundredths, `x y …`; boxes and ellipses: left top right bottom. Those of masks and cuboids in space are the API's. */
  points: readonly number[]
  /** Values by name; numbers and yes/no are read as such. */
  attributes: ReadonlyMap<string, string | number | boolean>
  /** Points of a skeleton. */
  elements: readonly MarkElement[]
}

/** A frame of a job. Marks: tags first, then shapes by z order. Width and height in pixels. */
export type FrameMarks = { frame: number; width: number; height: number; marks: readonly Mark[] }

/** x, y, width, height. */
export type Box = [x: number, y: number, width: number, height: number]

const boxAround = (xs: number[], ys: number[]): Box => {
  if (!xs.length) return [0, 0, 0, 0]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top]
}

/** The box around a mark as it lies, turned or not; nothing for a tag and for what has no place on a picture. */
export const findMarkBox = (mark: Mark): Box | undefined => {
  if (mark.kind === 'label' || mark.kind === 'cuboid_3d') return undefined
  if (mark.kind === 'skeleton') {
    const seen = mark.elements.filter(({ visibility }) => visibility !== 'absent')
    return boxAround(
      seen.map(({ x }) => x),
      seen.map(({ y }) => y),
    )
  }
  if (mark.kind === 'mask') {
    const [left, top, right, bottom] = mark.points.slice(-4) as [number, number, number, number]
    return [left, top, right - left + 1, bottom - top + 1]
  }
  const xs: number[] = []
  const ys: number[] = []
  for (let at = 0; at + 1 < mark.points.length; at += 2) {
    xs.push(mark.points[at]!)
    ys.push(mark.points[at + 1]!)
  }
  return boxAround(xs, ys)
}

/** The box around boxes. */
export const uniteBoxes = (boxes: readonly Box[]): Box => {
  if (!boxes.length) return [0, 0, 0, 0]
  const left = Math.min(...boxes.map(([x]) => x))
  const top = Math.min(...boxes.map(([, y]) => y))
  const right = Math.max(...boxes.map(([x, , width]) => x + width))
  const bottom = Math.max(...boxes.map(([, y, , height]) => y + height))
  return [left, top, right - left, bottom - top]
}

/** The box half way between two. */
export const averageBoxes = (a: Box, b: Box): Box => {
  const left = (a[0] + b[0]) / 2
  const top = (a[1] + b[1]) / 2
  const right = (a[0] + a[2] + (b[0] + b[2])) / 2
  const bottom = (a[1] + a[3] + (b[1] + b[3])) / 2
  return [left, top, right - left, bottom - top]
}

/** Intersection over union, 0…1. */
export const measureBoxes = (a: Box, b: Box): number => {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1])
  if (width <= 0 || height <= 0) return 0
  const common = width * height
  return common ? common / (a[2] * a[3] + b[2] * b[3] - common) : 0
}

/** Marks that belong together: those of one group, and every mark without a group alone; by group, in their order. */
export const findInstances = <T extends { group: number }>(marks: readonly T[]): T[][] => {
  const instances: T[][] = []
  const groups = new Map<number, T[]>()
  for (const mark of marks) {
    if (!mark.group) instances.push([mark])
    else if (groups.has(mark.group)) groups.get(mark.group)!.push(mark)
    else groups.set(mark.group, [mark])
  }
  return [...instances, ...[...groups].sort(([a], [b]) => a - b).map(([, members]) => members)]
}
