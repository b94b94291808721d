// Changes the labels of a task or project by a list: what has no id is added, what has one changed, what is marked `deleted` removed.
import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { type LabelType, labelTypes } from '../../formats/model'
import type { Tx } from '../db/open'
import { type Change, recordChanges } from '../events/service'
import { invalid, notFound, refused } from '../http/errors'
import { jobs } from '../jobs/schema'
import type { Who } from '../policy/who'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { type AttributeInputs, insertAttributes, putAttributes, refuseDoubles, requireChoice } from './attributes'
import { pickColor } from './colors'
import { moveRevisions } from './move-revisions'
import { labels } from './schema'
import { cleanSkeletonSvg, type SkeletonElement } from './skeleton-svg'
import { type LabelRow, type LabelTree, labelsOf, type Parent, parentIs, showLabel } from './tree'

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

/** Who changes labels, when, and in which organization. */
export type LabelChange = { who: Who; now: Date; organizationId: number | null }

const readColor = (color: string | undefined): string | undefined => {
  if (color && !/^#[0-9a-f]{6}$/i.test(color)) throw invalid({ color: `"${color}" is not a colour like #1a2b3c.` })
  return color?.toLowerCase() || undefined
}

const elementTypes = labelTypes.filter((type) => type !== 'skeleton')

const insertLabel = async (
  t: Tx,
  parent: Parent,
  input: LabelInput,
  parentId: number | null,
  taken: string[],
): Promise<number> => {
  if (!input.name) throw invalid({ labels: 'A label needs a name.' })
  const type = requireChoice<LabelType>('type', input.type ?? 'any', parentId === null ? labelTypes : elementTypes)
  const sublabels = input.sublabels ?? []
  if (sublabels.length && type !== 'skeleton') throw invalid({ sublabels: 'Only skeletons have sublabels.' })
  refuseDoubles(
    sublabels.map((sublabel) => sublabel.name ?? ''),
    'sublabel',
  )
  const color = readColor(input.color) ?? pickColor(input.name, taken)
  taken.push(color)
  const [row] = await t
    .insert(labels)
    .values({ ...parent, name: input.name, type, color, parentId, svg: '' })
    .returning()
  await insertAttributes(t, row!.id, input.attributes ?? [])
  const elements: SkeletonElement[] = []
  for (const sublabel of sublabels) {
    const id = await insertLabel(t, parent, sublabel, row!.id, taken)
    elements.push({ id, name: sublabel.name!, givenId: sublabel.id })
  }
  if (type === 'skeleton' && input.svg)
    await t
      .update(labels)
      .set({ svg: cleanSkeletonSvg(input.svg, elements) })
      .where(eq(labels.id, row!.id))
  return row!.id
}

/** A label never becomes a skeleton and a skeleton never another: its annotations would lose their elements. */
const changeType = (row: LabelRow, type: string | undefined): LabelType =>
  type === undefined || type === 'skeleton' || row.type === 'skeleton'
    ? row.type
    : requireChoice<LabelType>('type', type, elementTypes)

/** Elements of a skeleton keep their number: they are renamed, recoloured and get attributes, by id or by name. */
const updateElements = async (t: Tx, row: LabelRow, input: LabelInput, taken: string[]) => {
  const elements = await t.select().from(labels).where(eq(labels.parentId, row.id)).orderBy(asc(labels.id))
  for (const change of input.sublabels ?? []) {
    const element = elements.find(({ id, name }) => (change.id === undefined ? name === change.name : id === change.id))
    if (!element && change.id !== undefined) throw notFound(`Not found label with id #${change.id} to change`)
    if (!element || change.deleted) throw refused('Sublabels of a skeleton cannot be added or removed later.')
    await updateLabel(t, element, change, taken)
  }
  const after = await t
    .select({ id: labels.id, name: labels.name })
    .from(labels)
    .where(eq(labels.parentId, row.id))
    .orderBy(asc(labels.id))
  refuseDoubles(
    after.map(({ name }) => name),
    'sublabel',
  )
  if (!input.svg) return
  await t
    .update(labels)
    .set({ svg: cleanSkeletonSvg(input.svg, after) })
    .where(eq(labels.id, row.id))
}

const updateLabel = async (t: Tx, row: LabelRow, input: LabelInput, taken: string[]): Promise<void> => {
  const name = input.name ?? row.name
  const color = readColor(input.color) ?? (input.color === '' ? pickColor(name, taken) : row.color)
  await t
    .update(labels)
    .set({ name, color, type: changeType(row, input.type) })
    .where(eq(labels.id, row.id))
  await putAttributes(t, row.id, input.attributes ?? [])
  if (row.type === 'skeleton') await updateElements(t, row, input, taken)
}

/** Removes a label with its elements, and with them their annotations. */
const removeLabel = async (t: Tx, row: LabelRow, all: LabelRow[]) => {
  const elements = all.filter((label) => label.parentId === row.id)
  await moveRevisions(
    t,
    [row, ...elements].map(({ id }) => id),
  )
  await t.delete(labels).where(eq(labels.id, row.id))
}

/** Moves `updated_date` of all that these labels are shown with to one time: clients keep what they have until it grows. */
const touchLabelled = async (t: Tx, parent: Parent, now: Date) => {
  const own = 'taskId' in parent ? eq(tasks.id, parent.taskId) : eq(tasks.projectId, parent.projectId)
  if ('projectId' in parent) await t.update(projects).set({ updatedDate: now }).where(eq(projects.id, parent.projectId))
  await t.update(tasks).set({ updatedDate: now }).where(own)
  await t
    .update(jobs)
    .set({ updatedDate: now })
    .where(inArray(jobs.taskId, t.select({ id: tasks.id }).from(tasks).where(own)))
}

/** Tells the audit log what differs between two states of the same labels. */
const recordLabelChanges = async (t: Tx, parent: Parent, before: LabelTree[], after: LabelTree[], change: LabelChange) => {
  const shared = { resource: 'label', organizationId: change.organizationId, ...parent } as const
  const old = new Map(before.map((label) => [label.id, label]))
  const kept = new Set(after.map(({ id }) => id))
  const changes: Change[] = [
    ...before
      .filter(({ id }) => !kept.has(id))
      .map((label) => ({ ...shared, action: 'delete' as const, id: label.id, before: showLabel(label) })),
    ...after.map((label): Change => {
      const there = old.get(label.id)
      return there
        ? { ...shared, action: 'update', id: label.id, before: showLabel(there), after: showLabel(label) }
        : { ...shared, action: 'create', id: label.id, after: showLabel(label) }
    }),
  ]
  await recordChanges(t, change.who, changes, { quiet: true })
}

/**
 * Applies a `labels` list of a task or project and gives project, tasks and jobs the same `updated_date`.
 * Errors: 404 for an id from elsewhere, 400 for double names; the transaction leaves nothing behind.
 */
export const applyLabels = async (t: Tx, parent: Parent, inputs: LabelInput[], change: LabelChange): Promise<void> => {
  if (!inputs.length) return
  const there = await t.select().from(labels).where(parentIs(parent))
  const before = await labelsOf(parent, t)
  const taken = there.map((row) => row.color)
  for (const input of inputs) {
    if (input.id === undefined) {
      await insertLabel(t, parent, input, null, taken)
      continue
    }
    const row = there.find((label) => label.id === input.id && label.parentId === null)
    if (!row) throw notFound(`Not found label with id #${input.id} to change`)
    if (input.deleted) await removeLabel(t, row, there)
    else await updateLabel(t, row, input, taken)
  }
  const names = await t
    .select({ name: labels.name })
    .from(labels)
    .where(and(parentIs(parent), isNull(labels.parentId)))
  refuseDoubles(
    names.map((row) => row.name),
    'label',
  )
  await touchLabelled(t, parent, change.now)
  await recordLabelChanges(t, parent, before, await labelsOf(parent, t), change)
}
