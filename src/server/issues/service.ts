// Issues of jobs: who sees which, and how they are raised, changed and closed.
import { and, count, desc, eq, type SQL } from 'drizzle-orm'
import { aliased, isAmong } from '../db/dialect'
import { type Db, db, type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found, invalid } from '../http/errors'
import { float, isoTime } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { jobs } from '../jobs/schema'
import { authorize, type FactColumns, type Facts, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { requirePerson } from '../projects/service'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { loadPeople, showPerson } from '../users/service'
import { comments, issues } from './schema'

export type Issue = typeof issues.$inferSelect
type Place = { job: typeof jobs.$inferSelect; task: typeof tasks.$inferSelect; project: typeof projects.$inferSelect | null }
/** An issue with the job that it is about, and whose task and project that is. */
export type IssueRow = Place & { issue: Issue }

const owner = aliased(users, 'owner')
const assignee = aliased(users, 'assignee')

export const listOptions: ListOptions = {
  fields: {
    id: { column: issues.id as any, kind: 'number' },
    owner: { column: owner.username as any, kind: 'text' },
    assignee: { column: assignee.username as any, kind: 'text' },
    job_id: { column: issues.jobId as any, kind: 'number' },
    task_id: { column: jobs.taskId as any, kind: 'number' },
    frame_id: { column: issues.frame as any, kind: 'number' },
    resolved: { column: issues.resolved as any, kind: 'boolean' },
  },
  search: ['assignee', 'owner'],
  simple: ['assignee', 'frame_id', 'job_id', 'owner', 'resolved', 'task_id'],
}

const placeFacts = ({ job, task, project }: Place) => ({
  organizationId: task.organizationId,
  parents: project ? [task, project] : [task],
  workerIds: [job.assigneeId],
})
export const issueFacts = (row: IssueRow): Facts => ({
  ...placeFacts(row),
  ownerId: row.issue.ownerId,
  assigneeId: row.issue.assigneeId,
})

/** The columns of the job that an issue is about, as the rules see them. */
export const placeColumns = {
  organizationId: tasks.organizationId as any,
  parents: [
    { ownerId: tasks.ownerId as any, assigneeId: tasks.assigneeId as any },
    { ownerId: projects.ownerId as any, assigneeId: projects.assigneeId as any },
  ],
  workerIds: [jobs.assigneeId as any],
}
const factColumns: FactColumns = { ...placeColumns, ownerId: issues.ownerId as any, assigneeId: issues.assigneeId as any }

/** Adds job, task and project to a query that has issues. */
export const withPlace = <T extends { leftJoin: any; innerJoin: any }>(query: T): T =>
  query
    .innerJoin(jobs, eq(jobs.id, issues.jobId))
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .leftJoin(projects, eq(projects.id, tasks.projectId))
const withPeople = <T extends { leftJoin: any }>(query: T): T =>
  query.leftJoin(owner, eq(owner.id, issues.ownerId)).leftJoin(assignee, eq(assignee.id, issues.assigneeId))
const selected = { issue: issues, job: jobs, task: tasks, project: projects }

/** Issues as the API shows them; two queries however many there are. */
export const showIssues = async (origin: string, rows: Issue[], from: Db = db) => {
  const people = await loadPeople(
    rows.flatMap((row) => [row.ownerId, row.assigneeId]),
    from,
  )
  const counts = rows.length
    ? await from
        .select({ issueId: comments.issueId, n: count() })
        .from(comments)
        .where(
          isAmong(
            comments.issueId as any,
            rows.map((row) => row.id),
          ),
        )
        .groupBy(comments.issueId)
    : []
  const countOf = new Map(counts.map(({ issueId, n }) => [issueId, n]))
  const person = (id: number | null) => (id === null || !people.has(id) ? null : showPerson(origin, people.get(id)!))
  return rows.map((row) => ({
    id: row.id,
    frame: row.frame,
    position: row.position.map(float),
    job: row.jobId,
    owner: person(row.ownerId),
    assignee: person(row.assigneeId),
    created_date: isoTime(row.createdDate),
    updated_date: isoTime(row.updatedDate),
    resolved: row.resolved,
    comments: { count: countOf.get(row.id) ?? 0, url: `${origin}/api/comments?issue_id=${row.id}` },
  }))
}

export const listIssues = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(scope(who, 'issue', 'view', factColumns, context), ...conditions)
  const rows: { issue: Issue }[] = await withPeople(withPlace(db.select({ issue: issues }).from(issues) as any))
    .where(where)
    .orderBy(...order, desc(issues.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await withPeople(withPlace(db.select({ n: count() }).from(issues) as any)).where(where)
  return { rows: rows.map((row) => row.issue), count: total!.n as number }
}

const findIssue = async (id: number): Promise<IssueRow> => {
  const [row] = await withPlace(db.select(selected).from(issues) as any).where(eq(issues.id, id))
  return found(row as IssueRow | undefined)
}

/** The issue, when the person may do `action` with it: else 404 or 403. */
export const getIssue = async (who: Who, id: number, action = 'view'): Promise<IssueRow> => {
  const row = await findIssue(id)
  authorize(who, 'issue', action, issueFacts(row))
  return row
}

/** What the audit log wants to know of an issue or comment besides its body. */
export const placeOf = ({ job, task }: Place) => ({
  organizationId: task.organizationId,
  projectId: task.projectId,
  taskId: task.id,
  jobId: job.id,
})

/** Points come in pairs of finite numbers; in a point cloud x y z of a place may come too, beside the 16 numbers of a cuboid. */
const checkPosition = (position: number[], { dimension }: Place['task']) => {
  if (dimension === '3d' && position.length === 3 && position.every(Number.isFinite)) return position
  if (position.length < 2 || position.length % 2 || !position.every(Number.isFinite))
    throw invalid({ position: 'A list of x y pairs is required.' })
  return position
}

export type IssueInput = {
  frame: number
  position: number[]
  job: number
  message: string
  assignee?: number | null
  resolved?: boolean
}

const findPlace = async (jobId: number): Promise<Place> => {
  const [place] = await db
    .select({ job: jobs, task: tasks, project: projects })
    .from(jobs)
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .where(eq(jobs.id, jobId))
  if (!place) throw invalid({ job: `Invalid pk "${jobId}" - object does not exist.` })
  return place
}

/** Raises an issue; `message` becomes its first comment. */
export const createIssue = async (who: Who, origin: string, input: IssueInput): Promise<Issue> => {
  const place = await findPlace(input.job)
  authorize(who, 'issue', 'create', placeFacts(place))
  const position = checkPosition(input.position, place.task)
  const { startFrame, stopFrame, type } = place.job
  // A ground truth job holds frames from all over the task.
  if (input.frame < 0 || (type === 'annotation' && (input.frame < startFrame || input.frame > stopFrame)))
    throw invalid({ frame: `The job has frames ${startFrame} to ${stopFrame}.` })
  const now = new Date()
  return tx(async (t) => {
    await requirePerson(t, 'assignee', input.assignee)
    const [issue] = await t
      .insert(issues)
      .values({
        jobId: place.job.id,
        frame: input.frame,
        position,
        ownerId: who.user.id,
        assigneeId: input.assignee ?? null,
        resolved: input.resolved ?? false,
        createdDate: now,
        updatedDate: now,
      })
      .returning()
    const [after] = await showIssues(origin, [issue!], t)
    await recordChange(t, who, { action: 'create', resource: 'issue', id: issue!.id, ...placeOf(place), after })
    await insertComment(t, who, origin, { ...place, issue: issue! }, input.message, now)
    return issue!
  })
}

export type IssuePatch = { position?: number[]; assignee?: number | null; resolved?: boolean }

export const updateIssue = async (who: Who, origin: string, id: number, input: IssuePatch): Promise<Issue> => {
  const row = await getIssue(who, id, 'update')
  const [before] = await showIssues(origin, [row.issue])
  return tx(async (t) => {
    await requirePerson(t, 'assignee', input.assignee)
    const [issue] = await t
      .update(issues)
      .set({
        ...(input.position !== undefined && { position: checkPosition(input.position, row.task) }),
        ...(input.assignee !== undefined && { assigneeId: input.assignee }),
        ...(input.resolved !== undefined && { resolved: input.resolved }),
        updatedDate: new Date(),
      })
      .where(eq(issues.id, id))
      .returning()
    const [after] = await showIssues(origin, [found(issue)], t)
    await recordChange(t, who, { action: 'update', resource: 'issue', id, ...placeOf(row), before, after })
    return issue!
  })
}

export const removeIssue = async (who: Who, origin: string, id: number): Promise<void> => {
  const row = await getIssue(who, id, 'delete')
  const [before] = await showIssues(origin, [row.issue])
  await tx(async (t) => {
    await recordChange(t, who, { action: 'delete', resource: 'issue', id, ...placeOf(row), before })
    await t.delete(issues).where(eq(issues.id, id))
  })
}

/** Writes a comment under an issue and tells the audit log. */
export const insertComment = async (t: Tx, who: Who, origin: string, row: IssueRow, message: string, now = new Date()) => {
  const [comment] = await t
    .insert(comments)
    .values({ issueId: row.issue.id, ownerId: who.user.id, message, createdDate: now, updatedDate: now })
    .returning()
  const after = showComment(origin, comment!, who.user)
  await recordChange(t, who, { action: 'create', resource: 'comment', id: comment!.id, ...placeOf(row), after })
  return comment!
}

export const showComment = (origin: string, comment: typeof comments.$inferSelect, person: Who['user'] | undefined) => ({
  id: comment.id,
  issue: comment.issueId,
  owner: person ? showPerson(origin, person) : null,
  message: comment.message,
  created_date: isoTime(comment.createdDate),
  updated_date: isoTime(comment.updatedDate),
})
