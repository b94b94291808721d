// Build plugin: embeds sharp's native files; the program unpacks them once into its data directory and checks them before loading.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BunPlugin } from 'bun'
import { hashFile, type NativeFile, writeLoader } from './native-loader.ts'
import { fromRoot } from './paths.ts'

/** sharp's name of a Bun target: bun-linux-x64-baseline → linux-x64, bun-linux-arm64-musl → linuxmusl-arm64. */
export const toSharpPlatform = (target: string): string => {
  const parts = /^bun-(linux|darwin)-(x64|arm64)(-baseline|-modern)?(-musl)?/.exec(target)
  if (!parts)
    throw new Error(`target ${target} is unknown; use bun-linux-x64, bun-linux-arm64 or one of their -musl and -baseline forms`)
  return `${parts[1]}${parts[4] ? 'musl' : ''}-${parts[2]}`
}

const listNativeFiles = (platform: string, modules: string): NativeFile[] =>
  [`sharp-libvips-${platform}`, `sharp-${platform}`].map((name) => {
    const dir = join(modules, '@img', name, 'lib')
    const file = existsSync(dir) && readdirSync(dir).find((entry) => /\.node$|\.so(\.\d+)*$|\.dylib$/.test(entry))
    if (!file) throw new Error(`@img/${name} is not installed; run: bun install --os=linux --cpu='*'`)
    const source = join(dir, file)
    return { name: `${name}/lib/${file}`, source, sha256: hashFile(source) }
  })

/** `modules`: where sharp's packages of that target lie. */
export const embedSharp = (target: string, modules = fromRoot('node_modules')): BunPlugin => ({
  name: 'embed-sharp',
  setup(build) {
    const files = listNativeFiles(toSharpPlatform(target), modules)
    const load = writeLoader(files)
    build.onLoad({ filter: /sharp\/dist\/sharp\.mjs$/ }, () => ({
      contents: `${load}export default addon.exports\n`,
      loader: 'js',
    }))
    build.onLoad({ filter: /sharp\/dist\/sharp\.cjs$/ }, () => {
      throw new Error('sharp must be imported, not required: its CommonJS twin would load a second copy')
    })
  },
})
