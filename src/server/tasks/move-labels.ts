// Takes the annotations of a task from its labels to those of a project, matched by name.
import { and, eq, ne } from 'drizzle-orm'
import { shapes, tags, trackShapes, tracks } from '../annotations/schema'
import { isAmong } from '../db/dialect'
import type { Tx } from '../db/open'
import { invalid } from '../http/errors'
import type { LabelTree } from '../labels/service'

/** Old id → new id; of attributes only those that the new label has too. */
type Mapping = { labels: Map<number, number>; specs: Map<number, number> }

/** What a person decides about labels: which becomes which (old id → new id; others go by name), and whether attributes stay. */
export type LabelChoice = { labels?: Record<string, number>; clearsAttributes?: boolean }

/** Throws 400 naming the labels that the project does not have. */
export const matchLabels = (from: LabelTree[], to: LabelTree[], choice: LabelChoice = {}): Mapping => {
  const mapping: Mapping = { labels: new Map(), specs: new Map() }
  const missing: string[] = []
  const match = (old: LabelTree, others: LabelTree[], prefix = '') => {
    const wanted = choice.labels?.[old.id]
    const isAlike = (other: LabelTree) => (other.type === 'skeleton') === (old.type === 'skeleton')
    const found = others.find((other) => isAlike(other) && (wanted === undefined ? other.name === old.name : other.id === wanted))
    if (!found) return void missing.push(prefix + old.name)
    mapping.labels.set(old.id, found.id)
    for (const spec of choice.clearsAttributes ? [] : old.attributes) {
      const twin = found.attributes.find(({ name }) => name === spec.name)
      if (twin) mapping.specs.set(spec.id, twin.id)
    }
    for (const sublabel of old.sublabels) match(sublabel, found.sublabels, `${prefix}${old.name}.`)
  }
  for (const label of from) match(label, to)
  if (missing.length)
    throw invalid({ project_id: `The project has no labels like these of the task: ${missing.slice(0, 20).join(', ')}` })
  return mapping
}

const mapAttributes = (text: string, specs: Mapping['specs']): string =>
  JSON.stringify(
    (JSON.parse(text) as { spec_id: number; value: string }[]).flatMap(({ spec_id, value }) =>
      specs.has(spec_id) ? [{ spec_id: specs.get(spec_id)!, value }] : [],
    ),
  )

/** Rewrites labels and attributes of everything that the jobs hold. Few texts are common to many rows, so each is changed at once. */
export const moveAnnotations = async (t: Tx, jobIds: number[], { labels, specs }: Mapping): Promise<void> => {
  for (const table of [tags, shapes, tracks] as (typeof tags)[]) {
    const own = isAmong(table.jobId as any, jobIds)
    const texts = await t
      .selectDistinct({ text: table.attributes })
      .from(table)
      .where(and(own, ne(table.attributes, '[]')))
    for (const { text } of texts)
      await t
        .update(table)
        .set({ attributes: mapAttributes(text, specs), ...(table === (shapes as unknown) && { attributeKeys: null }) })
        .where(and(own, eq(table.attributes, text)))
    for (const [from, to] of labels)
      await t
        .update(table)
        .set({ labelId: to })
        .where(and(own, eq(table.labelId, from)))
  }
  const ofJobs = (
    await t
      .select({ id: tracks.id })
      .from(tracks)
      .where(isAmong(tracks.jobId as any, jobIds))
  ).map(({ id }) => id)
  const keys = isAmong(trackShapes.trackId as any, ofJobs)
  const texts = await t
    .selectDistinct({ text: trackShapes.attributes })
    .from(trackShapes)
    .where(and(keys, ne(trackShapes.attributes, '[]')))
  for (const { text } of texts)
    await t
      .update(trackShapes)
      .set({ attributes: mapAttributes(text, specs) })
      .where(and(keys, eq(trackShapes.attributes, text)))
}
