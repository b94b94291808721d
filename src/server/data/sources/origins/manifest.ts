// Manifests among the files of a task: files of JSON lines that name its pictures in order, with their sizes, or its video.
import { posix } from 'node:path'
import { readLines } from '../../../cloud-storages/service'
import { config } from '../../../config'
import { ApiError } from '../../../http/errors'

/** Pixels as displayed; undefined where the manifest does not tell. */
export type ManifestEntry = { name: string; width?: number; height?: number }
export type Manifest = { file: string; kind: 'images' | 'video'; entries: ManifestEntry[] }

export const isManifestName = (name: string) => /\.jsonl$/i.test(name)

const refuse = (file: string, why: string) => new ApiError(400, { server_files: [`${file}: not a valid manifest, ${why}.`] })

type Line = { version?: unknown; type?: unknown; name?: unknown; extension?: unknown; properties?: unknown } & Size
type Size = { width?: unknown; height?: unknown }

const readLine = (text: string, number: number, file: string): Line => {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {}
  if (typeof line !== 'object' || line === null) throw refuse(file, `line ${number} is not a JSON object`)
  return line as Line
}

const readSize = ({ width, height }: Size, number: number, file: string) => {
  if (width === undefined && height === undefined) return {}
  const isSide = (side: unknown): side is number => Number.isSafeInteger(side) && (side as number) > 0
  if (!isSide(width) || !isSide(height) || width * height > config().image_pixels)
    throw refuse(file, `line ${number} has an impossible size (${String(width)} × ${String(height)})`)
  return { width, height }
}

const readPicture = (line: Line, number: number, file: string): ManifestEntry => {
  const { name, extension = '' } = line
  if (typeof name !== 'string' || typeof extension !== 'string' || name + extension === '')
    throw refuse(file, `line ${number} names no picture`)
  return { name: name + extension, ...readSize(line, number, file) }
}

/** Throws 400, which names the file and the line, for whatever is not a manifest of pictures or of a video. */
export const readManifest = async (stream: ReadableStream<Uint8Array>, file: string): Promise<Manifest> => {
  const entries: ManifestEntry[] = []
  let [number, seen] = [0, 0]
  let kind: Manifest['kind'] | undefined
  for await (const text of readLines(stream, file)) {
    number++
    if (text.trim() === '') continue
    const line = readLine(text, number, file)
    seen++
    if (seen === 1) {
      if (!/^1\.[01]$/.test(String(line.version))) throw refuse(file, `line ${number} has no version 1.0 or 1.1`)
    } else if (seen === 2) {
      if (line.type !== 'images' && line.type !== 'video') throw refuse(file, `line ${number} has no type "images" or "video"`)
      kind = line.type
    } else if (kind === 'images') entries.push(readPicture(line, number, file))
    else if (seen === 3) {
      const { name } = (line.properties ?? {}) as { name?: unknown }
      if (typeof name !== 'string') throw refuse(file, `line ${number} names no video`)
      entries.push({ name })
    }
  }
  if (!kind) throw refuse(file, 'it ends before it says what it lists')
  if (!entries.length) throw refuse(file, 'it lists nothing')
  const names = new Set<string>()
  const twice = entries.find(({ name }) => names.size === names.add(name).size)
  if (twice) throw refuse(file, `it lists ${twice.name} twice`)
  return { file, kind, entries }
}

const shownNames = 5

/**
 * Brings the files of a task into the order of its manifest, whose names count from the root of the files or from its own folder.
 * Throws 400 with the names that only one of the two has.
 */
export const orderByManifest = <F extends { name: string }>(files: F[], { file, entries }: Manifest): F[] => {
  const byName = new Map(files.map((one) => [one.name, one]))
  const folder = posix.dirname(file)
  const inFolder = (name: string) => posix.join(folder, name)
  const find = byName.has(entries[0]!.name) ? (name: string) => name : inFolder
  const ordered: F[] = []
  const odd: string[] = []
  for (const { name } of entries) {
    const one = byName.get(find(name))
    if (one) ordered.push(one)
    else odd.push(`${name} (only in the manifest)`)
    byName.delete(find(name))
  }
  odd.push(...Array.from(byName.keys(), (name) => `${name} (not in the manifest)`))
  if (!odd.length) return ordered
  const more = odd.length > shownNames ? ` and ${odd.length - shownNames} more` : ''
  throw new ApiError(400, {
    server_files: [`${file}: the manifest does not fit the files: ${odd.slice(0, shownNames).join(', ')}${more}.`],
  })
}
