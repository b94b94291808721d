// Labels as text: names alone, JSON, and what is left out.
import { expect, test } from 'bun:test'
import { ApiError } from '../http/errors'
import { readLabelChanges, readRawLabels, writeRawLabels } from './raw-labels'
import type { LabelTree } from './tree'

const label = (id: number, name: string): LabelTree => ({
  id,
  name,
  color: '#102030',
  type: 'any',
  attributes: [],
  sublabels: [],
  task_id: 1,
  parent_id: null,
  has_parent: false,
})
const problemOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return (error as ApiError).body instanceof Object ? String((error as ApiError & { body: any }).body.labels) : String(error)
  }
  throw new Error('nothing was refused')
}

test('names, one a line', () => {
  expect(readRawLabels(' car \r\n\n traffic light\n')).toEqual([{ name: 'car' }, { name: 'traffic light' }])
  expect(readRawLabels('')).toEqual([])
})

test('JSON is read as the API takes it, and what is wrong is named', () => {
  const text = '[{"name": "car", "type": "polygon", "attributes": [{"name": "make", "input_type": "text", "values": []}]}]'
  expect(readRawLabels(text)).toEqual(JSON.parse(text))
  expect(problemOf(() => readRawLabels('[{"name": }]'))).toContain('not valid JSON')
  expect(problemOf(() => readRawLabels('[{"name": 3}]'))).toContain('0, name')
  expect(problemOf(() => readRawLabels('[{"name": "a", "attributes": "none"}]'))).toContain('attributes')
  expect(problemOf(() => readRawLabels('[{"color": "#102030"}]'))).toContain('Label 1 has no name')
})

test('what was written is the same labels; leaving one out must be allowed', () => {
  const there = [label(4, 'car'), label(5, 'cat')]
  expect(readLabelChanges(writeRawLabels(there), there, false).map(({ id, name, deleted }) => [id, name, deleted])).toEqual([
    [4, 'car', undefined],
    [5, 'cat', undefined],
  ])
  expect(readLabelChanges('cat\ndog\ncar', there, false).map(({ id, name }) => [id, name])).toEqual([
    [5, 'cat'],
    [undefined, 'dog'],
    [4, 'car'],
  ])
  expect(problemOf(() => readLabelChanges('dog', there, false))).toContain('car, cat')
  expect(readLabelChanges('cat', there, true)).toEqual([
    { name: 'cat', id: 5 },
    { id: 4, deleted: true },
  ])
})
