// Build plugin: embeds the native files of onnxruntime, which the program unpacks into its data directory when the first model is loaded.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BunPlugin } from 'bun'
import { hashFile, type NativeFile, writeLoader } from './native-loader.ts'
import { fromRoot } from './paths.ts'
import { toSharpPlatform } from './sharp.ts'

const moduleName = 'embedded-onnxruntime'
/** The library first: the addon, which is loaded, looks for it beside itself. */
const fileNames: Record<string, string[]> = {
  linux: ['libonnxruntime.so.1', 'onnxruntime_binding.node'],
  darwin: ['libonnxruntime.1.dylib', 'onnxruntime_binding.node'],
}

/** Since 1.29 the library sends usage data to its makers unless told otherwise: this is in it when it can. */
const collector = 'OneCollector'

/** Undefined for platforms that onnxruntime is not made for, such as musl. */
export const listOnnxruntimeFiles = (target: string): NativeFile[] | undefined => {
  const [platform, arch] = toSharpPlatform(target).split('-') as [string, string]
  const folder = fromRoot('node_modules/onnxruntime-node/bin/napi-v6', platform, arch)
  const sources = fileNames[platform]?.map((name) => ({ name: `onnxruntime/${name}`, source: join(folder, name) }))
  if (!sources?.every(({ source }) => existsSync(source))) return undefined
  const sending = sources.find(({ source }) => readFileSync(source).includes(collector))
  if (sending) throw new Error(`${sending.source} sends usage data; take a version of onnxruntime-node that cannot (1.27)`)
  return sources.map((file) => ({ ...file, sha256: hashFile(file.source) }))
}

export const embedOnnxruntime = (target: string): BunPlugin => ({
  name: 'embed-onnxruntime',
  setup(build) {
    const files = listOnnxruntimeFiles(target)
    const contents = files
      ? `${writeLoader(files, true)}export default addon.exports\n`
      : `throw new Error('ONNX models cannot run in this build: onnxruntime is not made for ${target}')\n`
    build.onResolve({ filter: new RegExp(`^${moduleName}$`) }, () => ({ path: moduleName, namespace: moduleName }))
    build.onLoad({ filter: /.*/, namespace: moduleName }, () => ({ contents, loader: 'js' }))
    build.onLoad({ filter: /onnxruntime-node\/dist\/binding\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const replaced = text.replace(/require\(`\.\.\/bin\/[^`]*`\)/, `require('${moduleName}').default`)
      if (replaced === text) throw new Error(`${path} is not as expected: its native files cannot be embedded`)
      return { contents: replaced, loader: 'js' }
    })
  },
})
