// LFW: against the original's own archives, pairs both ways, and bad input.

import { describe, expect, test } from 'bun:test'
import { createFrameLookup } from '../match'
import type { Item, Label } from '../model'
import { goldenTasks, loadGolden, loadImported, openGoldenExport, readTexts } from '../testing/golden'
import { createItem, createSample, exportBytes, importAll, packZip, sampleLabels } from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

const format = 'LFW 1.0'

describe('export', () => {
  test.each(goldenTasks)('%s equals the archive of the original', async (task) => {
    const { dataset } = await loadGolden(task)
    expect(await readTexts(await exportBytes(format, dataset))).toEqual(await readTexts(openGoldenExport(task, 'LFW_1.0')))
  })

  test('people are counted', async () => {
    const { dataset } = await loadSmallGolden('task_8_market')
    const theirs = await readTexts(openGoldenExport('task_8_market', 'LFW_1.0'))
    expect(await readTexts(await exportBytes(format, dataset))).toEqual(theirs)
  })
})

const pairLabel = (id: number, name: string): Label => ({
  ...sampleLabels[1]!,
  id,
  name,
  attributes: ['positive_pairs', 'negative_pairs'].map((attribute, at) => {
    return { id: id * 10 + at, name: attribute, mutable: false, input_type: 'text', default_value: '', values: [''] }
  }),
})
const labels = [pairLabel(1, 'Ann'), pairLabel(2, 'Bo')]
const names = ['Ann_0001.jpg', 'Ann_0002.jpg', 'Bo_0003.jpg', 'x.jpg']
const frames = createFrameLookup({ frames: names.map((name, frame) => ({ frame, name, width: 9, height: 9 })) })

test('pairs go out and come back', async () => {
  const values = [
    ['Ann/Ann_0002', 'Bo/Bo_0003, x'],
    ['', ''],
    ['', ''],
  ]
  const items = names.map((name, frame): Item => {
    const label_id = frame < 2 ? 1 : 2
    const attributes = (values[frame] ?? []).map((value, at) => ({ spec_id: label_id * 10 + at, value }))
    const tags = frame < 3 ? [{ frame, label_id, group: 0, source: 'manual' as const, attributes }] : []
    return { ...createItem(0, [], tags), name, frame }
  })
  const bytes = await exportBytes(format, createSample([], { labels, items }))
  const texts = await readTexts(bytes)
  expect(texts['default/annotations/pairs.txt']!.split('\n')).toEqual([
    'Ann\t1\t2',
    'Ann\t1\tBo\t3',
    'Ann\t1\t-\tx',
    'Ann/Ann_0002',
    'Bo/Bo_0003',
    'x',
    '',
  ])
  const { tags } = await importAll(format, bytes, { labels, frames })
  expect(tags.map(({ frame, attributes }) => [frame, attributes.map(({ value }) => value)])).toEqual([
    [0, values[0]!],
    [1, ['', '']],
    [2, ['', '']],
  ])
})

describe('import', () => {
  test('the archive of the original gives what the original stored', async () => {
    const golden = await loadGolden('task_1_images_all_kinds')
    const source = openGoldenExport('task_1_images_all_kinds', 'LFW_1.0')
    const found = await importAll(format, source, { labels: golden.labels, frames: golden.lookup })
    const stored = await loadImported('task_1_images_all_kinds', 'LFW_1.0')
    expect(found.shapes.map(({ frame, points }) => [frame, points])).toEqual(
      stored.shapes.map(({ frame, points }) => [frame, points]),
    )
    const scene = golden.labels.find(({ name }) => name === 'scene')!.id
    expect(found.shapes.map(({ label_id }) => label_id)).toEqual([scene, scene])
    expect(found.tags.map(({ frame, label_id }) => [frame, label_id])).toEqual(stored.tags.map(({ frame }) => [frame, scene]))
  })

  test.each([
    [{ 'a/annotations/pairs.txt': 'Ann\t1\n' }, 'line 1: 1, 3 or 4 fields are needed, not 2'],
    [{ 'a/annotations/pairs.txt': 'Ann\t1\t7\n' }, "Could not match item id: 'Ann_0007'"],
    [{ 'a/annotations/pairs.txt': 'Cy\tx\tx\n' }, "Label 'Cy' is not registered"],
    [{ 'a/annotations/pairs.txt': '', 'a/annotations/landmarks.txt': 'x.jpg\t1\t2\n' }, 'the points have no label'],
    [
      { 'a/annotations/pairs.txt': '', 'a/annotations/landmarks.txt': 'x.jpg\t1\t1e999\n' },
      "line 1: '1e999' is not a finite number",
    ],
    [{ 'a/annotations/pairs.txt': '', 'a/annotations/landmarks.txt': 'x.jpg\t1\n' }, 'an even number of coordinates'],
    [{ 'a/annotations/people.txt': '' }, 'Dataset must contain a file: "annotations/pairs.txt"'],
  ])('%p is refused', async (files, reason) => {
    await expect(importAll(format, await packZip(files as Record<string, string>), { labels, frames })).rejects.toThrow(reason)
  })
})
