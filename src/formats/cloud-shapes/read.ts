// Reads the layout that write.ts writes; labels by name, frames by the name of their item or its number.
import { FormatError } from '../format-error'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readJsonPieces } from '../io/json-reader'
import { asObject } from '../json-values'
import { createFrameFinder } from './match-frame'
import type { CloudContent, CloudShapeType, CloudTarget, NamedShape } from './model'
import { findRunProblem, fromRowRuns } from './row-runs'
import { kindsInSpace } from './write'

const maxItemBytes = 2 ** 29
const types = new Map<string, CloudShapeType>(Object.entries(kindsInSpace).map(([type, name]) => [name, type as CloudShapeType]))

type Json = Record<string, unknown>
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter((one) => asObject(one) !== undefined) : [])

const findFile = ({ list, bare }: DatasetFiles): DatasetFile | undefined =>
  bare ? list[0] : list.find(({ name }) => /(^|\/)annotations\/[^/]+\.json$/.test(name))

type Context = { file: string; labels: readonly string[]; target: CloudTarget; find: ReturnType<typeof createFrameFinder> }

const readItem = (item: Json, index: number, { file, labels, target, find }: Context): CloudContent => {
  const fail = (reason: string, field?: string) =>
    new FormatError(reason, { file, item: String(item.id ?? index), ...(field && { field }) })
  const number = asObject(item.attr)?.frame
  const frame = find(String(item.id ?? '')) ?? target.frames.find((one) => one.frame === number)
  if (!frame) throw fail('There is no frame of this name or number')
  const known = new Map(target.labels.map((label) => [label.name, label]))
  const content: CloudContent = { frame: frame.frame, segments: [], shapes: [] }
  for (const [at, one] of listOf(item.annotations).entries()) {
    const field = `annotations[${at}]`
    const label = labels[one.label_id as number]
    if (label === undefined) throw fail(`there is no category ${JSON.stringify(one.label_id ?? null)}`, `${field}.label_id`)
    const owner = known.get(label)
    if (!owner) throw fail(`the task has no label "${label}"`, `${field}.label_id`)
    const attributes = asObject(one.attributes) ?? {}
    const type = types.get(String(one.type))
    if (one.type === 'point_labels') {
      const counts = asObject(one.rle)?.counts
      const problem = findRunProblem(counts, frame.count)
      if (problem) throw fail(problem, `${field}.rle.counts`)
      const instance = attributes.instance ?? 0
      if (!Number.isInteger(instance) || (instance as number) < 0 || (instance as number) > 65_535)
        throw fail('a whole number from 0 to 65535 is needed', `${field}.attributes.instance`)
      content.segments.push({ label, instance: instance as number, rows: fromRowRuns(counts as number[]) })
    } else if (type) {
      const points = one.points
      if (!Array.isArray(points) || !points.every((value) => typeof value === 'number' && Number.isFinite(value)))
        throw fail('finite numbers are needed', `${field}.points`)
      const own = owner.attributes.flatMap(({ name }): NamedShape['attributes'] =>
        name in attributes ? [{ name, value: String(attributes[name]) }] : [],
      )
      content.shapes.push({ uid: String(attributes.uid ?? ''), type, label, points, attributes: own })
    }
  }
  return content
}

const readLabels = (categories: unknown, file: string): string[] => {
  const labels = asObject(asObject(categories)?.label)?.labels
  if (!Array.isArray(labels)) throw new FormatError('a list of labels is needed', { file, field: 'categories.label.labels' })
  return labels.map((label) => String(asObject(label)?.name ?? ''))
}

export async function* readCloudShapes(files: DatasetFiles, target: CloudTarget): AsyncGenerator<CloudContent> {
  const file = findFile(files)
  if (!file) throw new FormatError('There is no annotations/….json in the archive')
  const find = createFrameFinder(target.frames)
  let labels: string[] | undefined
  // Twice, as nothing says that the categories come first.
  for (const keys of [new Set(['categories']), new Set(['items'])]) {
    const pieces = readJsonPieces(file.stream(), { file: file.name, keys, maxPieceBytes: maxItemBytes })
    for await (const some of pieces)
      for (const { key, value, index } of some) {
        if (key === 'categories') labels = readLabels(value, file.name)
        else if (labels && index !== undefined) {
          const item = asObject(value)
          if (!item) throw new FormatError('an object is needed', { file: file.name, field: `items[${index}]` })
          yield readItem(item, index, { file: file.name, labels, target, find })
        }
      }
    if (!labels) throw new FormatError('the categories are missing', { file: file.name, field: 'categories' })
  }
}
