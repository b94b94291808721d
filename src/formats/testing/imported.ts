// Compares what an import of ours finds with what the original stored after importing the same archive.

import type { Annotations } from '../model'
import { type GoldenTask, loadGolden, loadImported, openGoldenExport } from './golden'
import { importAll } from './sample'

/** The tasks that the original imported into have labels of their own; they differ by a number. */
const labelShifts: Partial<Record<GoldenTask, number>> = { task_1_images_all_kinds: 153, task_2_video_tracks: 125 }

export type Comparison = { ours: string[]; theirs: string[] }

/** Shapes, key frames of tracks and tags of both, as sorted text. */
export async function compareImports(task: GoldenTask, displayName: string): Promise<Comparison> {
  const { labels, lookup } = await loadGolden(task)
  const file = displayName.replaceAll(' ', '_')
  const found = await importAll(displayName, openGoldenExport(task, file), { labels, frames: lookup })
  return { ours: describe(found, 0), theirs: describe(await loadImported(task, file), labelShifts[task] ?? 0) }
}

function describe({ shapes, tracks, tags }: Annotations, shift: number): string[] {
  const body = (shape: {
    frame: number
    type: string
    points: number[]
    rotation: number
    occluded: boolean
    outside: boolean
  }) => {
    const { frame, type, points, rotation, occluded, outside } = shape
    return [frame, type, points, rotation, occluded, outside]
  }
  return [
    ...shapes.map(({ label_id, group, ...shape }) => JSON.stringify(['shape', label_id - shift, group, ...body(shape)])),
    ...tracks.map(({ label_id, frame, ...track }) => JSON.stringify(['track', label_id - shift, frame, track.shapes.map(body)])),
    ...tags.map(({ label_id, frame }) => JSON.stringify(['tag', label_id - shift, frame])),
  ].sort()
}
