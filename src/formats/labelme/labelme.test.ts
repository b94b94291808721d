// LabelMe 3.0: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import type { Label } from '../model'
import { countDifferences } from '../testing/compare-pictures'
import { loadGolden, openGoldenExport } from '../testing/golden'
import { compareImports } from '../testing/imported'
import { readAllTexts, readPictures } from '../testing/read-archive'
import {
  carAttributes,
  createItem,
  createSample,
  createShape,
  describeShapes,
  exportBytes,
  importAll,
  packZip,
  sampleLabels,
} from '../testing/sample'
import { formatAttributes, parseAttributes } from './attributes'

const name = 'LabelMe 3.0'

describe('export', () => {
  test.each(['task_1_images_all_kinds', 'task_2_video_tracks'] as const)(
    '%s equals the archive of the original',
    async (task) => {
      const { dataset } = await loadGolden(task)
      const bytes = await exportBytes(name, dataset)
      const original = openGoldenExport(task, 'LabelMe_3.0')
      const [ours, theirs] = [await readAllTexts(bytes), await readAllTexts(original)]
      // Objects of one z_order are numbered in the order of the database.
      const listObjects = (texts: Record<string, string>) =>
        Object.entries(texts).flatMap(([file, text]) => {
          const objects = text
            .replace(/<(id|hasparts|ispartof)>\d[\d,]*</g, '<$1><')
            .replace(/_mask_\d+/g, '_mask')
            .split('<object>')
          return objects.map((object) => file + object.replace('</annotation>\n', '').trimEnd())
        })
      expect(listObjects(ours).sort()).toEqual(listObjects(theirs).sort())
      const [drawn, stored] = [await readPictures(bytes), await readPictures(original)]
      const sortPictures = (pictures: typeof drawn) =>
        Object.keys(pictures)
          .sort()
          .map((file) => pictures[file]!)
      const pairs = sortPictures(drawn).map((picture, at) => countDifferences(picture, sortPictures(stored)[at]!))
      expect(pairs).toEqual(sortPictures(stored).map(() => 0))
    },
  )

  test('an item in a folder', async () => {
    const texts = await readAllTexts(await exportBytes(name, createSample(['mask'])))
    expect(Object.keys(texts).sort()).toEqual(['default/a/b/üñ.xml', 'default/a/img 1.xml', 'default/img_3.xml'])
    expect(texts['default/a/img 1.xml']).toContain('<filename>img 1.jpg</filename>\n  <folder>a</folder>')
  })
})

test('attributes are escaped, and text that looks like a number is quoted', () => {
  const attributes = [
    ['a=b', 'c,d', true],
    ['n', '55.0', false],
    ['t', '7', true],
    ['q', 'x"y\\', true],
    ['e', '', true],
  ] as const
  const text = formatAttributes(attributes)
  expect(text).toBe('a\\=b=c\\,d, n=55.0, t="7", q=x\\"y\\\\, e=')
  expect([...parseAttributes(text)]).toEqual(attributes.map(([key, value]) => [key, value]))
  expect([...parseAttributes('flag, x = "a, b"')]).toEqual([
    ['flag', 'true'],
    ['x', 'a, b'],
  ])
})

describe('import', () => {
  test.each(['task_1_images_all_kinds'] as const)('%s gives what the original stored', async (task) => {
    const { ours, theirs } = await compareImports(task, name)
    expect(ours).toEqual(theirs)
  })

  test('boxes, polygons, groups and attributes come back', async () => {
    const numberText: Label = {
      ...sampleLabels[1]!,
      id: 3,
      name: 'n',
      attributes: [{ ...sampleLabels[0]!.attributes[3]!, id: 61, name: 't' }],
    }
    const labels = [...sampleLabels, numberText]
    const floats = carAttributes.map((one) => (one.spec_id === 2 ? { ...one, value: '55.0' } : one))
    const sent = [
      createShape('rectangle', { label_id: 1, attributes: floats, rotation: 12.5, occluded: true, group: 1 }),
      createShape('polygon', { group: 1 }),
      createShape('polygon', { label_id: 3, points: [0, 0, 9.25, 0, 9, 9], attributes: [{ spec_id: 61, value: '08' }] }),
    ]
    const bytes = await exportBytes(name, createSample([], { labels, items: [createItem(0, sent)] }))
    expect(describeShapes((await importAll(name, bytes, { labels })).shapes, labels)).toEqual(describeShapes(sent, labels))
  })

  const point = (x: number | string, y: number) => `<pt><x>${x}</x><y>${y}</y></pt>`
  const polygon = `<polygon>${point(1, 1)}${point(9, 1)}${point(9, 9)}</polygon>`
  const xml = (object: string) => `<annotation><imagesize/>\n<object><name>car</name>${object}</object></annotation>`

  test('deleted objects are passed over; boxes are the bounds of their points; no subset folder is needed', async () => {
    const deleted = await importAll(name, await packZip({ 'x/img_3.xml': xml(`<deleted>1</deleted>${polygon}`) }))
    expect(deleted.shapes).toEqual([])
    const box = xml(`<type>bounding_box</type>${polygon}<occluded>yes</occluded><attributes>rotation=-90</attributes>`)
    const { shapes } = await importAll(name, await packZip({ 'img_3.xml': box }))
    expect(shapes.map(({ type, points, rotation, occluded }) => [type, points, rotation, occluded])).toEqual([
      ['rectangle', [1, 1, 9, 9], 270, true],
    ])
  })

  const faults: [string, string, string][] = [
    ['NaN', xml(polygon.replace('>9<', '>NaN<')), "x/img_3.xml, line 2, field 'x': 'NaN' is not a finite number"],
    ['a polygon of two points', xml(`<polygon>${point(1, 1)}${point(2, 2)}</polygon>`), 'at least three points'],
    ['a box of one point', xml(`<type>bounding_box</type><polygon>${point(1, 1)}</polygon>`), 'two points or more'],
    ['neither polygon nor mask', xml(''), "line 2: a 'polygon' or 'segm' is needed"],
    ['a mask that is not there', xml('<segm><mask>m.png</mask></segm>'), 'Dataset must contain a file: "x/Masks/m.png"'],
    [
      'a broken rotation',
      xml(`<type>bounding_box</type>${polygon}<attributes>rotation=up</attributes>`),
      "field 'rotation': 'up'",
    ],
    ['another root', '<x/>', 'its root is <x>'],
    ['malformed XML', '<annotation>', 'The XML is malformed'],
    ['an unknown label', xml(polygon).replace('car', 'bus'), "Label 'bus' is not registered"],
  ]
  test.each(faults)('%s is refused', async (_, text, reason) => {
    const error = await importAll(name, await packZip({ 'x/img_3.xml': text })).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('unknown frames and archives without XML are refused', async () => {
    await expect(importAll(name, await packZip({ 'x/y.xml': xml(polygon) }))).rejects.toThrow("Could not match item id: 'y'")
    await expect(importAll(name, await packZip({ 'x/y.txt': '' }))).rejects.toThrow('Dataset must contain a file')
  })
})
