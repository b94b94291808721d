// Conversions without a task: every format into itself keeps its annotations, and golden archives keep theirs on the way through others.

import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nameFormat } from '../format'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { writeZip } from '../io/zip-writer'
import type { Label, Shape } from '../model'
import { type Exporter, findExporter, findImporter, formats, type Importer } from '../registry'
import { createFormatSample } from '../testing/format-sample'
import { loadGolden, openGoldenExport } from '../testing/golden'
import { describeShapes, exportBytes, importAll, sampleLookup } from '../testing/sample'
import { type Conversion, convertDataset } from './convert'

const exporters = formats.filter((format): format is Exporter => Boolean(format.write))
const importerOf = (exporter: Exporter): Importer | undefined =>
  findImporter(nameFormat(exporter)) ?? (exporter.name.startsWith('CVAT') ? findImporter('CVAT 1.1') : undefined)
const now = new Date('2025-11-03T10:20:30Z')

async function convert(bytes: Uint8Array, from: Importer, to: Exporter): Promise<{ bytes: Uint8Array; made: Conversion }> {
  const tempDir = mkdtempSync(join(tmpdir(), 'convert-test-'))
  try {
    const made = await convertDataset(await openDatasetFiles(openBytes(bytes)), { from, to, saveImages: false, tempDir, now })
    const out = Buffer.concat(await Array.fromAsync(writeZip(made.entries, now)))
    made.dispose()
    expect(readdirSync(tempDir)).toEqual([])
    return { bytes: out, made }
  } finally {
    rmSync(tempDir, { recursive: true, force: true })
  }
}

/** Formats whose files tell neither sizes nor have pictures here. */
const withoutSizes = new Set(
  exporters
    .filter(({ name }) => /YOLO (?!Class)|^YOLO|WiderFace|VGGFace2|LFW|ICDAR Loc|KITTI$|^MOT$|for video/.test(name))
    .map(nameFormat),
)

/** Labels of a camera need one, which a conversion does not carry. */
const withoutCameras = new Set(['KITTI Object 1.0'])

describe.each(exporters.flatMap((to) => (importerOf(to) ? [[nameFormat(to), to, importerOf(to)!] as const] : [])))(
  '%s',
  (_, to, from) => {
    test('becomes itself', async () => {
      const sample = createFormatSample(to)
      const first = await exportBytes(to, sample)
      const masksToPolygons = !to.shapes.includes('mask')
      const before = await importAll(from, first, { labels: sample.labels, masksToPolygons })
      if (withoutSizes.has(nameFormat(to)) && before.shapes.length + before.tracks.length > 0) {
        expect(convert(first, from, to)).rejects.toThrow('size of the picture is not known')
        return
      }
      if (withoutCameras.has(nameFormat(to))) {
        expect(convert(first, from, to)).rejects.toThrow('no picture beside this frame has a calibration')
        return
      }
      const { bytes } = await convert(first, from, to)
      const after = await importAll(from, bytes, { labels: sample.labels, masksToPolygons })
      // Numbers of groups are counted anew.
      const describe = (shapes: Shape[]) =>
        describeShapes(
          shapes.map((shape) => ({ ...shape, group: 0 })),
          sample.labels,
        )
      expect(describe(after.shapes)).toEqual(describe(before.shapes))
      expect(after.tags.length).toBe(before.tags.length)
      expect(after.tracks.map(({ shapes }) => shapes.length).sort()).toEqual(
        before.tracks.map(({ shapes }) => shapes.length).sort(),
      )
    })
  },
)

describe('the golden task', () => {
  const through = async (via: string) => {
    const { labels, lookup } = await loadGolden('task_1_images_all_kinds')
    const source = openGoldenExport('task_1_images_all_kinds', 'CVAT_for_images_1.1')
    const original = await source.read(0, source.size)
    const between = await convert(original, findImporter('CVAT 1.1')!, findExporter(via)!)
    const back = await convert(between.bytes, findImporter(via)!, findExporter('CVAT for images 1.1')!)
    const read = (bytes: Uint8Array) => importAll('CVAT 1.1', bytes, { labels, frames: lookup })
    const plain = (list: Awaited<ReturnType<typeof read>>['shapes'], known: Label[]) =>
      describeShapes(
        // Masks come back in their smallest box.
        list.map((shape) => ({ ...shape, group: 0, z_order: 0, ...(shape.type === 'mask' && { points: [] }) })),
        known,
      )
    return { before: plain((await read(original)).shapes, labels), after: plain((await read(back.bytes)).shapes, labels) }
  }

  test('keeps everything but 2D cuboids through Datumaro', async () => {
    const { before, after } = await through('Datumaro 1.0')
    expect(after).toEqual(before.filter((text) => !text.includes('"type":"cuboid"')))
  })
})

test('formats of other dimensions are refused', async () => {
  const bytes = await exportBytes('COCO 1.0', createFormatSample(findExporter('COCO 1.0')!))
  expect(convert(bytes, findImporter('COCO 1.0')!, findExporter('Sly Point Cloud Format 1.0')!)).rejects.toThrow('is 2d')
  expect((await importAll('COCO 1.0', bytes, { frames: sampleLookup() })).shapes.length).toBeGreaterThan(0)
})
