// Where a sign-in may lead, and which forms are our own.
import { expect, test } from 'bun:test'
import { isOwnForm, ownPath } from './html'

test.each([
  ['/tasks?page=2#a', '/tasks?page=2#a'],
  [undefined, '/'],
  ['', '/'],
  ['tasks', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example/x', '/'],
  ['javascript:alert(1)', '/'],
  ['/a/../b', '/b'],
])('%p leads to %s', (given, path) => expect(ownPath(given)).toBe(path))

test('a form of another site is told apart', () => {
  const from = (origin?: string) =>
    new Request('http://here:8080/', { headers: { host: 'here:8080', ...(origin && { origin }) } })
  expect(
    [undefined, 'http://here:8080', 'http://here', 'https://evil.example', 'null'].map((origin) => isOwnForm(from(origin))),
  ).toEqual([true, true, false, false, false])
})
