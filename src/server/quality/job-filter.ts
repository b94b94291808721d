// Fields of jobs that the filter of the settings may name.
import { aliased } from '../db/dialect'
import { fromClient } from '../http/compat'
import type { Fields } from '../http/page'
import { jobs } from '../jobs/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'

export const jobAssignee = aliased(users, 'job_assignee')

export const jobFields: Fields = {
  id: { column: jobs.id as any, kind: 'number' },
  type: { column: jobs.type as any, kind: 'text', read: (text) => fromClient('job', 'type', text) },
  state: { column: jobs.state as any, kind: 'text' },
  stage: { column: jobs.stage as any, kind: 'text' },
  assignee: { column: jobAssignee.username as any, kind: 'text' },
  task_id: { column: jobs.taskId as any, kind: 'number' },
  task_name: { column: tasks.name as any, kind: 'text' },
}
