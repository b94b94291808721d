// Keys of several hosts: the same secret makes the same keys, and another one opens nothing.
import { afterAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config, readConfig, setConfig } from './config'
import { readKey, seal, unseal } from './seal'

const before = config()
const home = mkdtempSync(join(tmpdir(), 'annolith-seal-'))
afterAll(() => {
  setConfig(before)
  rmSync(home, { recursive: true, force: true })
})

/** Goes on as a host with this secret. */
const becomeHost = (name: string, secret: string) => {
  const file = join(home, `${name}.secret`)
  writeFileSync(file, secret)
  setConfig(readConfig({}, { ANNOLITH_DATA_DIR: join(home, name), ANNOLITH_SECRET_KEY_FILE: file }))
}

test('what one host has sealed another one with the same secret opens, and no key lies on either', async () => {
  becomeHost('one', 'a secret of more than 32 characters\n')
  const sealed = seal(await readKey('functions'), 'token')
  becomeHost('two', 'a secret of more than 32 characters')
  expect(unseal(await readKey('functions'), sealed)).toBe('token')
  expect(() => unseal(Buffer.from('0'.repeat(32)), sealed)).toThrow()
  // Keys of different purposes tell nothing about each other.
  const other = await readKey('sign-in')
  expect(() => unseal(other, sealed)).toThrow()
  expect(existsSync(join(home, 'two/secrets'))).toBe(false)
  becomeHost('three', 'another secret of more than 32 characters')
  const foreign = await readKey('functions')
  expect(() => unseal(foreign, sealed)).toThrow()
})

test('a secret that is too short is refused by its file', () => {
  expect(() => becomeHost('four', 'too short')).toThrow('which holds fewer than 32 characters')
})
