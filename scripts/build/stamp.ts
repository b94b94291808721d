// Tells whether dist/annolith was built from the sources as they are now.

import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { Glob } from 'bun'
import { binaryPath, fromRoot } from './paths.ts'

const sources = [
  'src/**/*',
  'drizzle/{sqlite,postgres}{,-events}/**/*',
  'public/**/*',
  'scripts/build.ts',
  'scripts/build/**/*',
  'scripts/licences/*',
  '{package,tsconfig}.json',
  'bun.lock',
]
const ignored = /(^public\/build\/|\.test\.tsx?$|\/fixtures\/)/

const stampPath = `${binaryPath}.sources`

/** SHA-256 over names and contents of everything that goes into the executable. */
export const hashSources = async (): Promise<string> => {
  const hasher = new Bun.CryptoHasher('sha256')
  const names = sources.flatMap((pattern) => [...new Glob(pattern).scanSync({ cwd: fromRoot('.') })])
  for (const name of names.filter((path) => !ignored.test(path)).sort()) {
    hasher.update(`${name}\0`)
    hasher.update(await readFile(fromRoot(name)))
  }
  return hasher.update(Bun.version).digest('hex')
}

export const isBuilt = async () =>
  existsSync(binaryPath) && existsSync(stampPath) && (await readFile(stampPath, 'utf8')) === (await hashSources())
export const writeStamp = async (hash: string) => writeFile(stampPath, hash)
