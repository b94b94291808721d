// Writes the code with which the executable unpacks native libraries into its data directory, checks them, and loads the last one.

import { readFileSync } from 'node:fs'
import { toPackedName, toRawName } from './raw-file.ts'

/** `name`: where the file lies below the folder of the set; libraries find each other by these places. */
export type NativeFile = { name: string; source: string; sha256: string }

export const hashFile = (file: string) => new Bun.CryptoHasher('sha256').update(readFileSync(file)).digest('hex')

/**
 * An ES module whose `addon.exports` is what the last file gives. Each set of files gets a folder of its own, named by their hashes.
 * `isPacked`: they are compressed inside the executable, which makes unpacking slower.
 */
export const writeLoader = (files: NativeFile[], isPacked = false) => `
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
${files.map(({ source }, i) => `import file${i} from ${JSON.stringify((isPacked ? toPackedName : toRawName)(source))} with { type: 'file' }`).join('\n')}

const files = [${files.map(({ name, sha256 }, i) => `{ name: ${JSON.stringify(name)}, sha256: '${sha256}', source: file${i} }`).join(', ')}]
const home = process.env.ANNOLITH_NATIVE_DIR
if (!home) throw new Error('ANNOLITH_NATIVE_DIR is not set: nowhere to unpack native libraries')
const root = join(home, '${new Bun.CryptoHasher('sha256').update(files.map(({ sha256 }) => sha256).join()).digest('hex')}')
const read = (source) => ${isPacked ? 'Bun.zstdDecompressSync(readFileSync(source))' : 'readFileSync(source)'}
const hash = (bytes) => new Bun.CryptoHasher('sha256').update(bytes).digest('hex')
const isWhole = ({ name, sha256 }) => {
  try {
    return hash(readFileSync(join(root, name))) === sha256
  } catch {
    return false
  }
}
const unpack = (file) => {
  const target = join(root, file.name)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const temporary = target + '.' + process.pid + '.' + crypto.randomUUID()
  try {
    writeFileSync(temporary, read(file.source), { mode: 0o700, flag: 'wx' })
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  if (!isWhole(file)) throw new Error(target + ' does not hold what was written to it')
}
mkdirSync(root, { recursive: true, mode: 0o700 })
chmodSync(home, 0o700)
chmodSync(root, 0o700)
for (const file of files) if (!isWhole(file)) unpack(file)
const addon = { exports: {} }
process.dlopen(addon, join(root, files.at(-1).name))
`
