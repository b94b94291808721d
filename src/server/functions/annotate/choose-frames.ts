// Narrows an automatic annotation to some frames: those that a search finds, those on which nothing is annotated, or both.
import { and, eq, inArray } from 'drizzle-orm'
import { shapes, tags, trackShapes, tracks } from '../../annotations/schema'
import { db } from '../../db/open'
import { findFrames } from '../../find/service'
import { invalid } from '../../http/errors'
import { jobs } from '../../jobs/schema'
import type { Who } from '../../policy/who'
import type { Place } from '../place'
import { type Input, readFlag } from '../read-input'
import { listFrames } from './frames'

/** Frames of the task or job that have a shape, a tag or a key frame of a track. */
const listAnnotated = async ({ task, job }: Place): Promise<Set<number>> => {
  const own = db
    .select({ id: jobs.id })
    .from(jobs)
    .where(job ? eq(jobs.id, job.id) : and(eq(jobs.taskId, task.id), eq(jobs.type, 'annotation')))
  const lists = [
    await db.selectDistinct({ frame: shapes.frame }).from(shapes).where(inArray(shapes.jobId, own)),
    await db.selectDistinct({ frame: tags.frame }).from(tags).where(inArray(tags.jobId, own)),
    await db
      .selectDistinct({ frame: trackShapes.frame })
      .from(trackShapes)
      .innerJoin(tracks, eq(tracks.id, trackShapes.trackId))
      .where(inArray(tracks.jobId, own)),
  ]
  return new Set(lists.flat().map(({ frame }) => frame))
}

const readText = ({ filter }: Input): string => {
  if (filter === undefined || filter === null) return ''
  if (typeof filter !== 'string') throw invalid({ filter: 'Not a valid string.' })
  return filter.trim()
}

/**
 * What `filter` (a search as on the page Find) and `unannotated` leave of the frames; undefined when they are not there, for all.
 * Throws 400 for a wrong search, and when nothing is left.
 */
export const chooseFrames = async (who: Who, place: Place, input: Input): Promise<number[] | undefined> => {
  const text = readText(input)
  const isEmptyOnly = readFlag(input, 'unannotated')
  if (!text && !isEmptyOnly) return undefined
  const found = text
    ? new Set(
        await findFrames({
          who,
          context: { kind: 'any' },
          place: place.job ? { jobId: place.job.id } : { taskId: place.task.id },
          text,
        }),
      )
    : null
  const annotated = isEmptyOnly ? await listAnnotated(place) : null
  const left = (await listFrames(place)).filter((frame) => (found?.has(frame) ?? true) && !annotated?.has(frame))
  if (!left.length)
    throw invalid({ [text ? 'filter' : 'unannotated']: text ? 'No frame fits.' : 'Every frame is annotated already.' })
  return left
}
