// Checks the table and that only what stands between the markers is replaced.
import { expect, test } from 'bun:test'
import { formatTable, replaceBetweenMarkers } from './report.ts'

test('the table is aligned and rounded by unit', () => {
  expect(
    formatTable([
      { what: 'first start', value: 123.4, unit: 'ms' },
      { what: 'idle', value: 0.26, unit: '%' },
    ]).split('\n'),
  ).toEqual([
    '| What        | Measured |',
    '| ----------- | -------: |',
    '| first start |   123 ms |',
    '| idle        |    0.3 % |',
  ])
})

test('text around the markers stays', () => {
  const text = 'before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n'
  expect(replaceBetweenMarkers(text, 'new')).toBe('before\n<!-- bench: begin -->\nnew\n<!-- bench: end -->\nafter\n')
  expect(() => replaceBetweenMarkers('nothing', 'new')).toThrow('lost its markers')
})
