// Comments under issues: who reads and writes which.
import { and, count, desc, eq, type SQL } from 'drizzle-orm'
import { aliased } from '../db/dialect'
import { type Db, db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found, invalid } from '../http/errors'
import type { ListOptions, Paging } from '../http/page'
import { jobs } from '../jobs/schema'
import { authorize, type FactColumns, type Facts, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { loadPeople } from '../users/service'
import { comments, issues } from './schema'
import { type IssueRow, insertComment, issueFacts, placeColumns, placeOf, showComment, withPlace } from './service'

export type Comment = typeof comments.$inferSelect
type CommentRow = IssueRow & { comment: Comment }
const owner = aliased(users, 'owner')

export const commentOptions: ListOptions = {
  fields: {
    id: { column: comments.id as any, kind: 'number' },
    owner: { column: owner.username as any, kind: 'text' },
    issue_id: { column: comments.issueId as any, kind: 'number' },
    job_id: { column: issues.jobId as any, kind: 'number' },
    frame_id: { column: issues.frame as any, kind: 'number' },
  },
  search: ['owner'],
  simple: ['frame_id', 'issue_id', 'job_id', 'owner'],
}

/** Of a comment, owner and assignee of its issue count as parents. */
const commentFacts = (row: IssueRow, ownerId: number | null): Facts => {
  const { assigneeId: _, parents = [], ...facts } = issueFacts(row)
  return { ...facts, ownerId, parents: [...parents, row.issue] }
}
const factColumns: FactColumns = {
  ...placeColumns,
  ownerId: comments.ownerId as any,
  parents: [...placeColumns.parents, { ownerId: issues.ownerId as any, assigneeId: issues.assigneeId as any }],
}

const withIssue = <T extends { innerJoin: any; leftJoin: any }>(query: T): T =>
  withPlace(query.innerJoin(issues, eq(issues.id, comments.issueId)))
const withOwner = <T extends { leftJoin: any }>(query: T): T => query.leftJoin(owner, eq(owner.id, comments.ownerId))

export const showComments = async (origin: string, rows: Comment[], from: Db = db) => {
  const people = await loadPeople(
    rows.map((row) => row.ownerId),
    from,
  )
  return rows.map((row) => showComment(origin, row, people.get(row.ownerId ?? 0)))
}

export const listComments = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(scope(who, 'comment', 'view', factColumns, context), ...conditions)
  const rows: { comment: Comment }[] = await withOwner(withIssue(db.select({ comment: comments }).from(comments) as any))
    .where(where)
    .orderBy(...order, desc(comments.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await withOwner(withIssue(db.select({ n: count() }).from(comments) as any)).where(where)
  return { rows: rows.map((row) => row.comment), count: total!.n as number }
}

/** The comment, when the person may do `action` with it: else 404 or 403. */
export const getComment = async (who: Who, id: number, action = 'view'): Promise<CommentRow> => {
  const selected = { comment: comments, issue: issues, job: jobs, task: tasks, project: projects }
  const [row] = (await withIssue(db.select(selected).from(comments) as any).where(eq(comments.id, id))) as CommentRow[]
  authorize(who, 'comment', action, commentFacts(found(row), row!.comment.ownerId))
  return row!
}

export const createComment = async (who: Who, origin: string, input: { issue: number; message?: string }): Promise<Comment> => {
  const selected = { issue: issues, job: jobs, task: tasks, project: projects }
  const [row] = (await withPlace(db.select(selected).from(issues) as any).where(eq(issues.id, input.issue))) as IssueRow[]
  if (!row) throw invalid({ issue: `Invalid pk "${input.issue}" - object does not exist.` })
  authorize(who, 'comment', 'create', commentFacts(row, null))
  return tx((t) => insertComment(t, who, origin, row, input.message ?? ''))
}

export const updateComment = async (who: Who, origin: string, id: number, message: string | undefined): Promise<Comment> => {
  const row = await getComment(who, id, 'update')
  const [before] = await showComments(origin, [row.comment])
  return tx(async (t) => {
    const [comment] = await t
      .update(comments)
      .set({ ...(message !== undefined && { message }), updatedDate: new Date() })
      .where(eq(comments.id, id))
      .returning()
    const [after] = await showComments(origin, [found(comment)], t)
    await recordChange(t, who, { action: 'update', resource: 'comment', id, ...placeOf(row), before, after })
    return comment!
  })
}

export const removeComment = async (who: Who, origin: string, id: number): Promise<void> => {
  const row = await getComment(who, id, 'delete')
  const [before] = await showComments(origin, [row.comment])
  await tx(async (t) => {
    await recordChange(t, who, { action: 'delete', resource: 'comment', id, ...placeOf(row), before })
    await t.delete(comments).where(eq(comments.id, id))
  })
}
