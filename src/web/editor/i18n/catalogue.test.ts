// Every text of the editor is in the catalogue of every language, with the same values, and nothing stands there that is not used.
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import { shapeTypes } from '../../../formats/model'
import { makeSceneKit } from '../../scene/scene-kit'
import { titleKey } from '../commands/command-title'
import { commands } from '../commands/registry'
import { listFilterFields, operatorWords } from '../filters/builder'
import { conflictTitles } from '../review/describe-conflict'
import { shapeKinds } from '../shapes/registry'
import { columns } from '../statistics/count-objects'
import { drawMethods } from '../tools/rail'
import { listTools } from '../tools/registry'
import { tabs } from '../ui/setting-list'
import { groups } from '../ui/shortcut-list'
import { workspaceFacts } from '../workspaces/workspace'
import { collectSentences, collectTexts, listSources } from './collect-texts'
import { german as ofPictures } from './german'
import { germanScene } from './german-scene'
import { languages, listMissing, pickLanguage, setLanguage, t, tn } from './message'
import { stepVerbs } from './step-title'

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** Making the kit adds the texts of the 3D workspace to the catalogue. */
const scene = makeSceneKit()
const german = { ...ofPictures, ...germanScene }

/** Titles that registries carry and the screen shows. */
const listTitles = (): string[] => [
  ...commands.map((command) => titleKey(command.title).key),
  ...groups,
  ...[...listTools(), ...scene.rail.flat(), ...scene.tools].flatMap((tool) => [tool.title, tool.hint(tool.start())]),
  ...scene.chooseCommands([]).map((command) => titleKey(command.title).key),
  ...Object.values(drawMethods).flatMap((methods) => methods.map((method) => method.title)),
  ...Object.values(shapeKinds).map((kind) => kind.title),
  ...Object.values(workspaceFacts).flatMap((facts) => [facts.title, facts.hint]),
  ...tabs.flatMap((tab) => [
    tab.name,
    ...tab.options.flatMap((option) => [
      option.title,
      ...(option.type === 'choice' ? option.values.map((one) => one.title) : []),
    ]),
  ]),
  ...Object.values(operatorWords),
  ...listFilterFields([]).map((field) => field.title),
  ...conflictTitles,
  ...columns.map((column) => capital(column.split('-')[0]!)),
]

const folder = (name: string) => join(import.meta.dir, '..', name)
const sceneFolder = folder('../scene')

/** Words that stand in no literal of their own. */
const words = [
  ...['Undo: {step}, frame {frame}', 'Redo: {step}, frame {frame}', 'Delete frame', 'Restore frame'],
  ...['Shift+drag the background', 'Ctrl+click', 'Alt+click a point'],
  ...['new', 'in progress', 'completed', 'rejected', 'annotation', 'validation', 'acceptance'],
  ...['label', 'instance', 'group', 'tag', 'occluded', 'outside', ...shapeTypes],
  ...stepVerbs.map((verb) => `${verb} {kind}`),
]

const used = new Set(
  [
    ...collectTexts(folder('.')).keys(),
    ...collectTexts(sceneFolder).keys(),
    ...[...collectSentences(sceneFolder).keys()].filter((text) => !/\d|^If-Match$| cuboid$/.test(text)),
    ...[
      'ui',
      'actions',
      'assist',
      'frames',
      'document',

      'tools',
      'timeline',
      'workspaces',
      'review',
      'history',
    ].flatMap((name) => [...collectSentences(folder(name)).keys()]),
    // Titles of commands stand for any number.
    ...[...collectSentences(folder('commands')).keys()].map((text) => titleKey(text).key),
    ...listTitles(),
    ...words,
  ].filter((text) => /\p{L}/u.test(text)),
)

test('the code and the registries name several hundred texts', () => {
  expect(used.size).toBeGreaterThan(300)
  expect(used).toContain('Save')
})

test.each(languages.map((language) => [language]))('nothing is missing in %s', (language) => {
  expect(listMissing(language, used)).toEqual([])
})

const valuesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()

test('translations use the values of the original, and only those', () => {
  const wrong = Object.entries(german).filter(([text, other]) => {
    const wanted = valuesOf(text)
    return !valuesOf(other).every((name) => wanted.includes(name) || name === 'count') || other.trim() === ''
  })
  expect(wrong).toEqual([])
})

test('values are filled in, numbers choose their text, unknown texts stay English', () => {
  setLanguage('de')
  expect(t('Frame {frame}', { frame: 7 })).toBe('Bild 7')
  expect([tn(1, 'One object', '{count} objects'), tn(3, 'One object', '{count} objects')]).toEqual(['Ein Objekt', '3 Objekte'])
  expect(t('Not in any catalogue')).toBe('Not in any catalogue')
  setLanguage('en')
  expect(t('Frame {frame}', { frame: 7 })).toBe('Frame 7')
})

test('the language of the browser counts unless another is chosen', () => {
  expect(pickLanguage('system', ['de-AT', 'en'])).toBe('de')
  expect(pickLanguage('system', ['fr', 'de'])).toBe('en')
  expect(pickLanguage('en', ['de'])).toBe('en')
})

test('no text goes to the screen past the catalogue', async () => {
  const raw: string[] = []
  for (const name of ['ui', 'tools', 'timeline', 'review', 'workspaces'])
    for await (const path of new Glob('**/*.ts').scan({ cwd: folder(name) })) {
      const code = await Bun.file(join(folder(name), path)).text()
      // Keys and signs such as N, Esc and % are the same in every language.
      for (const [found] of code.matchAll(/(?:text|'aria-label'|placeholder|'data-tip'): '[A-Z][a-z]{3,}[^']*'/g))
        raw.push(`${path}: ${found}`)
    }
  expect(raw).toEqual([])
})

test('no translation is left over', () => {
  const sources = [...listSources(folder('.')), ...listSources(sceneFolder)]
    .filter((path) => !path.includes('/german'))
    .map((path) => readFileSync(path, 'utf8'))
  // Why a tool failed is thrown before it is shown.
  const stands = (text: string) => sources.some((code) => code.includes(`'${text}'`))
  expect(Object.keys(german).filter((text) => !used.has(text) && !stands(text))).toEqual([])
})
