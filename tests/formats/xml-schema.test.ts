// Our XML against schemas that stand beside this file, by lxml; the original's own archives hold the schemas to the truth.
import { expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBytes } from '../../src/formats/io/byte-source'
import { openDatasetFiles } from '../../src/formats/io/dataset-files'
import { shapeTypes } from '../../src/formats/model'
import { findExporter } from '../../src/formats/registry'
import { loadGolden, openGoldenExport } from '../../src/formats/testing/golden'
import { createSample, exportBytes, packZip } from '../../src/formats/testing/sample'

const python = join(import.meta.dir, '../../.tools/venv/bin/python')
const check = `
import sys
from lxml import etree
schema = etree.RelaxNG(etree.parse(sys.argv[1]))
for path in sys.argv[2:]:
    document = etree.parse(path)
    if not schema.validate(document):
        print(path, schema.error_log)
`

const validate = async (schema: string, bytes: Uint8Array): Promise<{ said: string; count: number }> => {
  if (!existsSync(python)) throw new Error('the Python readers are missing; ./scripts/test installs them')
  const folder = mkdtempSync(join(tmpdir(), 'annolith-xml-'))
  try {
    const files = (await openDatasetFiles(openBytes(bytes))).list.filter(({ name }) => name.endsWith('.xml'))
    const paths: string[] = []
    for (const [at, file] of files.entries()) {
      const path = join(folder, `${at}.xml`)
      await Bun.write(path, await file.bytes())
      paths.push(path)
    }
    const argv = [python, '-c', check, join(import.meta.dir, 'schemas', `${schema}.rng`), ...paths]
    const child = Bun.spawn(argv, { stdout: 'pipe', stderr: 'pipe' })
    const [out, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    return { said: out + errors, count: paths.length }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test.each([
  ['CVAT for images 1.1', 'cvat-images', 'CVAT_for_images_1.1'],
  ['PASCAL VOC 1.1', 'voc', 'PASCAL_VOC_1.1'],
])('%s is valid', async (format, schema, golden) => {
  const source = openGoldenExport('task_1_images_all_kinds', golden)
  expect(await validate(schema, await source.read(0, source.size))).toMatchObject({ said: '' })
  const { dataset } = await loadGolden('task_1_images_all_kinds')
  for (const one of [dataset, createSample(shapeTypes)]) {
    const { said, count } = await validate(schema, await exportBytes(findExporter(format)!, one))
    expect(said).toBe('')
    expect(count).toBeGreaterThan(0)
  }
})

test('the schemas refuse what is wrong', async () => {
  const bad = await packZip({
    'annotations.xml': '<annotations><version>1.1</version><meta><dumped/></meta><image id="x"/></annotations>',
  })
  expect((await validate('cvat-images', bad)).said).toContain('RELAXNG')
})
