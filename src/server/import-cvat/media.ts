// Frames of tasks out of a dump, and where their files go.
import { type ChunkType, frames, relatedFiles, taskData } from '../data/schema'
import { rawFolder } from '../data/service'
import { cloudName } from '../media/media'
import { type Dump, type DumpRow, groupByField, readIntegers, readTime } from './dump'
import { rowsOf, type TableRows } from './rows'
import { mapTasks, readFrameScales } from './work'

/** A folder of the volume whose files become the media of a task. */
export type MediaMove = { dataId: number; taskId: number }
export type Media = { tables: TableRows[]; moves: MediaMove[]; videos: { name: string; file: string }[] }

/** Media name of a file of some data; pictures in a bucket stay there. */
const fileOf = ({ storage, cloud_storage }: DumpRow['fields'], taskId: number, path: string) =>
  storage === 'share'
    ? `share:${path}`
    : storage === 'cloud_storage' && cloud_storage
      ? cloudName(cloud_storage, path)
      : `${rawFolder(taskId)}/${path}`

/** Pictures beside frames have absolute paths in a dump: below the files of their data, or below the share. */
const readRelated = (dump: Dump, dataOf: Map<number, DumpRow>, taskOfData: Map<number, number>): TableRows => {
  const images = new Map(dump.take('engine.image').map(({ id, fields }) => [id, fields]))
  let lost = 0
  const rows = dump.take('engine.relatedfile').flatMap(({ fields }) => {
    const data = dataOf.get(fields.data)
    const taskId = taskOfData.get(fields.data)
    const name = new RegExp(`(?:/data/${fields.data}/raw|/share)/(.+)$`).exec(fields.path)?.[1]
    if (!data || taskId === undefined || !name) {
      lost++
      return []
    }
    const file = fileOf(data.fields, taskId, name)
    const frameFiles = new Set((fields.images as number[]).flatMap((id) => images.get(id)?.path ?? []))
    return [...frameFiles].map((path) => ({ taskId, frameFile: fileOf(data.fields, taskId, path), name, file }))
  })
  dump.leaveOut('engine.relatedfile', lost, 'its file is not where files of a task are')
  return rowsOf(relatedFiles, rows)
}

/** When the chunks of a task last changed: the latest of its segments. */
const readChunkTimes = (dump: Dump): Map<number, Date> => {
  const times = new Map<number, Date>()
  for (const { fields } of dump.take('engine.segment')) {
    const time = readTime(fields.chunks_updated_date ?? 0)
    const known = times.get(fields.task)
    if (!known || known < time) times.set(fields.task, time)
  }
  return times
}

export const readMedia = (dump: Dump): Media => {
  const taskOfData = mapTasks(dump)
  const chunkTimes = readChunkTimes(dump)
  const scales = readFrameScales(dump)
  const videoOf = new Map(dump.take('engine.video').map(({ fields }) => [fields.data as number, fields]))
  const imagesOf = groupByField(dump.take('engine.image'), 'data')
  const all = dump.take('engine.data')
  const used = all.filter(({ id }) => taskOfData.has(id))
  dump.leaveOut('engine.data', all.length - used.length, 'no task shows it')
  dump.leaveOut(
    'engine.data',
    used.filter(({ id, fields }) => fields.storage === 'cloud_storage' && (!fields.cloud_storage || videoOf.has(id))).length,
    'its files lie in a cloud storage and cannot be fetched; everything else of the task is there',
  )

  const dataRows: (typeof taskData.$inferInsert)[] = []
  const frameRows: (typeof frames.$inferInsert)[] = []
  const videos: Media['videos'] = []
  for (const { id, fields } of used) {
    const taskId = taskOfData.get(id)!
    const toTaskFrame = scales.get(taskId)!
    const video = videoOf.get(id)
    const file = video && fileOf(fields, taskId, video.path)
    if (video && fields.storage === 'local') videos.push({ name: video.path, file: file! })
    dataRows.push({
      id,
      taskId,
      chunkSize: fields.chunk_size ?? 36,
      size: fields.size,
      imageQuality: fields.image_quality,
      startFrame: fields.start_frame,
      stopFrame: fields.stop_frame,
      frameFilter: fields.frame_filter,
      compressedChunkType: fields.compressed_chunk_type as ChunkType,
      originalChunkType: fields.original_chunk_type as ChunkType,
      sortingMethod: fields.sorting_method,
      storageMethod: fields.storage_method,
      storage: fields.storage,
      cloudStorageId: fields.cloud_storage ?? null,
      deletedFrames: readIntegers(fields.deleted_frames),
      chunksUpdatedDate: chunkTimes.get(taskId) ?? new Date(0),
      video: video ? { file: file!, name: video.path, width: video.width, height: video.height } : null,
    })
    for (const { fields: image } of imagesOf.get(id) ?? [])
      frameRows.push({
        taskId,
        number: toTaskFrame(image.frame),
        name: image.path,
        file: fileOf(fields, taskId, image.path),
        width: image.width,
        height: image.height,
        realFrame: image.is_placeholder ? toTaskFrame(image.real_frame) : null,
      })
  }
  const moves = used
    .filter(({ fields }) => fields.storage === 'local')
    .map(({ id }) => ({ dataId: id, taskId: taskOfData.get(id)! }))
  const dataOf = new Map(used.map((row) => [row.id, row]))
  const tables = [rowsOf(taskData, dataRows), rowsOf(frames, frameRows), readRelated(dump, dataOf, taskOfData)]
  return { tables, moves, videos }
}
