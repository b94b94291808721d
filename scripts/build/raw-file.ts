// Build plugin: takes a file in as it is, whatever its name says; importing it gives the path at which the program reads it.

import { readFileSync } from 'node:fs'
import type { BunPlugin } from 'bun'

const namespace = 'raw-file'

/** What to import for `path`. The suffix keeps an addon from being seen as one, which Bun would unpack to the shared temporary folder. */
export const toRawName = (path: string) => `${namespace}:${path}.bin`
/** The same compressed (zstd), for what is large and read once. */
export const toPackedName = (path: string) => `${namespace}:${path}.zst.bin`
const packLevel = 9

export const embedRawFiles: BunPlugin = {
  name: 'embed-raw-files',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${namespace}:`) }, ({ path }) => ({
      path: path.slice(namespace.length + 1),
      namespace,
    }))
    build.onLoad({ filter: /\.zst\.bin$/, namespace }, async ({ path }) => ({
      contents: await Bun.zstdCompress(readFileSync(path.replace(/\.zst\.bin$/, '')), { level: packLevel }),
      loader: 'file',
    }))
    build.onLoad({ filter: /(?<!\.zst)\.bin$/, namespace }, ({ path }) => ({
      contents: readFileSync(path.replace(/\.bin$/, '')),
      loader: 'file',
    }))
  },
}
