// Labels of a task or project: read as trees, created and changed through the lists that tasks and projects carry.
import { and, asc, eq, inArray, isNull, or, type SQL } from 'drizzle-orm'
import { type AttributeInput, attributeInputs, type Label, type LabelType, labelTypes } from '../../formats/model'
import { isAmong } from '../db/dialect'
import { type Db, db, type Tx } from '../db/open'
import { invalid, notFound } from '../http/errors'
import type { ListOptions } from '../http/page'
import { pickColor } from './colors'
import { attributes, labels } from './schema'

export { labelBody, storageBody } from './body'

export type LabelRow = typeof labels.$inferSelect
export type Parent = { taskId: number } | { projectId: number }

export type AttributeInputs = {
  id?: number
  name?: string
  mutable?: boolean
  input_type?: string
  default_value?: string
  values?: string[]
}
export type LabelInput = {
  id?: number
  name?: string
  color?: string
  type?: string
  attributes?: AttributeInputs[]
  sublabels?: LabelInput[]
  svg?: string
  deleted?: boolean
}

export const listOptions: ListOptions = {
  fields: {
    id: { column: labels.id as any, kind: 'number' },
    name: { column: labels.name as any, kind: 'text' },
    color: { column: labels.color as any, kind: 'text' },
    type: { column: labels.type as any, kind: 'text' },
    parent_id: { column: labels.parentId as any, kind: 'number' },
  },
  search: ['name'],
  simple: ['name', 'color', 'type'],
}

const parentIs = (parent: Parent): SQL =>
  'taskId' in parent ? eq(labels.taskId, parent.taskId) : eq(labels.projectId, parent.projectId)

/** A label as the API and the formats see it, with where it belongs. */
export type LabelTree = Label & {
  task_id?: number
  project_id?: number
  parent_id: number | null
  has_parent: boolean
  sublabels: LabelTree[]
}

const showLabel = (row: LabelRow, specs: (typeof attributes.$inferSelect)[], children: LabelRow[]): LabelTree => ({
  id: row.id,
  name: row.name,
  color: row.color,
  attributes: specs
    .filter((spec) => spec.labelId === row.id)
    .map((spec) => ({
      id: spec.id,
      name: spec.name,
      mutable: spec.mutable,
      input_type: spec.inputType,
      default_value: spec.defaultValue,
      values: spec.values,
    })),
  type: row.type,
  sublabels: children.filter((child) => child.parentId === row.id).map((child) => showLabel(child, specs, children)),
  ...(row.svg && { svg: row.svg }),
  ...(row.projectId !== null ? { project_id: row.projectId } : { task_id: row.taskId! }),
  parent_id: row.parentId,
  has_parent: row.parentId !== null,
})

/** First-level labels that fit the conditions, in order of creation, with attributes and sublabels. */
export const loadLabels = async (where: SQL | undefined, from: Db = db, order: SQL[] = []): Promise<LabelTree[]> => {
  const top = await from
    .select()
    .from(labels)
    .where(and(isNull(labels.parentId), where))
    .orderBy(...order, asc(labels.id))
  if (!top.length) return []
  const ids = top.map((row) => row.id)
  const children = await from
    .select()
    .from(labels)
    .where(isAmong(labels.parentId as any, ids))
    .orderBy(asc(labels.id))
  const specs = await from
    .select()
    .from(attributes)
    .where(isAmong(attributes.labelId as any, [...ids, ...children.map((row) => row.id)]))
    .orderBy(asc(attributes.id))
  return top.map((row) => showLabel(row, specs, children))
}

export const labelsOf = (parent: Parent, from: Db = db) => loadLabels(parentIs(parent), from)
export const anyParent = (parents: Parent[]) => or(...parents.map(parentIs))

const requireChoice = <C extends string>(field: string, value: string, choices: readonly C[]): C => {
  if (!choices.includes(value as C)) throw invalid({ [field]: `"${value}" is not a valid choice.` })
  return value as C
}

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

const refuseDoubles = (names: string[], what: string) => {
  if (new Set(names).size !== names.length) throw invalid({ labels: `All ${what} names must be unique` })
}

