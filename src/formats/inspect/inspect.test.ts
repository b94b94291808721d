// Dry runs, over every importer: what fits is told, what does not is told with a way out, and nothing else is a problem.

import { describe, expect, test } from 'bun:test'
import { nameFormat } from '../format'
import { openBytes } from '../io/byte-source'
import { createFrameLookup } from '../match'
import type { Item } from '../model'
import { type Exporter, findImporter, formats, type Importer } from '../registry'
import { createFormatSample } from '../testing/format-sample'
import { exportBytes, importAll, sampleLookup } from '../testing/sample'
import { inspectDataset } from './inspect'

const exporters = formats.filter((format): format is Exporter => Boolean(format.write))
const importerOf = (exporter: Exporter): Importer | undefined =>
  findImporter(nameFormat(exporter)) ?? (exporter.name.startsWith('CVAT') ? findImporter('CVAT 1.1') : undefined)
const pairs = exporters.flatMap((exporter) => {
  const importer = importerOf(exporter)
  return importer ? [[nameFormat(exporter), exporter, importer] as const] : []
})
const nowhere = () => createFrameLookup({ frames: [] })

describe.each(pairs)('%s', (_, exporter, importer) => {
  const sample = () => createFormatSample(exporter)
  const source = async () => openBytes(await exportBytes(exporter, sample()))

  test('is found to fit the task that it came from', async () => {
    const { labels } = sample()
    const { report } = await inspectDataset(await source(), { labels, frames: sampleLookup() }, importer)
    const found = await importAll(importer, await source(), { labels })
    const total = found.shapes.length + found.tags.length + found.tracks.length
    expect(report).toMatchObject({ format: nameFormat(importer), problems: [], annotations: { total }, ready: total > 0 })
    expect(report.items.unmatched).toBe(0)
    expect(report.labels.unmatched).toEqual([])
    expect(report.detected.length).toBeGreaterThan(0)
  })

  test('is told to fit nothing where there is nothing', async () => {
    const { items } = sample()
    const { report } = await inspectDataset(await source(), { labels: [], frames: nowhere() }, importer)
    expect(report.problems).toEqual([])
    expect(report.ready).toBe(false)
    const annotated = [...(items as Iterable<Item>)].filter(({ shapes, tags }) => shapes.length + tags.length > 0)
    expect(report.items).toMatchObject({ matched: 0, unmatched: report.items.total })
    if (report.annotations.total > 0) {
      expect(report.items.total).toBeGreaterThanOrEqual(annotated.length > 0 ? 1 : 0)
      expect(report.labels.unmatched.length).toBeGreaterThan(0)
    }
  })
})
