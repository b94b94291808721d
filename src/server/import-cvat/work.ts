// Projects, tasks, jobs and labels out of a dump.
import { jobs } from '../jobs/schema'
import { attributes, labels } from '../labels/schema'
import { cleanSkeletonSvg } from '../labels/service'
import { projects, type StorageRef } from '../projects/schema'
import { tasks, type ValidationMode, validationLayouts } from '../tasks/schema'
import { type Dump, type DumpRow, readIntegers, readTime, readTimeOrNull } from './dump'
import { parentsFirst, rowsOf, type TableRows } from './rows'

const readStorages = (dump: Dump): ((id: number | null) => StorageRef | null) => {
  const storages = new Map(
    dump
      .take('engine.storage')
      .map(({ id, fields }): [number, StorageRef] => [
        id,
        { id, location: fields.location === 'cloud_storage' ? 'cloud_storage' : 'local', cloud_storage_id: fields.cloud_storage },
      ]),
  )
  return (id) => (id === null ? null : (storages.get(id) ?? null))
}

const readCommon = (dump: Dump, storageOf: ReturnType<typeof readStorages>, { id, fields }: DumpRow) => ({
  id,
  name: fields.name as string,
  ownerId: dump.person(fields.owner),
  assigneeId: dump.person(fields.assignee),
  assigneeUpdatedDate: readTimeOrNull(fields.assignee_updated_date),
  organizationId: fields.organization as number | null,
  bugTracker: (fields.bug_tracker ?? '') as string,
  status: fields.status as string,
  sourceStorage: storageOf(fields.source_storage),
  targetStorage: storageOf(fields.target_storage),
  createdDate: readTime(fields.created_date),
  updatedDate: readTime(fields.updated_date),
})

/** Of each task: its frame that has a number in the source. */
export const readFrameScales = (dump: Dump): Map<number, (source: number) => number> => {
  const taskOfData = mapTasks(dump)
  return new Map(
    dump.take('engine.data').flatMap(({ id, fields }) => {
      const step = Number(/step=(\d+)/.exec(fields.frame_filter ?? '')?.[1] ?? 1)
      const taskId = taskOfData.get(id)
      return taskId === undefined ? [] : [[taskId, (source: number) => Math.floor((source - (fields.start_frame ?? 0)) / step)]]
    }),
  )
}

const readJobs = (dump: Dump): TableRows => {
  const scales = readFrameScales(dump)
  const segments = new Map(dump.take('engine.segment').map((row) => [row.id, row.fields]))
  const rows = dump.take('engine.job').map(({ id, fields }): typeof jobs.$inferInsert => {
    const segment = segments.get(fields.segment)!
    return {
      id,
      taskId: segment.task,
      type: fields.type === 'consensus_replica' ? 'replica' : fields.type,
      startFrame: segment.start_frame,
      stopFrame: segment.stop_frame,
      frames: segment.type === 'specific_frames' ? readIntegers(segment.frames).map(scales.get(segment.task) ?? Number) : null,
      parentJobId: fields.parent_job ?? null,
      assigneeId: dump.person(fields.assignee),
      assigneeUpdatedDate: readTimeOrNull(fields.assignee_updated_date),
      stage: fields.stage,
      status: fields.status,
      state: fields.state,
      createdDate: readTime(fields.created_date ?? fields.updated_date),
      updatedDate: readTime(fields.updated_date),
    }
  })
  return rowsOf(
    jobs,
    parentsFirst(rows, (row) => row.parentJobId),
  )
}

/** A drawing from elsewhere may hold scripts; what cannot be read is left out, the skeleton stays. */
const readDrawing = (dump: Dump, svg: string | undefined, elements: { id: number; name: unknown }[]): string => {
  try {
    return cleanSkeletonSvg(svg ?? '', elements as { id: number; name: string }[])
  } catch {
    dump.leaveOut('engine.skeleton', 1, 'its drawing cannot be read')
    return ''
  }
}

const readLabels = (dump: Dump): TableRows[] => {
  const drawings = new Map(dump.take('engine.skeleton').map(({ fields }) => [fields.root as number, fields.svg as string]))
  const rows = dump.take('engine.label').map(({ id, fields }) => ({
    id,
    taskId: fields.task,
    projectId: fields.project,
    parentId: fields.parent,
    name: fields.name,
    color: fields.color,
    type: fields.type,
    svg: '',
  }))
  const elements = Map.groupBy(rows, (row) => row.parentId as number | null)
  const drawn = rows.map((row) => ({ ...row, svg: readDrawing(dump, drawings.get(row.id), elements.get(row.id) ?? []) }))
  const specs = dump.take('engine.attributespec').map(({ id, fields }) => ({
    id,
    labelId: fields.label,
    name: fields.name,
    mutable: fields.mutable,
    inputType: fields.input_type,
    defaultValue: fields.default_value,
    values: String(fields.values).split('\n'),
  }))
  return [
    rowsOf(
      labels,
      parentsFirst(drawn, (row) => row.parentId),
    ),
    rowsOf(attributes, specs),
  ]
}

/** A layout of mode `gt` counts its frames in the source or in the task, by how it came to be; its job always counts in the source. */
const readGroundTruthFrames = (dump: Dump): Map<number, number[]> => {
  const scales = readFrameScales(dump)
  return new Map(
    dump
      .take('engine.segment')
      .filter(({ fields }) => fields.type === 'specific_frames')
      .map(({ fields }) => [fields.task as number, readIntegers(fields.frames).map(scales.get(fields.task) ?? Number)]),
  )
}

const readLayouts = (dump: Dump, taskOfData: Map<number, number>): TableRows => {
  const framesOf = readGroundTruthFrames(dump)
  return rowsOf(
    validationLayouts,
    dump.take('engine.validationlayout').flatMap(({ id, fields }) => {
      const taskId = taskOfData.get(fields.task_data)
      if (taskId === undefined) return []
      return {
        id,
        taskId,
        mode: fields.mode as ValidationMode,
        framesPerJob: fields.frames_per_job_count,
        frames: (fields.mode === 'gt' ? framesOf.get(taskId) : undefined) ?? readIntegers(fields.frames),
        disabledFrames: readIntegers(fields.disabled_frames),
      }
    }),
  )
}

/** Which task shows which data row. */
export const mapTasks = (dump: Dump): Map<number, number> =>
  new Map(dump.take('engine.task').flatMap(({ id, fields }) => (fields.data === null ? [] : [[fields.data as number, id]])))

export const readWork = (dump: Dump): TableRows[] => {
  const storageOf = readStorages(dump)
  const projectRows = dump.take('engine.project').map((row) => readCommon(dump, storageOf, row))
  const taskRows = dump.take('engine.task').map((row) => ({
    ...readCommon(dump, storageOf, row),
    projectId: row.fields.project as number | null,
    mode: row.fields.mode as string,
    dimension: row.fields.dimension as string,
    mediaType: row.fields.dimension === '3d' ? 'point_cloud' : 'image',
    overlap: row.fields.overlap as number | null,
    segmentSize: row.fields.segment_size as number,
    consensusReplicas: (row.fields.consensus_replicas ?? 0) as number,
    subset: row.fields.subset as string,
  }))
  return [
    rowsOf(projects, projectRows),
    rowsOf(tasks, taskRows),
    readLayouts(dump, mapTasks(dump)),
    readJobs(dump),
    ...readLabels(dump),
  ]
}
