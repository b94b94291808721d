// Every format of the registry, whatever it is: names, round trips, and refusal of what is not a dataset.

import { describe, expect, test } from 'bun:test'
import { nameFormat } from './format'
import { FormatError } from './format-error'
import { openBytes } from './io/byte-source'
import { openDatasetFiles } from './io/dataset-files'
import type { Item } from './model'
import { detectFormats, type Exporter, formats, type Importer, listExporters, listImporters } from './registry'
import { createFormatSample } from './testing/format-sample'
import { createSample, exportBytes, importAll, packZip, sampleFrames } from './testing/sample'

const exporters = formats.filter((format): format is Exporter => Boolean(format.write))
const importers = formats.filter((format): format is Importer => Boolean(format.read))

describe('lists', () => {
  test('have the entries that the API gives', () => {
    expect(listExporters({ withOwn: false })).toContainEqual({
      name: 'COCO 1.0',
      ext: 'ZIP',
      version: '1.0',
      enabled: true,
      dimension: '2d',
    })
    expect(listImporters({ withOwn: false })).toContainEqual({
      name: 'CVAT 1.1',
      ext: 'XML, ZIP',
      version: '1.1',
      enabled: true,
      dimension: '2d',
    })
    expect(listImporters({ withOwn: true }).map(({ name }) => name)).not.toContain('CVAT for images 1.1')
  })

  test('clients of CVAT are not told of our own formats', () => {
    const [all, theirs] = [true, false].map((withOwn) => listExporters({ withOwn }).map(({ name }) => name)) as [
      string[],
      string[],
    ]
    expect(theirs).not.toContain('nuScenes 1.0')
    expect(all).toEqual(expect.arrayContaining([...theirs, 'nuScenes 1.0', 'KITTI Object 1.0']))
  })

  test('names are unique', () => {
    const names = formats.map(nameFormat)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe.each(exporters.map((format) => [nameFormat(format), format] as const))('export of %s', (_, format) => {
  const sample = () => createFormatSample(format)

  test('is the same for the same annotations', async () => {
    expect(await exportBytes(format, sample())).toEqual(await exportBytes(format, sample()))
  })

  test('has no entries for folders, and no picture unless asked', async () => {
    let pictures = 0
    const read = async () => new Uint8Array(++pictures)
    const { items, ...rest } = sample()
    const withMedia = [...(items as Iterable<Item>)].map((item) => ({ ...item, media: { extension: '.jpg', read } }))
    const { list } = await openDatasetFiles(openBytes(await exportBytes(format, { ...rest, items: withMedia })))
    expect(list.length).toBeGreaterThan(0)
    for (const { name } of list) expect(name).not.toMatch(/\/$/)
    expect(pictures).toBe(0)
  })

  test('takes pictures along byte by byte', async () => {
    const pictures = sampleFrames.map(({ frame }) => crypto.getRandomValues(new Uint8Array(1000 + frame)))
    const { items, ...rest } = sample()
    const withMedia = [...(items as Iterable<{ frame: number }>)].map((item) => {
      return { ...item, media: { extension: '.jpg', read: async () => pictures[item.frame]! } }
    })
    const bytes = await exportBytes(format, { ...rest, items: withMedia as never }, true)
    const { list } = await openDatasetFiles(openBytes(bytes))
    const sizes = list.map(({ size }) => size)
    for (const { length } of pictures) expect(sizes).toContain(length)
  })

  test('is recognised, and imported without loss of shapes it holds', async () => {
    const bytes = await exportBytes(format, sample())
    const recognised = await detectFormats(await openDatasetFiles(openBytes(bytes)))
    expect(recognised.length).toBeGreaterThan(0)
    const { labels, items } = sample()
    const sent = [...(items as Iterable<Item>)]
    for (const importer of recognised) {
      expect(importer.dimension).toBe(format.dimension)
      const { shapes, tracks, tags } = await importAll(importer, bytes, { labels })
      expect(shapes.length + tracks.length).toBe(sent.flatMap((item) => item.shapes).length)
      if (format.tags && importer.tags) expect(tags.length).toBe(sent.flatMap((item) => item.tags).length)
    }
  })

  test('of nothing is an archive, too', async () => {
    const bytes = await exportBytes(format, createSample([], { items: [] }))
    expect((await openDatasetFiles(openBytes(bytes))).bare).toBe(false)
  })
})

describe.each(importers.map((format) => [nameFormat(format), format] as const))('import of %s', (_, format) => {
  test('refuses what is not a dataset', async () => {
    const inputs = [
      '',
      'hello',
      '{}',
      '[]',
      '<a/>',
      await packZip({}),
      await packZip({ 'readme.md': 'x' }),
      Buffer.from('PK\x03\x04'),
    ]
    for (const input of inputs) await expect(importAll(format, input)).rejects.toBeInstanceOf(FormatError)
  })

  test('refuses damaged and dangerous archives', async () => {
    const whole = await packZip({ 'annotations.xml': '<annotations/>', 'annotations/instances_a.json': '{}' })
    await expect(importAll(format, whole.subarray(0, whole.length / 2))).rejects.toThrow('damaged or incomplete')
    const climbing = Buffer.from(
      Buffer.from(await packZip({ 'aa/x': '' }))
        .toString('latin1')
        .replaceAll('aa/x', '../x'),
      'latin1',
    )
    await expect(importAll(format, climbing)).rejects.toThrow("a path with '..'")
  })

  test('recognises nothing in foreign files', async () => {
    for (const bytes of [Buffer.from('hello'), Buffer.from(''), await packZip({ 'readme.md': 'x' })]) {
      expect(await format.detect(await openDatasetFiles(openBytes(bytes)))).toBe(false)
    }
  })
})
