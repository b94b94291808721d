// Chapters of a video: where they begin, what they are called.
import type { Chapter, DataMeta } from '../save/api'

export const listChapters = (meta: DataMeta): Chapter[] => [...(meta.chapters ?? [])].sort((a, b) => a.start - b.start)

export const titleOf = (chapter: Chapter): string => chapter.metadata?.title ?? chapter.title ?? `#${chapter.id}`

/** The start of the next chapter, or that of the one before the current; null at the ends. */
export const findChapter = (chapters: readonly Chapter[], frame: number, direction: 1 | -1): number | null => {
  const starts = chapters.map((chapter) => chapter.start)
  if (direction === 1) return starts.find((start) => start > frame) ?? null
  return starts.filter((start) => start < frame).at(-1) ?? null
}
