// Checks how build targets map to sharp's platform packages, and that a missing package is named.
import { expect, test } from 'bun:test'
import { embedSharp, toSharpPlatform } from './sharp.ts'

test.each([
  ['bun-linux-x64', 'linux-x64'],
  ['bun-linux-x64-baseline', 'linux-x64'],
  ['bun-linux-arm64', 'linux-arm64'],
  ['bun-linux-x64-musl', 'linuxmusl-x64'],
  ['bun-linux-arm64-musl', 'linuxmusl-arm64'],
])('%s takes sharp for %s', (target, platform) => expect(toSharpPlatform(target)).toBe(platform))

test('an unknown target and a target without files are refused by name', () => {
  expect(() => toSharpPlatform('bun-amiga-m68k')).toThrow('bun-amiga-m68k is unknown')
  expect(() => embedSharp('bun-darwin-arm64').setup({} as any)).toThrow('@img/sharp-libvips-darwin-arm64 is not installed')
})
