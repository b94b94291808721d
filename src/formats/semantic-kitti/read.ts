// Reads SemanticKITTI's labels of points; frames are found by the names of their clouds or by number.
import { createFrameFinder } from '../cloud-shapes/match-frame'
import type { CloudContent, CloudTarget, NamedSegment } from '../cloud-shapes/model'
import { collectValues, splitValues } from '../cloud-shapes/value-runs'
import { FormatError } from '../format-error'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { asObject } from '../json-values'
import { semanticKittiClasses } from './classes'

const maxYamlBytes = 1 << 22
const maxLabelBytes = 1 << 30
const unlabelled = new Set(['unlabeled', 'unlabelled', 'unknown'])

/** Number → name: of the archive's own map, else the dataset's. */
const readClasses = async ({ list }: DatasetFiles): Promise<ReadonlyMap<number, string>> => {
  const file = list.filter(({ name }) => /\.ya?ml$/i.test(name)).sort((a, b) => a.name.length - b.name.length)[0]
  if (!file) return new Map([...semanticKittiClasses].map(([name, number]) => [number, name]))
  const fail = (reason: string, field?: string) => new FormatError(reason, { file: file.name, field })
  let labels: Record<string, unknown> | undefined
  try {
    labels = asObject(asObject(Bun.YAML.parse(new TextDecoder().decode(await file.bytes(maxYamlBytes))))?.labels)
  } catch {
    throw fail('The YAML is malformed')
  }
  if (!labels) throw fail('a table of numbers and names is needed', 'labels')
  return new Map(
    Object.entries(labels).map(([number, name]) => {
      if (!/^\d{1,5}$/.test(number) || Number(number) > 65_535) throw fail(`"${number}" is no number of a class`, 'labels')
      return [Number(number), String(name)]
    }),
  )
}

const readLabels = async (file: DatasetFile, count: number): Promise<Uint32Array> => {
  if (file.size !== count * 4)
    throw new FormatError(`${file.size / 4} points are labelled, the cloud has ${count}`, { file: file.name })
  return new Uint32Array((await file.bytes(maxLabelBytes)).slice().buffer)
}

const toSegments = (file: DatasetFile, values: Uint32Array, classes: ReadonlyMap<number, string>, known: ReadonlySet<string>) => {
  const segments: NamedSegment[] = []
  for (const [value, rows] of splitValues(collectValues(values))) {
    const [number, instance] = [value % 65_536, Math.floor(value / 65_536)]
    const label = classes.get(number)
    if ((number === 0 && label === undefined) || (label !== undefined && !known.has(label) && unlabelled.has(label))) continue
    if (label === undefined) throw new FormatError(`class ${number} is in no table of classes`, { file: file.name })
    if (!known.has(label)) throw new FormatError(`class ${number} is "${label}", the task has no such label`, { file: file.name })
    segments.push({ label, instance, rows })
  }
  return segments
}

export async function* readSemanticKitti(files: DatasetFiles, { labels, frames }: CloudTarget): AsyncGenerator<CloudContent> {
  const own = files.list.filter(({ name }) => /(^|\/)labels\/[^/]+\.label$/i.test(name))
  if (!own.length) throw new FormatError('There is no labels/….label in the archive')
  const find = createFrameFinder(frames)
  const classes = await readClasses(files)
  const known = new Set(labels.map(({ name }) => name))
  for (const file of own) {
    const frame = find(file.name)
    if (!frame) throw new FormatError('There is no frame of this name or number', { file: file.name })
    const segments = toSegments(file, await readLabels(file, frame.count), classes, known)
    yield { frame: frame.frame, segments, shapes: [] }
  }
}
