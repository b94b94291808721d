// The folder of models: which models lie there in which versions, and what each is. Nothing is loaded.
//
// models/NAME.onnx (+ NAME.yaml)                        one file
// models/NAME.encoder.onnx + NAME.decoder.onnx          a pair
// models/NAME/ with one .onnx, or encoder.onnx and decoder.onnx, and model.yaml
// NAME@2 instead of NAME is the second version, and so on.
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { config } from '../../config'
import type { ModelRef } from './answer'
import { type Described, describeModel, type ModelParts } from './describe-model'
import { ModelError } from './model-error'
import { type ModelFile, readModelFile } from './model-file'
import { parseModelYaml } from './model-yaml'
import { fetchSharedModels } from './share-models'

export type ModelVersion = {
  id: string
  version: number
  /** Newest change of its files. */
  created: Date
  /** Of all its files. */
  bytes: number
  note: string
  /** Paths of everything that belongs to it; a folder stands for all that is in it. */
  paths: string[]
} & ({ title: string; about: string; ref: ModelRef; parts: ModelParts } | { problem: string })
export type GoodVersion = Extract<ModelVersion, { ref: ModelRef }>
export type Model = { id: string /** Newest first. */; versions: ModelVersion[] }

export const modelsFolder = () => join(config().dataDir, 'models')

/** Files by what they are for. */
type Found = { id: string; version: number; onnx: string[]; yaml?: string; note?: string; others: string[]; paths: string[] }

export const isModelId = (name: string) => /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,99}$/.test(name)

const readName = (name: string): { id: string; version: number } | undefined => {
  const [, id, version] = /^(.+?)(?:@([1-9]\d{0,5}))?$/.exec(name) ?? []
  return id && isModelId(id) ? { id, version: Number(version ?? 1) } : undefined
}
const isYaml = (name: string) => /\.ya?ml$/i.test(name)
const isOnnx = (name: string) => /\.onnx$/i.test(name)

const listFolder = async (folder: string) => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter(({ name }) => !name.startsWith('.'))
}

const findInFolder = async (folder: string, name: string): Promise<Found[]> => {
  const named = readName(name)
  const files = (await listFolder(folder)).filter((entry) => entry.isFile()).map((entry) => entry.name)
  const onnx = files.filter(isOnnx)
  if (!named || !onnx.length) return []
  const yaml = files.find((file) => /^model\.ya?ml$/i.test(file))
  const note = files.find((file) => file === 'note.txt')
  const others = files.filter((file) => !isOnnx(file) && file !== yaml && file !== note)
  const toPath = (file: string) => join(folder, file)
  return [
    {
      ...named,
      onnx: onnx.sort().map(toPath),
      ...(yaml && { yaml: toPath(yaml) }),
      ...(note && { note: toPath(note) }),
      others: others.map(toPath),
      paths: [folder],
    },
  ]
}

/** Files that lie in the folder of models itself, by their names without extensions. */
const findLoose = (folder: string, files: string[]): Found[] => {
  const groups = Map.groupBy(files.filter(isOnnx), (file) => file.replace(/(\.(encoder|decoder))?\.onnx$/i, ''))
  return [...groups].flatMap(([stem, onnx]) => {
    const named = readName(stem)
    if (!named) return []
    const yaml = files.find((file) => isYaml(file) && file.replace(/\.ya?ml$/i, '') === stem)
    const own = [...onnx.sort(), ...(yaml ? [yaml] : [])].map((file) => join(folder, file))
    return [{ ...named, onnx: own.slice(0, onnx.length), ...(yaml && { yaml: join(folder, yaml) }), others: [], paths: own }]
  })
}

type Stats = { mark: string; bytes: number; created: Date }

const measure = async ({ onnx, yaml, note, others }: Found): Promise<Stats> => {
  const files = [...onnx, ...others, ...(yaml ? [yaml] : []), ...(note ? [note] : [])]
  const stats = await Promise.all(files.map((file) => stat(file)))
  return {
    mark: stats.map(({ mtimeMs, size, ino }, i) => `${files[i]} ${mtimeMs} ${size} ${ino}`).join('\n'),
    bytes: stats.reduce((sum, { size }) => sum + size, 0),
    created: new Date(Math.max(...stats.map(({ mtimeMs }) => mtimeMs))),
  }
}

