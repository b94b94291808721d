// Checks how runs are counted, above all those that end badly without a failed test.
import { expect, test } from 'bun:test'
import { countTests, formatChecks, judgeRun } from './junit.ts'

test('counts come from the head of the report; skipped tests have not passed', () => {
  const xml =
    '<?xml version="1.0"?>\n<testsuites name="bun test" tests="7" assertions="9" failures="2" skipped="1" time="0.1">\n</testsuites>'
  expect(countTests(xml)).toEqual({ passed: 4, failed: 2 })
  expect(countTests('Segmentation fault')).toBeUndefined()
})

test.each([
  ['all passed', { passed: 3, failed: 0 }, 0, { passed: 3, failed: 0 }],
  ['some failed', { passed: 3, failed: 2 }, 1, { passed: 3, failed: 2 }],
  ['an error between tests', { passed: 3, failed: 0 }, 1, { passed: 3, failed: 1 }],
  ['a crash without a report', undefined, 139, { passed: 0, failed: 1 }],
  ['an empty suite', { passed: 0, failed: 0 }, 0, { passed: 0, failed: 1 }],
  ['no report at all', undefined, 0, { passed: 0, failed: 1 }],
] as const)('%s', (_, counts, exitCode, expected) => expect(judgeRun(counts, exitCode)).toEqual(expected))

test('a written report can be counted and holds what a check said', () => {
  const xml = formatChecks('check', [
    { name: 'format', seconds: 1 },
    { name: 'types', seconds: 2, failure: 'a < b & "c"' },
  ])
  expect(countTests(xml)).toEqual({ passed: 1, failed: 1 })
  expect(xml).toContain('a &#60; b &#38; &#34;c&#34;')
})
