// YOLO 1.1: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { goldenTasks, loadGolden, openGoldenExport } from '../testing/golden'
import { compareImports } from '../testing/imported'
import { readAllTexts } from '../testing/read-archive'
import {
  createItem,
  createSample,
  createShape,
  describeShapes,
  exportBytes,
  importAll,
  packZip,
  sampleInfo,
} from '../testing/sample'

const name = 'YOLO 1.1'
/** Lines of one frame have the order of the database. */
const sortLines = (text: string) => text.split('\n').sort()

describe('export', () => {
  test.each(goldenTasks)('%s equals the archive of the original', async (task) => {
    const { dataset } = await loadGolden(task)
    const ours = await readAllTexts(await exportBytes(name, dataset))
    const theirs = await readAllTexts(openGoldenExport(task, 'YOLO_1.1'))
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort())
    // That version wrote turned boxes as if they were not.
    const lost: string[] = []
    for (const [file, text] of Object.entries(theirs)) {
      const own = new Set(sortLines(ours[file]!))
      const missing = sortLines(text).filter((line) => !own.has(line))
      if (!file.startsWith('obj_')) expect(ours[file]).toBe(text)
      lost.push(...missing)
      expect(sortLines(ours[file]!).length).toBe(sortLines(text).length - missing.length)
    }
    expect(lost.length).toBe({ task_1_images_all_kinds: 1, task_2_video_tracks: 14, task_6_boxes_only: 0 }[task])
  })

  test('subsets have lists and folders of their own; the default one is train, or joins it', async () => {
    const subsets = ['', 'Train', 'val']
    const tasks = subsets.map((subset) => ({ ...sampleInfo, subset }))
    const items = subsets.map((subset, frame) => ({ ...createItem(frame, []), subset }))
    const dataset = createSample([], { items, info: { ...sampleInfo, kind: 'project', tasks } })
    const texts = await readAllTexts(await exportBytes(name, dataset))
    expect(texts['Train.txt']).toBe('data/obj_Train_data/a/img 1.jpg\ndata/obj_Train_data/a/b/üñ.png\n')
    expect(texts['val.txt']).toBe('data/obj_val_data/img_3.JPG\n')
    expect(texts['obj.data']).toContain('Train = data/Train.txt\nval = data/val.txt\n')
    const reserved = createSample([], { items: [{ ...createItem(0, []), subset: 'names' }] })
    await expect(exportBytes(name, reserved)).rejects.toThrow("A subset cannot be called 'names'")
  })
})

describe('import', () => {
  test('what was exported comes back', async () => {
    const boxes = [createShape('rectangle'), createShape('rectangle', { frame: 1, points: [-5, -8.25, 130, 90] })]
    const sample = createSample([], { items: boxes.map((box, frame) => createItem(frame, [box])) })
    const { shapes } = await importAll(name, await exportBytes(name, sample))
    expect(describeShapes(shapes)).toEqual(describeShapes(boxes))
  })

  test.each(['task_1_images_all_kinds'] as const)('%s gives what the original stored', async (task) => {
    const { ours, theirs } = await compareImports(task, name)
    expect(ours).toEqual(theirs)
  })

  const dataset = {
    'obj.data': 'classes=1\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n',
    'obj.names': 'car\r\n',
    'train.txt': 'data/obj_train_data/a/img 1.jpg\r\n',
    'obj_train_data/a/img 1.txt': '0 0.5 0.5 0.5 0.2\n\n',
  }
  const pack = (changes: Record<string, string | undefined>, folder = '') => {
    const files = Object.entries({ ...dataset, ...changes }).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return packZip(Object.fromEntries(files.map(([path, text]) => [folder + path, text])))
  }

  test('an enclosing folder and paths without data/ are taken', async () => {
    const bytes = await pack(
      { 'train.txt': './obj_train_data/a/img 1.jpg', 'obj.data': 'train = train.txt\nnames=obj.names' },
      'x/',
    )
    const { shapes } = await importAll(name, bytes)
    expect(shapes.map(({ points }) => points)).toEqual([[30, 36, 90, 54]])
  })

  const label = 'obj_train_data/a/img 1.txt'
  const faults: [string, Record<string, string | undefined>, string][] = [
    ['no obj.data', { 'obj.data': undefined }, 'Dataset must contain a file: "obj.data"'],
    ['no names', { 'obj.names': undefined }, 'Dataset must contain a file: "data/obj.names"'],
    ['no list', { 'train.txt': undefined }, 'Dataset must contain a file: "data/train.txt"'],
    ['four fields', { [label]: '0 0.5 0.5 0.5' }, `${label}, line 1: five fields are needed, there are 4`],
    ['six fields', { [label]: '\n0 0.5 0.5 0.5 0.5 1' }, `${label}, line 2: five fields`],
    ['an undeclared class', { [label]: '1 0.5 0.5 0.5 0.5' }, `${label}, line 1: class 1 is not declared`],
    ['NaN', { [label]: '0 nan 0.5 0.5 0.5' }, "'nan' is not a finite number"],
    ['overflow', { [label]: '0 1e999 0.5 0.5 0.5' }, "'1e999' is not a finite number"],
    ['a negative width', { [label]: '0 0.5 0.5 -0.5 0.5' }, 'must not be negative'],
    ['an unknown label', { 'obj.names': 'bus' }, "Label 'bus' is not registered for this task"],
    ['an unknown frame', { 'train.txt': 'data/obj_train_data/x.jpg' }, "Could not match item id: 'x.jpg' with any task frame"],
    ['a setting without value', { 'obj.data': 'train' }, 'obj.data, line 1'],
    ['no subset', { 'obj.data': 'names = obj.names' }, 'names no list of pictures'],
  ]
  test.each(faults)('%s is refused', async (_, changes, reason) => {
    const error = await importAll(name, await pack(changes)).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })
})
