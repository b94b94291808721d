// Keys, their names, and that the registry is sound.
import { expect, test } from 'bun:test'
import type { Editor } from '../editor'
import type { Command } from './command'
import { Keymap } from './keymap'
import { type KeyPress, nameKeyPress, showKeys, toAriaKeys } from './keys'
import { commands, findCommand } from './registry'

const press = (key: string, code: string, mods = ''): KeyPress => ({
  key,
  code,
  ctrlKey: mods.includes('c'),
  metaKey: mods.includes('m'),
  altKey: mods.includes('a'),
  shiftKey: mods.includes('s'),
})

test.each<[KeyPress, string]>([
  [press('s', 'KeyS', 'c'), 'Ctrl+S'],
  [press('s', 'KeyS', 'm'), 'Ctrl+S'],
  [press('Z', 'KeyZ', 'cs'), 'Ctrl+Shift+Z'],
  [press('y', 'KeyZ'), 'Y'],
  [press('ы', 'KeyS', 'c'), 'Ctrl+S'],
  [press('!', 'Digit1', 's'), 'Shift+1'],
  [press('1', 'Digit1', 'c'), 'Ctrl+1'],
  [press('+', 'Equal', 's'), '+'],
  [press('_', 'Minus', 's'), '_'],
  [press('~', 'Backquote', 's'), 'Shift+`'],
  [press(' ', 'Space'), 'Space'],
  [press('ArrowLeft', 'ArrowLeft', 's'), 'Shift+Left'],
  [press('Delete', 'Delete', 's'), 'Shift+Del'],
  [press('F1', 'F1'), 'F1'],
])('%j is %s', (event, name) => expect(nameKeyPress(event)).toBe(name))

test('keys are shown for people and for assistive technology', () => {
  expect(showKeys('T L')).toBe('T then L')
  expect(showKeys('Shift+Left')).toBe('Shift+←')
  expect(showKeys('+')).toBe('+')
  expect(toAriaKeys(['Ctrl+S', 'T L', 'Left', 'Esc'])).toBe('Control+S ArrowLeft Escape')
})

const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'General',
  keys,
  run: () => {},
  ...more,
})
const editor = {} as Editor

test('a sequence waits for its second key; a wrong one counts by itself', () => {
  const keymap = new Keymap([command('lock-all', ['T L']), command('lock', ['L']), command('next', ['F'])])
  const run = (stroke: string) => {
    const pressed = keymap.press(stroke, editor, false)
    return pressed.type === 'run' ? pressed.command.id : pressed.type
  }
  expect(['L', 'T', 'L', 'T', 'F', 'L', 'X'].map(run)).toEqual(['lock', 'wait', 'lock-all', 'wait', 'next', 'lock', 'none'])
})

test('the first enabled command of a key runs; in a field only those meant for everywhere', () => {
  const keymap = new Keymap([
    command('off', ['F'], { enabled: () => false }),
    command('on', ['F']),
    command('save', ['Ctrl+S'], { everywhere: true }),
  ])
  expect(keymap.press('F', editor, false)).toMatchObject({ command: { id: 'on' } })
  expect(keymap.press('F', editor, true)).toEqual({ type: 'none' })
  expect(keymap.press('Ctrl+S', editor, true)).toMatchObject({ command: { id: 'save' } })
})

test('ids are unique, and commands that share a key say when they apply', () => {
  expect(new Set(commands.map((one) => one.id)).size).toBe(commands.length)
  const sharing = Map.groupBy(
    commands.flatMap((one) => one.keys.map((keys) => ({ one, keys }))),
    ({ keys }) => keys,
  )
  for (const [keys, users] of sharing) {
    if (users.length > 1) expect([keys, users.filter(({ one }) => !one.enabled && !one.workspaces)]).toEqual([keys, []])
  }
  expect(() => findCommand('nothing')).toThrow()
})

test.each([
  ['Ctrl+S', 'save'],
  ['F', 'frame-next'],
  ['D', 'frame-prev'],
  ['V', 'frame-forward'],
  ['C', 'frame-back'],
  ['Space', 'play'],
  ['N', 'draw-again'],
  ['Esc', 'cancel'],
  ['Q', 'occluded'],
  ['/', 'occluded'],
  ['T H', 'hide-all'],
  ['Shift+Del', 'delete-forced'],
  ['Ctrl+Shift+Z', 'redo'],
])('%s means %s', (keys, id) => {
  const there = commands.filter((one) => one.workspaces?.includes('standard') ?? true)
  expect(there.filter((one) => one.keys.includes(keys)).map((one) => one.id)).toEqual([id])
})
