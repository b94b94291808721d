// Every text that scripts show on pages is in the catalogue with the same values, and none goes to the screen past it.
import { expect, test } from 'bun:test'
import { collectLiterals, readIslands } from './collect-texts'
import { german } from './german'
import { t, tn } from './message'

const { texts, past } = readIslands()

test('texts are found where they are written', () => {
  expect(texts.size).toBeGreaterThan(180)
  for (const one of ['Cancel', 'Find anything', 'The server answered {status}.', 'Delete {count} labels?'])
    expect(texts).toContain(one)
})

test('nothing is missing in German', () => expect([...texts].filter((text) => !(text in german))).toEqual([]))

test('nothing is shown past the catalogue', () => expect(past).toEqual([]))

test('nothing stands there that is not used', () => {
  const written = collectLiterals()
  /** Nouns with a number and kinds of shapes are put together; roles come from the server. */
  const isMade = (text: string) => /^\{count\} \w+$/.test(text) || written.has(text.replace(/s$/, ''))
  const ofServer =
    /^(?:(?:rectangle|polygon|polyline|point|ellipse|cuboid|mask|skeleton|tag|track)s?|maintainer|supervisor|worker)$/
  expect(
    Object.keys(german).filter((text) => !texts.has(text) && !written.has(text) && !isMade(text) && !ofServer.test(text)),
  ).toEqual([])
})

test('values are the same in both languages', () => {
  const valuesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([value]) => value).sort()
  for (const [english, other] of Object.entries(german)) expect([english, valuesOf(other)]).toEqual([english, valuesOf(english)])
})

test('without a page texts are English, numbers choose their text', () => {
  expect(t('Point {name}', { name: 'a' })).toBe('Point a')
  expect([tn(1, 'Delete a label?', 'Delete {count} labels?'), tn(1200, 'Delete a label?', 'Delete {count} labels?')]).toEqual(
    ['Delete a label?', 'Delete 1,200 labels?'], // biome-ignore format: pairs
  )
})
