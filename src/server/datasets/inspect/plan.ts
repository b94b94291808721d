// Asks for a dry run of an import: the same rights and the same files as the import itself.
import { findImporter } from '../../../formats/registry'
import type { CloudFile, readCloudFile } from '../../cloud-storages/service'
import { invalid, refused } from '../../http/errors'
import { getJob } from '../../jobs/service'
import type { Who } from '../../policy/who'
import { getProject } from '../../projects/service'
import { type NewRequest, requestId } from '../../requests/service'
import { getTask } from '../../tasks/service'
import type { ImportOptions } from '../import-options'

export type InspectTarget = 'project' | 'task' | 'job'
type Place = Pick<NewRequest, 'projectId' | 'taskId' | 'jobId' | 'orgId'> & { sourceStorage: Parameters<typeof readCloudFile>[2] }

/** Checks that the person may import here. Throws 403, 404, and 400 for a task without data. */
export const authorizeInspection = async (who: Who, target: InspectTarget, id: number): Promise<Place> => {
  if (target === 'project') {
    const { organizationId, sourceStorage } = await getProject(who, id, 'import')
    return { projectId: id, taskId: null, jobId: null, orgId: organizationId, sourceStorage }
  }
  const { task, data } = target === 'task' ? await getTask(who, id, 'import') : await getJob(who, id, 'import')
  if (!data) throw refused('The task has no data to import annotations for.')
  const { projectId, organizationId: orgId, sourceStorage } = task
  const jobId = target === 'job' ? id : null
  return { projectId, taskId: task.id, jobId, orgId, sourceStorage }
}

export type InspectedFile = {
  /** Name in storage. */
  file: string
  /** The upload, which an import can take afterwards by this name; absent for files from a cloud storage. */
  upload?: { name: string }
  /** Set when the file has to be fetched first; it is removed again. */
  cloud?: CloudFile
}

/** `format` may be empty: then the files tell. */
export const planInspection = async (
  who: Who,
  target: InspectTarget,
  id: number,
  inspected: InspectedFile,
  options: ImportOptions,
): Promise<NewRequest> => {
  const { sourceStorage: _, ...place } = await authorizeInspection(who, target, id)
  if (options.format && !findImporter(options.format)) throw invalid({ format: 'Unknown format specified for the request' })
  return {
    // Every inspection has a report of its own.
    id: requestId({ action: 'inspect', target, target_id: id, user_id: who.user.id, key: crypto.randomUUID().slice(0, 8) }),
    action: 'inspect',
    target,
    subresource: target === 'project' ? 'dataset' : 'annotations',
    ...place,
    format: options.format || null,
    chore: 'inspect-dataset',
    payload: { ...options, ...inspected },
  }
}
