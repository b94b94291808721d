// The three kinds of objects, and frames, under the same names: what a condition compares in each.
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { shapes, tags, trackShapes, tracks } from '../annotations/schema'
import { frames } from '../data/schema'
import { jobs } from '../jobs/schema'

export type Kind = 'shapes' | 'tracks' | 'tags'
type Column = AnyPgColumn
type Body = Record<'type' | 'occluded' | 'rotation' | 'zOrder' | 'width' | 'height' | 'area', Column>

export type Source = {
  kind: Kind | 'frames'
  jobId: Column
  frame: Column
  id?: Column
  labelId?: Column
  group?: Column
  source?: Column
  score?: Column
  /** Values that belong to the whole object, and those that belong to a frame of it. */
  attributes?: { fixed: Column; changing: Column }
  body?: Body
  /** What makes rows of the tables objects of their own. */
  where: SQL
}

const bodyOf = (table: any): Body => {
  const { type, occluded, rotation, zOrder, width, height, area } = table
  return { type, occluded, rotation, zOrder, width, height, area }
}
const commonOf = (table: any) => ({
  id: table.id as Column,
  jobId: table.jobId as Column,
  frame: table.frame as Column,
  labelId: table.labelId as Column,
  group: table.group as Column,
  source: table.source as Column,
})
const plainAttributes = (table: any) => ({ fixed: table.attributes as Column, changing: table.attributes as Column })

export const sources: Record<Kind, Source> = {
  shapes: {
    kind: 'shapes',
    ...commonOf(shapes),
    score: shapes.score as any,
    attributes: plainAttributes(shapes),
    body: bodyOf(shapes),
    // The sign keeps SQLite from reading all rows by their (absent) parents.
    where: sql`+${shapes.parentId} is null`,
  },
  // A track is what it is on its first key frame.
  tracks: {
    kind: 'tracks',
    ...commonOf(tracks),
    frame: trackShapes.frame as any,
    attributes: { fixed: tracks.attributes as any, changing: trackShapes.attributes as any },
    body: bodyOf(trackShapes),
    where: sql`+${tracks.parentId} is null`,
  },
  tags: { kind: 'tags', ...commonOf(tags), attributes: plainAttributes(tags), where: sql`1 = 1` },
}

/** Pictures themselves, in the jobs that hold them. */
export const frameSource: Source = {
  kind: 'frames',
  jobId: jobs.id as any,
  frame: frames.number as any,
  where: sql`${jobs.frames} is null`,
}

/** The first key frame of a track; joins track_shapes to tracks. */
export const firstKey = sql`${trackShapes.trackId} = ${tracks.id} and ${trackShapes.frame} = (select min(first_key.frame) from track_shapes first_key where first_key.track_id = ${tracks.id})`

export const kinds = ['shapes', 'tracks', 'tags'] as const satisfies Kind[]
