// Models on several hosts that share a bucket: each host keeps all of them in its own folder, as they come and go.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { log } from '../../log'
import { storage } from '../../storage/storage'

/** Marks a folder of this host that came from the bucket or went there. */
const mark = '.shared'
const placeOf = (name: string) => `models/${name}`
/** How old the list of the bucket may be. */
const freshMs = 3000

const isShared = () => storage().root === undefined

/** Gives a folder of models to the other hosts. Nothing happens where all hosts see the same folder. */
export const publishModel = async (folder: string, name: string): Promise<void> => {
  if (!isShared()) return
  // The model itself comes last: without it a folder is none.
  const files = (await readdir(join(folder, name))).sort((a, b) => Number(a.endsWith('.onnx')) - Number(b.endsWith('.onnx')))
  for (const file of files) await storage().put(`${placeOf(name)}/${file}`, Bun.file(join(folder, name, file)))
  await writeFile(join(folder, name, mark), '')
}

/** Takes it from the other hosts. */
export const withdrawModel = async (name: string): Promise<void> => {
  if (isShared()) await storage().remove(placeOf(name))
}

const fetchFile = async (name: string, file: string, path: string) => {
  const temporary = `${path}.${crypto.randomUUID()}`
  await Bun.write(temporary, new Response(await storage().stream(`${placeOf(name)}/${file}`)))
  await rename(temporary, path)
}

const fetchModel = async (folder: string, name: string, files: string[]) => {
  const incoming = join(folder, `.incoming-${crypto.randomUUID()}`)
  try {
    await mkdir(incoming, { recursive: true })
    for (const file of files) await fetchFile(name, file, join(incoming, file))
    await writeFile(join(incoming, mark), '')
    // Another thread may have been faster.
    await rename(incoming, join(folder, name)).catch((error) => {
      if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error
    })
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
}

const bringInLine = async (folder: string) => {
  const there = new Map<string, string[]>()
  for await (const path of storage().list('models')) {
    const [, name, file] = path.split('/')
    if (name && file) there.set(name, [...(there.get(name) ?? []), file])
  }
  const own = new Set<string>()
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => []))
    if (entry.isDirectory() && !entry.name.startsWith('.')) own.add(entry.name)
  for (const [name, files] of there) if (!own.has(name)) await fetchModel(folder, name, files)
  for (const name of own) {
    const here: string[] = await readdir(join(folder, name)).catch(() => [])
    if (!here.includes(mark)) continue
    const files = there.get(name)
    if (!files) await rm(join(folder, name), { recursive: true, force: true })
    // It was fetched while it was still coming.
    for (const file of files ?? []) if (!here.includes(file)) await fetchFile(name, file, join(folder, name, file))
  }
}

let looked = Number.NEGATIVE_INFINITY
let looking: Promise<void> | undefined

/** Fetches models that other hosts have added and removes those that they have removed; those of this host alone stay. */
export const fetchSharedModels = async (folder: string): Promise<void> => {
  if (!isShared() || performance.now() - looked < freshMs) return
  looking ??= bringInLine(folder)
    // Those that are here can be used all the same.
    .catch((error) => log().error({ err: error }, 'models of other hosts cannot be fetched'))
    .finally(() => {
      looked = performance.now()
      looking = undefined
    })
  await looking
}
