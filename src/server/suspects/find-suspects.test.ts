// Planted errors come out on top, under their reason; clean data gives nothing.
import { describe, expect, test } from 'bun:test'
import type { Bounds } from '../../formats/geometry/box'
import type { Attribute } from '../../formats/model'
import { createSearch } from './find-suspects'
import type { Finding, Key, Placed, Thing } from './thing'

const picture = { width: 1920, height: 1080 }
/** Pseudo-random numbers that are the same on every run. */
const draw = (seed: number) => () => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed / 2147483648
}
/** Roughly normal, middle 0, spread 1. */
const bell = (next: () => number) => Array.from({ length: 12 }, next).reduce((a, b) => a + b, -6)

let made = 0
const make = (type: string, labelId: number, frame: number, box: Bounds, more: Partial<Thing> = {}): Thing => {
  const [width, height] = [box[2] - box[0], box[3] - box[1]]
  return {
    kind: 'shape',
    id: ++made,
    jobId: 1,
    taskId: 1,
    labelId,
    type,
    frame,
    samples: [{ frame, box, width, height, area: width * height, picture }],
    keys: [],
    values: new Map(),
    fingerprint: '',
    ...more,
  }
}
const at = (x: number, y: number, width: number, height = width): Bounds => [x, y, x + width, y + height]
const placeOf = (thing: Thing): Placed => ({ thing, frame: thing.frame, box: thing.samples[0]!.box })

/** Cars and people of all usual sizes, some cut by the border, spread so that none lies on another. */
const makeScene = (seed: number, frames = 60): Thing[] => {
  const next = draw(seed)
  const things: Thing[] = []
  for (let frame = 0; frame < frames; frame++)
    for (let cell = 0; cell < 12; cell++) {
      const [x, y] = [(cell % 4) * 480 + next() * 60, Math.floor(cell / 4) * 360 + next() * 40]
      const size = 100 * Math.exp(0.35 * bell(next))
      const aspect = Math.exp(0.2 * bell(next))
      const isCar = cell % 2 === 0
      const [width, height] = isCar ? [size * 1.5 * aspect, size / 1.5] : [size * 0.5 * aspect, size]
      things.push(make('rectangle', isCar ? 1 : 2, frame, at(x, y, Math.min(width, 400), Math.min(height, 300))))
    }
  return things
}

const search = (
  things: Thing[],
  { specs = [] as Attribute[], placed = things.filter(({ samples }) => samples.length).map(placeOf), isVideo = false } = {},
) => {
  const one = createSearch(new Map(specs.map((spec) => [spec.id, spec])))
  one.addJob(things, placed, isVideo)
  return one.finish().findings
}
const say = (findings: Finding[]) => findings.map(({ thing, reason }): [number, string] => [thing.id, reason])

