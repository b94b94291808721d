// Checks which names the program ships and that each can be read.
import { expect, test } from 'bun:test'
import { embeddedFiles } from './embedded-files.ts'

test('static files are named by their place and can be read', async () => {
  const files = embeddedFiles()
  expect(await Bun.file(files.get('public/favicon.svg')!).text()).toContain('<svg')
  for (const [name, path] of files) expect([name, await Bun.file(path).exists()]).toEqual([name, true])
})

test('browser bundles appear under build/ only, without source maps', () => {
  const names = [...embeddedFiles().keys()]
  expect(names.filter((name) => name.startsWith('public/build/') || name.endsWith('.map'))).toEqual([])
})
