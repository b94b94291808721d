// Checks which licences are accepted and that every shipped package comes with a text.
import { expect, test } from 'bun:test'
import { collectNotices, formatNotices, isAccepted } from './notices.ts'

test.each([
  ['x', 'MIT', true],
  ['x', '(MIT OR GPL-3.0)', true],
  ['x', 'MIT AND GPL-3.0', false],
  ['x', 'AGPL-3.0', false],
  ['x', 'LGPL-3.0-or-later', false],
  ['@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later', true],
  ['x', 'not stated', false],
])('%s under %s: %p', (name, licence, expected) => expect(isAccepted(name, licence)).toBe(expected))

test('every shipped package has a notice with a text', () => {
  const notices = collectNotices()
  expect(notices.filter(({ text }) => text.length < 200)).toEqual([])
  const text = formatNotices(notices)
  for (const name of ['Bun ', 'sharp ', '@img/sharp-libvips-', 'elysia ', 'mediabunny ']) expect(text).toContain(`\n${name}`)
})
