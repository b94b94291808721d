// annolith convert: a dataset of one format into another, without a server.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { type Conversion, convertDataset } from './formats/convert/convert'
import { nameFormat } from './formats/format'
import { FormatError } from './formats/format-error'
import { openPath } from './formats/io/folder-files'
import { type ArchiveEntry, writeZip } from './formats/io/zip-writer'
import { detectFormats, type Exporter, formats, type Importer } from './formats/registry'
import { ConfigError } from './server/config'

/** A wrong call or dataset: its message is for the person at the terminal. */
export class ConvertError extends ConfigError {}

export type ConvertFlags = { from?: string; to?: string; list?: boolean; save_images?: boolean }

const say = (text: string) => console.error(text)
const simplify = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '')

/** `coco`, `COCO 1.0`, `ultralytics-yolo-pose` … the version may be left out. */
const findFormat = <T extends { name: string; version: string }>(all: readonly T[], wanted: string): T | undefined =>
  all.find((format) => nameFormat(format) === wanted) ??
  all.find((format) => [nameFormat(format), format.name].some((name) => simplify(name) === simplify(wanted)))

const importers = formats.filter((format): format is Importer => Boolean(format.read))
const exporters = formats.filter((format): format is Exporter => Boolean(format.write))

const printFormats = () => {
  for (const format of formats) {
    const ways = [format.read && 'from', format.write && 'to'].filter(Boolean).join(', ')
    console.log(`${nameFormat(format).padEnd(46)} ${format.dimension}  ${ways}`)
  }
}

const chooseImporter = async (files: Awaited<ReturnType<typeof openPath>>, from: string): Promise<Importer> => {
  if (from !== 'auto') {
    const format = findFormat(importers, from)
    if (!format) throw new ConvertError(`--from: there is no format "${from}" to read; annolith convert --list names them`)
    return format
  }
  const [likely, ...others] = await detectFormats(files)
  if (!likely) throw new ConvertError('--from auto: the files are of no known format; name it with --from')
  const more = others.length > 0 ? ` (could also be ${others.map(nameFormat).join(', ')})` : ''
  say(`This looks like ${nameFormat(likely)}${more}`)
  return likely
}

/** Writes a zip beside its place and renames it there. */
const writeArchive = async (entries: AsyncIterable<ArchiveEntry>, out: string, now: Date) => {
  const temp = `${out}.${process.pid}.part`
  try {
    const sink = Bun.file(temp).writer({ highWaterMark: 1 << 20 })
    for await (const bytes of writeZip(entries, now)) {
      sink.write(bytes)
      await sink.flush()
    }
    await sink.end()
    renameSync(temp, out)
  } finally {
    rmSync(temp, { force: true })
  }
}

const writeFolder = async (entries: AsyncIterable<ArchiveEntry>, out: string) => {
  const temp = join(dirname(out), `.${basename(out)}.${process.pid}.part`)
  mkdirSync(temp)
  try {
    for await (const { name, content } of entries) {
      const path = resolve(temp, name)
      if (!path.startsWith(`${temp}/`)) throw new ConvertError(`${name}: a frame of this name cannot be written into a folder`)
      mkdirSync(dirname(path), { recursive: true })
      const sink = Bun.file(path).writer()
      const parts =
        typeof content === 'string' || content instanceof Uint8Array
          ? [content]
          : content instanceof Blob
            ? content.stream()
            : content
      for await (const part of parts) sink.write(part as string)
      await sink.end()
    }
    rmSync(out, { recursive: true, force: true })
    renameSync(temp, out)
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

const summarise = ({ frames, pictures, labels, annotations, left }: Conversion) => {
  const { shapes, tracks, tags } = annotations
  say(`${frames} frames (${pictures} with their pictures), ${labels} labels, ${shapes} shapes, ${tracks} tracks, ${tags} tags`)
  if (left.length) say(`Kinds that the format cannot hold as they are: ${left.join(', ')}`)
}

/** `annolith convert IN OUT --from F --to G`. Throws ConvertError. */
export const runConvert = async ([input, output, ...rest]: string[], flags: ConvertFlags): Promise<void> => {
  if (flags.list) return printFormats()
  if (!input || !output || rest.length) throw new ConvertError('usage: annolith convert IN --from FORMAT|auto --to FORMAT OUT')
  if (!flags.to) throw new ConvertError('--to: name the format to write; annolith convert --list names them')
  const to = findFormat(exporters, flags.to)
  if (!to) throw new ConvertError(`--to: there is no format "${flags.to}" to write; annolith convert --list names them`)
  const out = resolve(output)
  const isArchive = /\.zip$/i.test(out)
  const isTaken = existsSync(out) && (isArchive || !statSync(out).isDirectory() || readdirSync(out).length > 0)
  if (isTaken) throw new ConvertError(`${output} is there already`)
  mkdirSync(dirname(out), { recursive: true })
  const tempDir = mkdtempSync(join(tmpdir(), 'annolith-convert-'))
  let conversion: Conversion | undefined
  try {
    const files = await openPath(input)
    const from = await chooseImporter(files, flags.from ?? 'auto')
    const now = new Date()
    conversion = await convertDataset(files, { from, to, saveImages: flags.save_images ?? false, tempDir, now, onProgress: say })
    if (isArchive) await writeArchive(conversion.entries, out, now)
    else await writeFolder(conversion.entries, out)
    summarise(conversion)
  } catch (error) {
    throw error instanceof FormatError ? new ConvertError(`${input}: ${error.message}`) : error
  } finally {
    conversion?.dispose()
    rmSync(tempDir, { recursive: true, force: true })
  }
}
