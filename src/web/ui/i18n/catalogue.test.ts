// Every text that the pages translate is in the catalogue with the same values; pages made at the same time keep their languages apart.
import { expect, test } from 'bun:test'
import { readPages } from './collect-texts'
import { german } from './german'
import { languages, listMissing, pickLanguage, readLanguage, speak, t } from './message'

/** Words that stand in no literal of a page: of the API in badges and choices, of parts of the server, of ways to sort. */
const words = [
  ...['new', 'in progress', 'completed', 'rejected', 'annotation', 'validation', 'acceptance', 'queued', 'started', 'finished'],
  ...[
    'failed',
    'maintainer',
    'owner',
    'supervisor',
    'worker',
    'admin',
    'ID',
    'frame',
    'area',
    'width',
    'height',
    'score',
    'number',
  ],
  ...['rectangle', 'polygon', 'polyline', 'points', 'ellipse', 'cuboid', 'mask', 'skeleton', 'tag'],
  ...['Image and video annotation in one process, compatible with the API of CVAT.'],
  ...[
    'broken',
    'configured',
    'enough room',
    'failures',
    'filling up',
    'full',
    'no ffmpeg',
    'none yet',
    'not configured',
    'slow',
    'working',
    'Comment',
  ],
]
const { texts: found, past } = readPages()
const texts = new Set([...found, ...words])

test('texts are found where they are written', () => {
  expect(texts.size).toBeGreaterThan(120)
  for (const one of ['Projects', 'Search {noun}', 'tasks', 'Owned by me', 'No webhooks yet', 'Only these'])
    expect(texts).toContain(one)
})

for (const language of languages) test(`nothing is missing: ${language}`, () => expect(listMissing(language, texts)).toEqual([]))

test('no text stands in the markup past the catalogue', () => expect(past).toEqual([]))

test('nothing stands there that is not used', () => expect(Object.keys(german).filter((text) => !texts.has(text))).toEqual([]))

test('values are the same in both languages', () => {
  const valuesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([value]) => value).sort()
  for (const [english, other] of Object.entries(german)) expect([english, valuesOf(other)]).toEqual([english, valuesOf(english)])
})

test('the choice goes before the browser; unknown languages are English', () => {
  expect(pickLanguage('de', 'en-US')).toBe('de')
  expect(pickLanguage(undefined, 'de-AT,de;q=0.9,en;q=0.5')).toBe('de')
  expect(pickLanguage('system', 'fr,de;q=0.5')).toBe('en')
  expect(pickLanguage(undefined, null)).toBe('en')
})

test('pages made at the same time keep their languages', async () => {
  const make = async (ms: number) => {
    await Bun.sleep(ms)
    return [readLanguage(), t('Search {noun}', { noun: t('tasks') })]
  }
  const [one, other] = await Promise.all([speak('de', () => make(5)), speak('en', () => make(1))])
  expect([one, other]).toEqual([['de', 'Aufgaben suchen'], ['en', 'Search tasks']]) // biome-ignore format: pairs
})
