// Names that mean the same, kinds that fit, and mappings that cannot be.
import { expect, test } from 'bun:test'
import type { Label } from '../../formats/model'
import type { FunctionLabel } from './contract'
import { matchByName, normaliseName, planLabelsOf, proposeMapping } from './match-labels'

const own = (name: string, type: FunctionLabel['type'] = 'any', more: Partial<FunctionLabel> = {}): FunctionLabel => ({
  name,
  type,
  attributes: [],
  ...more,
})
let ids = 0
const label = (name: string, type: Label['type'] = 'any', more: Partial<Label> = {}): Label => ({
  id: ++ids,
  name,
  color: '#000000',
  type,
  attributes: [],
  sublabels: [],
  ...more,
})
const attribute = (name: string) => ({
  id: ++ids,
  name,
  mutable: false,
  input_type: 'text' as const,
  default_value: '',
  values: [],
})

test.each([
  ['Traffic_Lights', 'traffic light'],
  ['trafficLight', 'traffic light'],
  ['traffic-light', 'traffic light'],
  ['People', 'person'],
  ['Batteries', 'battery'],
  ['glasses', 'glass'],
  ['glass', 'glass'],
  ['bus', 'bus'],
  ['buses', 'bus'],
  ['boxes', 'box'],
  ['Gemüse', 'gemuse'],
  ['cars', 'car'],
  ['gas', 'gas'],
])('%s is %s', (name, wanted) => {
  expect(normaliseName(name)).toBe(wanted)
})

test('without a mapping labels of the same name are meant, whose kinds fit', () => {
  const labels = [label('car', 'rectangle'), label('sky', 'polygon'), label('dog', 'skeleton'), label('Cat')]
  const functionLabels = [own('car'), own('sky', 'mask'), own('dog', 'rectangle'), own('cat')]
  expect(Object.keys(matchByName(functionLabels, labels))).toEqual(['car', 'sky'])
})

test('proposals also pair names that mean the same, equal ones first, nothing twice', () => {
  const labels = [label('cars'), label('person', 'any', { attributes: [attribute('Hat_Colors')] }), label('traffic light')]
  const functionLabels = [
    own('car'),
    own('cars'),
    own('people', 'any', { attributes: [{ name: 'hat color', input_type: 'text', values: [] }] }),
    own('TrafficLight'),
  ]
  expect(proposeMapping(functionLabels, labels)).toEqual({
    cars: { name: 'cars', attributes: {} },
    people: { name: 'person', attributes: { 'hat color': 'Hat_Colors' } },
    TrafficLight: { name: 'traffic light', attributes: {} },
  })
})

test('points of skeletons are mapped with their skeleton', () => {
  const body = label('body', 'skeleton', { sublabels: [label('left_eye', 'points'), label('nose', 'points')] })
  const given = own('body', 'skeleton', { sublabels: [own('LeftEye', 'points'), own('nose', 'points')] })
  expect(proposeMapping([given], [body]).body).toEqual({
    name: 'body',
    attributes: {},
    sublabels: { nose: { name: 'nose', attributes: {} }, LeftEye: { name: 'left_eye', attributes: {} } },
  })
  const plan = planLabelsOf({ labels: [given] }, [body])
  expect([...plan.get('body')!.sublabels.keys()]).toEqual(['nose'])
})

test('mappings that name what is not there, or what does not fit, are refused', () => {
  const labels = [label('car', 'rectangle'), label('body', 'skeleton', { sublabels: [label('nose', 'points')] })]
  const functionLabels = [own('vehicle', 'polygon'), own('man', 'skeleton', { sublabels: [own('n', 'points')] })]
  const problemOf = (mapping: object) => {
    try {
      planLabelsOf({ labels: functionLabels }, labels, mapping as never)
    } catch (error) {
      return (error as { body: { mapping: string[] } }).body.mapping[0]
    }
    return ''
  }
  expect(problemOf({ plane: { name: 'car' } })).toContain('Unknown model label "plane"')
  expect(problemOf({ vehicle: { name: 'boat' } })).toContain('Unknown db label "boat"')
  expect(problemOf({ vehicle: { name: 'car' } })).toContain('not compatible')
  expect(problemOf({ man: { name: 'body' } })).toContain('Mapping for elements was not specified')
  expect(problemOf({ man: { name: 'body', sublabels: { n: { name: 'ear' } } } })).toContain('Unknown db label "ear"')
  expect(problemOf({ man: { name: 'body', attributes: { hat: 'x' }, sublabels: {} } })).toContain('Unknown model attribute "hat"')
})

test('a function without a list of labels answers those of the task', () => {
  const labels = [label('car', 'rectangle'), label('tree')]
  expect([...planLabelsOf({ labels: [] }, labels).keys()]).toEqual(['car', 'tree'])
})
