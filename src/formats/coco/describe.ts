// The categories of COCO's files as labels.

import type { DeclaredLabel, Description } from '../format'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readJsonPieces } from '../io/json-reader'
import { asNumbers, asText, createMemberReader } from '../json-values'
import { sketchSkeleton } from '../skeleton-sketch'

/** Reads the files whose names fit, or the bare one. Throws FormatError for what is no JSON. */
export function createDescriber(namePattern: RegExp): (files: DatasetFiles) => Promise<Description> {
  return async (files) => {
    const labels = new Map<string, DeclaredLabel>()
    for (const file of files.bare ? files.list : files.list.filter(({ name }) => namePattern.test(name))) {
      for (const label of await readCategories(file)) if (!labels.has(label.name)) labels.set(label.name, label)
    }
    return { labels: [...labels.values()] }
  }
}

const asList = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : undefined)

async function readCategories(file: DatasetFile): Promise<DeclaredLabel[]> {
  const labels: DeclaredLabel[] = []
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys: new Set(['categories']) })) {
    for (const { value, index } of pieces) {
      const members = createMemberReader(value, { file: file.name, item: `categories[${index ?? 0}]` })
      const name = members.require('name', asText)
      const points = members.get('keypoints', asList)?.filter((point) => typeof point === 'string')
      const joints = members.get('skeleton', asList)?.flatMap((joint) => [asNumbers(joint) ?? []])
      labels.push(points && points.length > 0 ? sketchSkeleton(name, points, joints) : { name })
    }
  }
  return labels
}
