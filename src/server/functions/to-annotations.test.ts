// What was found is judged, then becomes annotations: conversions, thresholds, places, attributes.
import { describe, expect, test } from 'bun:test'
import type { Label } from '../../formats/model'
import { checkFound, checkMatches } from './check-found'
import { type Found, FunctionError, type FunctionInfo } from './contract'
import { planLabelsOf } from './match-labels'
import { shiftFound, toAnnotations } from './to-annotations'

const points = (id: number, name: string): Label => ({ id, name, color: '', type: 'points', attributes: [], sublabels: [] })
const labels: Label[] = [
  {
    id: 1,
    name: 'car',
    color: '',
    type: 'any',
    attributes: [{ id: 7, name: 'color', mutable: false, input_type: 'select', default_value: 'red', values: ['red', 'green'] }],
    sublabels: [],
  },
  { id: 2, name: 'area', color: '', type: 'polygon', attributes: [], sublabels: [] },
  { id: 3, name: 'blob', color: '', type: 'mask', attributes: [], sublabels: [] },
  { id: 4, name: 'body', color: '', type: 'skeleton', attributes: [], sublabels: [points(5, 'head'), points(6, 'foot')] },
]
const own = (name: string, type: FunctionInfo['labels'][number]['type'] = 'any') => ({ name, type, attributes: [] })
const info: FunctionInfo = {
  id: 'f',
  provider: 'http',
  name: 'Finder',
  description: '',
  kind: 'detector',
  labels: [
    { ...own('car'), attributes: [{ name: 'color', input_type: 'select', values: ['red', 'green'] }] },
    own('area'),
    own('blob', 'mask'),
    { ...own('body', 'skeleton'), sublabels: [own('head', 'points'), own('foot', 'points')] },
    own('unmapped'),
  ],
  version: 1,
  runs: 'server',
}
const size = { width: 100, height: 80 }
const plan = planLabelsOf(info, labels)
const convert = (found: Found[], more: object = {}) =>
  toAnnotations(checkFound(info, size, found), plan, { frame: 3, size, toPolygons: false, threshold: null, ...more })
const box = (more: Partial<Found> = {}): Found => ({ label: 'car', type: 'rectangle', points: [1, 2, 30, 40], ...more })
/** A filled square as a mask. */
const square = (left: number, top: number, side: number): Found => ({
  label: 'blob',
  type: 'mask',
  points: [0, side * side, left, top, left + side - 1, top + side - 1],
})

describe('becomes annotations', () => {
  test('automatic, with score, attributes by name, and nothing of labels that are not mapped', () => {
    const attributes = [
      { name: 'color', value: 'green' },
      { name: 'size', value: 'big' },
    ]
    const { shapes, tags } = convert([
      box({ score: 0.5, attributes }),
      box({ label: 'unmapped' }),
      { label: 'car', type: 'tag', points: [] },
    ])
    expect(shapes).toEqual([
      {
        frame: 3,
        label_id: 1,
        source: 'auto',
        group: 0,
        attributes: [{ spec_id: 7, value: 'green' }],
        type: 'rectangle',
        points: [1, 2, 30, 40],
        rotation: 0,
        occluded: false,
        outside: false,
        z_order: 0,
        score: 0.5,
        elements: [],
      },
    ])
    expect(tags).toEqual([{ frame: 3, label_id: 1, source: 'auto', group: 0, attributes: [] }])
  })

  test('values that an attribute does not take are left out', () => {
    expect(convert([box({ attributes: [{ name: 'color', value: 'blue' }] })]).shapes[0]!.attributes).toEqual([])
  })

  test('what scores less than the threshold is left out', () => {
    const found = [box({ score: 0.4 }), box({ score: 0.6 }), box()]
    expect(convert(found, { threshold: 0.5 }).shapes.map(({ score }) => score)).toEqual([0.6, 1])
  })

  test('points beyond the edge are brought back to it, turned boxes stay', () => {
    const [plain, turned] = convert([box({ points: [-3, -2, 104, 81] }), box({ points: [-3, 2, 20, 30], rotation: -45 })]).shapes
    expect(plain!.points).toEqual([0, 0, 100, 80])
    expect([turned!.points, turned!.rotation]).toEqual([[-3, 2, 20, 30], 315])
  })

  test('masks become polygons where they are to, or where the label wants them', () => {
    const polygon = convert([square(10, 20, 5)], { toPolygons: true }).shapes[0]!
    expect(polygon.type).toBe('polygon')
    expect([...new Set(polygon.points)].sort()).toEqual([10, 14, 20, 24])
    expect(polygon.points).toHaveLength(8)
    expect(convert([{ ...square(10, 20, 5), label: 'area' }]).shapes[0]!.type).toBe('polygon')
  })

  test('of a mask in parts the largest makes the polygon', () => {
    // Two squares of 2 and 4 pixels in a box of 7 × 4.
    const rows = ['1101111', '1101111', '0001111', '0001111']
    const runs: number[] = []
    let last = '0'
    let run = 0
    for (const pixel of rows.join('')) {
      if (pixel !== last) {
        runs.push(run)
        run = 0
        last = pixel
      }
      run++
    }
    const { points } = convert([{ label: 'blob', type: 'mask', points: [...runs, run, 0, 0, 6, 3] }], { toPolygons: true })
      .shapes[0]!
    expect(Math.min(...points.filter((_, i) => i % 2 === 0))).toBe(3)
  })

  test('polygons become masks and rectangles become polygons where the label wants them', () => {
    const info2 = { ...info, labels: [own('blob'), own('area')] }
    const own2 = planLabelsOf(info2, labels)
    const options = { frame: 0, size, toPolygons: false, threshold: null }
    const triangle: Found = { label: 'blob', type: 'polygon', points: [5, 6, 15, 6, 15, 16, 5, 16] }
    expect(toAnnotations([triangle], own2, options).shapes[0]).toMatchObject({ type: 'mask', points: [0, 100, 5, 6, 14, 15] })
    expect(toAnnotations([box({ label: 'area' })], own2, options).shapes[0]).toMatchObject({
      type: 'polygon',
      points: [1, 2, 30, 2, 30, 40, 1, 40],
    })
  })

  test('points of a skeleton that were not found are outside, in the middle of the others', () => {
    const head: Found = { label: 'head', type: 'points', points: [10, 20] }
    const [body] = convert([{ label: 'body', type: 'skeleton', points: [], elements: [head] }]).shapes
    expect(body!.elements.map(({ label_id, points, outside }) => [label_id, points, outside])).toEqual([
      [5, [10, 20], false],
      [6, [10, 20], true],
    ])
    const away = { label: 'body', type: 'skeleton', points: [], elements: [{ ...head, outside: true }] } as Found
    expect(convert([away]).shapes).toEqual([])
  })

  test('what was found in a region moves to its place', () => {
    expect(shiftFound(box(), [50, 60, 90, 79]).points).toEqual([51, 62, 80, 100])
    expect(shiftFound(square(1, 2, 3), [50, 60, 90, 79]).points).toEqual([0, 9, 51, 62, 53, 64])
    const body: Found = {
      label: 'body',
      type: 'skeleton',
      points: [],
      elements: [{ label: 'head', type: 'points', points: [1, 1] }],
    }
    expect(shiftFound(body, [5, 6, 9, 9]).elements![0]!.points).toEqual([6, 7])
  })
})

