// Frames of tasks out of a dump, and where their files go.
import { type ChunkType, frames, taskData } from '../data/schema'
import { rawFolder } from '../data/service'
import { type Dump, groupByField, readIntegers, readTime } from './dump'
import { rowsOf, type TableRows } from './rows'
import { mapTasks, readFrameScales } from './work'

/** A folder of the volume whose files become the media of a task. */
export type MediaMove = { dataId: number; taskId: number }
export type Media = { tables: TableRows[]; moves: MediaMove[]; videos: { name: string; file: string }[] }

const fileOf = (storage: string, taskId: number, path: string) =>
  storage === 'share' ? `share:${path}` : `${rawFolder(taskId)}/${path}`

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
    used.filter(({ fields }) => fields.storage === 'cloud_storage').length,
    'its files lie in a cloud storage and were not fetched; everything else of the task is there',
  )

  const dataRows: (typeof taskData.$inferInsert)[] = []
  const frameRows: (typeof frames.$inferInsert)[] = []
  const videos: Media['videos'] = []
  for (const { id, fields } of used) {
    const taskId = taskOfData.get(id)!
    const toTaskFrame = scales.get(taskId)!
    const video = videoOf.get(id)
    const file = video && fileOf(fields.storage, taskId, video.path)
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
      deletedFrames: readIntegers(fields.deleted_frames),
      chunksUpdatedDate: chunkTimes.get(taskId) ?? new Date(0),
      video: video ? { file: file!, name: video.path, width: video.width, height: video.height } : null,
    })
    for (const { fields: image } of imagesOf.get(id) ?? [])
      frameRows.push({
        taskId,
        number: toTaskFrame(image.frame),
        name: image.path,
        file: fileOf(fields.storage, taskId, image.path),
        width: image.width,
        height: image.height,
        realFrame: image.is_placeholder ? toTaskFrame(image.real_frame) : null,
      })
  }
  const moves = used
    .filter(({ fields }) => fields.storage === 'local')
    .map(({ id }) => ({ dataId: id, taskId: taskOfData.get(id)! }))
  return { tables: [rowsOf(taskData, dataRows), rowsOf(frames, frameRows)], moves, videos }
}
