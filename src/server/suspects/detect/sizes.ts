// Objects that are far larger, smaller, wider or emptier than others of their label, too small to be meant, or not on the picture.
import { findMiddle, type Middle, measureOddness } from '../robust'
import { type Finding, groupOf, type Reason, type Sample, scoreBeyond, type Thing } from '../thing'

/** Fewer objects of a kind do not tell what is usual. */
const leastCount = 20
/** Spreads beyond which an object is odd: of normally spread sizes one in two million. */
const limit = 5
/** Differences within a factor of e^0.15 are never odd, however alike the others are. */
const floor = 0.15
const pixelsOfBorder = 2

const covering = new Set(['rectangle', 'polygon', 'ellipse', 'mask', 'cuboid', 'skeleton'])
const traced = new Set(['polygon', 'mask'])

type Measure = { reason: Reason; of: (thing: Thing, sample: Sample) => number | undefined }
const isReal = ({ width, height }: Sample) => width > 0 && height > 0

/** Objects that the border cuts are narrower than they would be. */
const isCut = ({ box: [left, top, right, bottom], picture }: Sample) =>
  left <= pixelsOfBorder ||
  top <= pixelsOfBorder ||
  right >= picture.width - pixelsOfBorder ||
  bottom >= picture.height - pixelsOfBorder

const measures: Measure[] = [
  {
    reason: 'size_outlier',
    of: ({ type }, sample) => {
      if (type === 'polyline') return Math.log(Math.hypot(sample.width, sample.height)) || undefined
      return covering.has(type) && isReal(sample) ? Math.log(sample.width * sample.height) / 2 : undefined
    },
  },
  {
    reason: 'shape_outlier',
    of: ({ type }, sample) =>
      covering.has(type) && type !== 'skeleton' && isReal(sample) ? Math.log(sample.width / sample.height) : undefined,
  },
  {
    reason: 'shape_outlier',
    of: ({ type }, sample) =>
      traced.has(type) && isReal(sample) && sample.area > 0 ? Math.log(sample.area / (sample.width * sample.height)) : undefined,
  },
]

type Measured = { thing: Thing; sample: Sample; value: number }

const judge = (reason: Reason, { thing, sample, value }: Measured, middle: Middle, isFill: boolean): Finding | undefined => {
  const oddness = measureOddness(value, middle, floor)
  if (oddness < limit) return undefined
  const isSmall = reason === 'size_outlier' && value < middle.median
  if ((isSmall || reason === 'shape_outlier') && isCut(sample)) return undefined
  return {
    thing,
    reason,
    frame: sample.frame,
    score: scoreBeyond(oddness, limit),
    details: {
      box: sample.box,
      value: Math.exp(reason === 'size_outlier' ? value - middle.median : value),
      ...(reason === 'shape_outlier' && { usual: Math.exp(middle.median) }),
      ...(isFill && { total: 1 }),
    },
  }
}

/** Outliers of size (geometric mean of width and height), of width to height, and of how much of its box an outline fills. */
export const findOddSizes = (things: readonly Thing[]): Finding[] =>
  [...Map.groupBy(things, groupOf).values()].flatMap((group) =>
    measures.flatMap(({ reason, of }, at) => {
      const measured: Measured[] = []
      for (const thing of group)
        for (const sample of thing.samples) {
          const value = of(thing, sample)
          if (value !== undefined && Number.isFinite(value)) measured.push({ thing, sample, value })
        }
      if (measured.length < leastCount) return []
      const middle = findMiddle(measured.map(({ value }) => value))
      return measured.flatMap((one) => judge(reason, one, middle, at === 2) ?? [])
    }),
  )

const leastPixels = 3
/** Where half of all objects are smaller, small ones are meant. */
const usuallySmall = 8

/** Objects that are hardly more than a slip of the pointer. */
export const findTiny = (things: readonly Thing[]): Finding[] =>
  [...Map.groupBy(things, groupOf).values()].flatMap((group) => {
    const type = group[0]!.type
    const isLine = type === 'polyline'
    if (!covering.has(type) && !isLine) return []
    const sizeOf = ({ width, height }: Sample) => (isLine ? Math.hypot(width, height) : Math.min(width, height))
    const samples = group.flatMap((thing) => thing.samples.map((sample) => ({ thing, sample, value: sizeOf(sample) })))
    if (samples.length >= leastCount && findMiddle(samples.map(({ value }) => value)).median < usuallySmall) return []
    return samples
      .filter(({ value }) => value < leastPixels)
      .map(({ thing, sample, value }) => ({
        thing,
        reason: 'tiny' as const,
        frame: sample.frame,
        score: 1 - value / (2 * leastPixels),
        details: { box: sample.box, value },
      }))
  })

/** How much of a box is not on the picture, 0…1. */
const measureOutside = ({ box: [left, top, right, bottom], picture: { width, height } }: Sample): number => {
  const [wide, high] = [right - left, bottom - top]
  const inX = Math.min(right, width) - Math.max(left, 0)
  const inY = Math.min(bottom, height) - Math.max(top, 0)
  if (inX < 0 || inY < 0) return 1
  return 1 - (wide ? inX / wide : 1) * (high ? inY / high : 1)
}

/** Where more than this part of a label's objects reach beyond the border, they are drawn so on purpose. */
const usuallyOutside = 0.05

/** Objects of which more than half is not on the picture; where that is usual, those that are not on it at all. */
export const findOutside = (things: readonly Thing[]): Finding[] =>
  [...Map.groupBy(things, ({ labelId }) => labelId).values()].flatMap((group) => {
    const samples = group.flatMap((thing) =>
      thing.samples
        .filter(({ picture }) => picture.width > 0 && picture.height > 0)
        .map((sample) => ({ thing, sample, value: measureOutside(sample) })),
    )
    const beyond = samples.filter(({ value }) => value > 0.25).length
    const isUsual = samples.length >= leastCount && beyond > usuallyOutside * samples.length
    return samples
      .filter(({ value }) => value >= (isUsual ? 0.98 : 0.5))
      .map(({ thing, sample, value }) => ({
        thing,
        reason: 'outside_picture' as const,
        frame: sample.frame,
        score: 0.5 + value / 2,
        details: { box: sample.box, value },
      }))
  })
