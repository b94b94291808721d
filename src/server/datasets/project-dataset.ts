// A whole project as a format sees it: its tasks one after the other, each in its subset.
import { asc, eq } from 'drizzle-orm'
import type { Dataset, DatasetTrack, Item } from '../../formats/model'
import { taskData } from '../data/schema'
import { db } from '../db/open'
import { labelsOf } from '../labels/service'
import type { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { findPersonRef } from './person-ref'

type Project = typeof projects.$inferSelect
type TaskWithData = { task: typeof tasks.$inferSelect; project: Project; data: typeof taskData.$inferSelect; layout: null }

/** Tasks of a project that have data, oldest first. */
export const listTasksWithData = async (project: Project): Promise<TaskWithData[]> => {
  const rows = await db
    .select({ task: tasks, data: taskData })
    .from(tasks)
    .innerJoin(taskData, eq(taskData.taskId, tasks.id))
    .where(eq(tasks.projectId, project.id))
    .orderBy(asc(tasks.id))
  return rows.map((row) => ({ ...row, project, layout: null }))
}

/** The subset of tasks that name none: `default`, or `default_1` … where a task uses that very word. */
const nameRest = (used: Set<string>) => {
  if (!used.has('default')) return 'default'
  let n = 1
  while (used.has(`default_${n}`)) n++
  return `default_${n}`
}

/** Makes equal names of one subset different: the second `x.png` becomes `x_1.png`. */
const createNamer = () => {
  const taken = new Set<string>()
  return (subset: string, name: string) => {
    const [, stem, extension] = /^(.*?)(\.[^./]*)?$/s.exec(name) as unknown as [string, string, string | undefined]
    let free = name
    for (let n = 1; taken.has(`${subset}/${free}`); n++) free = `${stem}_${n}${extension ?? ''}`
    taken.add(`${subset}/${free}`)
    return free
  }
}

/** Joins the datasets of a project's tasks; `open` makes that of one task. Nothing is read before it is asked for. */
export const openProjectDataset = async (
  project: Project,
  open: (row: TaskWithData) => Promise<Dataset>,
  /** Names must differ between subsets, too. */
  isFlat = false,
): Promise<Dataset> => {
  const rows = await listTasksWithData(project)
  const rest = nameRest(new Set(rows.map(({ task }) => task.subset)))
  const parts: { id: number; subset: string; dataset: Dataset; firstTrack: number }[] = []
  const tracks: DatasetTrack[] = []
  for (const row of rows) {
    const dataset = await open(row)
    const subset = row.task.subset || rest
    parts.push({ id: row.task.id, subset, dataset, firstTrack: tracks.length })
    tracks.push(...(dataset.tracks ?? []).map((track) => ({ ...track, task_id: row.task.id, subset })))
  }
  async function* items(): AsyncGenerator<Item> {
    const nameItem = createNamer()
    for (const { id, subset, dataset, firstTrack } of parts)
      for await (const item of dataset.items)
        yield {
          ...item,
          name: nameItem(isFlat ? '' : subset, item.name),
          subset,
          task_id: id,
          shapes: item.shapes.map((shape) =>
            shape.track_id === undefined ? shape : { ...shape, track_id: shape.track_id + firstTrack },
          ),
        }
  }
  const size = parts.reduce((sum, { dataset }) => sum + dataset.info.size, 0)
  return {
    info: {
      kind: 'project',
      id: project.id,
      name: project.name,
      mode: 'annotation',
      size,
      overlap: 0,
      bugtracker: project.bugTracker,
      created: project.createdDate,
      updated: project.updatedDate,
      subset: '',
      startFrame: 0,
      stopFrame: Math.max(0, size - 1),
      frameFilter: '',
      segments: [],
      owner: await findPersonRef(project.ownerId),
      assignee: await findPersonRef(project.assigneeId),
      tasks: parts.map(({ dataset, subset }) => ({ ...dataset.info, subset })),
    },
    labels: await labelsOf({ projectId: project.id }),
    tracks,
    items: items(),
  }
}
