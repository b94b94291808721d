// CVAT's XML: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { type ByteSource, openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { createFrameLookup, listVideoFrames } from '../match'
import { shapeTypes, type Track, type TrackedShape } from '../model'
import { goldenTasks, loadGolden, loadImported, openGoldenExport } from '../testing/golden'
import {
  createItem,
  createSample,
  createShape,
  describeShapes,
  describeTracks,
  exportBytes,
  importAll,
  packZip,
  sampleInfo,
} from '../testing/sample'

const [images, video] = ['CVAT for images 1.1', 'CVAT for video 1.1']

async function readXmlText(source: ByteSource | Uint8Array): Promise<string> {
  const files = await openDatasetFiles(source instanceof Uint8Array ? openBytes(source) : source)
  return Buffer.from(await files.get('annotations.xml')!.bytes()).toString()
}

/** The lines of a file as blocks, one for each shape, whose order within a frame is the database's choice. */
function listBlocks(text: string): string[] {
  const withoutTimes = text.replace(/<(created|updated|dumped)>[^<]*</g, '<$1><')
  const [head, body] = withoutTimes.split('</meta>')
  const blocks = body!.split(/\n(?= {2}<(?:image|track))/).flatMap((block) => {
    const [name, ...shapes] = block.replace(/<track id="\d+"/, '<track').split(/\n(?= {4}<)/)
    return shapes.length === 0 ? [name!] : shapes.map((shape) => sortLines(`${name}\n${shape}`))
  })
  return [head!, ...blocks.sort()]
}

/** Elements of skeletons have no order of their own either. */
function sortLines(block: string): string {
  return block.includes('<skeleton') ? block.split('\n').sort().join('\n') : block
}

describe('export', () => {
  test.each(goldenTasks)('%s equals the archives of the original', async (task) => {
    for (const [format, name] of [
      [images, 'CVAT_for_images_1.1'],
      [video, 'CVAT_for_video_1.1'],
    ] as const) {
      const { dataset } = await loadGolden(task)
      const ours = await readXmlText(await exportBytes(format, dataset))
      const theirs = await readXmlText(openGoldenExport(task, name))
      expect(listBlocks(ours)).toEqual(listBlocks(theirs))
    }
  })

  test('a job has no name, a project has its tasks and subsets', async () => {
    const job = await readXmlText(await exportBytes(images, createSample([], { info: { ...sampleInfo, kind: 'job' } })))
    expect(job).toContain('    <job>\n      <id>7</id>\n      <size>3</size>')
    const tasks = [
      { ...sampleInfo, id: 1, subset: 'Train' },
      { ...sampleInfo, id: 2, subset: '' },
    ]
    const items = [{ ...createItem(0, [createShape('rectangle')]), subset: 'Train', task_id: 1 }]
    const dataset = createSample([], { items, info: { ...sampleInfo, kind: 'project', tasks } })
    const project = await readXmlText(await exportBytes(images, dataset))
    expect(project).toContain('<subsets>Train\ndefault</subsets>')
    expect(project).toContain('<image id="0" name="a/img 1.jpg" subset="Train" task_id="1" width="120" height="90">')
    expect(project.match(/<labels>/g)).toHaveLength(1)
    const again = { ...dataset, items, tracks: [{ ...createTrack([0]), task_id: 2, subset: '' }] }
    const asVideo = await readXmlText(await exportBytes(video, again))
    expect(asVideo).toContain('<track id="0" label="car" source="manual" task_id="2" subset="default">')
    expect(asVideo).toContain(
      '<track id="1" label="per son &quot;&lt;&amp;&gt;&quot;" source="manual" task_id="1" subset="Train">',
    )
  })

  test('pictures lie in images, those of a project below their subset', async () => {
    const media = { extension: '.jpg', read: async () => Buffer.from('x') }
    const items = [{ ...createItem(0, []), subset: 'Train', media }]
    for (const [kind, name] of [
      ['task', 'images/a/img 1.jpg'],
      ['project', 'images/Train/a/img 1.jpg'],
    ] as const) {
      const dataset = createSample([], { items, info: { ...sampleInfo, kind } })
      const { list } = await openDatasetFiles(openBytes(await exportBytes(video, dataset, true)))
      expect(list.map((file) => file.name).sort()).toEqual(['annotations.xml', name])
    }
  })

  test('frames of a video with a step keep their source numbers', async () => {
    const items = [0, 1, 2].map((frame) => ({ ...createItem(frame, []), sourceFrame: 10 + 5 * frame }))
    items[0]!.shapes = [createShape('rectangle')]
    const info = { ...sampleInfo, startFrame: 10, stopFrame: 20, frameFilter: 'step=5' }
    const text = await readXmlText(await exportBytes(video, createSample([], { items, info, tracks: [createTrack([0, 2])] })))
    expect(
      [...text.matchAll(/<box frame="(\d+)" keyframe="(\d)" outside="(\d)"/g)].map((match) => match.slice(1).join()),
    ).toEqual(['10,1,0', '15,0,0', '20,1,0', '10,1,0', '15,1,1'])
  })
})

