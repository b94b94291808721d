// How many points the cloud of a frame has, as its header says; read once.
import { requireCloud } from '../clouds/service'
import { readCloud } from '../media/clouds/stream/read-cloud'
import { withFiles } from '../media/made-files'
import type { TaskMedia } from '../media/task-media'

const known = new Map<string, number>()
const kept = 10_000

/** Throws MediaError when the frame is no cloud, or its file is damaged. */
export const countPoints = async (media: TaskMedia, frame: number): Promise<number> => {
  const { file, name } = requireCloud(media, frame)
  const key = `${media.taskId} ${media.version} ${file}`
  const there = known.get(key)
  if (there !== undefined) return there
  const { declared } = await withFiles([file], ([path]) => readCloud(path!, { name }))
  known.set(key, declared)
  if (known.size > kept) known.delete(known.keys().next().value!)
  return declared
}
