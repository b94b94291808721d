// Keys chosen by a person: stored, found again, clashes named and taken away, defaults put back.
import { expect, test } from 'bun:test'
import type { Command } from './command'
import { Shortcuts } from './shortcuts'

const make = (id: string, keys: string[], workspaces?: Command['workspaces']): Command => ({
  id,
  title: id,
  group: 'General',
  keys,
  run: () => {},
  ...(workspaces && { workspaces }),
})

const save = make('save', ['Ctrl+S'])
const next = make('next', ['F'])
const lockAll = make('lock-all', ['T L'])
const value = make('value', ['1'], ['attributes'])
const label = make('label-1', ['1'], ['standard'])
const all = [save, next, lockAll, value, label]

const openStore = () => {
  const kept = new Map<string, string>()
  const storage = { read: (key: string) => kept.get(key) ?? null, write: (key: string, text: string) => void kept.set(key, text) }
  const shortcuts = new Shortcuts(storage)
  shortcuts.open('ann', 'project-1')
  return { storage, shortcuts, kept }
}

test('chosen keys come first and are found again by the same person only', () => {
  const { storage, shortcuts } = openStore()
  shortcuts.set('next', ['G', 'F'])
  const again = new Shortcuts(storage)
  again.open('ann', 'project-2')
  expect(again.keysOf(next)).toEqual(['G', 'F'])
  again.open('bob', 'project-1')
  expect(again.keysOf(next)).toEqual(['F'])
})

test('keys of labels belong to the project', () => {
  const { storage, shortcuts } = openStore()
  shortcuts.set('label-1', ['U'])
  const again = new Shortcuts(storage)
  again.open('ann', 'project-2')
  expect(again.keysOf(label)).toEqual(['1'])
  again.open('ann', 'project-1')
  expect(again.keysOf(label)).toEqual(['U'])
})

test('a clash is named, also with the beginning of a sequence, and not across workspaces', () => {
  const { shortcuts } = openStore()
  expect(shortcuts.findClashes(save, 'F', all)).toEqual([next])
  expect(shortcuts.findClashes(save, 'T', all)).toEqual([lockAll])
  expect(shortcuts.findClashes(value, '1', all)).toEqual([])
  expect(shortcuts.findClashes(save, 'Ctrl+J', all)).toEqual([])
})

test('assigning takes the keys from the other command; reset puts all back', () => {
  const { shortcuts } = openStore()
  shortcuts.assign(save, 'F', all)
  expect([shortcuts.keysOf(save), shortcuts.keysOf(next)]).toEqual([['Ctrl+S', 'F'], []])
  shortcuts.reset()
  expect([shortcuts.keysOf(save), shortcuts.keysOf(next)]).toEqual([['Ctrl+S'], ['F']])
})

test('damaged records are ignored', () => {
  const { shortcuts, storage } = openStore()
  storage.write('annolith-keys:eve', '{"next": "G", "save": [1, "Ctrl+Q"]')
  shortcuts.open('eve', 'project-1')
  expect(shortcuts.keysOf(next)).toEqual(['F'])
})
