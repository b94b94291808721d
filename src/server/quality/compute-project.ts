// Computes the report of a project: reports of tasks that are still true are used again, the others are made anew.
import { desc, eq } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { db, tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { findProject } from '../projects/service'
import { tasks } from '../tasks/schema'
import { joinTasks } from './combine-reports'
import { computeTask, findGroundTruth, type Report, toReportParameters } from './compute-task'
import { type ReportBody, readReport, summarize } from './report'
import { qualityReportParents, qualityReports } from './schema'
import { ensureSettings, findEffective, listRequirements } from './settings'

/** The newest report of a task, if neither the task nor what it is measured by has changed since. */
const findCurrent = async (task: typeof tasks.$inferSelect): Promise<Report | undefined> => {
  const [report] = await db
    .select()
    .from(qualityReports)
    .where(eq(qualityReports.taskId, task.id))
    .orderBy(desc(qualityReports.createdDate), desc(qualityReports.id))
    .limit(1)
  if (!report || report.targetLastUpdated < task.updatedDate) return undefined
  const { settings } = await findEffective(task)
  return report.targetLastUpdated >= settings.updatedDate ? report : undefined
}

export const computeProject = async (
  projectId: number,
  progress: (share: number) => Promise<void> | void = () => {},
): Promise<Report> => {
  const project = await findProject(projectId)
  const settings = await ensureSettings({ projectId })
  const requirements = await listRequirements([settings.id])
  const own = await db.select().from(tasks).where(eq(tasks.projectId, projectId)).orderBy(tasks.id)
  const ids = own.map(({ id }) => id)
  const byTask = Map.groupBy(
    ids.length
      ? await db
          .select()
          .from(jobs)
          .where(isAmong(jobs.taskId as any, ids))
      : [],
    ({ taskId }) => taskId,
  )
  const configured = own.filter(({ id }) => findGroundTruth(byTask.get(id) ?? []))
  const bodies = new Map<number, ReportBody>()
  const children: number[] = []
  for (const [at, task] of configured.entries()) {
    const report = (await findCurrent(task)) ?? (await computeTask(task.id))
    if (report) {
      bodies.set(task.id, readReport(report.data))
      children.push(report.id)
    }
    await progress((at + 1) / configured.length)
  }
  const body = joinTasks(bodies, ids, toReportParameters(settings, requirements, false), requirements)
  return tx(async (t) => {
    const [report] = await t
      .insert(qualityReports)
      .values({
        projectId,
        createdDate: new Date(),
        targetLastUpdated: project.updatedDate,
        summary: summarize(body),
        data: JSON.stringify(body),
      })
      .returning()
    for (const childId of children) await t.insert(qualityReportParents).values({ parentId: report!.id, childId })
    return report!
  })
}
