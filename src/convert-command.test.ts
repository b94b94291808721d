// annolith convert as it is called: archives and folders in and out, detection, and what it says when it cannot.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openPath } from './formats/io/folder-files'
import { packZip } from './formats/testing/sample'

const main = join(import.meta.dir, 'main.ts')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convert-command-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const convert = async (...args: string[]) => {
  const child = Bun.spawn([process.execPath, main, 'convert', ...args], { cwd: folder, stdout: 'pipe', stderr: 'pipe' })
  const [code, out, said] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code, out, said }
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAAAAABTsszPAAAADklEQVR4nGNgwAT/GRgAAA4AAQCpDBAAAAAASUVORK5CYII=',
  'base64',
)
const yolo = {
  'obj.data': 'classes = 2\ntrain = data/train.txt\nnames = data/obj.names\n',
  'obj.names': 'car\nbus\n',
  'train.txt': 'data/obj_train_data/a.png\ndata/obj_train_data/b.png\n',
  'obj_train_data/a.png': png,
  'obj_train_data/b.png': png,
  'obj_train_data/a.txt': '1 0.5 0.5 0.5 1\n',
}

test('a folder becomes an archive, and that a folder again', async () => {
  for (const [name, content] of Object.entries(yolo)) {
    mkdirSync(dirname(join(folder, 'in', name)), { recursive: true })
    writeFileSync(join(folder, 'in', name), content)
  }
  const first = await convert('in', '--from', 'auto', '--to', 'coco', 'out/coco.zip', '--save-images')
  expect(first.code).toBe(0)
  expect(first.said).toContain('This looks like YOLO 1.1')
  expect(first.said).toContain('2 frames (2 with their pictures), 2 labels, 1 shapes')
  const files = await openPath(join(folder, 'out/coco.zip'))
  const json = JSON.parse(Buffer.from(await files.get('annotations/instances_train.json')!.bytes()).toString())
  expect(json.categories.map(({ name }: { name: string }) => name)).toEqual(['car', 'bus'])
  expect(json.images).toMatchObject([{ file_name: 'a.png', width: 4, height: 2 }, { file_name: 'b.png' }])
  expect(json.annotations).toMatchObject([{ category_id: 2, bbox: [1, 0, 2, 2] }])
  expect(Buffer.from(await files.get('images/train/a.png')!.bytes())).toEqual(png)

  expect((await convert('out/coco.zip', '--to', 'YOLO 1.1', 'back')).code).toBe(0)
  const back = await openPath(join(folder, 'back'))
  expect(Buffer.from(await back.get('obj_train_data/a.txt')!.bytes()).toString()).toBe('1 0.500000 0.500000 0.500000 1.000000\n')
  expect(readdirSync(join(folder, 'out'))).toEqual(['coco.zip'])
}, 30_000)

test('the list names formats and their ways', async () => {
  const { code, out } = await convert('--list')
  expect(code).toBe(0)
  expect(out).toMatch(/COCO 1\.0\s+2d\s+from, to/)
  expect(out).toMatch(/Ultralytics YOLO Detection Track 1\.0\s+2d\s+to\n/)
})

test('what cannot be done is said in one line, and nothing is left behind', async () => {
  writeFileSync(join(folder, 'some.zip'), await packZip({ 'readme.md': 'x' }))
  writeFileSync(join(folder, 'there.zip'), '')
  const { 'obj_train_data/a.png': _, ...noPicture } = yolo
  writeFileSync(join(folder, 'blind.zip'), await packZip(noPicture))
  for (const [args, reason] of [
    [['some.zip', 'x.zip'], '--to: name the format'],
    [['some.zip', '--to', 'nonsense', 'x.zip'], 'there is no format "nonsense" to write'],
    [['some.zip', '--to', 'coco', 'x.zip'], 'the files are of no known format'],
    [['some.zip', '--from', 'coco', '--to', 'voc', 'x.zip'], 'there is no format "voc"'],
    [['some.zip', '--from', 'coco', '--to', 'datumaro', 'x.zip'], 'Dataset must contain a file'],
    [['some.zip', '--to', 'coco', 'there.zip'], 'there.zip is there already'],
    [['gone.zip', '--to', 'coco', 'x.zip'], 'there is no such file or folder'],
    [['blind.zip', '--to', 'coco', 'x.zip'], "item 'a.png': the size of the picture is not known"],
  ] as const) {
    const { code, said } = await convert(...args)
    expect([args, code, said]).toEqual([args, 1, expect.stringContaining(reason)] as any)
    expect(said).not.toContain(' at ')
  }
  expect(existsSync(join(folder, 'x.zip'))).toBe(false)
}, 60_000)
