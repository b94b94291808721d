// Builds what the browser gets into public/build: bundles, style sheets, fonts, and the API pages' own scripts.

import { existsSync } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { Glob } from 'bun'
import { fromRoot } from './paths.ts'

/** Bundle → entry point. Files named *.worker.ts become bundles of their own name. */
const bundles: Record<string, string> = {
  'editor.js': 'src/web/editor/main.ts',
  'scene.js': 'src/web/scene/main.ts',
  'video.js': 'src/web/video/main.ts',
  'app.js': 'src/web/islands/main.ts',
  'german.js': 'src/web/islands/i18n/load-german.ts',
  'chart.js': 'src/web/islands/chart.ts',
}
const styles: Record<string, string> = {
  'app.css': 'src/web/ui/app.css',
  'chart.css': 'src/web/islands/chart.css',
  'editor.css': 'src/web/editor/editor.css',
  'scene.css': 'src/web/scene/scene.css',
}
const copies: Record<string, string> = {
  'fonts/inter-latin-wght-normal.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'fonts/inter-latin-ext-wght-normal.woff2': '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2',
  'vendor/swagger-ui.css': 'swagger-ui-dist/swagger-ui.css',
  'vendor/swagger-ui-bundle.js': 'swagger-ui-dist/swagger-ui-bundle.js',
  'vendor/redoc.standalone.js': 'redoc/bundles/redoc.standalone.js',
  'vendor/opencv.js': '@techstark/opencv-js/dist/opencv.js',
}

/** Large and loaded rarely: copied compressed (name.gz), and unpacked by the browser. */
const packed: Record<string, string> = {
  'vendor/ort-wasm-simd-threaded.wasm.gz': 'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
  'vendor/ort-wasm-simd-threaded.asyncify.wasm.gz': 'onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm',
}

/** Pictures that a vendored script would load from the internet; the copy shows nothing instead. */
const remote: Record<string, string> = { 'vendor/redoc.standalone.js': 'https://cdn.redoc.ly/redoc/logo-mini.svg' }
const emptyPicture = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

const outDir = fromRoot('public/build')

const findEntries = () => {
  const workers = [...new Glob('src/web/**/*.worker.ts').scanSync({ cwd: fromRoot('.') })]
  return [...Object.entries(bundles), ...workers.map((path): [string, string] => [basename(path).replace(/\.ts$/, '.js'), path])]
}

const buildBundle = async (name: string, entry: string) => {
  const result = await Bun.build({
    entrypoints: [fromRoot(entry)],
    outdir: outDir,
    naming: name.replace(/\.js$/, '.[ext]'),
    target: 'browser',
    format: 'esm',
    minify: true,
    sourcemap: 'external',
    define: { 'process.env.NODE_ENV': '"production"' },
    throw: false,
  })
  if (!result.success) throw new Error(`${entry} does not build:\n${result.logs.map(String).join('\n')}`)
}

/** Tailwind inlines @import and minifies; a sheet that does not import tailwindcss passes through otherwise unchanged. */
const buildStyle = async (name: string, entry: string) => {
  const run = Bun.spawn([fromRoot('node_modules/.bin/tailwindcss'), '-i', entry, '-o', `public/build/${name}`, '--minify'], {
    cwd: fromRoot('.'),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [code, log] = await Promise.all([run.exited, new Response(run.stderr).text()])
  if (code !== 0) throw new Error(`${entry} does not build:\n${log}`)
}

const copyVendored = async (name: string, source: string) => {
  const target = fromRoot('public/build', name)
  await mkdir(dirname(target), { recursive: true })
  const fetched = remote[name]
  if (!fetched) return copyFile(fromRoot('node_modules', source), target)
  const text = await Bun.file(fromRoot('node_modules', source)).text()
  if (!text.includes(fetched)) throw new Error(`${source} no longer names ${fetched}`)
  await Bun.write(target, text.replaceAll(fetched, emptyPicture))
}

const packVendored = async (name: string, source: string) => {
  const bytes = await Bun.file(fromRoot('node_modules', source)).bytes()
  await Bun.write(fromRoot('public/build', name), Bun.gzipSync(bytes, { level: 6 }))
}

/** Builds everything; returns the entry points that do not exist (yet). */
export const buildWeb = async ({ clean = true } = {}): Promise<string[]> => {
  if (clean) await rm(outDir, { recursive: true, force: true })
  await mkdir(outDir, { recursive: true })
  const missing: string[] = []
  const eachOf = async (entries: [string, string][], build: (name: string, entry: string) => Promise<void>) => {
    for (const [name, entry] of entries) {
      if (existsSync(fromRoot(entry))) await build(name, entry)
      else missing.push(entry)
    }
  }
  await eachOf(findEntries(), buildBundle)
  await eachOf(Object.entries(styles), buildStyle)
  await Promise.all(Object.entries(copies).map(([name, source]) => copyVendored(name, source)))
  await Promise.all(Object.entries(packed).map(([name, source]) => packVendored(name, source)))
  return missing
}
