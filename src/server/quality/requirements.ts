// Requirements of settings: listed, made, changed and removed.
import { eq } from 'drizzle-orm'
import { db, type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found, invalid } from '../http/errors'
import type { ListOptions } from '../http/page'
import { labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { findTask, labelParent } from '../tasks/service'
import { indexAttributes, requireAttributes } from './attribute-rules'
import { readMarkFilter } from './mark-filter'
import { type AttributeComparison, qualityRequirements, qualitySettings } from './schema'
import { findAuditPlace, getSettings, listRequirements, type Requirement, type Settings, touchSettings } from './settings'
import { inheritable, showRequirement, showWithEffective } from './show-requirements'

export const requirementOptions: ListOptions = {
  fields: {
    id: { column: qualityRequirements.id as any, kind: 'number' },
    settings_id: { column: qualityRequirements.settingsId as any, kind: 'number' },
    task_id: { column: qualitySettings.taskId as any, kind: 'number' },
    project_id: { column: qualitySettings.projectId as any, kind: 'number' },
    annotation_type: { column: qualityRequirements.annotationType as any, kind: 'text' },
    enabled: { column: qualityRequirements.enabled as any, kind: 'boolean' },
    name: { column: qualityRequirements.name as any, kind: 'text' },
    sort_order: { column: qualityRequirements.sortOrder as any, kind: 'number' },
    created_date: { column: qualityRequirements.createdDate as any, kind: 'time' },
    updated_date: { column: qualityRequirements.updatedDate as any, kind: 'time' },
  },
  search: [],
  simple: ['settings_id', 'task_id', 'annotation_type', 'enabled'],
}

export type RequirementInput = {
  settings_id?: number
  name?: string
  sort_order?: number
  filter?: string
  enabled?: boolean
  annotation_type?: string | null
  parent_requirement?: number | null
  attribute_comparison?: AttributeComparison | null
} & { [field in Exclude<keyof typeof inheritable, 'attribute_comparison'>]?: unknown }
export type RequirementNode = RequirementInput & { name: string; children?: RequirementNode[] }

/** The columns that an input sets. @param isBase the base requirement is about all annotations and leaves nothing to a parent */
const toValues = (input: RequirementInput, all: readonly Requirement[], own?: Requirement): Partial<Requirement> => {
  if (input.filter) readMarkFilter(input.filter)
  if (input.parent_requirement != null) {
    for (let at: number | null = input.parent_requirement; at !== null; ) {
      const parent: Requirement | undefined = all.find(({ id }) => id === at)
      if (!parent || parent.id === own?.id)
        throw invalid({
          parent_requirement: parent
            ? 'A requirement cannot be its own parent.'
            : 'There is no such requirement in these settings.',
        })
      at = parent.parentId
    }
  }
  const values: Record<string, unknown> = {}
  for (const [name, column] of Object.entries(inheritable)) {
    const value = input[name as keyof typeof inheritable]
    if (value === undefined) continue
    if (own?.isBase && value === null) throw invalid({ [name]: 'The base requirement needs a value.' })
    values[column] = value
  }
  if (own?.isBase && (input.filter || input.annotation_type || input.parent_requirement != null))
    throw invalid({ filter: 'The base requirement is about all annotations.' })
  return {
    ...values,
    ...(input.name !== undefined && { name: input.name }),
    ...(input.sort_order !== undefined && { sortOrder: input.sort_order }),
    ...(input.filter !== undefined && { filter: input.filter }),
    ...(input.enabled !== undefined && { enabled: input.enabled }),
    ...(input.annotation_type !== undefined && { annotationType: input.annotation_type || null }),
    ...(input.parent_requirement !== undefined && { parentId: input.parent_requirement }),
  }
}

/** Throws 400 for rules about attributes that the labels of the task or project do not have. */
const checkAttributes = async (settings: Settings, inputs: readonly RequirementInput[]): Promise<void> => {
  const given = inputs.flatMap(({ attribute_comparison: own }) => (own?.rules?.length ? [own] : []))
  if (!given.length) return
  const parent =
    settings.taskId === null ? { projectId: settings.projectId! } : labelParent((await findTask(settings.taskId)).task)
  const known = indexAttributes(await labelsOf(parent))
  for (const own of given) requireAttributes(own, known)
}

const listNodes = (nodes: readonly RequirementNode[]): RequirementNode[] =>
  nodes.flatMap((node) => [node, ...listNodes(node.children ?? [])])

const findRequirement = async (who: Who, id: number, action: 'view' | 'update') => {
  const row = found((await db.select().from(qualityRequirements).where(eq(qualityRequirements.id, id)))[0])
  return { row, settings: await getSettings(who, row.settingsId, action) }
}

const show = async (row: Requirement, settings: Settings) =>
  showWithEffective(row, await listRequirements([settings.id]), settings)

export const getRequirement = async (who: Who, id: number) => {
  const { row, settings } = await findRequirement(who, id, 'view')
  return show(row, settings)
}

type Bodies = { before?: Requirement; after?: Requirement }
const record = async (t: Tx, who: Who, action: 'create' | 'update' | 'delete', settings: Settings, { before, after }: Bodies) =>
  recordChange(t, who, {
    action,
    resource: 'qualityrequirement',
    id: (after ?? before)!.id,
    ...(await findAuditPlace(t, settings)),
    ...(before && { before: showRequirement(before, settings) }),
    ...(after && { after: showRequirement(after, settings) }),
  })

const insert = async (
  t: Tx,
  who: Who,
  settings: Settings,
  input: RequirementInput & { name: string },
  now: Date,
): Promise<Requirement> => {
  const all = await listRequirements([settings.id], t)
  const [row] = await t
    .insert(qualityRequirements)
    .values({ settingsId: settings.id, createdDate: now, updatedDate: now, ...toValues(input, all), name: input.name })
    .returning()
  await record(t, who, 'create', settings, { after: row! })
  return row!
}

export const createRequirement = async (who: Who, input: RequirementInput) => {
  if (input.settings_id === undefined) throw invalid({ settings_id: 'This field is required.' })
  if (input.name === undefined) throw invalid({ name: 'This field is required.' })
  const settings = await getSettings(who, input.settings_id, 'update')
  await checkAttributes(settings, [input])
  const now = new Date()
  const row = await tx(async (t) => {
    await touchSettings(t, settings, now)
    return insert(t, who, settings, { ...input, name: input.name! }, now)
  })
  return show(row, settings)
}

const maxNodes = 500

/** Makes whole trees of requirements, all or none; answers them parents first. */
export const createRequirements = async (who: Who, settingsId: number, nodes: RequirementNode[]) => {
  const settings = await getSettings(who, settingsId, 'update')
  await checkAttributes(settings, listNodes(nodes))
  const now = new Date()
  const rows = await tx(async (t) => {
    await touchSettings(t, settings, now)
    const made: Requirement[] = []
    const add = async ({ children = [], ...input }: RequirementNode, parentId?: number): Promise<void> => {
      if (made.length >= maxNodes) throw invalid({ requirements: `At most ${maxNodes} requirements can be made at once.` })
      const row = await insert(
        t,
        who,
        settings,
        { ...input, ...(parentId !== undefined && { parent_requirement: parentId }) },
        now,
      )
      made.push(row)
      for (const child of children) await add(child, row.id)
    }
    for (const node of nodes) await add(node)
    return made
  })
  return Promise.all(rows.map((row) => show(row, settings)))
}

export const updateRequirement = async (who: Who, id: number, input: RequirementInput) => {
  const { row, settings } = await findRequirement(who, id, 'update')
  await checkAttributes(settings, [input])
  const now = new Date()
  const values = toValues(input, await listRequirements([settings.id]), row)
  const changed = await tx(async (t) => {
    await touchSettings(t, settings, now)
    const [changed] = await t
      .update(qualityRequirements)
      .set({ ...values, updatedDate: now })
      .where(eq(qualityRequirements.id, id))
      .returning()
    await record(t, who, 'update', settings, { before: row, after: found(changed) })
    return found(changed)
  })
  return show(changed, settings)
}

/** The base requirement stays. */
export const removeRequirement = async (who: Who, id: number): Promise<void> => {
  const { row, settings } = await findRequirement(who, id, 'update')
  if (row.isBase) throw invalid({ id: 'The base requirement cannot be removed.' })
  await tx(async (t) => {
    await touchSettings(t, settings, new Date())
    await record(t, who, 'delete', settings, { before: row })
    await t.delete(qualityRequirements).where(eq(qualityRequirements.id, id))
  })
}
