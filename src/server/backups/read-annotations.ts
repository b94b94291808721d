// Reads annotations.json of a backup job by job: names of labels and attributes become ids.
import { FormatError } from '../../formats/format-error'
import type { DatasetFile } from '../../formats/io/dataset-files'
import { readJsonPieces } from '../../formats/io/json-reader'
import type { Label } from '../../formats/model'
import type { LabelTree } from '../labels/service'

type Json = Record<string, unknown>

/** The list as the one member of an object, which is what the reader of pieces takes. */
async function* wrap(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const text = new TextEncoder()
  yield text.encode('{"jobs":')
  yield* stream
  yield text.encode('}')
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Annotations of one job may be large; beyond this they are no annotations. */
const maxJobBytes = 2 ** 30

/** Replaces names by ids. Throws FormatError naming the job, the annotation and the name. */
const createNaming = (file: string, labels: LabelTree[]) => {
  const top = new Map<string, Label>(labels.map((label) => [label.name, label]))
  const fail = (at: string, reason: string) => new FormatError(reason, { file, field: at })
  const listOf = (value: unknown, at: string): Json[] => {
    if (value === undefined || value === null) return []
    if (!Array.isArray(value) || !value.every(isObject)) throw fail(at, 'a list of objects is needed')
    return value
  }
  const findLabel = ({ label }: Json, at: string, parent?: Label): Label => {
    const known = parent ? parent.sublabels.find(({ name }) => name === label) : top.get(label as string)
    if (!known) throw fail(`${at}.label`, `there is no label ${JSON.stringify(label ?? null)}`)
    return known
  }
  const nameAttributes = (row: Json, label: Label, at: string) =>
    listOf(row.attributes, `${at}.attributes`).map(({ name, value }, i) => {
      const spec = label.attributes.find((attribute) => attribute.name === name)
      if (!spec)
        throw fail(`${at}.attributes[${i}].name`, `label "${label.name}" has no attribute ${JSON.stringify(name ?? null)}`)
      return { spec_id: spec.id, value: String(value) }
    })
  const read = (row: Json, at: string, parent?: Label): Json => {
    const label = findLabel(row, at, parent)
    const inside = (key: 'shapes' | 'elements') => listOf(row[key], `${at}.${key}`)
    return {
      ...row,
      id: undefined,
      label_id: label.id,
      attributes: nameAttributes(row, label, at),
      ...('shapes' in row && {
        shapes: inside('shapes').map((key, i) => ({
          ...key,
          id: undefined,
          attributes: nameAttributes(key, label, `${at}.shapes[${i}]`),
        })),
      }),
      elements: inside('elements').map((element, i) => read(element, `${at}.elements[${i}]`, label)),
    }
  }
  return (job: unknown, index: number) => {
    if (!isObject(job)) throw fail(`[${index}]`, 'an object is needed')
    const all = (key: 'tags' | 'shapes' | 'tracks') =>
      listOf(job[key], `[${index}].${key}`).map((row, i) => read(row, `[${index}].${key}[${i}]`))
    return { tags: all('tags'), shapes: all('shapes'), tracks: all('tracks') }
  }
}

export type JobAnnotations = { tags: Json[]; shapes: Json[]; tracks: Json[] }

/** The annotations of each job, in the order of jobs, as bodies of the API; one job is in memory at a time. Throws FormatError. */
export async function* readBackupAnnotations(file: DatasetFile, labels: LabelTree[]): AsyncGenerator<JobAnnotations> {
  const name = createNaming(file.name, labels)
  const options = { file: file.name, keys: new Set(['jobs']), maxPieceBytes: maxJobBytes }
  for await (const pieces of readJsonPieces(wrap(file.stream()), options))
    for (const { value, index } of pieces) {
      if (index === undefined) throw new FormatError('a list is needed', { file: file.name })
      yield name(value, index)
    }
}