describe('sizes and places', () => {
  for (let seed = 1; seed <= 15; seed++)
    test(`scene ${seed}: clean data gives nothing, planted errors come first`, () => {
      const scene = makeScene(seed)
      expect(say(search(scene))).toEqual([])
      const huge = make('rectangle', 2, 3, at(300, 100, 900, 900))
      const small = make('rectangle', 1, 4, at(700, 700, 6, 4.2))
      const wide = make('rectangle', 2, 5, at(200, 340, 400, 14))
      const slip = make('rectangle', 1, 6, at(900, 340, 1, 2))
      const gone = make('rectangle', 2, 7, at(1910, 340, 60, 110))
      const first = scene.find(({ frame, labelId }) => frame === 8 && labelId === 1)!
      const [left, top, right, bottom] = first.samples[0]!.box
      const again = make('rectangle', 1, 8, [left + 1, top + 1, right + 1, bottom + 1])
      const other = make('rectangle', 2, 9, scene.find(({ frame, labelId }) => frame === 9 && labelId === 1)!.samples[0]!.box)
      // A label in the box of another has the shape of that other, too.
      const findings = search([...scene, huge, small, wide, slip, gone, again, other])
      const planted = new Set([huge, small, wide, slip, gone, again, other])
      expect(findings.filter(({ thing }) => !planted.has(thing))).toEqual([])
      expect(say(findings)).toEqual(
        expect.arrayContaining([
          [huge.id, 'size_outlier'],
          [small.id, 'size_outlier'],
          [wide.id, 'shape_outlier'],
          [slip.id, 'tiny'],
          [gone.id, 'outside_picture'],
          [again.id, 'duplicate'],
          [other.id, 'conflicting_label'],
        ]),
      )
      for (const { score } of findings) expect(score >= 0.5 && score <= 1).toBe(true)
    })

  test('labels that lie on each other by nature are no conflict', () => {
    const pairs = Array.from({ length: 30 }, (_, frame) =>
      [1, 2].map((label) => make('rectangle', label, frame, at(100 + frame, 100, 80))),
    )
    expect(search(pairs.flat())).toEqual([])
  })

  test('where objects reach beyond the border on purpose, only those that are not there at all count', () => {
    const cut = Array.from({ length: 30 }, (_, n) => make('rectangle', 1, n, at(1920 - 40 - (n % 5), 300, 100)))
    expect(search(cut)).toEqual([])
    const gone = make('rectangle', 1, 50, at(2000, 300, 100))
    expect(say(search([...cut, gone]))).toEqual([[gone.id, 'outside_picture']])
    expect(say(search(cut.slice(0, 3)))).toHaveLength(3)
  })

  test('outlines that fill their boxes otherwise than usual', () => {
    const polygons = Array.from({ length: 40 }, (_, n) => {
      const thing = make('polygon', 1, n, at(100, 100, 80 + n, 90 + (n % 7)))
      const [sample] = thing.samples
      return { ...thing, samples: [{ ...sample!, area: sample!.area * (0.7 + 0.005 * (n % 9)) }] }
    })
    expect(search(polygons)).toEqual([])
    const odd = make('polygon', 1, 50, at(100, 100, 90))
    const thin = { ...odd, samples: [{ ...odd.samples[0]!, area: odd.samples[0]!.area * 0.1 }] }
    expect(say(search([...polygons, thin]))).toEqual([[odd.id, 'shape_outlier']])
  })

  test('the order of objects changes nothing', () => {
    const things = [...makeScene(3), make('rectangle', 1, 2, at(0, 0, 1900, 1000)), make('rectangle', 2, 5, at(5, 5, 2, 2))]
    const sort = (findings: Finding[]) => findings.map(({ thing, reason, score }) => [thing.id, reason, score])
    expect(sort(search(things.toReversed()))).toEqual(sort(search(things)))
  })
})

/** A track with a key frame every ten frames that moves steadily. */
const makeTrack = (
  next: () => number,
  count: number,
  change: (index: number, box: Bounds) => Bounds = (_, box) => box,
): Thing => {
  const [x, y, dx, dy, size] = [next() * 900, next() * 500, next() * 40, next() * 20, 60 + next() * 60]
  const keys = Array.from({ length: count }, (_, index): Key => {
    const sized = size * 1.02 ** index
    const box = change(index, at(x + dx * index + bell(next), y + dy * index + bell(next), sized, sized))
    return { frame: index * 10, outside: false, box, values: new Map() }
  })
  const samples = keys.map(({ frame, box }) => ({
    frame,
    box: box!,
    width: box![2] - box![0],
    height: box![3] - box![1],
    area: 1,
    picture,
  }))
  return { ...make('rectangle', 1, 0, keys[0]!.box!), kind: 'track', keys, samples }
}

