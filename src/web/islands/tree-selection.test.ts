// Ticking files and folders of a tree, and what the server is asked for then.
import { expect, test } from 'bun:test'
import { isPartly, isTicked, type Marks, readSelection, toggle } from './tree-selection'

const children: Record<string, string[]> = {
  '': ['a/', 'b/', 'x.png'],
  'a/': ['a/deep/', 'a/1.png', 'a/2.png'],
  'a/deep/': ['a/deep/3.png', 'a/deep/4.png'],
}
const click = (...paths: string[]) =>
  paths.reduce<Marks>((marks, path) => toggle(marks, path, (folder) => children[folder] ?? []), new Map())
const ask = (...paths: string[]) => readSelection(click(...paths))

test('files and folders are named; a second click takes back', () => {
  expect(ask('x.png', 'a/')).toEqual({ files: ['x.png', 'a/'], exclude: [] })
  expect(ask('x.png', 'a/', 'x.png', 'a/')).toEqual({ files: [], exclude: [] })
})

test('a folder takes in what was ticked below it', () => {
  expect(ask('a/1.png', 'a/deep/', 'a/')).toEqual({ files: ['a/'], exclude: [] })
  const marks = click('a/')
  expect(['a/1.png', 'a/deep/3.png', 'x.png', 'b/'].map((path) => isTicked(marks, path))).toEqual([true, true, false, false])
})

test('what is unticked in a ticked folder is left out', () => {
  const marks = click('a/', 'a/deep/', 'a/1.png')
  expect(readSelection(marks)).toEqual({ files: ['a/'], exclude: ['a/deep/', 'a/1.png'] })
  expect([isPartly(marks, 'a/'), isPartly(marks, 'a/deep/'), isPartly(click('a/'), 'a/')]).toEqual([true, false, false])
  expect(readSelection(toggle(marks, 'a/deep/', () => []))).toEqual({ files: ['a/'], exclude: ['a/1.png'] })
})

test('a file of a folder that was left out is taken by leaving out its neighbours', () => {
  const marks = click('a/', 'a/deep/', 'a/deep/3.png')
  expect(readSelection(marks)).toEqual({ files: ['a/'], exclude: ['a/deep/4.png'] })
  expect(isTicked(marks, 'a/deep/3.png')).toBe(true)
})

test('folders above the only ticked file are partly ticked', () => {
  const marks = click('a/deep/3.png')
  expect(['a/', 'a/deep/', 'b/'].map((folder) => [isTicked(marks, folder), isPartly(marks, folder)])).toEqual([
    [false, true],
    [false, true],
    [false, false],
  ])
})
