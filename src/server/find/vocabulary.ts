// Labels, attributes and videos that the names in a query may mean.
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { AttributeInput } from '../../formats/model'
import { taskData } from '../data/schema'
import { db } from '../db/open'
import { jobs } from '../jobs/schema'
import { attributes } from '../labels/schema'
import { type LabelTree, labelsOf } from '../labels/service'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { findTask, labelParent } from '../tasks/service'
import { findField } from './fields'
import { listTerms, type Node } from './parse-query'
import { isInPlace, type Place } from './places'

export type Spec = {
  id: number
  labelId: number
  name: string
  mutable: boolean
  inputType: AttributeInput
  defaultValue: string
  values: string[]
}
export type Vocabulary = {
  /** Labels of the one project or task that is searched; null where several have their own. */
  labels: LabelTree[] | null
  /** Attributes of the names that the query has. */
  specs: Spec[]
  videos: { taskId: number; name: string }[]
}

/** Attributes of one name that a query may mean; more are of too many places. */
export const maxSpecs = 200

/** `attr.color` and a name in quotes are attributes for sure; other names may be. */
export const attributeName = (key: { text: string; isQuoted: boolean }): string | null => {
  if (key.isQuoted) return key.text
  const explicit = /^(?:attr|attribute)\.(.+)$/i.exec(key.text)?.[1]
  return explicit ?? (findField(key.text) || /^(is|not)$/i.test(key.text) ? (explicit ?? null) : key.text)
}

/** First-level labels of the place, when it has labels of its own. */
export const placeLabels = async ({ projectId, taskId, jobId }: Place): Promise<LabelTree[] | null> => {
  if (projectId !== undefined) return labelsOf({ projectId })
  if (jobId !== undefined) {
    const [job] = await db.select({ taskId: jobs.taskId }).from(jobs).where(eq(jobs.id, jobId))
    return job ? placeLabels({ taskId: job.taskId }) : []
  }
  return taskId === undefined ? null : labelsOf(labelParent((await findTask(taskId)).task))
}

const specsOfLabels = (trees: LabelTree[], names: Set<string>): Spec[] =>
  trees.flatMap((label) =>
    label.attributes.flatMap(({ id, name, mutable, input_type, default_value, values }) =>
      names.has(name.toLowerCase())
        ? [{ id, labelId: label.id, name, mutable, inputType: input_type, defaultValue: default_value, values }]
        : [],
    ),
  )

const findSpecs = (names: string[]): Promise<Spec[]> =>
  db
    .select()
    .from(attributes)
    .where(inArray(sql`lower(${attributes.name})`, names))
    .limit(maxSpecs + 1) as Promise<Spec[]>

const findVideos = async (place: Place) => {
  const rows = await db
    .selectDistinct({ taskId: taskData.taskId, video: taskData.video })
    .from(taskData)
    .innerJoin(tasks, eq(tasks.id, taskData.taskId))
    .innerJoin(jobs, eq(jobs.taskId, tasks.id))
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .where(and(isNotNull(taskData.video), isInPlace(place)))
  return rows.map(({ taskId, video }) => ({ taskId, name: video?.name ?? '' }))
}

/** Reads what the query needs and no more. */
export const loadVocabulary = async (place: Place, tree: Node | null): Promise<Vocabulary> => {
  const terms = listTerms(tree)
  const names = new Set(terms.flatMap(({ key }) => (key && attributeName(key)?.toLowerCase()) || []))
  const isNamed = terms.some(({ key }) => !key || findField(key.text)?.name === 'name')
  const own = tree ? await placeLabels(place) : null
  return {
    labels: own,
    specs: !names.size ? [] : own ? specsOfLabels(own, names) : await findSpecs([...names]),
    videos: isNamed ? await findVideos(place) : [],
  }
}
