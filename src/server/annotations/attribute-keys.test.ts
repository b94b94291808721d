// Keys of attribute values: the same everywhere, different for different values, none when they would be too many.
import { expect, test } from 'bun:test'
import { attributeKey, attributeKeys, attributeStart } from './attribute-keys'

test('each value has a key of its own that begins with its attribute', () => {
  const keys = attributeKeys('[{"spec_id":51,"value":"red"},{"spec_id":52,"value":""}]')!
  expect(keys).toBe(`,${attributeKey(51, 'red')},${attributeKey(52, '')},`)
  expect(keys).toContain(attributeStart(51))
  expect(keys).toContain(attributeStart(52))
  expect(keys).not.toContain(attributeStart(5))
  expect(attributeKeys('[]')).toBe(',')
  expect(new Set(Array.from({ length: 20_000 }, (_, i) => attributeKey(1, `value ${i}`))).size).toBe(20_000)
})

test('keys are kept in databases: they never change', () => {
  expect([attributeKey(51, 'red'), attributeKey(1, 'ä')]).toMatchInlineSnapshot(`
    [
      "1f.luky44q",
      "1.6hqqpuh",
    ]
  `)
})

test('very many values have no keys', () => {
  const list = Array.from({ length: 101 }, (_, i) => ({ spec_id: i + 1, value: 'x' }))
  expect(attributeKeys(JSON.stringify(list))).toBeNull()
  expect(attributeKeys(JSON.stringify(list.slice(1)))!.length).toBeLessThan(1500)
})
