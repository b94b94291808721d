// `annolith models …`: the models that annotate, from the command line; works beside a running server.
import { basename } from 'node:path'
import { ConfigError, config } from './server/config'
import type { Found, FunctionInfo } from './server/functions/contract'
import { findModel, isGood, listModels, type ModelVersion } from './server/functions/onnx/catalogue'
import { closeModel } from './server/functions/onnx/inference'
import { ModelError } from './server/functions/onnx/model-error'
import { addModel, removeModel } from './server/functions/onnx/store'
import { describeTry, tryModel } from './server/functions/onnx/try-model'

type Flags = { version?: string; note?: string; threshold?: string; json?: boolean }

const usage = `annolith models list [--json]
annolith models add NAME FILE.onnx [FILE.onnx|FILE.yaml …] [--note TEXT]
annolith models test NAME|FILE.onnx IMAGE [--version N] [--threshold 0.5] [--json]
annolith models remove NAME [--version N]`

const requireWords = (words: string[], least: number, most = least) => {
  if (words.length < least || words.length > most) throw new ConfigError(usage)
  return words as [string, ...string[]]
}
const readNumber = (text: string | undefined, flag: string, isFit: (value: number) => boolean): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !isFit(value)) throw new ConfigError(`--${flag} must be a number, not "${text}"`)
  return value
}
const readVersion = ({ version }: Flags) => readNumber(version, 'version', (value) => Number.isInteger(value) && value > 0)

const showLabels = (labels: FunctionInfo['labels']) => {
  const names = labels.map(({ name }) => name)
  return names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
}
const showBytes = (bytes: number) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`)

const showVersion = (version: ModelVersion): string => {
  const base = [version.id, String(version.version), showBytes(version.bytes)]
  if (!isGood(version)) return [...base, `cannot be used: ${version.problem}`].join('\t')
  const { family, labels, input } = version.ref.spec
  return [...base, family, `${input.width}×${input.height}`, showLabels(labels) || '-', version.note || '-'].join('\t')
}

const toJson = (version: ModelVersion) => ({
  id: version.id,
  version: version.version,
  bytes: version.bytes,
  created: version.created,
  note: version.note,
  ...(isGood(version)
    ? { name: version.title, family: version.ref.spec.family, labels: version.ref.spec.labels.map(({ name }) => name) }
    : { problem: version.problem }),
})

const showFound = ({ label, type, score, points, rotation, elements }: Partial<Found>) =>
  [
    label ?? '-',
    type,
    score === undefined ? '-' : score.toFixed(3),
    type === 'mask'
      ? `${points!.length - 4} runs in ${points!.slice(-4).join(' ')}`
      : points!.map((value) => value.toFixed(1)).join(' '),
    ...(rotation ? [`turned by ${rotation.toFixed(1)}°`] : []),
    ...(elements
      ? [
          elements
            .map(
              (element) =>
                `${element.label} ${element.outside ? 'hidden' : element.points.map((value) => value.toFixed(1)).join(' ')}`,
            )
            .join('; '),
        ]
      : []),
  ].join('\t')

const actions: Record<string, (words: string[], flags: Flags) => Promise<void>> = {
  list: async (words, { json }) => {
    requireWords(words, 0)
    const versions = (await listModels()).flatMap((model) => model.versions)
    if (json) return console.log(JSON.stringify(versions.map(toJson), null, 2))
    if (!versions.length) console.error(`there are no models in ${config().dataDir}/models`)
    for (const version of versions) console.log(showVersion(version))
  },
  add: async (words, { note }) => {
    const [id, ...files] = requireWords(words, 2, 64)
    const added = await addModel({ id, files: files.map((path) => ({ name: basename(path), path })), ...(note && { note }) })
    console.log(`model ${added.id} version ${added.version} added`)
  },
  test: async (words, flags) => {
    const [name, image] = requireWords(words, 2)
    const threshold = readNumber(flags.threshold, 'threshold', (value) => value >= 0 && value <= 1) ?? null
    const version = readVersion(flags)
    const model = /\.onnx$/i.test(name) ? await describeTry(name) : await findModel(name, version)
    if (!model) throw new ConfigError(`there is no model "${name}"${version ? ` with version ${version}` : ''}`)
    const started = performance.now()
    const found = await tryModel(model, image!, threshold)
    const ms = Math.round(performance.now() - started)
    if (flags.json) return console.log(JSON.stringify({ id: model.id, version: model.version, ms, found }, null, 2))
    for (const one of found) console.log(showFound(one))
    console.error(`${model.id} version ${model.version}: ${found.length} found in ${ms} ms, with loading`)
  },
  remove: async (words, flags) => {
    const [id] = requireWords(words, 1)
    const version = readVersion(flags)
    if (!(await removeModel(id, version)))
      throw new ConfigError(`there is no model "${id}"${version ? ` with version ${version}` : ''}`)
    console.log(`model ${id}${version ? ` version ${version}` : ''} removed`)
  },
}

/** Runs one action; what is wrong with input or model ends as ConfigError with one line. */
export const runModelsCommand = async ([action, ...words]: string[], flags: Flags) => {
  const run = action && Object.hasOwn(actions, action) ? actions[action] : undefined
  if (!run) throw new ConfigError(usage)
  try {
    await run(words, flags)
  } catch (error) {
    if (error instanceof ModelError) throw new ConfigError(error.message)
    throw error
  } finally {
    await closeModel()
  }
}
