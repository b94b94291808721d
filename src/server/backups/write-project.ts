// A project as entries of a backup: guide, project.json, then its tasks that have data, each in a folder.
import { asc, eq } from 'drizzle-orm'
import type { ArchiveEntry } from '../../formats/io/zip-writer'
import { db } from '../db/open'
import { labelsOf } from '../labels/service'
import type { Project } from '../projects/service'
import { tasks } from '../tasks/schema'
import { describeLabel } from './describe-labels'
import { writeGuide } from './guide'
import { type BackupProject, backupVersion, projectFile, taskFolder } from './layout'
import { loadSource } from './source'
import { writeTask } from './write-task'

/** `report` is told how many of the tasks are written, 0…1. */
export async function* writeProject(
  project: Project,
  lightweight: boolean,
  report: (done: number) => Promise<void>,
): AsyncGenerator<ArchiveEntry> {
  yield* writeGuide({ projectId: project.id }, '')
  const described: BackupProject = {
    name: project.name,
    bug_tracker: project.bugTracker,
    status: project.status,
    labels: (await labelsOf({ projectId: project.id })).map(describeLabel),
    version: backupVersion,
  }
  yield { name: projectFile, content: JSON.stringify(described) }
  const inside = await db.select({ id: tasks.id }).from(tasks).where(eq(tasks.projectId, project.id)).orderBy(asc(tasks.id))
  for (const [n, { id }] of inside.entries()) {
    const source = await loadSource(id)
    if (source) yield* writeTask(source, taskFolder(n), lightweight)
    await report((n + 1) / inside.length)
  }
}
