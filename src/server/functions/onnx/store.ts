// Brings models into the folder and takes them away: whole or not at all.
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { config } from '../../config'
import { type GoodVersion, isGood, isModelId, listModels, type ModelVersion, modelsFolder } from './catalogue'
import { infer } from './inference'
import { ModelError } from './model-error'
import { publishModel, withdrawModel } from './share-models'

export type GivenFile = { name: string; path: string }
export type NewModel = {
  id: string
  /** One .onnx or an encoder and a decoder, perhaps a .yaml, and files of weights that the former name. */
  files: GivenFile[]
  note?: string
}

const mostFiles = 64
const hourMs = 3_600_000

/** Names under which the files lie in their folder. */
const nameFiles = (files: GivenFile[]): GivenFile[] => {
  const taken = new Set<string>()
  return files.map(({ name, path }) => {
    const own = /\.ya?ml$/i.test(name) ? 'model.yaml' : basename(name.replaceAll('\\', '/'))
    if (!/^\w[\w. @-]{0,199}$/.test(own) || own === 'note.txt') throw new ModelError(`"${own}" is no name for a file of a model`)
    if (taken.has(own))
      throw new ModelError(own === 'model.yaml' ? 'two YAML files came with one model' : `two files are called ${own}`)
    taken.add(own)
    return { name: own, path }
  })
}

/** Leftovers of a server that ended while a model came in. */
const removeLeftovers = async (folder: string) => {
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith('.incoming-')) {
      const path = join(folder, name)
      const found = await stat(path).catch(() => undefined)
      if (found && Date.now() - found.mtimeMs > hourMs) await rm(path, { recursive: true, force: true })
    }
}

/** Looks at a folder as if it were among the models, and has the runtime load what is in it. */
const checkFolder = async (folder: string, id: string, signal: AbortSignal): Promise<GoodVersion> => {
  const [model] = await listModels(folder)
  const version = model?.versions[0]
  if (!version) throw new ModelError(`${id} has no .onnx file`)
  if (!isGood(version)) throw new ModelError(version.problem)
  await infer(version.ref, { do: 'load' }, { signal, isUrgent: true })
  return version
}

const findFree = async (folder: string, id: string) => {
  const there = (await listModels(folder)).find((one) => one.id === id)?.versions ?? []
  return Math.max(0, ...there.map(({ version }) => version)) + 1
}

/** Names the folder; the next number when somebody else was faster. */
const settle = async (incoming: string, folder: string, id: string): Promise<number> => {
  for (let version = await findFree(folder, id); ; version++) {
    try {
      await rename(incoming, join(folder, version > 1 ? `${id}@${version}` : id))
      return version
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as { code?: string }).code ?? '')) throw error
    }
  }
}

/**
 * Adds a model, or a new version of one that is there; files are copied. It is checked, and loaded once, before it appears.
 * Throws ModelError with what is wrong with which file.
 */
export const addModel = async (
  { id, files, note }: NewModel,
  signal = AbortSignal.timeout(config().function_timeout * 1000),
): Promise<ModelVersion> => {
  if (!isModelId(id)) throw new ModelError(`"${id}" is no name for a model: letters, digits, _, . and -, at most 100`)
  if (!files.length) throw new ModelError('no file was given')
  if (files.length > mostFiles) throw new ModelError(`${files.length} files are more than the ${mostFiles} that a model may have`)
  const named = nameFiles(files)
  const sizes = await Promise.all(
    named.map(({ name, path }) =>
      stat(path).then(
        ({ size }) => size,
        () => {
          throw new ModelError(`${name} cannot be read`)
        },
      ),
    ),
  )
  const bytes = sizes.reduce((a, b) => a + b, 0)
  if (bytes > config().model_bytes) throw new ModelError(`${id} has ${bytes} bytes; at most ${config().model_bytes} are allowed`)
  const folder = modelsFolder()
  await removeLeftovers(folder)
  const incoming = join(folder, `.incoming-${crypto.randomUUID()}`)
  try {
    const inside = join(incoming, id)
    await mkdir(inside, { recursive: true })
    for (const { name, path } of named) await copyFile(path, join(inside, name))
    if (note) await writeFile(join(inside, 'note.txt'), note.slice(0, 1000))
    await checkFolder(incoming, id, signal)
    const version = await settle(inside, folder, id)
    await publishModel(folder, version > 1 ? `${id}@${version}` : id)
    const added = (await listModels()).find((one) => one.id === id)?.versions.find((one) => one.version === version)
    if (!added) throw new Error(`${id}@${version} is gone again`)
    return added
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
}

/** Removes one version, or all. False when there was none. */
export const removeModel = async (id: string, version?: number): Promise<boolean> => {
  const model = (await listModels()).find((one) => one.id === id)
  const gone = model?.versions.filter((one) => version === undefined || one.version === version) ?? []
  for (const { paths } of gone)
    for (const path of paths) {
      await withdrawModel(basename(path))
      await rm(path, { recursive: true, force: true })
    }
  return gone.length > 0
}