function createTrack(keyFrames: number[], rest: Partial<TrackedShape> = {}): Track {
  const { type, points, rotation, occluded, outside, z_order } = createShape('rectangle')
  const attributes = [
    { spec_id: 2, value: '20' },
    { spec_id: 3, value: 'true' },
  ]
  const shapes = keyFrames.map((frame) => ({ type, points, rotation, occluded, outside, z_order, attributes, frame, ...rest }))
  const fixed = [
    { spec_id: 1, value: 'green' },
    { spec_id: 4, value: 'V-1' },
  ]
  return { frame: keyFrames[0]!, label_id: 1, group: 0, source: 'manual', attributes: fixed, shapes, elements: [] }
}

describe('import', () => {
  test('every kind, flag, attribute and tag comes back from images', async () => {
    const sample = createSample(shapeTypes)
    const { shapes, tags, tracks } = await importAll('CVAT 1.1', await exportBytes(images, createSample(shapeTypes)))
    const sent = [...(sample.items as Iterable<{ shapes: ReturnType<typeof createShape>[] }>)].flatMap((item) => item.shapes)
    expect(describeShapes(shapes)).toEqual(describeShapes(sent))
    expect(tags).toEqual([
      { frame: 0, label_id: 1, group: 0, source: 'file', attributes: shapes.find(({ frame }) => frame === 1)!.attributes },
    ])
    expect(tracks).toEqual([])
  })

  test('tracks come back from video', async () => {
    const outside = { ...createTrack([0, 1, 2], { rotation: 12.5 }), group: 3 }
    outside.shapes[1]!.outside = true
    const sent = [createTrack([0, 2]), outside]
    const { tracks, shapes } = await importAll('CVAT 1.1', await exportBytes(video, createSample([], { tracks: sent })))
    expect(shapes).toEqual([])
    expect(describeTracks(tracks)).toEqual(describeTracks(sent))
  })

  test('plain shapes come back from video as tracks, masks as masks', async () => {
    const items = [createItem(0, [createShape('rectangle'), createShape('mask')]), createItem(1, []), createItem(2, [])]
    const { tracks, shapes } = await importAll('CVAT 1.1', await exportBytes(video, createSample([], { items })))
    expect(shapes.map(({ type }) => type)).toEqual(['mask'])
    expect(tracks.map(({ shapes: keys }) => keys.map(({ frame, outside }) => [frame, outside]))).toEqual([
      [
        [0, false],
        [1, true],
      ],
    ])
  })

  test('the archives of the original give what the original stored', async () => {
    for (const task of ['task_1_images_all_kinds', 'task_2_video_tracks'] as const) {
      for (const name of ['CVAT_for_images_1.1', 'CVAT_for_video_1.1']) {
        const { labels, lookup } = await loadGolden(task)
        const ours = await importAll('CVAT 1.1', openGoldenExport(task, name), { labels, frames: lookup })
        const stored = await loadImported(task, name)
        expect([ours.shapes.length, ours.tracks.length, ours.tags.length]).toEqual([
          stored.shapes.length,
          stored.tracks.length,
          stored.tags.length,
        ])
        const keys = (tracks: Track[]) => tracks.flatMap((track) => track.shapes)
        const points = (list: { frame: number; points: number[]; z_order: number; occluded: boolean }[]) =>
          list.map((shape) => JSON.stringify([shape.frame, shape.z_order, shape.occluded, shape.points])).sort()
        expect(points(ours.shapes)).toEqual(points(stored.shapes))
        expect(points(keys(ours.tracks))).toEqual(points(keys(stored.tracks)))
      }
    }
  })

  test('frames are found by id when the name is unknown, by source number in tracks', async () => {
    const options = { startFrame: 10, step: 5 }
    const frames = createFrameLookup({ frames: listVideoFrames(3, { width: 9, height: 9 }, options), ...options })
    const box = 'xtl="1" ytl="2" xbr="3" ybr="4"'
    const byId = await importAll('CVAT 1.1', wrap(`<image id="15" name="zzz"><box label="car" ${box}/></image>`), { frames })
    expect(byId.shapes[0]!.frame).toBe(1)
    const inTrack = wrap(`<track label="car"><box frame="20" keyframe="1" ${box}/></track>`)
    expect((await importAll('CVAT 1.1', inTrack, { frames })).tracks[0]!.frame).toBe(2)
    const outOfRange = inTrack.replace('frame="20"', 'frame="21"')
    await expect(importAll('CVAT 1.1', outOfRange, { frames })).rejects.toThrow(
      "Could not match item id: '21' with any task frame",
    )
  })

  test('several files in folders of one archive are all read', async () => {
    const file = (id: number) => wrap(`<image id="${id}"><polygon label="car" points="1,2;3,4;5,6"/></image>`)
    const { shapes } = await importAll('CVAT 1.1', await packZip({ 'a/1.xml': file(0), 'b/c/2.XML': file(2), 'x.txt': '?' }))
    expect(shapes.map(({ frame }) => frame)).toEqual([0, 2])
  })

  function wrap(inner: string): string {
    return `<?xml version="1.0"?><annotations><version>1.1</version><meta><x>text</x></meta>${inner}</annotations>`
  }

  const inImage = (inner: string) => wrap(`<image id="0" name="a/img 1.jpg">${inner}</image>`)
  const faults: [string, string, string][] = [
    [
      'NaN',
      inImage('<box label="car" xtl="NaN" ytl="2" xbr="3" ybr="4"/>'),
      "item '<box>', field 'xtl': must be a finite number",
    ],
    ['an overflow', inImage('<box label="car" xtl="1e999" ytl="2" xbr="3" ybr="4"/>'), "field 'xtl'"],
    ['Infinity in points', inImage('<points label="car" points="1,Infinity"/>'), "field 'points'"],
    ['an odd pair', inImage('<polygon label="car" points="1,2;3,4;5"/>'), "'5' is not a pair"],
    ['too few points', inImage('<polygon label="car" points="1,2;3,4"/>'), 'at least 3'],
    ['a missing coordinate', inImage('<box label="car" xtl="1" ytl="2" xbr="3"/>'), "field 'ybr': is missing"],
    ['runs that do not fill', inImage('<mask label="car" rle="1, 2" left="0" top="0" width="2" height="2"/>'), 'makes 3 pixels'],
    ['a negative run', inImage('<mask label="car" rle="5, -1" left="0" top="0" width="2" height="2"/>'), 'whole numbers'],
    [
      'an unknown label',
      inImage('<box label="bus" xtl="1" ytl="2" xbr="3" ybr="4"/>'),
      "Label 'bus' is not registered for this task",
    ],
    ['an unknown element', inImage('<blob label="car"/>'), 'line 1'],
    ['an unknown image', wrap('<image name="zzz"/>'), "Could not match item id: 'zzz' with any task frame"],
    ['a shape outside of an image', wrap('<box label="car" xtl="1" ytl="2" xbr="3" ybr="4"/>'), 'does not belong here'],
    [
      'an unknown point of a skeleton',
      inImage('<skeleton label="skel"><points label="car" points="1,2"/></skeleton>'),
      "Label 'car'",
    ],
    ['two points in one', inImage('<skeleton label="skel"><points label="head" points="1,2;3,4"/></skeleton>'), 'needs 1 point'],
    ['a bad flag', inImage('<points label="car" occluded="maybe" points="1,2"/>'), "field 'occluded'"],
    ['a fraction as level', inImage('<points label="car" z_order="1.5" points="1,2"/>'), 'whole number'],
    ['a track without key frame', wrap('<track label="car"></track>'), 'at least one key frame'],
    ['another root', '<annotation/>', 'its root is <annotation>'],
    ['a document type', '<!DOCTYPE annotations [<!ENTITY x "y">]><annotations/>', 'document type'],
    ['an end too early', '<annotations><image id="0">', 'malformed'],
    ['no XML', 'hello', 'malformed'],
    ['nothing', '', 'malformed'],
  ]
  test.each(faults)('%s is refused', async (_, text, reason) => {
    const error = await importAll('CVAT 1.1', text).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('an archive without XML is refused', async () => {
    await expect(importAll('CVAT 1.1', await packZip({ 'x.txt': '' }))).rejects.toThrow(
      'Dataset must contain a file: "annotations.xml"',
    )
  })
})
