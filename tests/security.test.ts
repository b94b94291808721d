// docs/security.md names every hole that it promises to close, and tests that exist.
import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dir, '..')
const page = await Bun.file(join(root, 'docs/security.md')).text()
const rows = page.split('\n').filter((line) => /^\| (?!id|class|-)/.test(line))

/** Holes of CVAT, Label Studio, COCO Annotator and doccano. */
const ids = [
  '#10807',
  'CVE-2022-31188',
  'CVE-2022-36551',
  'CVE-2023-43791',
  'CVE-2023-47115',
  'CVE-2023-47116',
  'CVE-2023-47117',
  'CVE-2024-23633',
  'CVE-2024-26152',
  'CVE-2024-37164',
  'CVE-2024-37306',
  'CVE-2024-40441',
  'CVE-2024-45393',
  'CVE-2024-47063',
  'CVE-2024-47064',
  'CVE-2024-47172',
  'CVE-2025-23045',
  'CVE-2025-25295',
  'CVE-2025-25296',
  'CVE-2025-25297',
  'CVE-2025-47783',
  'CVE-2025-48381',
  'CVE-2025-49135',
  'CVE-2025-5173',
  'CVE-2025-54573',
  'CVE-2026-2108',
  'CVE-2026-2109',
  'CVE-2026-22033',
  'CVE-2026-23516',
  'CVE-2026-23526',
  'CVE-2026-47682',
  'CVE-2026-65986',
  'CVE-2026-73219',
  'CVE-2026-73220',
  'CVE-2026-73221',
  'GHSA-2c85-39cc-2px9',
  'GHSA-6f87-4g86-p9gw',
  'GHSA-7484-2gfm-852p',
  'GHSA-7pvv-w55f-qmw7',
  'GHSA-7vpj-j5xv-29pr',
  'GHSA-7xhx-3q27-xvcx',
  'GHSA-chxx-45vm-qhc9',
  'GHSA-cpmr-mw4j-99r7',
  'GHSA-frpr-5w6q-hh4f',
  'GHSA-fxgh-m76j-242q',
  'GHSA-gxhm-hg65-5gh2',
  'GHSA-hp6c-f34j-qjj7',
  'GHSA-jpf9-646h-4px7',
  'GHSA-m7p7-6w4m-886p',
  'GHSA-p3c9-m7jr-jxxj',
  'GHSA-q684-4jjh-83g6',
  'GHSA-w6mx-95ff-72cv',
  'GHSA-wq36-mxf8-hv62',
  'GHSA-x396-w86c-gf6w',
]

const readTests = (row: string) =>
  [...row.matchAll(/`([^`]+\.test\.tsx?)` “([^”]+)”/g)].map(([, file, title]) => ({ file: file!, title: title! }))

test('every hole has a row', () => {
  expect(rows.length).toBeGreaterThan(50)
  const firsts = rows.map((row) => row.split('|')[1]!)
  expect(ids.filter((id) => firsts.filter((first) => first.includes(id)).length !== 1)).toEqual([])
})

test('every row names a test', () => expect(rows.filter((row) => readTests(row).length === 0)).toEqual([]))

test('every test that is named exists under its title', async () => {
  const missing: string[] = []
  for (const { file, title } of rows.flatMap(readTests)) {
    const path = join(root, file)
    const text = existsSync(path) ? await Bun.file(path).text() : ''
    const isThere = ["'", '"', '`'].some((mark) =>
      new RegExp(
        `(test|describe|\\])[^\n]*\\(\\s*${mark}${RegExp.escape(title)}${mark}|^\\s*${mark}${RegExp.escape(title)}${mark},`,
        'm',
      ).test(text),
    )
    if (!isThere) missing.push(`${file}: ${title}`)
  }
  expect(missing).toEqual([])
})

test('a test that carries the id of a hole stands in its row', async () => {
  const named = new Set(rows.flatMap((row) => readTests(row).map(({ file }) => file)))
  const wrong: string[] = []
  for (const file of named)
    for (const [, id] of (await Bun.file(join(root, file)).text()).matchAll(/\b(CVE-\d{4}-\d+)/g))
      if (!ids.includes(id!)) wrong.push(`${file}: ${id}`)
  expect(wrong).toEqual([])
})
