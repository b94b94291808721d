// What the server is told about the chosen source, and what is missing.
import { expect, test } from 'bun:test'
import { type Choice, readSource } from './file-sources'

const nothing: Choice = {
  kind: 'computer',
  files: [],
  exclude: [],
  copy: false,
  urls: '',
  storageId: null,
  manifest: '',
  pattern: '',
}
const read = (change: Partial<Choice>) => readSource({ ...nothing, ...change })

test('files of the share', () => {
  expect(read({ kind: 'share', files: ['a/'], exclude: ['a/b.png'], copy: true }).body).toEqual({
    server_files: ['a/'],
    server_files_exclude: ['a/b.png'],
    copy_data: true,
  })
  expect(read({ kind: 'share', files: ['x'] }).body).toEqual({ server_files: ['x'], copy_data: false })
  expect(read({ kind: 'share' }).problem).toContain('share')
})

test('addresses, one a line', () => {
  expect(read({ kind: 'remote', urls: ' https://a/b.png \n\nhttps://c/d.png' }).body).toEqual({
    remote_files: ['https://a/b.png', 'https://c/d.png'],
  })
  expect(read({ kind: 'remote', urls: ' \n' }).problem).toContain('address')
})

test('a bucket: files, a manifest, a pattern', () => {
  const cloud = { kind: 'cloud', storageId: 4 } as const
  expect(read({ ...cloud, files: ['sub/'], manifest: 'sub/m.jsonl' }).body).toEqual({
    server_files: ['sub/', 'sub/m.jsonl'],
    copy_data: false,
    cloud_storage_id: 4,
  })
  expect(read({ ...cloud, pattern: '*.png' }).body).toMatchObject({ server_files: [], filename_pattern: '*.png' })
  expect(read({ kind: 'cloud' }).problem).toContain('cloud storage')
  expect(read(cloud).problem).toContain('pattern')
  expect(read({ ...cloud, files: ['a'], pattern: '*' }).problem).toContain('not both')
})
