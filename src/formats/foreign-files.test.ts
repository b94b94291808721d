// What is said about archives of another format, and that the guide has what it refers to.

import { expect, test } from 'bun:test'
import { linkFormatGuide } from './foreign-files'
import { nameFormat } from './format'
import { formats, type Importer } from './registry'
import { importAll, packZip } from './testing/sample'

const importers = formats.filter((format): format is Importer => Boolean(format.read))
const toAnchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-')

test('the guide has a section for every format', async () => {
  const guide = await Bun.file(new URL('../../docs/formats.md', import.meta.url)).text()
  const anchors = new Set([...guide.matchAll(/^## (.*)$/gm)].map(([, heading]) => toAnchor(heading!)))
  for (const format of formats) {
    const [, anchor] = /docs\/formats\.md#(.*)\)$/.exec(linkFormatGuide(format))!
    expect([nameFormat(format), anchors.has(anchor!)]).toEqual([nameFormat(format), true])
  }
})

/** What CVAT's clients look for in the message: no dataset, a file that must be there, or neither. */
const searched = ['COCO 1.0', 'COCO Keypoints 1.0', 'PASCAL VOC 1.1']
const loose = ['MOTS PNG 1.0', 'Market-1501 1.0', 'Sly Point Cloud Format 1.0', 'KITTI 1.0']

test.each(importers.map(nameFormat))('%s says what it looks for', async (name) => {
  const files = { 'incorrect_file1.txt': 'Some text', 'incorrect_file2.txt': 'Some text' }
  const { message } = await importAll(name, await packZip(files)).catch((error) => error)
  expect(message).toContain('Check [format docs](docs/formats.md#')
  expect(message).toContain('ataset must contain a file:')
  if (searched.includes(name)) expect(message).toContain('Failed to find dataset')
  if (loose.includes(name)) expect(message).toContain('specific requirement information unavailable')
})