const readLabel = (input: LabelInput) => {
  if (!input.name) throw invalid({ labels: 'A label needs a name.' })
  if (input.color && !/^#[0-9a-f]{6}$/i.test(input.color))
    throw invalid({ color: `"${input.color}" is not a colour like #1a2b3c.` })
  return { name: input.name, type: requireChoice<LabelType>('type', input.type ?? 'any', labelTypes), svg: input.svg ?? '' }
}

const insertLabel = async (t: Tx, parent: Parent, input: LabelInput, parentId: number | null, taken: string[]): Promise<void> => {
  const values = readLabel(input)
  const color = input.color?.toLowerCase() || pickColor(values.name, taken)
  taken.push(color)
  const where = 'taskId' in parent ? { taskId: parent.taskId } : { projectId: parent.projectId }
  const [row] = await t
    .insert(labels)
    .values({ ...where, ...values, color, parentId })
    .returning()
  await putAttributes(t, row!.id, input.attributes ?? [])
  for (const sublabel of input.sublabels ?? []) await insertLabel(t, parent, sublabel, row!.id, taken)
  refuseDoubles(
    (input.sublabels ?? []).map((sublabel) => sublabel.name ?? ''),
    'sublabel',
  )
}

/** Adds new attributes and changes those with an id; values of a changed one are extended, never taken away from annotations. */
const putAttributes = async (t: Tx, labelId: number, inputs: AttributeInputs[]) => {
  refuseDoubles(
    inputs.map((input) => input.name ?? ''),
    'attribute',
  )
  for (const input of inputs) {
    if (input.id === undefined) {
      await t.insert(attributes).values({ labelId, ...readAttribute(input) })
      continue
    }
    const own = and(eq(attributes.id, input.id), eq(attributes.labelId, labelId))
    const [there] = await t.select().from(attributes).where(own)
    if (!there) throw notFound(`Attribute with id #${input.id} does not exist`)
    await t
      .update(attributes)
      .set({
        name: input.name ?? there.name,
        defaultValue: input.default_value ?? there.defaultValue,
        mutable: input.mutable ?? there.mutable,
        values: input.values?.map(String) ?? there.values,
      })
      .where(own)
  }
}

const updateLabel = async (t: Tx, row: LabelRow, input: LabelInput, taken: string[]) => {
  const type =
    input.type === undefined || input.type === 'skeleton' || row.type === 'skeleton'
      ? row.type
      : requireChoice<LabelType>('type', input.type, labelTypes)
  const name = input.name ?? row.name
  const color = input.color
    ? readLabel({ name, color: input.color }) && input.color.toLowerCase()
    : row.color || pickColor(name, taken)
  await t.update(labels).set({ name, type, color }).where(eq(labels.id, row.id))
  await putAttributes(t, row.id, input.attributes ?? [])
}

/**
 * Applies a `labels` list of a task or project: without id added, with id changed, with `deleted` removed.
 * Errors: 404 for an id from elsewhere, 400 for double names.
 */
export const applyLabels = async (t: Tx, parent: Parent, inputs: LabelInput[]): Promise<void> => {
  const there = await t.select().from(labels).where(parentIs(parent))
  const taken = there.map((row) => row.color)
  for (const input of inputs) {
    if (input.id === undefined) {
      await insertLabel(t, parent, input, null, taken)
      continue
    }
    const row = there.find((label) => label.id === input.id && label.parentId === null)
    if (!row) throw notFound(`Not found label with id #${input.id} to change`)
    if (input.deleted) await t.delete(labels).where(eq(labels.id, row.id))
    else await updateLabel(t, row, input, taken)
  }
  const after = await t
    .select({ name: labels.name })
    .from(labels)
    .where(and(parentIs(parent), isNull(labels.parentId)))
  refuseDoubles(
    after.map((row) => row.name),
    'label',
  )
}

export const findLabel = async (id: number): Promise<LabelRow | undefined> =>
  (await db.select().from(labels).where(eq(labels.id, id)))[0]
export const removeLabel = (t: Tx, id: number) => t.delete(labels).where(eq(labels.id, id))
export const labelsByIds = (ids: number[]) => (ids.length ? loadLabels(inArray(labels.id, ids)) : Promise.resolve([]))
