// How people voted about the objects that a merge made.
import { and, asc, eq, type SQL } from 'drizzle-orm'
import { db } from '../db/open'
import { float } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { getJob } from '../jobs/service'
import type { Who } from '../policy/who'
import { consensusVotes } from './schema'

export const voteOptions: ListOptions = {
  fields: {
    id: { column: consensusVotes.objectId as any, kind: 'number' },
    type: { column: consensusVotes.kind as any, kind: 'text' },
    frame: { column: consensusVotes.frame as any, kind: 'number' },
    label_id: { column: consensusVotes.labelId as any, kind: 'number' },
    score: { column: consensusVotes.score as any, kind: 'number' },
    votes: { column: consensusVotes.votes as any, kind: 'number' },
  },
  search: [],
  simple: ['type', 'frame', 'label_id', 'votes'],
}

/** Of a job that the person may see: else 403 or 404. Empty for jobs that no merge made. */
export const listVotes = async (who: Who, jobId: number, conditions: SQL[], order: SQL[], paging: Paging) => {
  await getJob(who, jobId)
  const where = and(eq(consensusVotes.jobId, jobId), ...conditions)
  const rows = await db
    .select()
    .from(consensusVotes)
    .where(where)
    .orderBy(...order, asc(consensusVotes.frame), asc(consensusVotes.id))
    .limit(paging.size)
    .offset(paging.offset)
  return { rows, count: await db.$count(consensusVotes, where) }
}

export const showVotes = (row: typeof consensusVotes.$inferSelect) => ({
  type: row.kind,
  id: row.objectId,
  frame: row.frame,
  label_id: row.labelId,
  score: float(row.score),
  votes: row.votes,
  replicas: row.replicas,
  labels: row.labels,
})
