// Names of the static files and migrations with paths that Bun.file reads: from disk in a checkout, from inside the program in the binary.

import { join } from 'node:path'
import { Glob } from 'bun'

const root = join(import.meta.dir, '../../..')

/** Folders that are shipped: where they lie, the prefix of their names, and which of their files. */
const folders = [
  { folder: 'public/build', prefix: 'build/', pattern: '**/*' },
  { folder: 'public', prefix: 'public/', pattern: '**/*' },
  { folder: 'drizzle', prefix: 'drizzle/', pattern: '{sqlite,postgres}{,-events}/**/*.{sql,json}' },
]

const scanFolder = (folder: string, pattern: string) => {
  try {
    return [...new Glob(pattern).scanSync({ cwd: join(root, folder) })].sort()
  } catch {
    return []
  }
}

/**
 * Every shipped file: `build/app.js` (browser bundles), `public/favicon.svg`, `drizzle/sqlite/0000_name.sql`, … → path.
 * In a checkout each call looks at the disk again; in the binary scripts/build replaces this module by a fixed map.
 */
export const embeddedFiles = (): ReadonlyMap<string, string> =>
  new Map(
    folders.flatMap(({ folder, prefix, pattern }) =>
      scanFolder(folder, pattern)
        .filter((name) => !name.endsWith('.map') && !(prefix === 'public/' && name.startsWith('build/')))
        .map((name): [string, string] => [prefix + name, join(root, folder, name)]),
    ),
  )
