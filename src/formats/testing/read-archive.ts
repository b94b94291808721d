// Reads archives in tests: their text files and their pictures.

import { type ByteSource, openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { decodePng, type Picture } from '../png-mask'

/** Every file but pictures, by name, as text. */
export async function readAllTexts(source: ByteSource | Uint8Array): Promise<Record<string, string>> {
  const { list } = await openDatasetFiles(source instanceof Uint8Array ? openBytes(source) : source)
  const texts = list
    .filter(({ name }) => !/\.(png|jpe?g)$/i.test(name))
    .map(async (file) => [file.name, Buffer.from(await file.bytes()).toString()] as const)
  return Object.fromEntries(await Promise.all(texts))
}

/** Every PNG of masks, by name. */
export async function readPictures(source: ByteSource | Uint8Array): Promise<Record<string, Picture>> {
  const { list } = await openDatasetFiles(source instanceof Uint8Array ? openBytes(source) : source)
  const pictures = list
    .filter(({ name }) => /\.png$/.test(name))
    .map(async (file) => [file.name, decodePng(await file.bytes(), { file: file.name, width: 0, height: 0 })] as const)
  return Object.fromEntries(await Promise.all(pictures))
}
