// Autosave waits its interval, and leaves conflicts and retries alone.
import { expect, test } from 'bun:test'
import { isAutosaveDue } from './autosave'
import type { SaveState } from './saver'

const settings = { autosave: true, autosaveMinutes: 2 }

test('only unsaved edits, only when switched on, only after the interval', () => {
  expect(isAutosaveDue(settings, { at: 'unsaved' }, 120_000)).toBe(true)
  expect(isAutosaveDue(settings, { at: 'unsaved' }, 119_999)).toBe(false)
  expect(isAutosaveDue({ ...settings, autosave: false }, { at: 'unsaved' }, 999_999)).toBe(false)
})

test.each<SaveState>([
  { at: 'saved' },
  { at: 'saving' },
  { at: 'refused', reason: '' },
  { at: 'offline', attempt: 1, retryAt: 0, reason: '' },
])('not in the state %j', (save) => expect(isAutosaveDue(settings, save, 999_999)).toBe(false))
