// Loads the golden tasks: annotations as the original stored them, and the archives it wrote for them.

import { type ByteSource, openBlob, openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { streamItems } from '../items'
import { createFrameLookup, type FrameInfo, type FrameLookup, listVideoFrames } from '../match'
import type { Annotations, Dataset, DatasetInfo, Label, Shape, Track } from '../model'

const folder = new URL('../../../tests/fixtures/golden/', import.meta.url)

/** The labels of the tasks differ only by the first of their ids, and in how many they have. */
const tasks = {
  task_1_images_all_kinds: { number: 1, labelShift: 0, attributeShift: 0, labelCount: 10 },
  task_2_video_tracks: { number: 2, labelShift: 14, attributeShift: 7, labelCount: 10 },
  task_6_boxes_only: { number: 6, labelShift: 56, attributeShift: 28, labelCount: 2 },
}
export type GoldenTask = keyof typeof tasks
export const goldenTasks = Object.keys(tasks) as GoldenTask[]

export type Golden = { labels: Label[]; annotations: Annotations; dataset: Dataset; frames: FrameInfo[]; lookup: FrameLookup }

export async function loadGolden(task: GoldenTask): Promise<Golden> {
  const { number, labelShift, attributeShift, labelCount } = tasks[task]
  const [record, meta, annotations, listed] = await Promise.all([
    readJson(`api/task_${number}.json`),
    readJson(`api/task_${number}_meta.json`),
    readJson(`api/task_${number}_annotations.json`),
    readJson('api/labels_task.json'),
  ])
  const labels = shiftLabels((listed as { results: Label[] }).results.slice(0, labelCount), labelShift, attributeShift)
  const isVideo = record.mode === 'interpolation'
  const frames: FrameInfo[] = isVideo
    ? listVideoFrames(meta.size, meta.frames[0])
    : meta.frames.map((frame: FrameInfo, at: number) => ({ ...frame, frame: at }))
  const items = streamItems({
    frames: frames.map((frame) => ({ ...frame, sourceFrame: frame.frame, subset: '' })),
    shapes: fillElements<Shape>(annotations.shapes).sort((a, b) => a.frame - b.frame),
    tags: annotations.tags,
    tracks: fillElements<Track>(annotations.tracks),
    endFrame: meta.stop_frame,
  })
  const info = createInfo(record, meta, isVideo)
  return {
    labels,
    annotations,
    frames,
    lookup: createFrameLookup({ frames }),
    dataset: { info, labels, items, tracks: annotations.tracks },
  }
}

export function openGoldenExport(task: string, format: string): ByteSource {
  return openBlob(Bun.file(new URL(`exports/${task}/${format}.zip`, folder)))
}

/** What the original stored after importing its own export. */
export async function loadImported(task: GoldenTask, format: string): Promise<Annotations> {
  const imported = await readJson(`annotations/imported_${task}_${format}.json`)
  return { ...imported, shapes: fillElements(imported.shapes), tracks: fillElements(imported.tracks) }
}

async function readJson(path: string): Promise<any> {
  return Bun.file(new URL(path, folder)).json()
}

/** The recordings leave out what elements of skeletons never have. */
function fillElements<T extends { elements?: T[] }>(list: T[]): T[] {
  for (const entry of list) entry.elements = fillElements(entry.elements ?? [])
  return list
}

function shiftLabels(labels: Label[], labelShift: number, attributeShift: number): Label[] {
  return labels.map((label) => ({
    ...label,
    id: label.id + labelShift,
    attributes: label.attributes.map((attribute) => ({ ...attribute, id: attribute.id + attributeShift })),
    sublabels: shiftLabels(label.sublabels ?? [], labelShift, attributeShift),
    svg: label.svg?.replace(/data-label-id="(\d+)"/g, (_, id) => `data-label-id="${Number(id) + labelShift}"`),
  }))
}

function createInfo(record: any, meta: any, isVideo: boolean): DatasetInfo {
  const person = { username: 'admin', email: 'admin@example.com' }
  const jobIds: Record<number, number> = { 1: 1, 2: 2, 6: 8 }
  const jobId = jobIds[record.id]!
  return {
    kind: 'task',
    id: record.id,
    name: record.name,
    mode: record.mode,
    size: meta.size,
    overlap: record.overlap,
    bugtracker: record.bug_tracker,
    created: new Date(record.created_date),
    updated: new Date(record.updated_date),
    subset: record.subset,
    startFrame: meta.start_frame,
    stopFrame: meta.stop_frame,
    frameFilter: meta.frame_filter,
    segments: [{ id: jobId, start: meta.start_frame, stop: meta.stop_frame, url: `http://127.0.0.1:8090/api/jobs/${jobId}` }],
    owner: record.owner && person,
    assignee: record.assignee && person,
    ...(isVideo && { video: { ...meta.frames[0], source: meta.frames[0].name } }),
  }
}

/** The text files of an archive by their names. */
export async function readTexts(source: ByteSource | Uint8Array): Promise<Record<string, string>> {
  const { list } = await openDatasetFiles(source instanceof Uint8Array ? openBytes(source) : source)
  const texts = list
    .filter(({ name }) => /\.(txt|csv|json|xml|meta)$/.test(name))
    .map(async (file) => [file.name, Buffer.from(await file.bytes()).toString()] as const)
  return Object.fromEntries(await Promise.all(texts))
}
