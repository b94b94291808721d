// Compiles dist/annolith: one executable with the server, the worker thread, the console, static files and migrations.

import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { BunPlugin } from 'bun'
import { embeddedFiles } from '../../src/server/http/embedded-files.ts'
import { embedBlessed } from './blessed.ts'
import { embedOnnxruntime } from './onnxruntime.ts'
import { binaryPath, fromRoot } from './paths.ts'
import { embedRawFiles } from './raw-file.ts'
import { embedSharp } from './sharp.ts'

/** Replaces embedded-files.ts by a module that imports every file, so that the binary needs no folder beside it. */
const embedFiles: BunPlugin = {
  name: 'embedded-files',
  setup(build) {
    build.onLoad({ filter: /src\/server\/http\/embedded-files\.ts$/ }, () => {
      const files = [...embeddedFiles()]
      const imports = files.map(([, path], i) => `import file${i} from ${JSON.stringify(path)} with { type: 'file' }`)
      const entries = files.map(([name], i) => `[${JSON.stringify(name)}, file${i}]`)
      return {
        loader: 'js',
        contents: `${imports.join('\n')}\nconst files = new Map([${entries.join(', ')}])\nexport const embeddedFiles = () => files\n`,
      }
    })
  },
}

/** In the binary the thread's entry lies relative to the main entry, wherever the module stands that names it. */
const placeThread = (entry: string, thread: string): BunPlugin => ({
  name: 'place-thread',
  setup(build) {
    const placed = `./${relative(dirname(entry), thread)}`
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const replaced = text.replace(/(new URL\(\s*)'([^']+)'(?=\s*,\s*import\.meta\.url)/g, (whole, start, name) =>
        join(dirname(path), name) === thread ? `${start}'${placed}'` : whole,
      )
      return replaced === text ? undefined : { loader: 'ts', contents: replaced }
    })
  },
})

/** msgpackr's optional accelerator is a native file that Bun would unpack to the shared temporary folder; msgpackr works without. */
const dropAccelerator: BunPlugin = {
  name: 'drop-accelerator',
  setup(build) {
    build.onLoad({ filter: /msgpackr-extract\/index\.js$/ }, () => ({ loader: 'js', contents: 'module.exports = null' }))
  },
}

export type BinaryOptions = {
  target?: string
  outfile?: string
  entry?: string
  thread?: string
  /** Where sharp's packages of the target lie, when not in node_modules. */
  nativeModules?: string
}

const hostTarget = `bun-${process.platform}-${process.arch}`

/**
 * Compiles the executable and returns its path. The file appears under its name only when it is complete.
 * `target` is a Bun target such as bun-linux-arm64; throws when sharp's files for it are not installed.
 */
export const buildBinary = async ({
  target = hostTarget,
  outfile = binaryPath,
  entry = fromRoot('src/main.ts'),
  thread = fromRoot('src/workers/thread.ts'),
  nativeModules,
}: BinaryOptions = {}): Promise<string> => {
  await mkdir(dirname(outfile), { recursive: true })
  const scratch = await mkdtemp(join(dirname(outfile), '.build-'))
  try {
    const result = await Bun.build({
      entrypoints: [entry, thread].filter((path) => existsSync(path)),
      root: dirname(entry),
      compile: {
        outfile: join(scratch, 'annolith'),
        ...(target === hostTarget ? {} : { target: target as Bun.Build.CompileTarget }),
      },
      minify: { whitespace: true, syntax: true },
      sourcemap: 'none',
      format: 'esm',
      // Parsed ahead: 60 ms less for every start, of threads too, for 16 MB more. Not across platforms, where it would not be accepted.
      bytecode: target === hostTarget,
      plugins: [
        embedRawFiles,
        embedSharp(target, nativeModules),
        embedOnnxruntime(target),
        embedBlessed,
        embedFiles,
        placeThread(entry, thread),
        dropAccelerator,
      ],
      external: ['term.js', 'pty.js'],
      define: { 'process.env.NODE_ENV': '"production"' },
      throw: false,
    })
    if (!result.success) throw new Error(`${entry} does not compile:\n${result.logs.map(String).join('\n')}`)
    const left = (await readdir(scratch)).filter((name) => name !== 'annolith')
    if (left.length) throw new Error(`the build left files beside the executable: ${left.join(', ')}`)
    await chmod(join(scratch, 'annolith'), 0o755)
    await rename(join(scratch, 'annolith'), outfile)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  return outfile
}
