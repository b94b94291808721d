// Archives of another maker are read: stored, deflated, empty; damaged ones are refused.
import { expect, test } from 'bun:test'
import { zipSync } from 'fflate'
import { readZip } from './read-zip'

test('stored and deflated files come out as they went in', async () => {
  const text = new TextEncoder().encode('a picture '.repeat(500))
  const archive = zipSync({ 'left/a.jpg': [text, { level: 0 }], 'right/ü.jpg': [text, { level: 9 }] })
  const files = await readZip(archive)
  expect(files.map(({ name, data }) => [name, data.length])).toEqual([
    ['left/a.jpg', 5000],
    ['right/ü.jpg', 5000],
  ])
  expect(files[1]?.data).toEqual(text)
})

test('an empty archive has no files, anything else is refused', async () => {
  expect(await readZip(zipSync({}))).toEqual([])
  expect(readZip(new Uint8Array(100))).rejects.toThrow('no ZIP archive')
})