const checkWeights = ({ externalFiles }: ModelFile, { others, onnx }: Found) => {
  const there = new Set(others.map((path) => basename(path)))
  const missing = externalFiles.find((name) => !there.has(name))
  if (missing)
    throw new ModelError(`${basename(onnx[0]!)} keeps weights in ${missing}, which is not beside it; use a folder for both`)
}

type Read = { title: string; described: Described; files: ModelRef['files']; parts: ModelParts }

const read = async (found: Found): Promise<Read> => {
  const yaml = found.yaml ? parseModelYaml(await readFile(found.yaml, 'utf8'), basename(found.yaml)) : {}
  const loadPart = async (path: string) => {
    const file = await readModelFile(path)
    checkWeights(file, found)
    return file
  }
  const decoders = found.onnx.filter((path) => /(^|[._-])decoder/i.test(basename(path)))
  const encoders = found.onnx.filter((path) => /(^|[._-])encoder/i.test(basename(path)) && !decoders.includes(path))
  const files =
    encoders.length === 1 && decoders.length === 1 && found.onnx.length === 2
      ? { encoder: encoders[0]!, decoder: decoders[0]! }
      : found.onnx.length === 1 && !encoders.length && !decoders.length
        ? { main: found.onnx[0]! }
        : undefined
  if (!files)
    throw new ModelError(
      `${found.id} has ${found.onnx.map((path) => basename(path)).join(', ')}; one model is expected, or an encoder and a decoder`,
    )
  const parts: ModelParts =
    'main' in files
      ? { main: await loadPart(files.main!) }
      : { encoder: await loadPart(files.encoder!), decoder: await loadPart(files.decoder!) }
  try {
    return { title: yaml.name ?? found.id, described: describeModel(parts, yaml), files: files as ModelRef['files'], parts }
  } catch (error) {
    throw error instanceof ModelError ? new ModelError(`${basename(found.onnx[0]!)} ${error.message}`) : error
  }
}

/** What was read, as long as its files stay as they are. */
const known = new Map<string, { mark: string; version: Promise<ModelVersion> }>()

const toVersion = async (found: Found, { mark, bytes, created }: Stats): Promise<ModelVersion> => {
  const { id, version, paths } = found
  const note = found.note ? (await readFile(found.note, 'utf8').catch(() => '')).slice(0, 1000) : ''
  const base = { id, version, created, bytes, note, paths }
  try {
    const { title, described, files, parts } = await read(found)
    const key = new Bun.CryptoHasher('sha256').update(mark).digest('hex')
    const ref: ModelRef = { key, name: version > 1 ? `${id}@${version}` : id, files, spec: described.spec }
    return { ...base, title, about: described.about, ref, parts }
  } catch (error) {
    if (error instanceof ModelError) return { ...base, problem: error.message }
    return { ...base, problem: `${id} cannot be read: ${(error as Error).message}` }
  }
}

const describe = async (found: Found): Promise<ModelVersion[]> => {
  const key = found.paths.join('\n')
  // A file that goes away meanwhile is a model less.
  const stats = await measure(found).catch(() => undefined)
  if (!stats) return []
  const there = known.get(key)
  if (there?.mark === stats.mark) return [await there.version]
  const version = toVersion(found, stats)
  known.set(key, { mark: stats.mark, version })
  return [await version]
}

/** All models of a folder with all their versions, by id. Cheap: files are read again only when they have changed. */
export const listModels = async (folder = modelsFolder()): Promise<Model[]> => {
  if (folder === modelsFolder()) await fetchSharedModels(folder)
  const entries = await listFolder(folder)
  const loose = findLoose(
    folder,
    entries.filter((entry) => entry.isFile()).map(({ name }) => name),
  )
  const inFolders = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(({ name }) => findInFolder(join(folder, name), name)),
  )
  const versions = (await Promise.all([...loose, ...inFolders.flat()].map(describe))).flat()
  return [...Map.groupBy(versions, ({ id }) => id)]
    .map(([id, own]) => ({ id, versions: own.sort((a, b) => b.version - a.version) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

export const isGood = (version: ModelVersion): version is GoodVersion => 'ref' in version

/** The newest version that can be used. */
export const currentOf = ({ versions }: Model): GoodVersion | undefined => versions.find(isGood)

/** A model by its id, or one version of it; undefined when there is none that can be used. */
export const findModel = async (id: string, version?: number): Promise<GoodVersion | undefined> => {
  const model = (await listModels()).find((one) => one.id === id)
  return version === undefined ? model && currentOf(model) : model?.versions.filter(isGood).find((one) => one.version === version)
}
