// The files of an unpacked dataset in a folder.

import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FormatError } from '../format-error'
import { openBlob } from './byte-source'
import { collectFiles, createFile, type DatasetFiles, openDatasetFiles } from './dataset-files'

const maxFiles = 5_000_000

/** Opens a folder, or a file as an upload would be. Links are passed over. Throws FormatError when nothing is there. */
export async function openPath(path: string): Promise<DatasetFiles> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new FormatError('there is no such file or folder', { file: path })
  if (!found.isDirectory()) return openDatasetFiles(openBlob(Bun.file(path)))
  const list: { name: string; size: number }[] = []
  const walk = async (folder: string) => {
    for await (const entry of await opendir(join(path, folder))) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) await walk(name)
      else if (entry.isFile()) list.push({ name, size: (await stat(join(path, name))).size })
      if (list.length > maxFiles) throw new FormatError(`the folder has more than ${maxFiles} files`, { file: path })
    }
  }
  await walk('')
  list.sort((a, b) => (a.name < b.name ? -1 : 1))
  return collectFiles(
    false,
    list.map(({ name, size }) => createFile(name, size, () => readBlocks(join(path, name)))),
  )
}

async function* readBlocks(path: string): AsyncGenerator<Uint8Array> {
  for await (const block of Bun.file(path).stream()) yield block
}