describe('tracks', () => {
  for (let seed = 1; seed <= 15; seed++)
    test(`tracks ${seed}: steady ones give nothing; one key frame beside, a leap and a wrong size come out`, () => {
      const next = draw(seed)
      const clean = Array.from({ length: 12 }, () => makeTrack(next, 12))
      expect(say(search(clean, { placed: [] }))).toEqual([])
      const moved =
        (from: number, to: number) =>
        (index: number, [l, t, r, b]: Bounds): Bounds =>
          index >= from && index < to ? [l + 500, t, r + 500, b] : [l, t, r, b]
      const beside = makeTrack(next, 12, moved(5, 6))
      const leaping = makeTrack(next, 12, moved(6, 12))
      const grown = makeTrack(next, 12, (index, [l, t, r, b]) =>
        index === 7 ? [l - 100, t - 100, r + 100, b + 100] : [l, t, r, b],
      )
      const findings = search([...clean, beside, leaping, grown], { placed: [] })
      const frameOf = (thing: Thing, reason: string) =>
        findings.find((one) => one.thing === thing && one.reason === reason)?.frame
      expect(findings.filter(({ thing }) => clean.includes(thing))).toEqual([])
      expect(frameOf(beside, 'off_track')).toBe(50)
      expect(frameOf(leaping, 'track_jump')).toBe(60)
      expect(frameOf(leaping, 'off_track')).toBeUndefined()
      expect(frameOf(grown, 'track_size')).toBe(70)
    })

  test('a value that changes for one key frame; one that blinks in every track is let be', () => {
    const next = draw(7)
    const withValues = (thing: Thing, values: string[]) => ({
      ...thing,
      keys: thing.keys.map((key, at) => ({ ...key, values: new Map([[9, values[at] ?? 'off']]) })),
    })
    const spec = {
      id: 9,
      name: 'light',
      mutable: true,
      input_type: 'select',
      default_value: 'off',
      values: ['off', 'on'],
    } as Attribute
    const steady = Array.from({ length: 8 }, () => withValues(makeTrack(next, 12), []))
    const flicker = withValues(makeTrack(next, 12), ['off', 'off', 'off', 'on'])
    const findings = search([...steady, flicker], { placed: [], specs: [spec] })
    expect(findings.map(({ thing, reason, frame, details }) => [thing.id, reason, frame, details.attributes])).toEqual([
      [flicker.id, 'attribute_flip', 30, [{ name: 'light', value: 'on' }]],
    ])
    const blinking = steady.map((thing) => withValues(thing, ['off', 'off', 'on']))
    expect(search(blinking, { placed: [], specs: [spec] })).toEqual([])
  })

  test('one thing in a video whose label is another one for two of thirty frames', () => {
    const drive = (labelOf: (frame: number) => number) =>
      Array.from({ length: 30 }, (_, frame) => make('rectangle', labelOf(frame), frame, at(100 + 5 * frame, 200, 90)))
    const flips = (things: Thing[], isVideo = true) => search(things, { isVideo }).filter(({ reason }) => reason === 'label_flip')
    const wrong = drive((frame) => (frame === 12 || frame === 13 ? 2 : 1))
    expect(flips(wrong).map(({ frame, details }) => [frame, details.suggestion])).toEqual([[12, 1], [13, 1]]) // biome-ignore format: pairs
    expect(flips(wrong, false)).toEqual([])
    expect(flips(drive(() => 1))).toEqual([])
    // Half of the time is no slip.
    expect(flips(drive((frame) => (frame > 9 && frame < 20 ? 2 : 1)))).toEqual([])
  })
})

describe('values', () => {
  const spec = (id: number, name: string, input_type: Attribute['input_type']): Attribute => ({
    id,
    name,
    input_type,
    mutable: false,
    default_value: '',
    values: [],
  })
  const specs = [spec(1, 'kind', 'select'), spec(2, 'wheels', 'select'), spec(3, 'seats', 'number'), spec(4, 'plate', 'text')]
  const having = (values: [number, string][]) => make('rectangle', 1, made, at(100, 100, 80), { values: new Map(values) })
  const next = draw(11)
  const clean = Array.from({ length: 600 }, (_, n) => {
    const isCar = next() < 0.5
    return having([[1, isCar ? 'car' : 'bike'], [2, isCar ? 'four' : 'two'], [3, String(4 + Math.round(bell(next)))], [4, `AB ${n}`]]) // biome-ignore format: pairs
  })

  test('clean values give nothing', () => expect(search(clean, { specs, placed: [] })).toEqual([]))

  test('combinations that hardly ever occur, numbers far off, texts that are missing', () => {
    const bike = having([[1, 'bike'], [2, 'four'], [3, '4'], [4, 'x']]) // biome-ignore format: pairs
    const many = having([[1, 'car'], [2, 'four'], [3, '400'], [4, 'x']]) // biome-ignore format: pairs
    const empty = having([[1, 'car'], [2, 'four'], [3, '4'], [4, ' ']]) // biome-ignore format: pairs
    const pink = having([[1, 'pink'], [2, 'four'], [3, '4'], [4, 'x']]) // biome-ignore format: pairs
    expect(say(search([...clean, bike, many, empty, pink], { specs, placed: [] })).sort()).toEqual(
      [
        [bike.id, 'rare_values'],
        [many.id, 'number_outlier'],
        [empty.id, 'empty_text'],
        [pink.id, 'rare_values'],
      ].sort() as [number, string][],
    )
  })

  test('checkboxes are read whatever their case', () => {
    const box = [spec(1, 'parked', 'checkbox'), spec(2, 'kind', 'select')]
    const mixed = Array.from({ length: 100 }, (_, n) => having([[1, n % 2 ? 'True' : 'true'], [2, 'car']])) // biome-ignore format: pairs
    expect(search(mixed, { specs: box, placed: [] })).toEqual([])
  })
})

test('a tag that stands twice on a frame', () => {
  const tag = (frame: number) => make('', 1, frame, at(0, 0, 0), { kind: 'tag', samples: [] })
  const [one, other, third] = [tag(1), tag(1), tag(2)]
  expect(say(search([one, other, third], { placed: [] }))).toEqual([[other.id, 'duplicate']])
})
