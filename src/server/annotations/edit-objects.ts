// Deletes or relabels stored objects of a job by their ids: one transaction, one revision, as a save of a person does.
import type { AttributeValue, Label } from '../../formats/model'
import { type Tx, tx } from '../db/open'
import { findJob, getJob, type Job } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { labelParent } from '../tasks/service'
import { lockJobs } from './answers'
import { findValueProblem } from './attribute-values'
import { type Change, changeRows, type Saved } from './change-job'
import { type Kinds, recordSave } from './record-save'
import { type Ids, type Kind, kinds, noRows, type Rows, type TrackRow } from './rows'
import { loadByIds } from './store'
import { tellSaved } from './tell-saved'

type Row = Rows[Kind][number]
type Edit = { change: Change; said: Kinds; action: 'update' | 'delete' }

const editJob = async (
  who: Who,
  jobId: number,
  plan: (t: Tx, job: Job, labels: LabelTree[]) => Promise<Edit>,
): Promise<Saved> => {
  const { task } = await getJob(who, jobId, 'annotate')
  const labels = await labelsOf(labelParent(task))
  const saved = await tx(async (t) => {
    await lockJobs(t, [jobId])
    const { job } = await findJob(jobId, t)
    const { change, said, action } = await plan(t, job, labels)
    const saved = await changeRows(t, job, change, { userId: who.user.id, action })
    await recordSave(t, who, task, jobId, action, said)
    return saved
  })
  tellSaved(who, [saved])
  return saved
}

/** Ids that the job does not have (any more) are ignored. Throws 403 unless the person may annotate the job. */
export const removeObjects = (who: Who, jobId: number, ids: Ids): Promise<Saved> =>
  editJob(who, jobId, async () => ({ change: { remove: ids }, said: ids, action: 'delete' }))

/** Whether an object of this kind may have the label; skeletons are bound to their own. */
export const canHaveLabel = (label: Pick<Label, 'type'>, kind: Kind, type: string): boolean => {
  if (type === 'skeleton' || label.type === 'skeleton') return false
  return label.type === 'any' || label.type === (kind === 'tags' ? 'tag' : type)
}

const typeOf = (kind: Kind, row: Row): string =>
  kind === 'tags' ? '' : kind === 'shapes' ? (row as Rows['shapes'][number]).type : ((row as TrackRow).shapes[0]?.type ?? '')

const readValues = (text: string) => JSON.parse(text) as AttributeValue[]

/** Values of attributes that both labels have under the same name stay as far as the new one takes them. */
const carryValues = (values: AttributeValue[], from: Label | undefined, to: Label, mutable?: boolean): string => {
  const named = new Map(values.map(({ spec_id, value }) => [from?.attributes.find(({ id }) => id === spec_id)?.name, value]))
  const specs = to.attributes.filter((spec) => mutable === undefined || spec.mutable === mutable)
  return JSON.stringify(
    specs.map((spec) => {
      const value = named.get(spec.name)
      const fits = value !== undefined && !findValueProblem(spec, value)
      return { spec_id: spec.id, value: fits ? value : spec.default_value }
    }),
  )
}

const giveLabel = <R extends Row>(row: R, from: Label | undefined, to: Label): R => {
  const own = readValues(row.attributes)
  if (!('shapes' in row)) return { ...row, labelId: to.id, attributes: carryValues(own, from, to) }
  const track = row as TrackRow
  const first = readValues(track.shapes[0]?.attributes ?? '[]')
  return {
    ...row,
    labelId: to.id,
    attributes: carryValues([...first, ...own], from, to, false),
    shapes: track.shapes.map((key) => ({
      ...key,
      attributes: carryValues([...own, ...readValues(key.attributes)], from, to, true),
    })),
  }
}

/** The label of this name, in the same spelling if there is one. */
export const findLabelNamed = <L extends { name: string }>(labels: readonly L[], name: string): L | undefined =>
  labels.find((label) => label.name === name) ?? labels.find((label) => label.name.toLowerCase() === name.toLowerCase())

/**
 * Gives objects the label of this name; attributes of the same name keep their values. Left as they are: objects that have it, that
 * are gone, or that the label cannot have (see canHaveLabel); all of them when there is no such label.
 */
export const relabelObjects = (who: Who, jobId: number, ids: Ids, name: string): Promise<Saved> =>
  editJob(who, jobId, async (t, job, labels) => {
    const to = findLabelNamed(labels, name)
    const update = noRows()
    const rows = to ? await loadByIds(t, job.id, ids) : noRows()
    for (const kind of kinds)
      for (const row of rows[kind])
        if (row.labelId !== to!.id && canHaveLabel(to!, kind, typeOf(kind, row)))
          (update[kind] as Row[]).push(
            giveLabel(
              row,
              labels.find(({ id }) => id === row.labelId),
              to!,
            ),
          )
    return { change: { update }, said: update, action: 'update' }
  })
