// Attributes of a label: added, changed and removed, together with the values that annotations have of them.
import { and, asc, eq, inArray } from 'drizzle-orm'
import { type AttributeInput, type AttributeValue, attributeInputs } from '../../formats/model'
import { shapes, tags, trackShapes, tracks } from '../annotations/schema'
import type { Tx } from '../db/open'
import { invalid, notFound, refused } from '../http/errors'
import { moveRevisions } from './move-revisions'
import { attributes } from './schema'

export type AttributeInputs = {
  id?: number
  name?: string
  mutable?: boolean
  input_type?: string
  default_value?: string
  values?: (string | number | boolean)[]
  deleted?: boolean
}

export const requireChoice = <C extends string>(field: string, value: string, choices: readonly C[]): C => {
  if (!choices.includes(value as C)) throw invalid({ [field]: `"${value}" is not a valid choice.` })
  return value as C
}

export const refuseDoubles = (names: string[], what: 'label' | 'sublabel' | 'attribute') => {
  if (new Set(names).size !== names.length) throw refused(`All ${what} names must be unique`)
}

/** The attribute as it is stored. Errors: 400 naming what is wrong. */
const readAttribute = (input: AttributeInputs) => {
  if (!input.name) throw invalid({ attributes: 'An attribute needs a name.' })
  const inputType = requireChoice<AttributeInput>('input_type', input.input_type ?? '', attributeInputs)
  const values = (input.values ?? []).map(String)
  if (!values.length && inputType !== 'text') throw invalid({ attributes: `Attribute "${input.name}" needs values.` })
  if (new Set(values).size !== values.length && inputType !== 'number')
    throw invalid({ attributes: `Attribute "${input.name}" has equal values.` })
  if (inputType === 'number' && (values.length !== 3 || values.some((value) => !Number.isFinite(Number(value)))))
    throw invalid({ attributes: `Attribute "${input.name}" needs three numbers: lowest, highest, step.` })
  return {
    name: input.name,
    mutable: input.mutable ?? false,
    inputType,
    values,
    defaultValue: input.default_value ?? values[0] ?? '',
  }
}

export const insertAttributes = async (t: Tx, labelId: number, inputs: AttributeInputs[]) => {
  const rows = inputs.filter((input) => !input.deleted).map((input) => ({ labelId, ...readAttribute(input) }))
  refuseDoubles(
    rows.map((row) => row.name),
    'attribute',
  )
  if (rows.length) await t.insert(attributes).values(rows)
}

/** Adds attributes without id, changes those with one, removes those marked `deleted`. Errors: 404 for an id of another label. */
export const putAttributes = async (t: Tx, labelId: number, inputs: AttributeInputs[]) => {
  if (!inputs.length) return
  const own = await t.select().from(attributes).where(eq(attributes.labelId, labelId)).orderBy(asc(attributes.id))
  for (const input of inputs) {
    if (input.id === undefined) {
      if (!input.deleted) await t.insert(attributes).values({ labelId, ...readAttribute(input) })
      continue
    }
    const there = own.find((spec) => spec.id === input.id)
    if (!there) throw notFound(`Attribute with id #${input.id} does not exist`)
    if (input.deleted) await removeAttribute(t, labelId, there.id)
    else {
      const { inputType: _, ...changed } = readAttribute({
        name: input.name ?? there.name,
        mutable: input.mutable ?? there.mutable,
        input_type: there.inputType,
        default_value: input.default_value ?? there.defaultValue,
        values: input.values ?? there.values,
      })
      await t.update(attributes).set(changed).where(eq(attributes.id, there.id))
    }
  }
  const after = await t.select({ name: attributes.name }).from(attributes).where(eq(attributes.labelId, labelId))
  refuseDoubles(
    after.map((row) => row.name),
    'attribute',
  )
}

/** Annotations must not carry values of an attribute that is gone. Equal texts are changed together: there are few of them. */
const removeAttribute = async (t: Tx, labelId: number, specId: number) => {
  await moveRevisions(t, [labelId], false)
  const ownTracks = t.select({ id: tracks.id }).from(tracks).where(eq(tracks.labelId, labelId))
  for (const [table, where] of [
    [tags, eq(tags.labelId, labelId)],
    [shapes, eq(shapes.labelId, labelId)],
    [tracks, eq(tracks.labelId, labelId)],
    [trackShapes, inArray(trackShapes.trackId, ownTracks)],
  ] as const)
    for (const { text } of await t.selectDistinct({ text: table.attributes }).from(table).where(where)) {
      const values = JSON.parse(text) as AttributeValue[]
      const kept = values.filter((value) => value.spec_id !== specId)
      if (kept.length === values.length) continue
      await t
        .update(table)
        .set({ attributes: JSON.stringify(kept), ...(table === (shapes as unknown) && { attributeKeys: null }) })
        .where(and(where, eq(table.attributes, text)))
    }
  await t.delete(attributes).where(eq(attributes.id, specId))
}
