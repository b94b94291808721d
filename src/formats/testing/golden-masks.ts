// Compares an export of ours with the archive of the original, for the formats that draw masks.

import { expect } from 'bun:test'
import { countDifferences, renumberPicture } from './compare-pictures'
import { type GoldenTask, loadGolden, openGoldenExport } from './golden'
import { readAllTexts, readPictures } from './read-archive'
import { exportBytes } from './sample'

/** Where shapes of equal z_order overlap, the database chose which is on top; these pictures show it. */
const chosenByDatabase: Partial<Record<GoldenTask, RegExp>> = { task_2_video_tracks: /frame_00002[6-9]/ }

/**
 * Text files must be equal up to the order of their lines, pictures pixel by pixel. Numbers of objects depend on the order of the
 * database, too: pictures that match `objects` are compared as partitions.
 */
export async function expectGoldenExport(task: GoldenTask, displayName: string, objects?: RegExp): Promise<void> {
  const { dataset } = await loadGolden(task)
  const bytes = await exportBytes(displayName, dataset)
  const original = openGoldenExport(task, displayName.replaceAll(' ', '_'))
  const sorted = (texts: Record<string, string>) => {
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.split('\n').sort()]))
  }
  expect(sorted(await readAllTexts(bytes))).toEqual(sorted(await readAllTexts(original)))
  const [ours, theirs] = [await readPictures(bytes), await readPictures(original)]
  expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort())
  for (const [name, picture] of Object.entries(theirs)) {
    const [a, b] = objects?.test(name) ? [ours[name]!, picture].map(renumberPicture) : [ours[name]!, picture]
    const differences = countDifferences(a!, b!)
    if (chosenByDatabase[task]?.test(name)) expect(differences).toBeLessThan(200)
    else expect([name, differences]).toEqual([name, 0])
  }
}
