// Listeners hear once per deferred run, and only of what they asked for.
import { expect, test } from 'bun:test'
import { parsePreferences } from './preferences'
import { startSettings } from './state'
import { Store } from './store'
import { findRow, stackRows } from './ui/virtual-list'

test('changes are gathered until the deferred run', () => {
  const deferred: (() => void)[] = []
  const store = new Store({ a: 1, b: 1 }, (run) => deferred.push(run))
  const heard: string[] = []
  store.subscribe(['a'], (state) => heard.push(`a ${state.a}`))
  store.subscribe(['a', 'b'], (_state, changed) => heard.push([...changed].join(' ')))
  store.set({ a: 2 })
  store.set({ a: 3, b: 1 })
  expect(store.state).toEqual({ a: 3, b: 1 })
  expect(heard).toEqual([])
  for (const run of deferred.splice(0)) run()
  expect(heard).toEqual(['a 3', 'a'])
  store.set({ b: 1 })
  expect(deferred).toEqual([])
})

test('what listeners change is heard in a next run', () => {
  const deferred: (() => void)[] = []
  const store = new Store({ a: 1, b: 1 }, (run) => deferred.push(run))
  store.subscribe(['a'], () => store.set({ b: 2 }))
  store.set({ a: 2 })
  deferred.shift()!()
  expect(deferred).toHaveLength(1)
})

test('preferences of a foreign or broken record fall back one by one', () => {
  expect(parsePreferences('{"settings":{"step":25,"speed":"fast","unknown":1}}').settings).toMatchObject({
    step: 25,
    speed: startSettings.speed,
  })
  expect(parsePreferences('nonsense').settings).toEqual(startSettings)
  expect(parsePreferences('null').sideOpen).toBe(true)
})

test('rows are stacked by their heights and found by position', () => {
  const { tops, height } = stackRows([
    { key: 1, height: 30 },
    { key: 2, height: 100 },
    { key: 3, height: 30 },
  ])
  expect([[...tops], height]).toEqual([[0, 30, 130], 160])
  expect([-5, 0, 29, 30, 129, 130, 999].map((y) => findRow(tops, y))).toEqual([0, 0, 0, 1, 1, 2, 2])
})