describe('is refused', () => {
  const wrong: [string, unknown, string][] = [
    ['no list', { shapes: [] }, 'not a list'],
    ['an unknown label', [box({ label: 'ufo' })], 'the label "ufo", which the function does not have'],
    ['no label', [{ type: 'rectangle', points: [1, 2, 3, 4] }], 'which the function does not have'],
    ['NaN', [box({ points: [1, Number.NaN, 3, 4] })], '[0].points[1] is NaN'],
    ['infinity', [box({ points: [1, 2, 3, Number.POSITIVE_INFINITY] })], '[0].points[3] is Infinity'],
    ['texts', [box({ points: ['1', '2', '3', '4'] as never })], '[0].points[0] is "1"'],
    ['too few numbers', [box({ points: [1, 2, 3] })], 'a rectangle of 3 numbers'],
    ['a kind that is none', [box({ type: 'circle' as never })], '[0].type is "circle"'],
    ['a kind that its label is not for', [box({ label: 'blob' })], 'is a rectangle, but its label "blob" is for mask'],
    ['another picture', [box({ points: [500, 10, 600, 20] })], 'lies outside of the picture (100 × 80)'],
    ['a mask that reaches out', [square(98, 10, 5)], 'reaches out of the picture'],
    [
      'a mask whose runs do not fill it',
      [{ ...square(0, 0, 5), points: [0, 7, 0, 0, 4, 4] }],
      'the run lengths of a mask make 7',
    ],
    ['a score above one', [box({ score: 2 })], '[0].score is 2'],
    ['a score that is NaN', [box({ score: Number.NaN })], '[0].score is NaN'],
    ['a skeleton without points', [{ label: 'body', type: 'skeleton', points: [] }], 'a skeleton without elements'],
    [
      'a point that the skeleton does not have',
      [{ label: 'body', type: 'skeleton', points: [], elements: [{ label: 'tail', type: 'points', points: [1, 1] }] }],
      'the label "tail"',
    ],
    ['an attribute without a text', [box({ attributes: [{ name: 'color', value: 3 as never }] })], 'not a name and a value'],
    ['too many', Array.from({ length: 10_001 }, () => box()), '10001 objects on one frame'],
  ]
  test.each(wrong)('%s', (_, found, text) => {
    const failure = (() => {
      try {
        checkFound(info, size, found)
      } catch (error) {
        return error
      }
      return undefined
    })()
    expect(failure).toBeInstanceOf(FunctionError)
    expect((failure as FunctionError).message).toStartWith('The answer of "Finder" cannot be used: ')
    expect((failure as FunctionError).message).toContain(text)
  })

  test('matches beyond the boxes, or of one box twice', () => {
    expect(checkMatches(info, [1, -1, 0], [3, 2])).toEqual([1, -1, 0])
    expect(() => checkMatches(info, [2], [1, 2])).toThrow('match [0] is 2 of 2 boxes')
    expect(() => checkMatches(info, [0, 0], [2, 2])).toThrow('box 0 is matched twice')
    expect(() => checkMatches(info, [0], [2, 2])).toThrow('1 matches for 2')
  })
})
