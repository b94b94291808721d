// Build plugin: embeds sharp's native files; the program unpacks them once into its data directory and checks them before loading.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BunPlugin } from 'bun'
import { fromRoot } from './paths.ts'
import { toRawName } from './raw-file.ts'

/** sharp's name of a Bun target: bun-linux-x64-baseline → linux-x64, bun-linux-arm64-musl → linuxmusl-arm64. */
export const toSharpPlatform = (target: string): string => {
  const parts = /^bun-(linux|darwin)-(x64|arm64)(-baseline|-modern)?(-musl)?/.exec(target)
  if (!parts)
    throw new Error(`target ${target} is unknown; use bun-linux-x64, bun-linux-arm64 or one of their -musl and -baseline forms`)
  return `${parts[1]}${parts[4] ? 'musl' : ''}-${parts[2]}`
}

type NativeFile = { name: string; source: string; sha256: string }

const hashFile = (file: string) => new Bun.CryptoHasher('sha256').update(readFileSync(file)).digest('hex')

const listNativeFiles = (platform: string): NativeFile[] =>
  [`sharp-libvips-${platform}`, `sharp-${platform}`].map((name) => {
    const dir = fromRoot('node_modules/@img', name, 'lib')
    const file = existsSync(dir) && readdirSync(dir).find((entry) => /\.node$|\.so(\.\d+)*$|\.dylib$/.test(entry))
    if (!file) throw new Error(`@img/${name} is not installed; run: bun install --os=linux --cpu='*'`)
    const source = join(dir, file)
    return { name: `${name}/lib/${file}`, source, sha256: hashFile(source) }
  })

/** Replaces sharp's search for its addon; what is in braces is filled in by the plugin. */
const writeLoader = (files: NativeFile[], importPath: (file: NativeFile) => string) => `
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
${files.map((file, i) => `import file${i} from ${JSON.stringify(importPath(file))} with { type: 'file' }`).join('\n')}

const files = [${files.map(({ name, sha256 }, i) => `{ name: ${JSON.stringify(name)}, sha256: '${sha256}', source: file${i} }`).join(', ')}]
const home = process.env.ANNOLITH_NATIVE_DIR
if (!home) throw new Error('ANNOLITH_NATIVE_DIR is not set: nowhere to unpack native libraries')
const root = join(home, '${new Bun.CryptoHasher('sha256').update(files.map(({ sha256 }) => sha256).join()).digest('hex')}')
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
    writeFileSync(temporary, readFileSync(file.source), { mode: 0o700, flag: 'wx' })
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

export const embedSharp = (target: string): BunPlugin => ({
  name: 'embed-sharp',
  setup(build) {
    const files = listNativeFiles(toSharpPlatform(target))
    const load = writeLoader(files, ({ source }) => toRawName(source))
    build.onLoad({ filter: /sharp\/dist\/sharp\.mjs$/ }, () => ({
      contents: `${load}export default addon.exports\n`,
      loader: 'js',
    }))
    build.onLoad({ filter: /sharp\/dist\/sharp\.cjs$/ }, () => {
      throw new Error('sharp must be imported, not required: its CommonJS twin would load a second copy')
    })
  },
})
