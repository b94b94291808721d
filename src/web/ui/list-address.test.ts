// Addresses of lists: what a click changes and what it keeps.
import { expect, test } from 'bun:test'
import { addressOf, clearedAddress, describeRule, isNarrowed, nextSort, readRules, sortOf, toggleRule } from './list-address'

const state = (query: Record<string, string>) => ({ path: '/tasks', query, page: 1, size: 10, count: 30 })

test('any change but the page leads to the first page and keeps the rest', () => {
  const here = state({ search: 'a b', page: '3', page_size: '20' })
  expect(addressOf(here, { page: '4' })).toBe('/tasks?search=a+b&page=4&page_size=20')
  expect(addressOf(here, { search: 'é&' })).toBe('/tasks?search=%C3%A9%26&page_size=20')
  expect(clearedAddress(here)).toBe('/tasks?page_size=20')
  expect([isNarrowed(here), isNarrowed(state({ sort: 'id' }))]).toEqual([true, false])
})

test('a field goes ascending, descending, off; clicks give the priority', () => {
  expect(nextSort(state({ sort: 'id' }), 'name')).toBe('/tasks?sort=id%2Cname')
  expect(nextSort(state({ sort: 'id,name' }), 'name')).toBe('/tasks?sort=id%2C-name')
  expect(nextSort(state({ sort: 'id,-name' }), 'name')).toBe('/tasks?sort=id')
  expect(sortOf(state({ sort: 'id,-name' }), 'name')).toEqual({ direction: 'descending', place: 1 })
})

test('a rule is added and taken out; other rules stay', () => {
  const mine = { '==': [{ var: 'assignee' }, 'ann'] }
  const open = { '!': [{ '==': [{ var: 'status' }, 'completed'] }] }
  const one = toggleRule(state({}), mine)
  const filter = new URL(one, 'http://a.b').searchParams.get('filter')!
  expect(JSON.parse(filter)).toEqual({ and: [mine] })
  const two = new URL(toggleRule(state({ filter }), open), 'http://a.b').searchParams.get('filter')!
  expect(readRules(state({ filter: two }))).toEqual([mine, open])
  expect(toggleRule(state({ filter }), mine)).toBe('/tasks')
  expect([mine, open, { in: ['cat', { var: 'name' }] }].map(describeRule)).toEqual([
    'assignee = ann',
    'not status = completed',
    'name contains cat',
  ])
})
